"""The whole system as people meet it: real processes, real HTTP, simulated time."""

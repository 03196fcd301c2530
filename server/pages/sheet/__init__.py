"""/sheet: what helps to find me, and whom to ring, on the day I am missed."""

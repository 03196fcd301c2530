"""Tests of the phone as Android has it: the receivers' Java, the ports, the watch, the package."""

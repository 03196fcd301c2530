"""A pretend Android for the receivers' Java, and how a test speaks to it."""

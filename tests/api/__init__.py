"""The phone's API."""

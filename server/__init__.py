"""The service: web, engine and commands over one database."""

__version__ = "0.1.0"

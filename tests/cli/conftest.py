"""Fixtures for the commands."""

from tests.cli.office import desk, office

__all__ = ["desk", "office"]

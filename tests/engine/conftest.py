"""Nights for the engine's tests."""

from tests.engine.fixtures import new_night, night, postgresql_stages, sqlite_stages

__all__ = ["new_night", "night", "postgresql_stages", "sqlite_stages"]

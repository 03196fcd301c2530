"""Nights for the tests of what people do."""

from tests.engine.fixtures import new_night, night, postgresql_stages, sqlite_stages

__all__ = ["new_night", "night", "postgresql_stages", "sqlite_stages"]

"""Days on which a drill is held."""

from tests.pages.day import app, day

__all__ = ["app", "day"]

"""Days with a display on the wall."""

from tests.pages.day import app, day

__all__ = ["app", "day"]

"""Days in which workers ring in."""

from tests.pages.day import app, day

__all__ = ["app", "day"]

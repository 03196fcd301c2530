"""Days with a board beside them."""

from tests.pages.day import app, day

__all__ = ["app", "day"]

"""Every route of signing in."""

from server.pages.sign_in import again, door, employer, second, setting_up, welcome, with_passkey
from server.pages.sign_in.page import page

PARTS = (door, employer, second, setting_up, welcome, again, with_passkey)

__all__ = ["PARTS", "page"]

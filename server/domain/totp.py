"""Codes from an authenticator app (RFC 6238): six figures, a new one every half minute."""

import hmac
from datetime import datetime

STEP_S = 30
DIGITS = 6
SKEW = (0, -1, 1)
"""A phone's clock may be half a minute off."""


def new_secret() -> str:
    """160 random bits, as apps take them."""
    import pyotp

    return pyotp.random_base32()


def step_of(secret: str, code: str, wall: datetime) -> int | None:
    """The number of the half minute in which this code is shown; None where it is shown in none
    near `wall`."""
    import pyotp

    given = "".join(code.split())
    if len(given) != DIGITS or not (given.isascii() and given.isdigit()):
        return None
    app, now = pyotp.TOTP(secret), int(wall.timestamp()) // STEP_S
    shown = [step for step in SKEW if hmac.compare_digest(app.generate_otp(now + step), given)]
    return now + shown[0] if shown else None


def address(secret: str, who: str) -> str:
    """What the QR code says to the app."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=who, issuer_name="Wayhome")

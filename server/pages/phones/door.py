"""A text sent from a pretend phone: through the same door as every text from outside."""

from collections.abc import Callable
from typing import cast
from uuid import uuid4

from flask import Flask, current_app

from server.clock import TICK
from server.running import running
from server.store.db import write
from server.store.house import PretendText
from shared.grammar import mask

TextDoor = Callable[[str, str, str, str], str]
"""take_text(sid, number, body, provider) -> the answer."""

PROVIDER = "pretend"
KEY = "wayhome.text_door"


def install(app: Flask, take_text: TextDoor) -> None:
    """Say which door it is: pages and hooks know nothing of each other."""
    app.extensions[KEY] = take_text


def send_from(number: str, body: str) -> str:
    """Send a text from this number and return the answer; both stay on the phone, PINs masked."""
    clock = running().clock
    take_text = cast(TextDoor, current_app.extensions[KEY])
    sid, at = f"PI{uuid4().hex}", clock.now()
    keep(PretendText(sid=sid, number=number, outgoing=False, body=mask(body), at=at))
    answer = take_text(sid, number, body, PROVIDER)
    if answer:
        after = max(clock.now(), at + TICK)
        sid = f"PA{uuid4().hex}"
        keep(PretendText(sid=sid, number=number, outgoing=True, body=answer, at=after))
    return answer


def keep(text: PretendText) -> None:
    """Put it on the phone."""
    write(lambda session: session.add(text))

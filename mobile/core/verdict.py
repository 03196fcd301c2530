"""What an answer means for what was asked. Only Wayhome itself can refuse: a page of a hotel's
network, a proxy's error and half an answer all mean 'not yet', whatever their status."""

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from mobile.core.transport import Heard
from shared.wire.mark import MARK

PROBLEM = re.compile(r"(?:urn:wayhome:problem:|.*/api/v1/problems/)([a-z0-9-]+)")
"""The types of Wayhome's own refusals (`shared.wire.problems`), in every form they have had."""

LONGEST_PATIENCE_S = 60.0


class Verdict(StrEnum):
    """What became of a request."""

    DONE = "done"
    DONE_BEFORE = "done-before"
    """An answer given before is given again: how things stand now has to be read anew."""
    SIGNED_OUT = "signed-out"
    PIN_REQUIRED = "pin-required"
    PIN_WRONG = "pin-wrong"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    CONFLICT = "conflict"
    INVALID = "invalid"
    LATER = "later"
    NOT_WAYHOME = "not-wayhome"
    SILENT = "silent"
    UNSENT = "unsent"
    """There was no line to the server: it has not heard of this."""


DONE = frozenset({Verdict.DONE, Verdict.DONE_BEFORE})
NOT_YET = frozenset({Verdict.LATER, Verdict.NOT_WAYHOME, Verdict.SILENT, Verdict.UNSENT})
UNREACHED = frozenset({Verdict.NOT_WAYHOME, Verdict.SILENT, Verdict.UNSENT})
"""Nothing was heard from Wayhome itself."""

_BY_STATUS = {
    401: Verdict.SIGNED_OUT,
    403: Verdict.FORBIDDEN,
    404: Verdict.NOT_FOUND,
    408: Verdict.LATER,
    409: Verdict.CONFLICT,
    425: Verdict.LATER,
    429: Verdict.LATER,
}
_BY_NAME = {
    "pin-required": Verdict.PIN_REQUIRED,
    "pin-wrong": Verdict.PIN_WRONG,
}


@dataclass(frozen=True)
class Answer:
    """A verdict and what came with it. `name`: the problem's; `detail`: a sentence for people."""

    verdict: Verdict
    body: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    detail: str = ""
    wait_s: float = 0.0
    sent_ticks: float = 0.0
    heard_ticks: float = 0.0


def judge(heard: Heard) -> Answer:
    """What this answer means."""
    return replace(_judge(heard), sent_ticks=heard.sent_ticks, heard_ticks=heard.heard_ticks)


def _judge(heard: Heard) -> Answer:
    body = heard.body if isinstance(heard.body, dict) else {}
    if heard.status == 0:
        return Answer(Verdict.SILENT if heard.left else Verdict.UNSENT)
    if 200 <= heard.status < 300:
        return Answer(_success(heard), body)
    name = _problem(heard, body)
    if not name:
        verdict = Verdict.LATER if heard.status >= 500 else Verdict.NOT_WAYHOME
        return Answer(verdict, wait_s=_patience(heard))
    usual = Verdict.LATER if heard.status >= 500 else Verdict.INVALID
    verdict = _BY_NAME.get(name) or _BY_STATUS.get(heard.status, usual)
    return Answer(verdict, body, name, str(body.get("detail", "")), _patience(heard))


def _success(heard: Heard) -> Verdict:
    is_object = heard.is_json and isinstance(heard.body, dict)
    if not heard.header(MARK) or not (is_object or heard.status == 204):
        return Verdict.NOT_WAYHOME
    return Verdict.DONE_BEFORE if heard.header("Wayhome-Replay") == "1" else Verdict.DONE


def _problem(heard: Heard, body: dict[str, Any]) -> str:
    """The name of Wayhome's refusal; '' where it is somebody else's."""
    found = PROBLEM.fullmatch(str(body.get("type", ""))) if heard.is_json else None
    return found[1] if found else ""


def _patience(heard: Heard) -> float:
    asked = heard.header("Retry-After").strip()
    seconds = float(asked) if asked.isascii() and asked.isdigit() else 0.0
    return min(seconds, LONGEST_PATIENCE_S)


@dataclass(frozen=True)
class News:
    """What became of something this person did."""

    key: str
    kind: str
    stream: str
    verdict: Verdict
    detail: str = ""

"""Every refusal the server can give has its meaning, and nobody else's error is a refusal."""

import pytest

from mobile.core.transport import Heard
from mobile.core.verdict import Verdict, judge
from shared.wire.mark import API_VERSION, MARK
from shared.wire.problems import KINDS, Kind

OURS = {MARK.lower(): API_VERSION}
MEANINGS = {
    "unauthorized": Verdict.SIGNED_OUT,
    "forbidden": Verdict.FORBIDDEN,
    "pin-required": Verdict.PIN_REQUIRED,
    "pin-wrong": Verdict.PIN_WRONG,
    "not-found": Verdict.NOT_FOUND,
    "conflict": Verdict.CONFLICT,
    "visit-closed": Verdict.CONFLICT,
    "visit-open": Verdict.CONFLICT,
    "alarm-owned": Verdict.CONFLICT,
    "id-reused": Verdict.CONFLICT,
    "too-many-tries": Verdict.LATER,
    "failed": Verdict.LATER,
    "unavailable": Verdict.LATER,
}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("before", ["", "https://wayhome.example.org"])
def test_each_of_the_servers_refusals_has_its_meaning(kind: Kind, before: str) -> None:
    body = {"type": before + kind.type, "status": kind.status, "detail": "Why."}
    answer = judge(Heard(kind.status, {"retry-after": "5"}, body, is_json=True))
    assert answer.verdict is MEANINGS.get(kind.name, Verdict.INVALID)
    assert (answer.name, answer.detail, answer.wait_s) == (kind.name, "Why.", 5)


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 407, 409, 422, 429, 511])
@pytest.mark.parametrize(
    "body", [None, {"type": "about:blank"}, {"error": "login"}, ["x"], {"type": 5}]
)
def test_nobody_elses_error_refuses_anything(status: int, body: object) -> None:
    answer = judge(Heard(status, {}, body, is_json=body is not None))
    assert answer.verdict in (Verdict.NOT_WAYHOME, Verdict.LATER)


@pytest.mark.parametrize("asked", ["", "soon", "-3", "999999", "٣"])
def test_patience_has_bounds(asked: str) -> None:
    assert 0 <= judge(Heard(503, {"retry-after": asked})).wait_s <= 60


def test_success_of_somebody_else_is_none() -> None:
    assert judge(Heard(204, {})).verdict is Verdict.NOT_WAYHOME
    assert judge(Heard(200, {}, {"id": "x"}, is_json=True)).verdict is Verdict.NOT_WAYHOME


def test_success_is_an_object_or_nothing_at_all() -> None:
    assert judge(Heard(204, OURS)).verdict is Verdict.DONE
    assert judge(Heard(200, OURS, {}, is_json=True)).verdict is Verdict.DONE
    assert judge(Heard(200, OURS, [], is_json=True)).verdict is Verdict.NOT_WAYHOME
    assert judge(Heard(200, OURS, None)).verdict is Verdict.NOT_WAYHOME
    assert judge(Heard()).verdict is Verdict.SILENT

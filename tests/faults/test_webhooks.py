"""Webhooks nobody signed, signed by others, repeated, in disorder, for strangers: 403 or no effect.

All of it once more behind a TLS proxy that changes host and scheme, as in a real installation.
"""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.support.gateway import Gateway
from tests.support.gateway.hooks import Signed
from tests.support.house import House
from tests.support.houses import NewHouse
from tests.support.phone_app import ok
from tests.support.tls_proxy import TlsProxy

PUBLIC = "https://wayhome.example.org"
MESSAGE = "/hooks/twilio/message"
STATUS = "/hooks/twilio/message-status"


@pytest.fixture(params=["as it is", "behind a TLS proxy"])
def signed_house(
    request: pytest.FixtureRequest, new_house: NewHouse, tmp_path: Path
) -> Iterator[House]:
    """A house whose webhooks come directly, or through a proxy under another name."""
    if request.param == "as it is":
        yield new_house().open()
        return
    house = new_house(public_url=PUBLIC).open()
    with TlsProxy(tmp_path, house.ports[0]) as proxy:
        house.world.deliver_to = proxy.url
        house.world.hooks.ca_file = proxy.ca_file
        yield house


@pytest.fixture
def fields(world: Gateway) -> dict[str, str]:
    """A text of Amy's that would start a visit."""
    return {
        "AccountSid": world.account.sid,
        "Body": "VISIT 45 12 High St",
        "From": "+447700900101",
        "MessageSid": "SM" + uuid4().hex,
        "To": world.sender,
    }


def entries(house: House) -> int:
    """How much has happened."""
    return house.peek.count("SELECT count(*) FROM log")


@pytest.mark.parametrize("signed", [None, "wrong"], ids=["unsigned", "wrongly signed"])
@pytest.mark.parametrize("path", [MESSAGE, STATUS])
def test_what_the_gateway_did_not_sign_is_not_read(
    signed_house: House, fields: dict[str, str], path: str, signed: Signed
) -> None:
    """Contract 6: 403 and nothing read, whatever it says."""
    before = entries(signed_house)
    answer = signed_house.world.post_webhook(path, fields, signed=signed)
    assert answer.status == 403
    assert "High St" not in answer.body
    signed_house.settle()
    assert entries(signed_house) == before
    assert signed_house.peek.count("SELECT count(*) FROM inbound") == 0


def test_a_signature_for_another_body_or_path_is_none(
    signed_house: House, fields: dict[str, str]
) -> None:
    """Contract 6: replayed with other words, or to the other hook: 403."""
    hooks = signed_house.world.hooks
    signature = hooks.sign(hooks.public_url(MESSAGE), fields, "right")
    original = hooks.sign
    try:
        hooks.sign = lambda *_: signature  # type: ignore[method-assign]
        changed = {**fields, "Body": "SOS"}
        assert signed_house.world.post_webhook(MESSAGE, changed).status == 403
        assert signed_house.world.post_webhook(STATUS, fields).status == 403
        assert signed_house.world.post_webhook(MESSAGE, fields).status == 200
    finally:
        hooks.sign = original  # type: ignore[method-assign]
    amy = signed_house["amy"]
    ok(amy.app.close(ok(amy.app.get("/visits"))["items"][0]))


def test_the_same_text_twice_has_one_effect(signed_house: House) -> None:
    """Contract 6: the same MessageSid is answered the same and does nothing more (P6)."""
    amy, ben = signed_house.people("amy", "ben")
    first = amy.phone.texts("SOS")
    second = amy.phone.texts("SOS", sid=first.sid)
    assert (first.status, second.status) == (200, 200)
    assert first.texts == second.texts
    signed_house.settle()
    signed_house.only_told("ben dan", "SOS from Amy Okafor")
    taken = ben.phone.texts("1")
    signed_house.settle()
    signed_house.told("amy", "Ben Hughes has")
    signed_house.only_told("dan", "has taken charge")
    assert ben.phone.texts("1", sid=taken.sid).texts == taken.texts
    over = ben.phone.texts(f"SAFE {ben.pin}")
    signed_house.settle()
    signed_house.told("amy", "Ben Hughes has closed your message")
    signed_house.only_told("dan", "All clear")
    assert ben.phone.texts(f"SAFE {ben.pin}", sid=over.sid).texts == over.texts
    amy.phone.texts("SOS", sid=first.sid)
    signed_house.settle()
    signed_house.world.assert_quiet()
    assert ben.app.alarms() == []


def test_a_wrong_pin_sent_again_by_the_gateway_counts_once(signed_house: House) -> None:
    """Contract 4 and 6: five deliveries of one wrong PIN are one wrong PIN."""
    amy, ben = signed_house.people("amy", "ben")
    visit = ok(amy.app.start("12 High St", minutes=30), 201)
    first = amy.phone.texts("DONE 1111")
    for _ in range(6):
        assert amy.phone.texts("DONE 1111", sid=first.sid).texts == first.texts
    signed_house.settle()
    signed_house.world.assert_quiet()
    assert ben.app.alarms() == []
    ok(amy.app.close(visit, pin=amy.pin))


def test_a_strangers_text_changes_nothing(signed_house: House) -> None:
    """Contract 6: an unknown number is answered without naming anybody, and raises nothing."""
    before = entries(signed_house)
    stranger = signed_house.world.phone("+447700900999", "nobody we know")
    for words in ("SOS", "VISIT 45 12 High St", "1", "DONE 4821", "STATUS", "hello"):
        answer = stranger.texts(words)
        assert answer.status == 200
        assert "Amy" not in answer
    signed_house.settle()
    signed_house.world.assert_quiet()
    visits = signed_house.peek.count("SELECT count(*) FROM visits")
    alarms = signed_house.peek.count("SELECT count(*) FROM alarms")
    assert (visits, alarms) == (0, 0)
    assert entries(signed_house) - before <= 6


def test_reports_out_of_order_and_about_strangers_move_nothing_back(signed_house: House) -> None:
    """P3: only up a rank; a text that is not ours, or a status nobody knows, changes nothing."""
    house = signed_house
    amy = house["amy"]
    alarm = ok(amy.app.sos(), 201)
    house.settle()
    house.only_told("ben dan", "SOS")
    (sid,) = [message.sid for message in house.world.messages if message.to.endswith("102")]

    def report(status: str, about: str = sid) -> int:
        told = {"MessageSid": about, "MessageStatus": status, "SmsSid": about}
        return house.world.post_webhook(STATUS, told).status

    statuses = [report(one) for one in ("queued", "sent", "failed", "undelivered", "delivered")]
    statuses += [report("delivered", "SM" + "0" * 32), report("on its way"), report("sent")]
    assert all(200 <= status < 300 for status in statuses)
    house.forward(seconds=30)
    house.world.assert_quiet()
    found = house.peek.rows("SELECT status FROM messages WHERE sid = :sid", sid=sid)
    assert found == [("delivered",)]
    ok(amy.app.stand_down(alarm, pin=amy.pin))
    house.settle()
    house.only_told("ben dan", "All clear")


BROKEN_FORMS: list[dict[str, str]] = [
    {},
    {"Body": "SOS"},
    {"MessageSid": "SM1", "Body": "SOS"},
    {"MessageSid": "SM2", "From": "", "Body": "SOS"},
    {"MessageSid": "SM3", "From": "+447700900101"},
    {"MessageSid": "SM" + "9" * 400, "From": "+447700900101", "Body": "\x00\ud83d"[:1] * 9},
    {"MessageSid": "SM4", "From": "anonymous", "Body": "SOS"},
    {"MessageSid": "SM5", "From": "+447700900101", "Body": "x" * 20_000},
]


@pytest.mark.parametrize("path", [MESSAGE, STATUS])
def test_a_broken_form_breaks_nothing(house: House, path: str) -> None:
    """Bad input: properly signed and still not what it should be."""
    for form in BROKEN_FORMS:
        answer = house.world.post_webhook(path, form)
        assert answer.status < 500, form
        assert house["amy"].phone.texts("STATUS").status == 200, form
    house.settle()
    for ref in ("ben", "dan"):
        house[ref].phone.reads_all()

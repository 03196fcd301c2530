"""The pretend gateway: everything arrives in the house, and nothing leaves it."""

import socket
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.gateways import GatewaySettings, TwilioSettings, gateways, webhooks
from server.gateways.base import CannotAsk, CheckGravity, DeliveryStatus, Fate, Gateway
from server.gateways.pretend import PretendGateway

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
AMY = "+447700900101"


@dataclass
class Drawer:
    """A sink that keeps texts in a list and can be told to break."""

    texts: list[tuple[str, str, str]] = field(default_factory=list)
    broken: bool = False

    def deliver(self, to: str, body: str, sid: str) -> None:
        self._must_work()
        self.texts.append((to, body, sid))

    def find(self, to: str, body: str, since: datetime, exclude: Collection[str]) -> str | None:
        self._must_work()
        found = [sid for *text, sid in self.texts if text == [to, body] and sid not in exclude]
        return found[0] if found and since <= NOW else None

    def status(self, sid: str) -> DeliveryStatus | None:
        self._must_work()
        return DeliveryStatus.DELIVERED if sid in {text[2] for text in self.texts} else None

    def _must_work(self) -> None:
        if self.broken:
            raise RuntimeError("the drawer is stuck")


@pytest.fixture
def drawer() -> Drawer:
    return Drawer()


@pytest.fixture
def pretend(drawer: Drawer) -> PretendGateway:
    return PretendGateway(drawer)


@pytest.fixture
def _no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.usefixtures("_no_sockets")
@pytest.mark.parametrize("to", [AMY, "999", "+1", "", "no number at all"])
def test_any_number_is_taken_and_no_socket_opened(
    pretend: PretendGateway, drawer: Drawer, to: str
) -> None:
    handover = pretend.send_text(to, "Your 14:30 booking is up", "https://example.org/x", False)
    assert handover.fate is Fate.ACCEPTED
    assert drawer.texts == [(to, "Your 14:30 booking is up", handover.sid)]


def test_every_text_has_a_sid_of_its_own(pretend: PretendGateway) -> None:
    sids = {pretend.send_text(AMY, "same", None, True).sid for _ in range(50)}
    assert len(sids) == 50


def test_what_was_taken_is_found_and_delivered(pretend: PretendGateway) -> None:
    sid = pretend.send_text(AMY, "Amy is overdue", None, True).sid
    assert sid is not None
    assert pretend.find_text(AMY, "Amy is overdue", NOW, ()) == sid
    assert pretend.find_text(AMY, "Amy is overdue", NOW, {sid}) is None
    assert pretend.find_text(AMY, "Amy is overdue", NOW + timedelta(seconds=1), ()) is None
    assert pretend.fetch(sid).status is DeliveryStatus.DELIVERED


def test_a_text_nobody_has_cannot_be_asked_after(pretend: PretendGateway) -> None:
    with pytest.raises(CannotAsk):
        pretend.fetch("PTnone")


def test_away_it_keeps_nothing_and_cannot_be_asked(pretend: PretendGateway, drawer: Drawer) -> None:
    pretend.go_away()
    assert pretend.away
    assert pretend.send_text(AMY, "x", None, True).fate is Fate.TEMPORARY
    assert drawer.texts == []
    with pytest.raises(CannotAsk):
        pretend.find_text(AMY, "x", NOW, ())
    with pytest.raises(CannotAsk):
        pretend.fetch("PTnone")


def test_back_again_it_takes_texts(pretend: PretendGateway) -> None:
    pretend.go_away()
    pretend.come_back()
    assert pretend.send_text(AMY, "x", None, True).fate is Fate.ACCEPTED


def test_p3_a_broken_sink_leaves_it_open_whether_the_text_arrived(
    pretend: PretendGateway, drawer: Drawer
) -> None:
    drawer.broken = True
    assert pretend.send_text(AMY, "x", None, True).fate is Fate.AMBIGUOUS
    with pytest.raises(CannotAsk):
        pretend.find_text(AMY, "x", NOW, ())
    with pytest.raises(CannotAsk):
        pretend.fetch("PTnone")


def test_doctor_is_told_that_nobody_will_be(pretend: PretendGateway) -> None:
    (finding,) = pretend.check()
    assert finding.gravity is CheckGravity.HOLE
    assert finding.sentence.startswith("REHEARSAL: nobody will be told")


def test_a_rehearsal_never_has_a_real_gateway(drawer: Drawer) -> None:
    twilio = TwilioSettings("AC1", "a token", "+447700900000", "https://wayhome.example")
    settings = GatewaySettings(twilio=twilio, pretend=drawer)
    ways: list[Gateway] = gateways(settings)
    assert [way.name for way in ways] == ["pretend"]
    assert webhooks(settings) is None


def test_without_settings_there_is_no_way_out_and_nothing_to_believe() -> None:
    assert gateways(GatewaySettings()) == []
    assert webhooks(GatewaySettings()) is None

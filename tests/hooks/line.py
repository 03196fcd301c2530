"""Phones that text a whole house in one process, through the signed address that Twilio calls.

line.says("amy", "VISIT 45 12 High St")   # returns the answer's words
line.forward(minutes=60)
line.new("ben")                           # what his phone was sent meanwhile
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from server.gateways import TwilioSettings
from server.gateways.base import Delivery, DeliveryStatus
from server.store import alarms, visits
from server.store.alarms import Alarm
from server.store.db import db
from server.store.inbound import Inbound
from server.store.people import Person, person
from server.store.visits import Visit
from shared.states import AlarmKind, Way
from tests.support.clock import ManualClock
from tests.support.people import (
    EVERYBODY,
    Org,
    Somebody,
    open_app,
    reading,
    settle,
)
from tests.support.postbox import Postbox
from tests.support.town import Town

TOKEN = "a token that only the tests know"
PUBLIC_URL = "https://wayhome.example"
OURS = "+447700900999"
OPERATOR = "m" * 32
TWILIO = TwilioSettings("AC1", TOKEN, OURS, PUBLIC_URL)
MESSAGE, AGAIN, STATUS = (
    f"/hooks/twilio/{path}" for path in ("message", "message/again", "message-status")
)


class TwilioPostbox(Postbox):
    """A postbox whose messages are Twilio's: their fates are known by reports only."""

    name = "twilio"

    def fetch(self, sid: str) -> Delivery:
        return Delivery(status=DeliveryStatus.SENT)


class Line:
    """One house, its people and their phones; time stands still until it is moved."""

    def __init__(
        self,
        url: str,
        folder: Path,
        people: Iterable[Somebody] = EVERYBODY,
        policy: Mapping[str, Any] | None = None,
        ways: frozenset[Way] = frozenset({Way.TEXT}),
        **settings: Any,
    ) -> None:
        self.clock = ManualClock()
        self.postbox = TwilioPostbox(self.clock.now)
        self.postbox.ways = ways
        wanted: dict[str, Any] = {
            "twilio": TWILIO,
            "public_url": PUBLIC_URL,
            "pretend": False,
            "demo": False,
            "metrics_token": OPERATOR,
        }
        self.app = open_app(
            url, folder, self.clock, ways_out=[self.postbox], **{**wanted, **settings}
        )
        self.org: Org = settle(self.app, self.clock, people, policy=policy)
        self.town = Town(self.app, self.clock)
        self._numbers = count(1)
        self.town.round()

    def end(self) -> None:
        """Let the threads and connections go."""
        self.town.rounds.stop(0.0)
        with self.app.app_context():
            db.engine.dispose()

    def forward(self, seconds: float = 0.0, *, minutes: float = 0.0) -> None:
        """Let time pass with the engine at work."""
        self.town.forward(seconds, minutes=minutes)

    def number(self, who: str) -> str:
        """A person's number, or the number itself."""
        return self.org[who].mobile if who in self.org.people else who

    def new(self, who: str) -> list[str]:
        """What this phone was sent since this was last asked; answers are not among it."""
        return self.postbox.new_to(self.number(who))

    def new_at(self, who: str) -> list[str]:
        """The same, each with the time at which it was sent."""
        number = self.number(who)
        fresh = len(self.postbox.new_to(number))
        sent = [posted for posted in self.postbox.posted if posted.to == number]
        return [f"{one.at:%H:%M:%S} {one.body}" for one in sent[len(sent) - fresh :]]

    # Texting

    def says(self, who: str, body: str, *, sid: str | None = None, **fields: str) -> str:
        """Text the service, let the engine go a round, and return the answer ('' for silence)."""
        answer = self.text(who, body, sid=sid, **fields)
        assert answer.status_code == 200, answer
        self.town.round()
        return words_of(answer)

    def text(
        self, who: str, body: str, *, sid: str | None = None, path: str = MESSAGE, **fields: str
    ) -> TestResponse:
        """Post one text, rightly signed, as Twilio would; nothing else happens."""
        sid = sid or f"SM{next(self._numbers):08d}"
        form = {"MessageSid": sid, "From": self.number(who), "To": OURS, "Body": body, **fields}
        return self.post(path, form)

    def reports(self, message_sid: str, status: str, code: int | None = None) -> TestResponse:
        """Post one delivery report, rightly signed."""
        form = {"MessageSid": message_sid, "MessageStatus": status}
        return self.post(STATUS, form | ({"ErrorCode": str(code)} if code else {}))

    def post(
        self, path: str, form: Mapping[str, str], signature: str | None = None
    ) -> TestResponse:
        """Post a form, signed for our public address unless a `signature` is given."""
        if signature is None:
            signature = RequestValidator(TOKEN).compute_signature(PUBLIC_URL + path, dict(form))
        headers = {"X-Twilio-Signature": signature} if signature else {}
        return self.app.test_client().post(path, data=dict(form), headers=headers)

    # Looking

    def somebody(self, who: str) -> Person:
        """Her row."""
        return reading(self.app, lambda session: person(session, self.org[who].id))

    def visits(self, who: str) -> list[Visit]:
        """Her open visits, the one due first before the others."""
        worker = self.org[who].id
        return reading(self.app, lambda s: list(visits.unfinished_visits(s, worker)))

    def alarms(self, who: str, *kinds: AlarmKind) -> list[Alarm]:
        """Her alarms that need somebody, oldest first."""
        worker = self.org[who].id
        return reading(self.app, lambda s: list(alarms.open_alarms(s, worker, *kinds)))

    def kinds(self, who: str) -> list[str]:
        """The kinds of her open alarms."""
        return [alarm.kind for alarm in self.alarms(who)]

    def kept(self) -> list[Inbound]:
        """Every text that was kept, in order."""
        return reading(
            self.app, lambda s: list(s.query(Inbound).order_by(Inbound.received_at, Inbound.sid))
        )


def words_of(answer: TestResponse) -> str:
    """What an answer texts back; fails where it is no TwiML that a gateway could carry out."""
    assert answer.mimetype == "text/xml"
    root = ET.fromstring(answer.get_data(as_text=True))  # noqa: S314 - our own answer
    assert root.tag == "Response"
    said = [verb.text or "" for verb in root if verb.tag == "Message"]
    assert len(said) <= 1
    return said[0] if said else ""

"""What must never be is refused by the database itself, whatever the code above it does."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from server.store.alarms import Alarm
from server.store.messages import Message
from server.store.visits import Visit
from tests.support.clock import ManualClock
from tests.support.people import Org, open_app, settle, writing

VISIT_ID = UUID(int=1)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: ManualClock) -> Flask:
    return open_app(database_url, tmp_path, clock)


@pytest.fixture
def org(app: Flask, clock: ManualClock) -> Org:
    found = settle(app, clock)
    writing(app, lambda session: session.add(visit(found, clock.now())))
    return found


def visit(org: Org, now: datetime, status: str = "open") -> Visit:
    return Visit(
        id=VISIT_ID if status == "open" else uuid4(),
        org_id=org.id,
        team_id=org.teams["ot-north"],
        worker_id=org["amy"].id,
        started_by_id=org["amy"].id,
        client_ref=uuid4(),
        status=status,
        place="12 High St",
        starts_at=now,
        ends_at=now,
        due_at=now,
        received_at=now,
        heard_at=now,
    )


def alarm(
    org: Org, now: datetime, *, due_at: datetime | None = None, kind: str = "overdue"
) -> Alarm:
    return Alarm(
        org_id=org.id,
        team_id=org.teams["ot-north"],
        worker_id=org["amy"].id,
        visit_id=VISIT_ID,
        kind=kind,
        at=now,
        raised_at=now,
        due_at=due_at,
        ladder_json={},
        rung_at=now,
        next_at=now,
    )


def resolved(org: Org, now: datetime) -> Alarm:
    found = alarm(org, now, due_at=now)
    found.status = "resolved"
    return found


def message(org: Org, now: datetime, *, status: str = "pending") -> Message:
    return Message(
        org_id=org.id,
        person_id=org["ben"].id,
        purpose="alarm",
        lane=0,
        way="text",
        to="+447700900102",
        body="Ring Amy",
        dedupe_key="the same",
        status=status,
        decided_at=now,
        next_at=now,
    )


Rows = Callable[[Org, datetime], list[object]]

NEVER: dict[str, Rows] = {
    "two open overdue alarms for one visit": lambda org, now: [alarm(org, now), alarm(org, now)],
    "two overdue alarms for one due time": lambda org, now: [
        resolved(org, now),
        alarm(org, now, due_at=now),
    ],
    "two messages with one dedupe key": lambda org, now: [message(org, now), message(org, now)],
    "a visit of no known status": lambda org, now: [visit(org, now, status="forgotten")],
    "a message of no known status": lambda org, now: [message(org, now, status="lost")],
    "an alarm of no known kind": lambda org, now: [alarm(org, now, kind="maybe")],
}
FINE: dict[str, Rows] = {
    "an overdue alarm and an SOS": lambda org, now: [
        alarm(org, now),
        alarm(org, now, kind="sos"),
        alarm(org, now, kind="sos"),
    ],
    "an overdue alarm after another was resolved": lambda org, now: [
        resolved(org, now),
        alarm(org, now),
    ],
}


@pytest.mark.parametrize("what", NEVER)
def test_never(app: Flask, org: Org, clock: ManualClock, what: str) -> None:
    with pytest.raises(IntegrityError):
        writing(app, lambda session: session.add_all(NEVER[what](org, clock.now())))


@pytest.mark.parametrize("what", FINE)
def test_but_this_may_be(app: Flask, org: Org, clock: ManualClock, what: str) -> None:
    writing(app, lambda session: session.add_all(FINE[what](org, clock.now())))

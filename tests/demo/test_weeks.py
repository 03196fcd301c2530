"""The weeks before the demo: over, believable, in order of time, and accepted by verify-log."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from server.acts import during
from server.demo import past
from server.demo.house import Demo, make_demo
from server.demo.weeks import outings
from server.store import proof
from server.store.alarms import Alarm
from server.store.log import Entry, Payload
from server.store.messages import Message
from server.store.papers import Paper, PaperAgreement
from server.store.policies import PolicyVersion
from server.store.visits import Visit
from shared.states import AlarmOutcome
from tests.support.clock import A_TUESDAY
from tests.support.database import Maker
from tests.support.people import KEYS, plain_settings, reading


@pytest.fixture
def demo(new_database: Maker, tmp_path: Path) -> Demo:
    return make_demo(plain_settings(new_database("sqlite"), tmp_path), 1.0)


def test_everything_in_them_is_over_and_in_order(demo: Demo) -> None:
    """Nothing is open or waiting; entries come in the order in which they were received."""

    def look(session: Any) -> tuple[Any, ...]:
        received = session.scalars(select(Entry.received_at).order_by(Entry.id)).all()
        statuses = set(session.scalars(select(Visit.status).distinct()))
        ends = set(session.scalars(select(Alarm.outcome).distinct()))
        fates = set(session.scalars(select(Message.status).distinct()))
        newest = session.scalar(select(func.max(Visit.closed_at)))
        return list(received), statuses, ends, fates, newest

    received, statuses, ends, fates, newest = reading(demo.app, look)
    assert received == sorted(received)
    assert received[-1] - received[0] > timedelta(days=21)
    assert statuses == {"closed"}
    assert ends == set(AlarmOutcome)
    assert {"delivered", "failed"} <= fates <= {"delivered", "failed", "moot", "replaced"}
    assert newest < demo.clock.now()


def test_verify_log_accepts_them(demo: Demo) -> None:
    with demo.app.app_context():
        org_id, name = reading(demo.app, lambda session: proof.organisations(session, None))[0]
        whole = proof.verify(org_id, name, KEYS.seal)
    assert whole.entries > 300


def rows(app: Flask) -> list[Any]:
    """What quiet visits left behind, but for ids and salts."""

    def look(session: Any) -> list[Any]:
        query = select(
            Entry.what, Entry.by, Entry.audience, Entry.at, Entry.received_at, Payload.data
        ).join(Payload, Payload.entry_id == Entry.id)
        about = query.where(Entry.visit_id.is_not(None)).order_by(Entry.id)
        said = [tuple(row) for row in session.execute(about)]
        columns = [c for c in Visit.__table__.columns if c.name not in ("org_id", "team_id")]
        hidden = {"worker_id", "started_by_id"}
        query = select(*[c for c in columns if c.name not in hidden]).order_by(Visit.starts_at)
        return [*said, *(tuple(row) for row in session.execute(query))]

    return reading(app, look)


def test_quiet_visits_leave_what_the_acts_would(
    new_database: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are written quicker than lived through; not one word of it may differ."""
    calm = [o for o in outings(A_TUESDAY.date()) if o.trouble is None]
    late, longer = [o for o in calm if o.over_by > 0][:3], [o for o in calm if o.more][:3]
    assert late
    assert longer
    quiet = sorted({*late, *longer, *calm[:5]}, key=lambda o: (o.at, o.who.ref))
    monkeypatch.setattr(past, "outings", lambda _: quiet)
    short = _demo(new_database, tmp_path / "short")
    monkeypatch.setattr(past._Past, "_plan_quiet", _live_it)
    assert rows(short) == rows(_demo(new_database, tmp_path / "long"))


def _demo(new_database: Maker, folder: Path) -> Flask:
    folder.mkdir()
    return make_demo(plain_settings(new_database("sqlite"), folder), 1.0).app


def _live_it(self: Any, outing: Any, ref: Any, at: datetime, ends: datetime) -> None:
    """The same visit through the acts."""
    self._aloud(at, lambda now: self._start(outing, ref, now))

    def extend(now: datetime) -> None:
        turn = self._turn(outing.who, now, past._means(outing))
        during.extend(turn, self._visits[ref], outing.more, outing.who.pins.safe)

    if outing.more:
        self._aloud(ends - timedelta(minutes=3), extend)
    closes = ends + timedelta(minutes=outing.more + outing.over_by)
    self._aloud(closes, lambda now: self._close(outing, ref, now))


def test_there_is_an_issued_policy_with_a_hole_and_an_earlier_ladder(demo: Demo) -> None:
    """What a manager would see of a team that has lived with it for a month."""

    def look(session: Any) -> tuple[int, int, list[str], int]:
        agreed = session.scalar(select(func.count()).select_from(PaperAgreement))
        issued = session.scalars(select(Paper)).one()
        versions = session.scalar(select(func.count()).select_from(PolicyVersion))
        unwritten = [key for key, part in issued.parts.items() if not part["lines"]]
        return agreed, issued.version, sorted(set(unwritten) - set(issued.prose)), versions

    assert reading(demo.app, look) == (4, 1, ["supervision"], 2)

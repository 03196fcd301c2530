"""Everything one person can learn from her phone and her number, written down to be compared.

assert recording(new_night, script, "4821") == recording(new_night, script, "7390")
"""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.acts.planning import plan_from_now
from server.acts.seeing import alarm_for, visit_for
from server.api.lens import Lens, shown
from server.domain.refusals import NotYours, Refusal
from server.store import people
from server.store.alarms import Alarm
from server.store.visits import Visit
from shared.wire.objects import AlarmSchema, PlanStepSchema, VisitSchema
from tests.engine.night import Night
from tests.support.people import reading

T = TypeVar("T")
Line = dict[str, Any]


class Mirror:
    """Watches one person's phone through a night."""

    def __init__(self, night: Night, who: str = "amy") -> None:
        self.night, self.who = night, who
        self.lines: list[Line] = []
        self._known: dict[str, str] = {}

    def tries(self, act: Callable[[], object]) -> None:
        """She does something; what she is answered, and what she sees then, is written down."""
        try:
            act()
            answer = "done"
        except Refusal as refusal:
            answer = f"{refusal.kind}: {refusal.sentence} {json.dumps(refusal.extra)}"
        self._write("answer", answer)
        self.look()

    def look(self) -> None:
        """She looks at everything there is for her to see."""
        self._write("sees", reading(self.night.app, self._everything))

    def wait(self, *, hours: float, every_minutes: float = 60) -> None:
        """Time passes; she looks now and then."""
        for _ in range(int(hours * 60 / every_minutes)):
            self.night.forward(minutes=every_minutes)
            self.look()

    def done(self) -> list[Line]:
        """The whole recording, with every text she was sent."""
        number = self.night.number(self.who)
        texts = [
            {"at": str(posted.at), "text": posted.body}
            for posted in self.night.postbox.posted
            if posted.to == number
        ]
        return self.lines + texts

    def _write(self, what: str, said: Any) -> None:
        self.lines.append({"now": str(self.night.now), what: said})

    def _everything(self, session: Session) -> Line:
        her = people.person(session, self.night.org[self.who].id)
        lens = Lens(session, self.night.running.desk, her, self.night.now)
        visits = session.scalars(select(Visit).order_by(Visit.received_at, Visit.place)).unique()
        alarms = session.scalars(select(Alarm).order_by(Alarm.raised_at, Alarm.kind)).unique()
        hers = [v for one in visits if (v := _found(lambda: visit_for(session, her, one.id)))]  # noqa: B023
        told = [a for one in alarms if (a := _found(lambda: alarm_for(session, her, one.id)))]  # noqa: B023
        chain = plan_from_now(session, self.night.running.desk, her, self.night.now)
        seen = {
            "visits": [VisitSchema().dump(lens.visit(visit)) for visit in hers],
            "alarms": [AlarmSchema().dump(lens.alarm(alarm)) for alarm in told],
            "chain": [PlanStepSchema().dump(shown(step)) for step in chain],
        }
        return self._same_ids(seen, [alarm.id for alarm in told])

    def _same_ids(self, seen: Line, ids: list[UUID]) -> Line:
        """Alarms raised by the engine have random ids: call them by their order instead."""
        text = json.dumps(seen)
        for one in ids:
            text = text.replace(
                str(one), self._known.setdefault(str(one), f"alarm {len(self._known)}")
            )
        found: Line = json.loads(text)
        return found


def _found(find: Callable[[], T]) -> T | None:
    with suppress(NotYours):
        return find()
    return None


def first_difference(one: list[Line], other: list[Line]) -> str:
    """Where two recordings part, in a form that can be read; empty where they are the same."""
    for n, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return f"line {n} of {len(one)}\n" + "\n".join(_parts(a, b, ""))
    if len(one) != len(other):
        return f"{len(one)} lines and {len(other)}: {(one + other)[min(len(one), len(other))]}"
    return ""


def _parts(a: Any, b: Any, where: str) -> list[str]:
    if a == b:
        return []
    if isinstance(a, dict) and isinstance(b, dict):
        keys = [*a, *(key for key in b if key not in a)]
        return [p for key in keys for p in _parts(a.get(key), b.get(key), f"{where}.{key}")]
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        pairs = enumerate(zip(a, b, strict=True))
        return [p for n, (x, y) in pairs for p in _parts(x, y, f"{where}[{n}]")]
    return [f"{where}:\n  safe   {a}\n  duress {b}"]

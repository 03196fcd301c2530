"""What people do in a night, each deed one call; see `tests.engine.night`."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import NAMESPACE_OID, UUID, uuid5

from server.acts import (
    closing,
    crying_out,
    during,
    fates,
    owning,
    self_care,
    standing_down,
    starting,
    watching,
)
from server.acts.base import Turn, perform
from server.running import Running
from server.store import alarms, messages, outbox, people, visits
from server.store.alarms import Alarm
from server.store.people import Person
from server.store.visits import Visit
from shared.states import AlarmOutcome, CloseOutcome, Means
from tests.engine.records import Records
from tests.support.people import reading
from tests.support.town import Town

T = TypeVar("T")


class Deeds(Records):
    """The part of a night in which people act."""

    running: Running
    town: Town
    rounds_follow: bool

    def _begin(self) -> None:
        self._visits: dict[str, UUID] = {}
        self._ids = 0

    def act(
        self,
        work: Callable[[Turn], T],
        *,
        about: Iterable[UUID | str] = (),
        who: str | None = None,
        at: datetime | None = None,
        by: Means = Means.APP,
        request: str | None = None,
    ) -> T:
        """One act of `who` about these people, and the engine's next round."""
        ids = {one if isinstance(one, UUID) else self.org[one].id for one in about}
        with self.app.app_context():
            try:
                return perform(
                    self.running.desk,
                    work,
                    now=self.now,
                    by=by,
                    at=at,
                    actor_id=self.org[who].id if who else None,
                    lock=lambda _: ids,
                    request=request,
                )
            finally:
                if self.rounds_follow:
                    self.town.round()

    def new_id(self) -> UUID:
        """An id as a phone makes one; the same in every run of a test."""
        self._ids += 1
        return uuid5(NAMESPACE_OID, f"id {self._ids}")

    def start(
        self,
        who: str,
        minutes: int | None = 45,
        *,
        by_whom: str | None = None,
        at: datetime | None = None,
        by: Means = Means.APP,
        **wanted: Any,
    ) -> UUID:
        ref = wanted.pop("ref", None) or self.new_id()
        wanted.setdefault("place", "12 High St")
        new = starting.NewVisit(ref=ref, minutes=minutes, **wanted)

        def work(turn: Turn) -> UUID:
            return starting.start(turn, people.person(turn.session, self.org[who].id), new).id

        found = self.act(work, about=[who], who=by_whom or who, at=at, by=by)
        self._visits[who] = found
        return found

    def start_planned(self, visit: UUID, **how: Any) -> None:
        self._on_visit(visit, starting.start_planned, **how)

    def check_in(self, who: str, **how: Any) -> str:
        return str(self._on_visit(who, during.check_in, **how))

    def extend(self, who: str, minutes: int, pin: str | None = None, **how: Any) -> None:
        self._on_visit(who, lambda turn, v: during.extend(turn, v, minutes, pin), **how)

    def close(
        self,
        who: str,
        pin: str | None = None,
        outcome: CloseOutcome = CloseOutcome.SAFE,
        spoke_to_her: bool = False,
        note: str | None = None,
        **how: Any,
    ) -> None:
        def work(turn: Turn, visit: Visit) -> None:
            closing.close(
                turn, visit, pin=pin, outcome=outcome, note=note, spoke_to_her=spoke_to_her
            )

        self._on_visit(who, work, **how)

    def cancel(self, who: str, **how: Any) -> None:
        self._on_visit(who, during.cancel, **how)

    def answer_watch(self, who: str, visit: UUID, accepted: bool) -> None:
        self._on_visit(
            visit,
            lambda turn, v: watching.answer_watch(turn, v, accepted=accepted),
            by_whom=who,
        )

    def _on_visit(
        self,
        whose: str | UUID,
        work: Callable[[Turn, Visit], T],
        *,
        visit: UUID | None = None,
        by_whom: str | None = None,
        at: datetime | None = None,
        by: Means = Means.APP,
        request: str | None = None,
    ) -> T:
        visit_id = whose if isinstance(whose, UUID) else visit or self._visits[whose]
        worker_id = self.visit(visit_id).worker_id
        actor = by_whom or next(r for r, p in self.org.people.items() if p.id == worker_id)
        return self.act(
            lambda turn: work(turn, visits.visit(turn.session, visit_id)),
            about=[worker_id],
            who=actor,
            at=at,
            by=by,
            request=request,
        )

    def sos(self, who: str, *, at: datetime | None = None, **how: Any) -> UUID:
        def work(turn: Turn) -> UUID:
            worker = people.person(turn.session, self.org[who].id)
            return crying_out.cry_out(turn, worker, **how).id

        return self.act(work, about=[who], who=who, at=at)

    def own(self, who: str, alarm: UUID | None = None, **how: Any) -> None:
        self._on_alarm(who, lambda turn, a: owning.own(turn, a, **how), alarm)

    def release(self, who: str, alarm: UUID | None = None) -> None:
        self._on_alarm(who, owning.release, alarm)

    def note(self, who: str, text: str = "Rang twice.", alarm: UUID | None = None) -> None:
        self._on_alarm(who, lambda turn, a: owning.note(turn, a, text), alarm)

    def pass_on(self, who: str, alarm: UUID | None = None) -> None:
        self._on_alarm(who, owning.pass_on, alarm, by=Means.TEXT)

    def resolve(
        self,
        who: str,
        outcome: AlarmOutcome = AlarmOutcome.SAFE,
        alarm: UUID | None = None,
        request: str | None = None,
        **how: Any,
    ) -> None:
        self._on_alarm(
            who, lambda turn, a: owning.resolve(turn, a, outcome, **how), alarm, request=request
        )

    def stand_down(self, who: str, pin: str | None, alarm: UUID | None = None, **how: Any) -> None:
        chosen = alarm or self.alarm(who, hidden=False).id
        self._on_alarm(who, lambda turn, a: standing_down.stand_down(turn, a, pin), chosen, **how)

    def _on_alarm(
        self,
        who: str,
        work: Callable[[Turn, Alarm], T],
        alarm: UUID | None = None,
        by: Means = Means.APP,
        request: str | None = None,
        at: datetime | None = None,
    ) -> T:
        alarm_id = alarm or self.alarm().id
        worker_id = reading(self.app, lambda s: alarms.alarm(s, alarm_id).worker_id)
        return self.act(
            lambda turn: work(turn, alarms.alarm(turn.session, alarm_id)),
            about=[worker_id],
            who=who,
            by=by,
            request=request,
            at=at,
        )

    def report_failure(self, message_id: UUID, *, permanent: bool) -> None:
        """The gateway reports that a text it took did not arrive."""

        def work(turn: Turn) -> None:
            message = messages.message(turn.session, message_id)
            fates.report_fate(
                turn,
                message,
                rank=5,
                final=True,
                failed=True,
                permanent=permanent,
                code="30003",
                why="her phone is off",
                opted_out=False,
            )

        held = reading(self.app, lambda s: outbox.concerned(s, message_id))
        self.act(work, about=held, by=Means.GATEWAY)

    def go_away(self, who: str, minutes: float) -> None:
        until = self.now + timedelta(minutes=minutes)
        self.on_self(who, lambda turn, p: self_care.go_away(turn, p, None, until))

    def come_back(self, who: str) -> None:
        self.on_self(who, self_care.come_back)

    def stop(self, who: str) -> None:
        """She texts STOP: her number takes no more of ours."""
        self.on_self(who, self_care.lose_number)

    def on_self(self, who: str, work: Callable[[Turn, Person], T], **how: Any) -> T:
        """Something a person does about herself."""
        person_id = self.org[who].id
        return self.act(
            lambda turn: work(turn, people.person(turn.session, person_id)),
            about=[who],
            who=who,
            **how,
        )

"""Lives through the weeks before the demo in one transaction, with the acts and the engine's own
duties, so that every entry, message and alarm is what it would have been."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from server.acts import closing, crying_out, owning, standing_down, starting
from server.acts.base import Desk, Turn, draft
from server.acts.climbing import climb_alarm
from server.acts.reminding import look_at
from server.acts.timing import set_due
from server.demo.reaching import hand_over
from server.demo.team import CAT, EVE, SLUG, TEAM_OF_FIVE, Member
from server.demo.weeks import Outing, outings
from server.store import alarms, chain, looking, messages, people, roster
from server.store.alarms import Alarm
from server.store.log import Entry, Payload
from server.store.looking import Seen
from server.store.visits import Visit
from shared.states import ClosedHow, Means, Risk, VisitStatus

AT_ONCE = 500
A_WHILE = timedelta(minutes=25)
LONG = timedelta(minutes=90)
NAMES = UUID("6c3f6f0e-6c1e-4c56-9d0c-1f3d1f0f8a11")

Deed = Callable[[datetime], None]


def live_through(session: Session, desk: Desk, today: date, until: datetime) -> int:
    """The weeks before `today` and its morning; returns how many visits there were.

    Nothing is left open, and the log is chained to its end.
    """
    past = _Past(session, desk)
    number = 0
    for outing in outings(today):
        if outing.at.astimezone(UTC) + timedelta(minutes=outing.minutes + 20) < until:
            number += past.plan(outing, number)
    past.play()
    while chain.extend(session, past.org_id, desk.keys.seal, AT_ONCE):
        pass
    return number


class _Past:
    """Goes from moment to moment: what people do, and between it what the engine would."""

    def __init__(self, session: Session, desk: Desk) -> None:
        self.session, self.desk = session, desk
        self._deeds: list[tuple[datetime, int, Deed]] = []
        self._numbers = count()
        self._visits: dict[UUID, Visit] = {}
        self._alarms: dict[UUID, Alarm] = {}
        self._troubles: dict[UUID, Outing] = {}
        self._busy: dict[str, datetime] = {}
        self._off: set[UUID] = set()
        self._drafts: list[tuple[Entry, Payload]] = []
        self._reminded = False
        org = roster.organisation(session, SLUG)
        assert org is not None, "the team is imported before its past"  # noqa: S101
        self.org_id = org.id
        self._people = {
            member.ref: person
            for member in TEAM_OF_FIVE
            if (person := people.by_ref(session, org.id, member.ref))
        }
        team = people.team_of(session, self._people[EVE.ref].id)
        assert team is not None, "everybody is imported into the team"  # noqa: S101
        self._team = team

    def plan(self, outing: Outing, number: int) -> bool:
        """Put what happens on this visit into the order of time; False where she is still out."""
        at = outing.at.astimezone(UTC)
        ends = at + timedelta(minutes=outing.minutes)
        if at < self._busy.get(outing.who.ref, at):
            return False
        self._busy[outing.who.ref] = ends + (A_WHILE if outing.trouble is None else LONG)
        ref = uuid5(NAMES, f"visit {number}")
        if outing.trouble is None:
            self._plan_quiet(outing, ref, at, ends)
            return True
        self._aloud(at, lambda now: self._start(outing, ref, now))
        if outing.trouble.cries:
            self._aloud(at + timedelta(minutes=9), lambda now: self._cry(outing, ref, now))
        return True

    def _plan_quiet(self, outing: Outing, ref: UUID, at: datetime, ends: datetime) -> None:
        self._at(at, lambda now: self._start_quietly(outing, ref, now))
        if outing.more:
            asks = ends - timedelta(minutes=3)
            self._at(asks, lambda now: self._extend_quietly(outing, ref, now))
        closes = ends + timedelta(minutes=outing.more + outing.over_by)
        self._at(closes, lambda now: self._close_quietly(outing, ref, now))

    def _aloud(self, at: datetime, deed: Deed) -> None:
        """Something that asks the database, which has to know what came before."""

        def settled(now: datetime) -> None:
            self._settle()
            deed(now)

        self._at(at, settled)

    def _at(self, at: datetime, deed: Deed) -> None:
        heappush(self._deeds, (at, next(self._numbers), deed))

    def play(self) -> None:
        """Everything, in order of time."""
        while self._deeds:
            at, _, deed = heappop(self._deeds)
            soonest = self._soonest()
            if soonest is not None and soonest <= at:
                heappush(self._deeds, (at, next(self._numbers), deed))
                self._engine(soonest)
            else:
                deed(at)
            if self._tells:
                self._settle()
                self._send()
        self._settle()

    def _soonest(self) -> datetime | None:
        rows: list[Visit | Alarm] = [*self._visits.values(), *self._alarms.values()]
        moments = [row.next_at for row in rows if row.next_at is not None]
        return min(moments, default=None)

    @property
    def _tells(self) -> bool:
        """Whether anything may wait to be sent: reminders and alarms are all that is told."""
        told, self._reminded = self._reminded or bool(self._alarms), False
        return told

    def _engine(self, now: datetime) -> None:
        self._reminded = True
        self._settle()
        turn = Turn(self.session, self.desk, now, now, Means.ENGINE)
        for visit in list(self._visits.values()):
            if visit.next_at is not None and visit.next_at <= now:
                look_at(turn, visit)
                self._learn_alarms(visit, now)
        for alarm in list(self._alarms.values()):
            if alarm.next_at <= now:
                climb_alarm(turn, alarm)

    def _turn(self, who: Member, now: datetime, by: Means) -> Turn:
        return Turn(self.session, self.desk, now, now, by, self._people[who.ref])

    def _settle(self) -> None:
        """Write down what happened on quiet visits, before anything else is asked or done."""
        drafts, self._drafts = self._drafts, []
        self.session.add_all(entry for entry, _ in drafts)
        self.session.flush()
        for entry, part in drafts:
            part.entry_id = entry.id
        self.session.add_all(part for _, part in drafts)

    def _start_quietly(self, outing: Outing, ref: UUID, now: datetime) -> None:
        """What `starting.start` does, where nothing else is going on."""
        turn = self._turn(outing.who, now, _means(outing))
        worker = self._people[outing.who.ref]
        ends_at = now + timedelta(minutes=outing.minutes)
        visit = Visit(
            id=ref,
            org_id=self.org_id,
            team_id=self._team.id,
            worker_id=worker.id,
            worker=worker,
            started_by_id=worker.id,
            client_ref=ref,
            kind=outing.kind.value,
            status=VisitStatus.OPEN.value,
            risk=Risk.STANDARD.value,
            place=outing.place,
            starts_at=now,
            ends_at=ends_at,
            received_at=now,
            heard_at=now,
        )
        set_due(turn, visit, self._team.policy, ends_at)
        self.session.add(visit)
        self._visits[ref] = visit
        self._draft(turn, "started", visit, place=visit.place, note=None)

    def _extend_quietly(self, outing: Outing, ref: UUID, now: datetime) -> None:
        """What `during.extend` does, before the end."""
        turn, visit = self._turn(outing.who, now, _means(outing)), self._visits[ref]
        visit.ends_at += timedelta(minutes=outing.more)
        visit.heard_at = now
        set_due(turn, visit, self._team.policy, visit.ends_at)
        self._draft(turn, "extended", visit, minutes=outing.more)

    def _close_quietly(self, outing: Outing, ref: UUID, now: datetime) -> None:
        """What `closing.close` does, before any alarm."""
        visit = self._visits.pop(ref)
        visit.status, visit.closed_at = VisitStatus.CLOSED.value, now
        visit.closed_how, visit.close_outcome = ClosedHow.WORKER.value, outing.outcome.value
        visit.next_at, visit.heard_at = None, now
        turn = self._turn(outing.who, now, _means(outing))
        how, outcome = visit.closed_how, visit.close_outcome
        self._draft(turn, "closed", visit, how=how, outcome=outcome)

    def _draft(self, turn: Turn, what: str, visit: Visit, **data: Any) -> None:
        self._drafts.append(draft(turn, what, org_id=self.org_id, visit=visit, **data))

    def _start(self, outing: Outing, ref: UUID, now: datetime) -> None:
        turn = self._turn(outing.who, now, _means(outing))
        wanted = starting.NewVisit(ref, outing.place, outing.minutes, kind=outing.kind)
        visit = starting.start(turn, self._people[outing.who.ref], wanted)
        self._visits[ref] = visit
        if outing.trouble is not None:
            self._troubles[visit.id] = outing

    def _close(self, outing: Outing, ref: UUID, now: datetime) -> None:
        visit = self._visits.pop(ref)
        turn = self._turn(outing.who, now, _means(outing))
        closing.close(turn, visit, pin=outing.who.pins.safe, outcome=outing.outcome)

    def _cry(self, outing: Outing, ref: UUID, now: datetime) -> None:
        worker = self._people[outing.who.ref]
        alarm = crying_out.cry_out(self._turn(outing.who, now, Means.APP), worker, ref=None)
        self._take_in(alarm, outing, now)
        closes = now + timedelta(minutes=outing.minutes - 12)
        calm = Outing(outing.who, outing.at, outing.place, outing.minutes, 0)
        self._aloud(max(closes, now), lambda then: self._close(calm, ref, then))

    def _learn_alarms(self, visit: Visit, now: datetime) -> None:
        for alarm in alarms.open_alarms_of_visit(self.session, visit.id):
            if alarm.id not in self._alarms:
                self._take_in(alarm, self._troubles[visit.id], now)

    def _take_in(self, alarm: Alarm, outing: Outing, now: datetime) -> None:
        """An alarm that was raised this moment: plan who answers it and how it ends."""
        trouble = outing.trouble
        assert trouble is not None, f"{outing.place} was not to go wrong"  # noqa: S101
        self._alarms[alarm.id] = alarm
        self._off = {self._people[trouble.unreached.ref].id} if trouble.unreached else set()
        if trouble.owner is None:
            self._aloud(now + trouble.lasts, lambda then: self._stand_down(alarm, outing, then))
            return
        owned = now + trouble.answers_after
        self._aloud(owned, lambda then: self._own(alarm, outing, then))
        self._aloud(owned + trouble.lasts, lambda then: self._resolve(alarm, outing, then))

    def _own(self, alarm: Alarm, outing: Outing, now: datetime) -> None:
        trouble = outing.trouble
        if trouble is None or trouble.owner is None:
            return
        turn = self._turn(trouble.owner, now, Means.TEXT)
        owning.own(turn, alarm, take_over=True)
        for minutes in range(4, int(trouble.lasts / timedelta(minutes=1)), 4):
            renews = now + timedelta(minutes=minutes)
            self._aloud(renews, lambda then: self._renew(alarm, outing, then))
        if trouble.owner is EVE or trouble.owner is CAT:
            seen = Seen(alarm.worker_id, alarm.visit_id, "alarm")
            viewer = self._people[trouble.owner.ref].id
            looking.note_looks(self.session, self.org_id, viewer, [seen], Means.PAGE.value, now)

    def _renew(self, alarm: Alarm, outing: Outing, now: datetime) -> None:
        if outing.trouble and outing.trouble.owner and alarm.is_open:
            owning.own(self._turn(outing.trouble.owner, now, Means.TEXT), alarm)

    def _resolve(self, alarm: Alarm, outing: Outing, now: datetime) -> None:
        trouble = outing.trouble
        if trouble is None or trouble.owner is None:
            return
        turn = self._turn(trouble.owner, now, Means.TEXT)
        pin = trouble.owner.pins.safe
        owning.resolve(turn, alarm, trouble.outcome, note_text=trouble.note or None, pin=pin)
        self._over(alarm)

    def _stand_down(self, alarm: Alarm, outing: Outing, now: datetime) -> None:
        turn = self._turn(outing.who, now, Means.TEXT)
        standing_down.stand_down(turn, alarm, outing.who.pins.safe)
        self._over(alarm)

    def _over(self, alarm: Alarm) -> None:
        self._reminded = True
        self._alarms.pop(alarm.id, None)
        self._off = set()
        for ref, visit in list(self._visits.items()):
            if not visit.is_open:
                del self._visits[ref]

    def _send(self) -> None:
        """Hand over what was decided, and hear what became of it."""
        for message in messages.waiting(self.session):
            failed = message.person_id in self._off
            hand_over(self.session, self.desk, message, next(self._numbers), failed=failed)


def _means(outing: Outing) -> Means:
    return Means.TEXT if outing.by_text else Means.APP

"""One alarm as one person may see it: how it stands, the steps to take, and what was done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from server.acts import caring, monitoring, sheets
from server.acts.base import Desk
from server.acts.circles import plans_of
from server.acts.seeing import AlarmSeen, may_see_alarm, see_alarm, see_visit
from server.acts.timeline import Line, Timeline
from server.domain.procedure import TAKE_CHARGE, step_key
from server.pages.board import words
from server.pages.board.cards import Card, card_of
from server.pages.log.words import line_words
from server.store import alarms, board, care, lists, log, people, visits
from server.store.alarms import Alarm
from server.store.care import Aftercare, Tick
from server.store.db import Session
from server.store.people import Person
from shared.ladder import Step
from shared.numbers import national
from shared.spans import clock_time
from shared.states import AlarmKind, AlarmOutcome, Role

MOST_AHEAD = 8
ENDS = {
    AlarmOutcome.SAFE.value: "{worker} is safe",
    AlarmOutcome.FALSE_ALARM.value: "It was a false alarm",
    AlarmOutcome.HARMED.value: "{worker} was found and needs care",
    AlarmOutcome.EMERGENCY_SERVICES.value: "The emergency services have taken over",
}


@dataclass(frozen=True)
class Todo:
    """One step of the procedure; `done` says when and by whom, once it is. `may_undo`: somebody
    ticked it, perhaps by mistake."""

    key: str
    words: str
    done: str
    may_undo: bool = False


@dataclass(frozen=True)
class Done:
    """One thing that happened, or will if nothing more is heard."""

    at: str
    words: str


@dataclass(frozen=True)
class Owed:
    """Care after the alarm; `done` says when and by whom, once it is."""

    id: UUID
    what: str
    owed_by: str
    done: str
    may_settle: bool


@dataclass(frozen=True)
class Buddy:
    """Somebody to ring about her."""

    name: str
    number: str
    tel: str


@dataclass(frozen=True)
class AlarmPage:
    """The whole page. `others`: the worker's other open alarms; `earlier`: steps that were done
    before the team changed them; `goes_on`: the worker's visits that the alarm's end leaves open,
    with their places; `end_shows`: that the end shows on the phone of somebody who may be under
    threat still; `lapsed`: that the viewer had charge until nothing was heard of her."""

    card: Card
    others: tuple[Card, ...]
    is_open: bool
    about_you: bool
    outcome: str
    ahead: tuple[Done, ...]
    todo: tuple[Todo, ...]
    earlier: tuple[Todo, ...]
    done: tuple[Done, ...]
    buddies: tuple[Buddy, ...]
    owed: tuple[Owed, ...]
    may_owe: tuple[tuple[str, str], ...]
    sheet_is_open: bool
    may_watch_on: bool
    goes_on: tuple[tuple[UUID, str], ...]
    end_shows: bool
    lapsed: bool
    team_id: UUID
    manages: bool
    say: str
    health: str | None
    alive: bool

    @property
    def done_count(self) -> int:
        """How many of the steps are done."""
        return sum(bool(step.done) for step in self.todo)


def look(session: Session, desk: Desk, viewer: Person, alarm: Alarm, now: datetime) -> AlarmPage:
    """The page of this alarm; the caller has checked that this person may see it."""
    return _Look(session, desk, viewer, alarm, now).page()


class _Look:
    """One look at one alarm."""

    def __init__(
        self, session: Session, desk: Desk, viewer: Person, alarm: Alarm, now: datetime
    ) -> None:
        self._session, self._desk, self._viewer = session, desk, viewer
        self._alarm, self._now = alarm, now
        self._zone = ZoneInfo(viewer.org.timezone)
        self._seen: AlarmSeen = see_alarm(viewer, alarm)
        self._about_you = alarm.worker_id == viewer.id

    def page(self) -> AlarmPage:
        """The page."""
        steps = self._steps() if self._seen.is_open else []
        card, manages = self._card(steps), self._manages()
        ticked = {tick.step: tick for tick in care.ticks(self._session, self._alarm.id)}
        todo = [] if self._about_you else list(self._todo(ticked))
        others = tuple(self._others())
        goes_on, is_duress = tuple(self._goes_on()), self._alarm.kind == AlarmKind.DURESS
        watch = monitoring.judge(self._session, self._desk, self._now)
        said = words.health(watch) if self._seen.is_open and not self._desk.rehearsal else None
        return AlarmPage(
            card=card,
            others=others,
            is_open=self._seen.is_open,
            about_you=self._about_you,
            outcome=self._outcome(),
            ahead=tuple(self._ahead(steps)),
            todo=tuple(todo),
            earlier=tuple(self._earlier(ticked, todo)),
            done=tuple(self._done()),
            buddies=tuple(self._buddies()),
            owed=() if self._about_you else tuple(self._owed(manages=manages)),
            may_owe=tuple(self._may_owe()),
            sheet_is_open=sheets.is_open_to(self._session, self._viewer, self._alarm),
            may_watch_on=self._alarm.kind in ("overdue", "not_started"),
            goes_on=goes_on,
            end_shows=is_duress and bool(goes_on),
            lapsed=card.charge == "nobody" and self._lapsed(),
            team_id=self._alarm.team_id,
            manages=manages,
            say=" ".join((self._say(card), *(f"Also open: {one.title}." for one in others))),
            health=said,
            alive=watch.alive,
        )

    def _steps(self) -> list[Step]:
        return plans_of(self._session, self._desk, self._viewer, [self._alarm])[self._alarm.id]

    def _card(self, steps: list[Step]) -> Card:
        org_id, viewer_id = self._viewer.org_id, self._viewer.id
        hidden = board.in_duress(self._session, org_id, viewer_id) - {viewer_id}
        hands_off = self._alarm.worker_id in hidden
        alarm, viewer = self._alarm, self._viewer
        return card_of(alarm, viewer, steps, self._now, self._zone, hands_off=hands_off)

    def _others(self) -> Iterator[Card]:
        """One alarm never hides another of the same person (P5)."""
        session, viewer = self._session, self._viewer
        for other in alarms.open_alarms(session, self._alarm.worker_id):
            is_there = other is not self._alarm and may_see_alarm(session, viewer, other)
            if is_there and see_alarm(viewer, other).is_open and not self._about_you:
                yield card_of(other, viewer, [], self._now, self._zone, hands_off=True)

    def _lapsed(self) -> bool:
        return log.charge_lapsed_of(self._session, self._alarm.id, self._viewer.id)

    def _manages(self) -> bool:
        teams = people.team_ids(self._session, self._viewer.id)
        return self._viewer.has_role(Role.MANAGER) and self._alarm.team_id in teams

    def _clock(self, instant: datetime) -> str:
        return clock_time(instant, self._zone, self._now)

    def _outcome(self) -> str:
        seen = self._seen
        if seen.is_open or seen.outcome is None or seen.resolved_at is None:
            return ""
        how = ENDS[seen.outcome].format(worker=self._alarm.worker.name)
        return f"{how}. The alarm ended at {self._clock(seen.resolved_at)}."

    def _ahead(self, steps: list[Step]) -> Iterator[Done]:
        for step in steps[:MOST_AHEAD]:
            yield Done(self._clock(max(step.at, self._now)), words.step(step))

    def _ticks_seen(self, ticked: dict[str, Tick]) -> dict[str, Tick]:
        """What has ended for her eyes goes on without her."""
        until = self._seen.resolved_at
        return {key: t for key, t in ticked.items() if until is None or t.at <= until}

    def _todo(self, ticked: dict[str, Tick]) -> Iterator[Todo]:
        done = self._ticks_seen(ticked)
        for step in caring.steps_of(self._session, self._alarm):
            key = step_key(step)
            if key in done:
                yield Todo(key, step, self._by(done[key]), may_undo=True)
            else:
                yield Todo(key, step, self._in_hand() if step == TAKE_CHARGE else "")

    def _in_hand(self) -> str:
        """Taking charge is a step that needs no tick."""
        owner, owned_at = self._seen.owner_name, self._seen.owned_at
        return f"{owner}, {self._clock(owned_at)}" if owner and owned_at else ""

    def _earlier(self, ticked: dict[str, Tick], todo: list[Todo]) -> Iterator[Todo]:
        known = {step.key for step in todo}
        if not self._about_you:
            for key, tick in self._ticks_seen(ticked).items():
                if key not in known:
                    yield Todo(key, tick.words, self._by(tick))

    def _by(self, tick: Tick) -> str:
        return f"{tick.by.name}, {self._clock(tick.at)}"

    def _done(self) -> Iterator[Done]:
        timeline = Timeline(self._session, self._viewer, self._now)
        alarm = self._alarm
        lines = self._lines(timeline)
        parts = timeline.parts(lines)
        known = {one for line in lines for one in (line.actor_id, line.shown_to) if one}
        names = lists.names_of(self._session, known)
        for line in lines:
            said = line_words(line, names, alarm.worker.name, parts.get(line.id, {}))
            yield Done(self._clock(line.at), said)

    def _lines(self, timeline: Timeline) -> list[Line]:
        alarm, session = self._alarm, self._session
        if alarm.visit is None:
            return timeline.lines(None, log.entries_of_alarm(session, alarm.id), [alarm])
        entries = log.entries_of_visit(session, alarm.visit.id)
        return timeline.lines(alarm.visit, entries, alarms.alarms_of_visit(session, alarm.visit.id))

    def _buddies(self) -> Iterator[Buddy]:
        """Whom to ring about her; none of it where it is about the viewer."""
        if self._about_you:
            return
        for one in people.watchers(self._session, self._alarm.worker_id):
            if one.mobile and one.id != self._viewer.id:
                yield Buddy(one.name, national(one.mobile, one.org.country), one.mobile)

    def _owed(self, *, manages: bool) -> Iterator[Owed]:
        for one in care.aftercare_of(self._session, self._alarm.id):
            may = manages or one.owed_by_id == self._viewer.id
            yield Owed(one.id, one.what, one.owed_by.name, self._settled(one), may)

    def _settled(self, owed: Aftercare) -> str:
        if owed.done_at is None:
            return ""
        by = f" by {owed.done_by.name}" if owed.done_by else ""
        return f"Done at {self._clock(owed.done_at)}{by}"

    def _may_owe(self) -> Iterator[tuple[str, str]]:
        ended_at = self._seen.resolved_at
        if ended_at is None or self._about_you:
            return
        for person in caring.who_may_owe(self._session, self._alarm, ended_at):
            yield str(person.id), person.name

    def _goes_on(self) -> Iterator[tuple[UUID, str]]:
        """Nothing of an overdue visit: that ends with its alarm."""
        if self._about_you or self._alarm.kind not in (AlarmKind.SOS, AlarmKind.DURESS):
            return
        for visit in visits.unfinished_visits(self._session, self._alarm.worker_id):
            if see_visit(self._session, self._viewer, visit).is_open:
                yield visit.id, visit.place

    def _say(self, card: Card) -> str:
        if not self._seen.is_open:
            return self._outcome()
        return f"{card.owned} {card.following}".strip()

"""Today, and a visit before it starts."""

from datetime import timedelta

from mobile.core import kinds, words
from mobile.core.cover import Cover, CoverState, cover_now
from mobile.core.draft import planned
from mobile.core.facts import NEVER, Facts
from mobile.core.show_alarms import open_alarms
from mobile.core.show_chain import chain_lines
from mobile.core.show_strip import is_out, strip
from mobile.core.show_visit import Here, all_here, here, leaving, show_one, show_visit
from mobile.core.state import Choice, Pick, Running, StartState, TodayState
from mobile.core.things import Visit
from shared.spans import minutes_words
from shared.states import ClosedHow, Risk, VisitKind, VisitStatus

LENGTHS_MIN = (15, 30, 45, 60, 90, 120)
MOST_RECENT = 6
LONGEST_PLACE, LONGEST_NOTE = 200, 500
"""As the server takes them (`shared.wire.bodies`, which costs a slow phone too much to import)."""
BY_OTHERS = (ClosedHow.ON_BEHALF, ClosedHow.ALARM_RESOLVED)
"""Ends that somebody else may have brought about without her."""


def cover_here(facts: Facts) -> Cover:
    """The cover of the visit she is on; else that of one she would start."""
    found = show_visit(facts) if here(facts) else None
    return found.cover if found else cover_now(facts)


def show_today(facts: Facts) -> TodayState:
    """Where she is, where she is going, and where she has been before."""
    now_on = {found.visit.kind for found in all_here(facts)}
    leaves, asks_pin = leaving(facts, VisitKind.VISIT)
    return TodayState(
        name=facts.name,
        strip=strip(facts, cover_here(facts)),
        running=_running(facts),
        planned=tuple(_planned(facts, visit) for visit in _planned_visits(facts)),
        recent=_recent(facts),
        alarms=len(open_alarms(facts)),
        watching=sum(1 for each in facts.watching if each.visit is not None),
        ended=_ended(facts),
        leaves=words.leaves(leaves),
        asks_pin=asks_pin,
        can_start=_is_free(facts),
        can_go_home=VisitKind.HOME not in now_on,
        away=away_words(facts),
    )


def _running(facts: Facts) -> tuple[Running, ...]:
    return tuple(_run(facts, found) for found in all_here(facts))


def _run(facts: Facts, found: Here) -> Running:
    """How one stands; what has not reached the server is said before all else."""
    shown = show_one(facts, found)
    head = words.RUNNING.get(shown.phase, words.alarm_out()) if found.seen else words.NOT_STARTED
    if shown.phase in ("open", "alarm") and shown.cover.calls:
        head = shown.cover.word
    more = shown.pending or f"{shown.until} - {shown.left}"
    return Running(shown.visit, shown.place, head, more)


def _is_free(facts: Facts) -> bool:
    """Whether a visit is what she would start now: on none, or on one she has closed."""
    now_on = [found.visit for found in all_here(facts) if found.visit.kind is VisitKind.VISIT]
    return all(facts.pending(visit.id, "close") for visit in now_on)


def away_words(facts: Facts) -> str:
    """That she is absent, as the server last said it; '' where she is there."""
    until = facts.me.value.away_until if facts.me else None
    return words.away_until(facts.says(until)) if until and until > facts.now else ""


def _ended(facts: Facts) -> str:
    """That the visit she was just on is over; nothing says it but the server's own answer, however
    late that came."""
    over = [seen for seen in facts.visits if seen.value.status is VisitStatus.CLOSED]
    last = max(over, key=lambda seen: seen.value.closed_at or NEVER, default=None)
    if last is None or last.value.closed_at is None or here(facts):
        return ""
    if not facts.is_news(last.at):
        return ""
    title = kinds.title(last.value.kind, last.value.place)
    at, others = facts.says(last.value.closed_at), last.value.closed_how in BY_OTHERS
    return words.ended(title, at, still_out=is_out(facts), others=others)


def _planned_visits(facts: Facts) -> list[Visit]:
    started = {e.act.stream for e in facts.waiting if e.kind in ("start_planned", "cancel")}
    found = [s.value for s in facts.visits if s.value.status is VisitStatus.PLANNED]
    return sorted((v for v in found if v.id not in started), key=lambda visit: visit.starts_at)


def _planned(facts: Facts, visit: Visit) -> Choice:
    minutes = max(1, round((visit.ends_at - visit.starts_at).total_seconds() / 60))
    button = words.start_for(minutes_words(minutes))
    title = kinds.title(visit.kind, visit.place)
    when, days = facts.says(visit.starts_at), (visit.starts_at, facts.now)
    today = len({day.astimezone(facts.zone).date() for day in days}) == 1
    keeps = "" if today or visit.kind is not VisitKind.VISIT else words.keeps_plan(when)
    return Choice(title, minutes, button, when, visit.id, keeps)


def _recent(facts: Facts) -> tuple[Choice, ...]:
    newest = sorted(facts.places.items(), key=lambda item: -float(item[1]["last_at"]))
    return tuple(_again(facts, place) for place, _ in newest[:MOST_RECENT])


def _again(facts: Facts, place: str) -> Choice:
    minutes = _usual(facts, VisitKind.VISIT, place)
    return Choice(place, minutes, words.start_for(minutes_words(minutes)))


def show_start(
    facts: Facts,
    kind: VisitKind = VisitKind.VISIT,
    place: str = "",
    minutes: int | None = None,
    risk: Risk = Risk.STANDARD,
    buddy: str | None = None,
    note: str = "",
) -> StartState:
    """What would happen if it were started now, before it is."""
    about = kinds.KINDS[kind]
    minutes = minutes or _usual(facts, kind, place)
    ends_at = facts.now + timedelta(minutes=minutes)
    visit = planned(facts, "", place, facts.now, ends_at, risk, kind, {"buddy": buddy})
    leaves, asks_pin = leaving(facts, kind)
    lengths = sorted({*LENGTHS_MIN, minutes})
    wrong, message = _wrong(place if about.asks else None, note)
    cover = cover_now(facts)
    return StartState(
        strip=strip(facts, cover),
        head=about.head,
        asks=about.asks,
        place=place,
        lengths=tuple(Pick(str(each), minutes_words(each), each == minutes) for each in lengths),
        risks=tuple(Pick(each.value, each.value.title(), each is risk) for each in Risk),
        watchers=_watchers(facts, buddy),
        until=words.until(facts.says(ends_at)),
        longer=_why_longer(facts, kind, place, minutes),
        note=note,
        # Beside 'not covered' a list of who would be told is a promise that nobody keeps.
        chain=() if cover.state is CoverState.NOT_COVERED else chain_lines(facts, visit.chain),
        button=words.start_for(minutes_words(minutes)),
        message=message,
        wrong=wrong,
        leaves=words.leaves(leaves),
        asks_pin=asks_pin,
    )


def _wrong(place: str | None, note: str) -> tuple[str, str]:
    """What keeps it from being started, and what to do about that; '' where nothing does. `place`:
    None where none is asked for."""
    if place is not None and not place.strip():
        return "place", words.UNKNOWN_PLACE
    if place is not None and len(place.strip()) > LONGEST_PLACE:
        return "place", words.LONG_PLACE
    return ("note", words.LONG_NOTE) if len(note) > LONGEST_NOTE else ("", "")


def _usual(facts: Facts, kind: VisitKind, place: str) -> int:
    """As long as the last time there, or the last time of that kind; a visit no shorter than she
    has said hers usually are, as after alarms because she stayed longer."""
    visiting = kind is VisitKind.VISIT
    known = facts.places.get(place, {}) if visiting else facts.journeys.get(kind.value, {})
    minutes = int(known.get("minutes", kinds.KINDS[kind].usual_min))
    said = facts.me.value.usual_minutes if facts.me and visiting else None
    return max(minutes, said or 0)


def _why_longer(facts: Facts, kind: VisitKind, place: str, minutes: int) -> str:
    """That it is suggested because of what she has said, where it is; else ''."""
    said = facts.me.value.usual_minutes if facts.me and kind is VisitKind.VISIT else None
    known = int(facts.places.get(place, {}).get("minutes", kinds.KINDS[kind].usual_min))
    asked = said is not None and said == minutes and said > known
    return words.longer_as_chosen(minutes_words(minutes)) if asked else ""


def _watchers(facts: Facts, chosen: str | None) -> tuple[Pick, ...]:
    buddies = facts.me.value.buddies if facts.me else ()
    first = chosen or (buddies[0].id if buddies else None)
    return tuple(Pick(each.id, each.name, each.id == first) for each in buddies)

"""P8: covered, last known, or not covered; never better than what is known.

Covered is said only while the server confirmed, within the last 15 s, this visit, a live engine, a
way out and somebody other than her to tell. What was good then and has not been heard since is last
known. Everything else is not covered, and says what to do instead.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from mobile.core import cover_words as words
from mobile.core import kinds
from mobile.core.facts import Facts, Seen
from mobile.core.things import Alarm, Me, Step, Visit
from mobile.core.waits import Delay, delay_of, not_yet_done
from mobile.core.words import alarm_out
from shared.states import AlarmKind, WayOut

FRESH = timedelta(seconds=15)
AT_ONCE = timedelta(seconds=10)
"""So long a start may be on its way before that is said loudly."""
DOUBTS = ("NOT covered", "REHEARSAL")


class CoverState(StrEnum):
    """The three states, as words that are never told apart by colour alone."""

    COVERED = "covered"
    LAST_KNOWN = "last known"
    NOT_COVERED = "not covered"


@dataclass(frozen=True)
class Cover:
    """One of the three, its word, icon and sentence. `since`: when it was last known so; `sending`:
    a start that is only just on its way, which is no cause for alarm yet. `calls`: it is covered,
    and needs her eye all the same. `alarm`: when that goes, in few words."""

    state: CoverState
    word: str
    icon: str
    sentence: str
    since: datetime | None = None
    alarm_at: datetime | None = None
    advice: str = ""
    sending: bool = False
    calls: bool = False
    alarm: str = ""


def cover_of(facts: Facts, visit: Seen[Visit]) -> Cover:
    """How far an open visit that the server has confirmed is covered."""
    alarm_at = visit.value.raise_at
    me = facts.me
    since = min(visit.at, me.at) if me else visit.at
    hole = _hole(facts, visit.value.chain)
    if hole:
        return _not_covered(facts, hole, since, alarm_at)
    raised = visit.value.open_alarm(AlarmKind.OVERDUE)
    if raised is not None:
        return _raised(facts, raised, since)
    if alarm_at is None:
        return _not_covered(facts, words.NOT_HEARD, since, None)
    if is_fresh(facts, since):
        return _covered(facts, visit.value, since, alarm_at)
    sentence = words.last_known_past if facts.now >= alarm_at else words.last_known
    said = sentence(lost(facts), facts.says(since), facts.says(alarm_at))
    alarm = words.alarm_at(facts.says(alarm_at))
    known = CoverState.LAST_KNOWN
    return Cover(known, words.LAST_KNOWN, "shield-clock", said, since, alarm_at, alarm=alarm)


def _covered(facts: Facts, visit: Visit, since: datetime, alarm_at: datetime) -> Cover:
    """Once a sign of life is due the card asks for it, and is no longer calm."""
    known, alarm = CoverState.COVERED, words.alarm_at(facts.says(alarm_at))
    if facts.now < min(visit.due_at, visit.ends_at):
        said = words.covered(facts.says(since), facts.says(alarm_at))
        return Cover(known, words.COVERED, "shield-check", said, since, alarm_at, alarm=alarm)
    over = facts.now >= visit.ends_at
    said = words.time_up(facts.says(since), facts.says(alarm_at))
    word, advice = words.CHECK_IN_NOW, words.SAY_ALL_RIGHT
    if over:
        word, advice = words.TIME_UP, words.say_safe(kinds.KINDS[visit.kind].safe)
    return Cover(known, word, "time", said, since, alarm_at, advice, calls=True, alarm=alarm)


def _raised(facts: Facts, raised: Alarm, since: datetime) -> Cover:
    """The alarm is out already, whatever times the visit still has."""
    went_at = facts.says(raised.raised_at)
    if is_fresh(facts, since):
        said, known = words.being_told(went_at), CoverState.COVERED
    else:
        said = words.told_when_last_heard(lost(facts), facts.says(since), went_at)
        known = CoverState.LAST_KNOWN
    owner = raised.owner.name if raised.owner else ""
    word = alarm_out(owner) if known is CoverState.COVERED else words.LAST_KNOWN
    return Cover(known, word, "bell", said, since, raised.raised_at, calls=True)


def is_fresh(facts: Facts, since: datetime) -> bool:
    """Whether what was so then may be said to be so now."""
    return facts.sure and facts.now - since <= FRESH and facts.signed_out_at is None


def lost(facts: Facts) -> str:
    """Why nothing is heard."""
    return words.lost(has_data=facts.has_data, signed_out=facts.signed_out_at is not None)


def cover_unconfirmed(facts: Facts, began: datetime) -> Cover:
    """A visit that was started here, then, and has not reached the server."""
    delay = delay_of(facts)
    said = not_yet_done("watched", delay)
    if delay is Delay.SENDING and facts.now - began < AT_ONCE:
        return Cover(CoverState.NOT_COVERED, words.SENDING, "waiting", said, sending=True)
    return Cover(CoverState.NOT_COVERED, words.NOT_COVERED, "shield-off", said, advice=words.ADVICE)


def cover_now(facts: Facts) -> Cover:
    """How far a visit started now would be covered."""
    me = facts.me
    if facts.signed_out_at is not None:
        return _not_covered(facts, words.SIGNED_OUT_HERE, facts.signed_out_at, None)
    if me is None:
        return Cover(
            CoverState.NOT_COVERED,
            words.NOT_COVERED,
            "shield-off",
            words.NOT_HEARD,
            advice=words.ADVICE,
        )
    hole = _hole(facts, me.value.chain)
    if hole:
        return _not_covered(facts, hole, me.at, None)
    since = facts.says(me.at)
    if is_fresh(facts, me.at):
        return Cover(CoverState.COVERED, words.READY, "shield-check", words.ready(since), me.at)
    said = words.last_known_ready(lost(facts), since)
    return Cover(CoverState.LAST_KNOWN, words.LAST_KNOWN, "shield-clock", said, me.at)


def _not_covered(facts: Facts, why: str, since: datetime, alarm_at: datetime | None) -> Cover:
    said = words.not_covered(why, facts.says(since))
    return Cover(
        CoverState.NOT_COVERED,
        words.NOT_COVERED,
        "shield-off",
        said,
        since,
        alarm_at,
        words.ADVICE,
    )


def can_tell(facts: Facts) -> bool:
    """Whether, as last heard, the service could raise an alarm and tell anybody of it."""
    return facts.me is None or service_hole(facts.me.value) is None


def _hole(facts: Facts, chain: tuple[Step, ...]) -> str | None:
    """What keeps an alarm from reaching somebody, as last heard; None where nothing does."""
    me = facts.me
    if me is None:
        return words.NOT_HEARD
    return service_hole(me.value) or chain_hole(chain)


def service_hole(me: Me) -> str | None:
    """What keeps the service from telling anybody anything, as last heard; None for nothing."""
    if me.notice and me.notice.startswith(DOUBTS):
        return me.notice
    if not me.alive:
        return words.NO_ENGINE
    return words.NO_WAY_OUT if me.way_out is WayOut.NONE else None


def chain_hole(chain: tuple[Step, ...]) -> str | None:
    """Why this chain reaches nobody but her; None where it does."""
    for step in chain:
        if step.why.startswith(DOUBTS):
            return step.why
    return None if reaches(chain) else words.NOBODY_TO_TELL


def reaches(chain: tuple[Step, ...]) -> bool:
    """Whether any step of this chain tells anybody but her."""
    return any(step.by and step.who not in ("you", "nobody") for step in chain)

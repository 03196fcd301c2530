"""P8: covered, last known, or not covered; never better than what is known.

Covered is said only while the server confirmed, within the last 15 s, this visit, a live engine, a
way out and somebody other than her to tell. What was good then and has not been heard since is last
known. Everything else is not covered, and says what to do instead.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from mobile.core import words
from mobile.core.facts import Facts, Seen
from mobile.core.things import Me, Step, Visit
from shared.states import WayOut

FRESH = timedelta(seconds=15)
DOUBTS = ("NOT covered", "REHEARSAL")


class CoverState(StrEnum):
    """The three states, as words that are never told apart by colour alone."""

    COVERED = "covered"
    LAST_KNOWN = "last known"
    NOT_COVERED = "not covered"


@dataclass(frozen=True)
class Cover:
    """One of the three, its word, icon and sentence. `since`: when it was last known so."""

    state: CoverState
    word: str
    icon: str
    sentence: str
    since: datetime | None = None
    alarm_at: datetime | None = None
    advice: str = ""


def cover_of(facts: Facts, visit: Seen[Visit]) -> Cover:
    """How far an open visit that the server has confirmed is covered."""
    alarm_at = visit.value.raise_at
    me = facts.me
    since = min(visit.at, me.at) if me else visit.at
    hole = _hole(facts, visit.value.chain)
    if hole:
        return _not_covered(facts, hole, since, alarm_at)
    if alarm_at is None:
        return _without_time(facts, visit.value, since)
    if facts.sure and facts.now - since <= FRESH and facts.signed_out_at is None:
        said = words.covered(facts.says(alarm_at))
        return Cover(CoverState.COVERED, words.COVERED, "shield-check", said, since, alarm_at)
    sentence = words.last_known_past if facts.now >= alarm_at else words.last_known
    lost = words.lost(has_data=facts.has_data, signed_out=facts.signed_out_at is not None)
    said = sentence(lost, facts.says(since), facts.says(alarm_at))
    return Cover(CoverState.LAST_KNOWN, words.LAST_KNOWN, "shield-clock", said, since, alarm_at)


def _without_time(facts: Facts, visit: Visit, since: datetime) -> Cover:
    """An open visit with no alarm ahead: one is out already."""
    raised = next((alarm for alarm in visit.alarms if alarm.is_open), None)
    if raised is None:
        return _not_covered(facts, words.NOT_HEARD, since, None)
    fresh = facts.now - since <= FRESH
    state = CoverState.COVERED if fresh else CoverState.LAST_KNOWN
    word = words.ALARM_OUT if fresh else words.LAST_KNOWN
    said = words.being_told(facts.says(raised.raised_at))
    return Cover(state, word, "bell", said, since, raised.raised_at)


def cover_unconfirmed(facts: Facts) -> Cover:
    """A visit that was started here and has not reached the server."""
    said = words.waiting_to("watched", None, sending=facts.has_data)
    return Cover(CoverState.NOT_COVERED, words.NOT_COVERED, "shield-off", said, advice=words.ADVICE)


def cover_now(facts: Facts) -> Cover:
    """How far a visit started now would be covered."""
    me = facts.me
    if facts.signed_out_at is not None:
        return _not_covered(facts, words.SIGNED_OUT, facts.signed_out_at, None)
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
    if facts.sure and facts.now - me.at <= FRESH:
        return Cover(CoverState.COVERED, words.READY, "shield-check", words.ready(since), me.at)
    said = words.last_known_ready(words.lost(has_data=facts.has_data), since)
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


def _hole(facts: Facts, chain: tuple[Step, ...]) -> str | None:
    """What keeps an alarm from reaching somebody, as last heard; None where nothing does."""
    me = facts.me
    if me is None:
        return words.NOT_HEARD
    return _service_hole(me.value) or chain_hole(chain)


def _service_hole(me: Me) -> str | None:
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
    reached = any(step.by and step.who not in ("you", "nobody") for step in chain)
    return None if reached else words.NOBODY_TO_TELL

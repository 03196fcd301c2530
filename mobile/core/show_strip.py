"""What every screen shows: the truth about cover, what waits, and what was refused."""

from mobile.core import sos_words, words
from mobile.core.cover import Cover
from mobile.core.facts import Facts
from mobile.core.outbox import Entry
from mobile.core.show_alarms import asked_to_watch, banner, just_over, named, not_begun
from mobile.core.show_help import show_sos
from mobile.core.state import Problem, Strip
from mobile.core.statements import SOS
from mobile.core.waits import delay_of, queued
from shared.states import VisitStatus

OUT = {
    "office": sos_words.OUT,
    "acting": sos_words.OUT,
    "untold": sos_words.UNTOLD,
    "unheard": sos_words.UNHEARD,
}
"""What every screen says while a call for help is out."""


def strip(facts: Facts, cover: Cover, said: str = "") -> Strip:
    """The strip that goes with this cover. `said`: the key of a refusal that the screen says in
    words of its own."""
    notice = facts.me.value.notice if facts.me else None
    broken = words.WAS_BROKEN if facts.was_broken else ""
    stranded = words.stranded(facts.stranded)
    silent = "" if facts.reminds else words.NO_REMINDERS
    waiting = [e for e in facts.waiting if e.kind != "position"]
    waiting = [e for e in waiting if e.was_tried or not facts.held_back_s(e)]
    alarm, alarm_id, mine = banner(facts)
    return Strip(
        cover=cover,
        notice=words.join([notice or "", broken, stranded, silent]),
        waiting=queued(len(waiting), delay_of(facts)),
        signed_out=words.SIGNED_OUT if facts.signed_out_at is not None else "",
        problems=tuple(one for one in problems(facts) if one.key != said),
        sos=(out := how_far(facts)),
        sos_waits=out not in ("", sos_words.OUT),
        alarm=alarm,
        alarm_id=alarm_id,
        alarm_mine=mine,
        asked=asked_to_watch(facts),
        over=just_over(facts),
        not_begun=not_begun(facts),
    )


def problems(facts: Facts) -> tuple[Problem, ...]:
    """Everything refused that she has not dismissed, once for each thing that she may have tried
    again and again: nothing is dropped in silence."""
    newest = {(e.act.stream, e.kind, e.verdict): e for e in facts.refused}
    return tuple(Problem(e.act.key, _refused(facts, e), e.kind == "start") for e in newest.values())


def _refused(facts: Facts, entry: Entry) -> str:
    if entry.kind == SOS:
        return sos_words.not_taken(still=facts.signed_out_at is not None)
    return words.refused(entry.kind, _place(facts, entry), entry.detail or "")


def _place(facts: Facts, entry: Entry) -> str:
    seen = facts.visit(entry.act.stream)
    if seen is None:
        return str(entry.act.body.get("place", "")) or named(facts, entry.act.stream)
    # On a new visit at the same place it would read as if it were of that one.
    is_over = seen.value.status in (VisitStatus.CLOSED, VisitStatus.CANCELLED)
    return f"Earlier at {seen.value.place}" if is_over else seen.value.place


def is_out(facts: Facts) -> bool:
    """Whether a call for help of hers is open, as last heard."""
    return show_sos(facts).phase in OUT


def how_far(facts: Facts) -> str:
    """How far her call for help has got, in words that tell a bystander nothing; '' for none."""
    if any(entry.kind == SOS for entry in facts.waiting):
        return sos_words.NOT_SENT
    state = show_sos(facts)
    unread = any(entry.act.key == state.alarm for entry in facts.refused)
    return sos_words.REFUSED if unread else OUT.get(state.phase, "")

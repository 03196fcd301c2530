"""The screen of a visit: what is confirmed, what she did that is not yet, and what to press."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from mobile.core import kinds, words
from mobile.core.acts import UNDO_S
from mobile.core.cover import Cover, cover_of, cover_unconfirmed
from mobile.core.draft import START_KINDS, draft
from mobile.core.facts import Facts, Seen
from mobile.core.outbox import Entry
from mobile.core.show_strip import strip
from mobile.core.state import Line, Pick, TextOffer, VisitState
from mobile.core.things import Alarm, Step, Visit
from mobile.ports import Signal
from shared.states import (
    AlarmKind,
    AlarmStatus,
    CloseOutcome,
    PinRule,
    VisitKind,
    VisitStatus,
)

PIN_REFUSALS = {"pin-wrong": words.PIN_WRONG, "pin-required": words.PIN_REQUIRED}
CHANGES = ("close", "extend", "check_in", "cancel", *START_KINDS)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Here:
    """The visit she is on; `seen` None: only this phone knows of it."""

    visit: Visit
    seen: Seen[Visit] | None


def all_here(facts: Facts) -> tuple[Here, ...]:
    """Every visit she is on: the newest start that waits first, then what is due first. A start
    ends nothing before the server has heard of it."""
    waiting = [entry for entry in reversed(facts.waiting) if entry.kind in START_KINDS]
    drafts = {entry.act.stream: Here(draft(facts, entry), None) for entry in waiting}
    others = [seen for seen in facts.open_visits if seen.value.id not in drafts]
    return (*drafts.values(), *(Here(seen.value, seen) for seen in others))


def here(facts: Facts, name: str | None = None) -> Here | None:
    """The visit of that name while she is on it; else the first of those she is on."""
    found = all_here(facts)
    return next((each for each in found if each.visit.id == name), found[0] if found else None)


def show_visit(facts: Facts, name: str | None = None) -> VisitState | None:
    """The visit as she should see it, by `here`; None where there is none."""
    found = here(facts, name)
    return None if found is None else show_one(facts, found)


def show_one(facts: Facts, found: Here) -> VisitState:
    """This visit as she should see it."""
    visit = found.visit
    alarm = _alarm(visit)
    pending = _pending(facts, visit)
    due_at = _due_at(visit)
    left_s = int((due_at - facts.now).total_seconds())
    return VisitState(
        strip=strip(facts, _cover(facts, found)),
        visit=visit.id,
        phase=_phase(visit, alarm, pending),
        place=kinds.title(visit.kind, visit.place),
        safe=kinds.KINDS[visit.kind].safe,
        who=words.watched_by(visit.buddy.name if visit.buddy else None),
        countdown=words.countdown(left_s),
        left=_left(visit, left_s),
        until=words.until(facts.says(visit.ends_at)),
        cover=_cover(facts, found),
        check_in=_check_in(facts, visit),
        check_in_owed=visit.due_at < visit.ends_at and facts.now >= visit.due_at,
        pending=_pending_words(facts, visit, pending),
        message=_message(facts, visit, alarm),
        asks_pin=_asks_pin(facts, visit, alarm),
        undo_s=_undo_s(facts, pending),
        outcomes=_outcomes(facts, visit, pending),
        chain=chain_lines(facts, visit.chain),
        alarm=alarm.id if alarm else None,
        acting=_acting(alarm),
        text=_text_offer(facts, visit, pending),
    )


def _due_at(visit: Visit) -> datetime:
    """What she has to watch the clock for: her next check-in, else the end."""
    return min(visit.due_at, visit.ends_at)


def _left(visit: Visit, left_s: int) -> str:
    minutes = int(left_s / 60)
    if visit.due_at < visit.ends_at:
        return words.minutes_to_check_in(minutes)
    return words.minutes_left(minutes)


def _check_in(facts: Facts, visit: Visit) -> str:
    """That a sign of life is owed before the end; '' where none is."""
    if visit.due_at >= visit.ends_at:
        return ""
    due = facts.says(visit.due_at)
    return words.check_in_due(due) if facts.now >= visit.due_at else words.check_in_by(due)


def _cover(facts: Facts, found: Here) -> Cover:
    return cover_of(facts, found.seen) if found.seen else cover_unconfirmed(facts)


def _alarm(visit: Visit) -> Alarm | None:
    return visit.open_alarm(AlarmKind.OVERDUE) or visit.open_alarm(AlarmKind.SOS)


def _pending(facts: Facts, visit: Visit) -> Entry | None:
    """What she did last that has not reached the server; a close before all else."""
    return facts.pending(visit.id, "close") or facts.pending(visit.id, *CHANGES)


def _phase(visit: Visit, alarm: Alarm | None, pending: Entry | None) -> str:
    if visit.status is not VisitStatus.OPEN:
        return visit.status.value
    if pending and pending.kind == "close":
        return "closing"
    return "alarm" if _is_overdue(alarm) else "open"


def _is_overdue(alarm: Alarm | None) -> bool:
    """A call for help is not shown here: somebody may be looking over her shoulder."""
    return alarm is not None and alarm.kind is AlarmKind.OVERDUE


def _acting(alarm: Alarm | None) -> str:
    if alarm is None or alarm.owner is None or not _is_overdue(alarm):
        return ""
    return words.acting(alarm.owner.name)


def _pending_words(facts: Facts, visit: Visit, pending: Entry | None) -> str:
    if pending is None:
        return ""
    alarm_at = None
    if visit.raise_at and pending.kind not in START_KINDS:
        alarm_at = facts.says(visit.raise_at)
    sending = facts.has_data and pending.tries < 2
    out = facts.signed_out_at is not None
    done_to = words.done_to(pending.kind)
    return words.waiting_to(done_to, alarm_at, sending=sending, signed_out=out)


def _undo_s(facts: Facts, pending: Entry | None) -> int:
    """Whole seconds in which a close may still be taken back."""
    if pending is None or pending.kind != "close" or pending.tries:
        return 0
    return ceil(min(facts.held_back_s(pending), UNDO_S))


def _outcomes(facts: Facts, visit: Visit, pending: Entry | None) -> tuple[Pick, ...]:
    """How it was: asked of a stay with a client, while the close can still carry it."""
    if pending is None or visit.kind is not VisitKind.VISIT or not _undo_s(facts, pending):
        return ()
    said = pending.act.body.get("outcome")
    return tuple(
        Pick(each.value, words.OUTCOMES[each], each.value == said) for each in CloseOutcome
    )


def _message(facts: Facts, visit: Visit, alarm: Alarm | None) -> str:
    if visit.status is not VisitStatus.OPEN:
        closed = facts.says(visit.closed_at) if visit.closed_at else ""
        return f"Closed {closed}".strip() if visit.status is VisitStatus.CLOSED else "Cancelled"
    refusal = facts.refusal(visit.id, "close", "extend")
    if refusal and facts.pending(visit.id, "close", "extend") is None:
        pin = PIN_REFUSALS.get(refusal.verdict or "")
        return pin or words.refused(refusal.kind, "", refusal.detail or "")
    asks = _is_overdue(alarm) and _has_pins(facts) and not facts.pending(visit.id, "close")
    return words.PIN_NOW if asks else ""


def leaving(facts: Facts, kind: VisitKind) -> tuple[str, bool]:
    """The title of what a start of this kind ends ('' for nothing), and whether the server will
    ask for her PIN to end it. A way home neither ends anything nor is ended."""
    if kind is VisitKind.HOME:
        return "", False
    found = next((each for each in all_here(facts) if each.visit.kind is not VisitKind.HOME), None)
    if found is None:
        return "", False
    visit = found.visit
    asks = _asks_pin(facts, visit, _alarm(visit)) and not facts.pending(visit.id, "close")
    return kinds.title(visit.kind, visit.place), asks


def _has_pins(facts: Facts) -> bool:
    return facts.me is None or facts.me.value.has_pins


def _asks_pin(facts: Facts, visit: Visit, alarm: Alarm | None) -> bool:
    """Whether closing or extending asks for it: always after a raise, or when one may have been."""
    if not _has_pins(facts) or visit.status is not VisitStatus.OPEN:
        return False
    rule = facts.me.value.policy.get("pin") if facts.me else None
    refusal = facts.refusal(visit.id, "close", "extend")
    refused = refusal is not None and (refusal.verdict or "") in PIN_REFUSALS
    raised = alarm is not None and alarm.status is not AlarmStatus.RESOLVED
    may_be = visit.raise_at is not None and facts.now >= visit.raise_at
    return rule == PinRule.ALWAYS.value or refused or raised or may_be


def chain_lines(facts: Facts, chain: tuple[Step, ...]) -> tuple[Line, ...]:
    """The safety chain, a sentence for each step."""
    found = []
    for step in chain:
        said = words.chain_line(facts.says(step.at), step.who, step.by)
        said = step.why if step.who == "nobody" and step.why else said
        found.append(Line(said, done=step.at <= facts.now))
    return tuple(found)


def offers_text(facts: Facts, pending: Entry) -> bool:
    """Texts may go where data does not, and where this phone may send nothing by data."""
    if facts.signal is Signal.TEXTS_ONLY or facts.signed_out_at is not None:
        return True
    return facts.signal is Signal.UNKNOWN and pending.tries > 1


def _text_offer(facts: Facts, visit: Visit, pending: Entry | None) -> TextOffer | None:
    if pending is None or not offers_text(facts, pending) or _undo_s(facts, pending):
        return None
    text = _command(facts, visit, pending)
    if not text:
        return None
    to = (facts.me.value.text_to if facts.me else None) or ""
    return TextOffer(to, text, "Send it as a text instead")


def _command(facts: Facts, visit: Visit, pending: Entry) -> str:
    """The text that does the same; the PIN is hers to add, for nobody here knows it."""
    pin = " " if _asks_pin(facts, visit, _alarm(visit)) else ""
    if pending.kind == "close":
        return f"{'HOME' if visit.kind is VisitKind.HOME else 'DONE'}{pin}"
    if pending.kind == "extend":
        return f"MORE {pending.act.body.get('minutes', 15)}{pin}"
    if pending.kind == "start":
        minutes = max(1, -(-(visit.ends_at - facts.now) // MINUTE))
        home = visit.kind is VisitKind.HOME
        return f"HOME {minutes}" if home else f"VISIT {minutes} {visit.place}"
    return "OK" if pending.kind == "check_in" else ""

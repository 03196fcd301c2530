"""After SOS: the truth, one line for each thing that is known to have happened."""

from dataclasses import replace
from datetime import datetime, timedelta

from mobile.core import kinds, sos_words, words
from mobile.core.cover import reaches, service_hole
from mobile.core.cover_words import NOBODY_TO_TELL, bare
from mobile.core.facts import Facts
from mobile.core.outbox import Entry
from mobile.core.state import Line, SosState, TextOffer
from mobile.core.text_offer import text_of_sos
from mobile.core.things import Alarm
from mobile.core.waits import Delay, delay_of_sos, not_yet
from shared.states import AlarmKind

CALL_AFTER = timedelta(seconds=10)
SHOWN_AFTER_END = timedelta(minutes=10)
UNSENT = ("queued", "held")


def show_sos(facts: Facts) -> SosState:
    """What became of her newest call for help; before it, what the server has to say on every
    screen: in a rehearsal nobody is told, and nothing here may sound as if."""
    state, notice = _became(facts), facts.me.value.notice if facts.me else None
    if not notice or state.phase in ("none", "ended", "past"):
        return state
    told = state.phase in ("office", "untold")
    lines = state.lines[:-1] if told else state.lines
    return replace(state, lines=(Line(notice), *lines), offers_call=True)


def why_untold(facts: Facts, alarm: Alarm) -> str:
    """Why the server, as last heard, can pass this call for help on to nobody; '' where it can:
    the steps for an SOS may reach somebody whom those of a visit do not."""
    me = facts.me.value if facts.me else None
    if me is None:
        return ""
    ahead = (*me.chain, *((alarm.next_step,) if alarm.next_step else ()))
    return bare(service_hole(me) or ("" if reaches(ahead) else NOBODY_TO_TELL))


def _became(facts: Facts) -> SosState:
    if not facts.person:
        nobody = (Line(sos_words.nobody()),)
        return SosState("nobody", lines=nobody, offers_call=True)
    entry, alarm = facts.last_sos, _alarm(facts)
    if alarm is not None:
        return _taken(facts, alarm, entry if entry and entry.act.key == alarm.id else None)
    if entry is None:
        return SosState("none")
    pressed_at = facts.time_of(entry)
    if entry.state == "sent":
        said = sos_words.earlier(facts.says(pressed_at))
        return SosState("past", lines=(Line(said, done=True),))
    pressed = Line(sos_words.on_phone(facts.says(pressed_at)), done=True)
    if entry.state == "refused":
        lines = (pressed, Line(sos_words.signed_out()))
        return SosState("refused", entry.act.key, lines, offers_call=True, text=text_of_sos(facts))
    return _unsent(facts, entry, pressed, pressed_at)


def _unsent(facts: Facts, entry: Entry, pressed: Line, pressed_at: datetime) -> SosState:
    delay = delay_of_sos(facts)
    silent = delay is Delay.SENDING and facts.now - pressed_at >= CALL_AFTER
    delay = Delay.NO_ANSWER if silent else delay
    text = text_of_sos(facts) if delay is not Delay.SENDING else None
    return SosState(
        "on_phone",
        entry.act.key,
        (pressed, Line(sos_words.waiting(delay))),
        offers_call=True,
        text=text,
        can_stand_down=True,
        message=_message(facts, entry.act.key),
    )


def _taken(facts: Facts, alarm: Alarm, entry: Entry | None) -> SosState:
    pressed_at = facts.time_of(entry) if entry else alarm.raised_at
    lines = [
        Line(sos_words.on_phone(facts.says(pressed_at)), done=True),
        Line(sos_words.office(facts.says(alarm.raised_at)), done=True),
    ]
    if not alarm.is_open:
        others = not _stood_down(facts, alarm)
        ended = sos_words.ended(facts.says(alarm.resolved_at or facts.now), others=others)
        over = (*lines, Line(ended, done=not others), *_overdue(facts))
        return SosState("ended", alarm.id, over, offers_call=others)
    acting, names = alarm.owner is not None, _names(facts, alarm)
    phase, said = _answered(facts, alarm)
    again, text = _again(facts, alarm)
    return SosState(
        phase,
        alarm.id,
        (*lines, Line(said, done=acting), *again),
        offers_call=True,
        text=text,
        can_stand_down=not any(facts.pending(name, "stand_down") for name in names),
        message=_message(facts, *names),
    )


def _stood_down(facts: Facts, alarm: Alarm) -> bool:
    """Whether this phone's own take-back of it, or of what joined it, has been answered."""
    sent = facts.last_stand_down
    return sent is not None and sent.state == "sent" and sent.act.stream in _names(facts, alarm)


def _overdue(facts: Facts) -> tuple[Line, ...]:
    """Each visit of hers whose own alarm is still out: one alarm never hides another (P5)."""
    visits = [seen.value for seen in facts.open_visits]
    late = [visit for visit in visits if visit.open_alarm(AlarmKind.OVERDUE) is not None]
    return tuple(
        Line(sos_words.overdue_too(kinds.title(visit.kind, visit.place))) for visit in late
    )


def _again(facts: Facts, alarm: Alarm) -> tuple[tuple[Line, ...], TextOffer | None]:
    """That she has called once more since, and that this one has not been sent."""
    last = facts.last_sos
    if last is None or last.state not in UNSENT or last.act.key == alarm.id:
        return (), None
    delay = delay_of_sos(facts)
    said = sos_words.again(facts.says(facts.time_of(last)), sos_words.waiting(delay))
    return (Line(said),), None if delay is Delay.SENDING else text_of_sos(facts)


def _answered(facts: Facts, alarm: Alarm) -> tuple[str, str]:
    """How far it has got with people, and that in words."""
    if alarm.owner is not None:
        return "acting", words.acting(alarm.owner.name)
    why = why_untold(facts, alarm)
    return ("untold", sos_words.untold(why)) if why else ("office", sos_words.told())


def _names(facts: Facts, alarm: Alarm) -> tuple[str, ...]:
    """What this phone may call an alarm: its id, and that of the newest SOS, where it joined it."""
    sent = facts.last_sos
    known = {seen.value.id for seen in facts.alarms}
    joined = sent is not None and sent.state == "sent" and sent.act.key not in known
    return (alarm.id, sent.act.key) if sent is not None and joined else (alarm.id,)


def _message(facts: Facts, *names: str) -> str:
    pending = [entry for name in names if (entry := facts.pending(name, "stand_down"))]
    if pending:
        return not_yet(facts, pending[0])
    found = [facts.refusal(name, "stand_down") for name in names]
    refusal = next((entry for entry in found if entry is not None), None)
    if refusal is None:
        return ""
    pin = words.pin_refused("stand_down", refusal.verdict or "")
    return pin or words.refused("stand_down", "", "")


def _alarm(facts: Facts) -> Alarm | None:
    """Her newest SOS that the server has taken, open or only just over."""
    hers = [
        seen.value
        for seen in facts.alarms
        if seen.value.kind is AlarmKind.SOS and seen.value.worker.id == facts.person
    ]
    waiting = facts.last_sos is not None and facts.last_sos.state in (*UNSENT, "refused")
    recent = [a for a in hers if a.is_open or _just_over(facts, a)]
    newest = max(recent, key=lambda alarm: (alarm.is_open, alarm.raised_at), default=None)
    return None if waiting and newest is not None and not newest.is_open else newest


def _just_over(facts: Facts, alarm: Alarm) -> bool:
    return alarm.resolved_at is not None and facts.now - alarm.resolved_at < SHOWN_AFTER_END

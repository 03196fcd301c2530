"""After SOS: the truth, one line for each thing that is known to have happened."""

from dataclasses import replace
from datetime import datetime, timedelta

from mobile.core import kinds, sos_words, words
from mobile.core.cover import FRESH, is_fresh, lost, reaches, service_hole
from mobile.core.cover_words import NOBODY_TO_TELL, bare
from mobile.core.facts import Facts, Seen
from mobile.core.outbox import Entry
from mobile.core.state import Line, SosState, TextOffer
from mobile.core.statements import SOS
from mobile.core.text_offer import text_of_sos
from mobile.core.things import Alarm
from mobile.core.waits import Delay, delay_of_sos, not_yet
from shared.states import AlarmKind

CALL_AFTER = timedelta(seconds=10)
SHOWN_AFTER_END = timedelta(minutes=10)
UNREAD_FOR = timedelta(hours=1)
"""How long a call that the server has taken, and of which nothing could be read since, is out."""
UNSENT = ("queued", "held")
NOT_IN = (*UNSENT, "refused")


def show_sos(facts: Facts) -> SosState:
    """What became of her newest call for help; before it, what the server has to say on every
    screen: in a rehearsal nobody is told, and nothing here may sound as if."""
    state, notice = _became(facts), facts.me.value.notice if facts.me else None
    if not notice or state.phase in ("none", "ended", "past"):
        return state
    told = state.phase in ("office", "untold", "unheard")
    lines = state.lines[:-1] if told else state.lines
    return replace(state, lines=(Line(notice), *lines), offers_call=True)


def why_untold(facts: Facts, alarm: Alarm | None) -> str:
    """Why the server, as last heard, can pass this call for help on to nobody; '' where it can:
    the steps for an SOS may reach somebody whom those of a visit do not. `alarm` None: taken, and
    not read yet."""
    me = facts.me.value if facts.me else None
    if me is None:
        return ""
    ahead = (*me.chain, *((alarm.next_step,) if alarm and alarm.next_step else ()))
    return bare(service_hole(me) or ("" if reaches(ahead) else NOBODY_TO_TELL))


def _became(facts: Facts) -> SosState:
    if not facts.person:
        nobody = (Line(sos_words.nobody()),)
        return SosState("nobody", lines=nobody, offers_call=True)
    entry, seen = facts.last(SOS), _alarm(facts)
    if seen is not None:
        return _taken(facts, seen, entry if entry and entry.act.key == seen.value.id else None)
    if entry is None:
        return SosState("none")
    pressed_at = facts.time_of(entry)
    pressed = Line(sos_words.on_phone(facts.says(pressed_at)), done=True)
    if entry.state == "sent" and _is_unread(facts, entry):
        return _unread(facts, entry, pressed)
    if entry.state == "sent":
        said = sos_words.earlier(facts.says(pressed_at))
        return SosState("past", lines=(Line(said, done=True),))
    if entry.state == "refused":
        lines = (pressed, Line(_refused(facts)))
        return SosState("refused", entry.act.key, lines, offers_call=True, text=text_of_sos(facts))
    return _unsent(facts, entry, pressed, pressed_at)


def _is_unread(facts: Facts, entry: Entry) -> bool:
    """Whether the server has taken this call, and what became of it has not been heard."""
    at = facts.time_of(entry)
    hers = [seen.value for seen in _hers(facts)]
    heard = (alarm for alarm in hers if alarm.id == entry.act.key or _was_out(alarm, at))
    return facts.now - at < UNREAD_FOR and not any(heard)


def _was_out(alarm: Alarm, at: datetime) -> bool:
    """Whether a call of that time joined this alarm."""
    return alarm.raised_at <= at and (alarm.resolved_at is None or at <= alarm.resolved_at)


def _unread(facts: Facts, entry: Entry, pressed: Line) -> SosState:
    at = facts.time_of(entry)
    phase, line = _stands(facts, None, at, fresh=facts.now - at <= FRESH)
    return SosState(
        phase,
        entry.act.key,
        (pressed, Line(sos_words.office(), done=True), line),
        offers_call=True,
        can_stand_down=_has_pins(facts) and not facts.pending(entry.act.key, "stand_down"),
        message=_message(facts, entry.act.key),
    )


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
        can_stand_down=_has_pins(facts),
        message=_message(facts, entry.act.key),
    )


def _taken(facts: Facts, seen: Seen[Alarm], entry: Entry | None) -> SosState:
    alarm = seen.value
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
    names = _names(facts, alarm)
    phase, line = _stands(facts, alarm, seen.at, fresh=is_fresh(facts, seen.at))
    again, text = _again(facts, alarm)
    return SosState(
        phase,
        alarm.id,
        (*lines, line, *again),
        offers_call=True,
        text=text or (text_of_sos(facts) if phase == "unheard" else None),
        can_stand_down=_has_pins(facts)
        and not any(facts.pending(name, "stand_down") for name in names),
        message=_message(facts, *names),
    )


def _stood_down(facts: Facts, alarm: Alarm) -> bool:
    """Whether this phone's own take-back of it, or of what joined it, has been answered."""
    sent = facts.last("stand_down")
    return sent is not None and sent.state == "sent" and sent.act.stream in _names(facts, alarm)


def _overdue(facts: Facts) -> tuple[Line, ...]:
    """Each visit of hers whose own alarm is still out: one alarm never hides another (P5)."""
    visits = [seen.value for seen in facts.open_visits]
    late = [visit for visit in visits if visit.open_alarm(AlarmKind.OVERDUE) is not None]
    return tuple(
        Line(sos_words.overdue_too(kinds.title(visit.kind, visit.place))) for visit in late
    )


def _again(facts: Facts, alarm: Alarm) -> tuple[tuple[Line, ...], TextOffer | None]:
    """That she has called once more since, and that this one has not been sent, or was refused."""
    last = facts.last(SOS)
    if last is None or last.state not in NOT_IN or last.act.key == alarm.id:
        return (), None
    refused, delay = last.state == "refused", delay_of_sos(facts)
    how = _refused(facts) if refused else sos_words.waiting(delay)
    text = text_of_sos(facts) if refused or delay is not Delay.SENDING else None
    return (Line(sos_words.again(facts.says(facts.time_of(last)), how)),), text


def _refused(facts: Facts) -> str:
    gone = facts.signed_out_at is not None
    return sos_words.signed_out() if gone else sos_words.was_signed_out()


def _stands(facts: Facts, alarm: Alarm | None, heard: datetime, *, fresh: bool) -> tuple[str, Line]:
    """How far it has got with people, and that in words; as last heard, where that is not now."""
    owner = alarm.owner if alarm is not None else None
    why = "" if owner is not None else why_untold(facts, alarm)
    phase = "acting" if owner else "untold" if why else "office"
    said = words.acting(owner.name) if owner else sos_words.untold(why) if why else sos_words.told()
    if fresh or why:
        return phase, Line(said, done=owner is not None)
    return "unheard", Line(sos_words.unheard(lost(facts), facts.says(heard), said))


def _names(facts: Facts, alarm: Alarm) -> tuple[str, ...]:
    """What this phone may call an alarm: its id, and that of the newest SOS, where it joined it."""
    sent = facts.last(SOS)
    known = {seen.value.id for seen in facts.alarms}
    joined = sent is not None and sent.state == "sent" and sent.act.key not in known
    return (alarm.id, sent.act.key) if sent is not None and joined else (alarm.id,)


def _has_pins(facts: Facts) -> bool:
    """Whether there is a PIN with which she can end it, as far as is known."""
    return facts.me is None or facts.me.value.has_pins


def _message(facts: Facts, *names: str) -> str:
    if not _has_pins(facts):
        return words.no_pin(facts.buddy)
    pending = [entry for name in names if (entry := facts.pending(name, "stand_down"))]
    if pending:
        return not_yet(facts, pending[0])
    found = [facts.refusal(name, "stand_down") for name in names]
    refusal = next((entry for entry in found if entry is not None), None)
    if refusal is None:
        return ""
    pin = words.pin_refused("stand_down", refusal.verdict or "")
    return pin or words.refused("stand_down", "", "")


def _alarm(facts: Facts) -> Seen[Alarm] | None:
    """Her newest SOS that the server has taken, open or only just over: what ended says nothing of
    a call that it did not end."""
    recent = [s for s in _hers(facts) if s.value.is_open or _just_over(facts, s.value)]
    newest = max(recent, key=lambda s: (s.value.is_open, s.value.raised_at), default=None)
    last = facts.last(SOS)
    if newest is None or newest.value.is_open or last is None:
        return newest
    called_since = last.state in NOT_IN or _is_unread(facts, last)
    return None if called_since else newest


def _hers(facts: Facts) -> list[Seen[Alarm]]:
    """Her own calls for help that the server has told of."""
    return [
        seen
        for seen in facts.alarms
        if seen.value.kind is AlarmKind.SOS and seen.value.worker.id == facts.person
    ]


def _just_over(facts: Facts, alarm: Alarm) -> bool:
    return alarm.resolved_at is not None and facts.now - alarm.resolved_at < SHOWN_AFTER_END

"""After SOS: the truth, one line for each thing that is known to have happened."""

from datetime import datetime, timedelta

from mobile.core import words
from mobile.core.facts import Facts
from mobile.core.outbox import Entry
from mobile.core.show_visit import PIN_REFUSALS, offers_text
from mobile.core.state import Line, SosState, TextOffer
from mobile.core.things import Alarm
from shared.states import AlarmKind

CALL_AFTER = timedelta(seconds=10)
SHOWN_AFTER_END = timedelta(minutes=10)
UNSENT = ("queued", "held")


def show_sos(facts: Facts) -> SosState:
    """What became of her newest call for help."""
    if not facts.person:
        nobody = (Line(words.sos_nobody()),)
        return SosState("nobody", lines=nobody, offers_call=True)
    entry, alarm = facts.last_sos, _alarm(facts)
    if alarm is not None:
        return _taken(facts, alarm, entry if entry and entry.act.key == alarm.id else None)
    if entry is None or entry.state == "sent":
        return SosState("none")
    pressed_at = facts.time_of(entry)
    pressed = Line(words.sos_on_phone(facts.says(pressed_at)), done=True)
    if entry.state == "refused":
        lines = (pressed, Line(words.sos_signed_out()))
        return SosState("refused", entry.act.key, lines, offers_call=True, text=_text(facts))
    return _unsent(facts, entry, pressed, pressed_at)


def _unsent(facts: Facts, entry: Entry, pressed: Line, pressed_at: datetime) -> SosState:
    sending = facts.has_data and facts.now - pressed_at < CALL_AFTER
    text = _text(facts) if offers_text(facts, entry) else None
    return SosState(
        "on_phone",
        entry.act.key,
        (pressed, Line(words.sos_waiting(sending=sending))),
        offers_call=not sending,
        text=text,
        can_stand_down=True,
        message=_message(facts, entry.act.key),
    )


def _text(facts: Facts) -> TextOffer:
    """It is her number that a text is known by, so it works from a phone that is signed out too."""
    to = (facts.me.value.text_to if facts.me else None) or ""
    return TextOffer(to, "SOS", "Send SOS as a text")


def _taken(facts: Facts, alarm: Alarm, entry: Entry | None) -> SosState:
    pressed_at = facts.time_of(entry) if entry else alarm.raised_at
    lines = [
        Line(words.sos_on_phone(facts.says(pressed_at)), done=True),
        Line(words.sos_office(facts.says(alarm.raised_at)), done=True),
    ]
    if not alarm.is_open:
        ended = words.sos_ended(facts.says(alarm.resolved_at or facts.now))
        return SosState("ended", alarm.id, (*lines, Line(ended, done=True)))
    acting, names = alarm.owner is not None, _names(facts, alarm)
    said = words.acting(alarm.owner.name) if alarm.owner else words.sos_told()
    return SosState(
        "acting" if acting else "office",
        alarm.id,
        (*lines, Line(said, done=acting)),
        offers_call=not acting and facts.now - alarm.raised_at > CALL_AFTER,
        can_stand_down=not any(facts.pending(name, "stand_down") for name in names),
        message=_message(facts, *names),
    )


def _names(facts: Facts, alarm: Alarm) -> tuple[str, ...]:
    """What this phone may call an alarm: its id, and that of the newest SOS, where it joined it."""
    sent = facts.last_sos
    known = {seen.value.id for seen in facts.alarms}
    joined = sent is not None and sent.state == "sent" and sent.act.key not in known
    return (alarm.id, sent.act.key) if sent is not None and joined else (alarm.id,)


def _message(facts: Facts, *names: str) -> str:
    if any(facts.pending(name, "stand_down") for name in names):
        return words.waiting_to("ended", None, sending=facts.has_data)
    found = [facts.refusal(name, "stand_down") for name in names]
    refusal = next((entry for entry in found if entry is not None), None)
    if refusal is None:
        return ""
    return PIN_REFUSALS.get(refusal.verdict or "", words.refused("stand_down", "", ""))


def _alarm(facts: Facts) -> Alarm | None:
    """Her newest SOS that the server has taken, open or only just over."""
    hers = [
        seen.value
        for seen in facts.alarms
        if seen.value.kind is AlarmKind.SOS and seen.value.worker.id == facts.person
    ]
    waiting = facts.last_sos is not None and facts.last_sos.state in UNSENT
    recent = [a for a in hers if a.is_open or _just_over(facts, a)]
    newest = max(recent, key=lambda alarm: (alarm.is_open, alarm.raised_at), default=None)
    return None if waiting and newest is not None and not newest.is_open else newest


def _just_over(facts: Facts, alarm: Alarm) -> bool:
    return alarm.resolved_at is not None and facts.now - alarm.resolved_at < SHOWN_AFTER_END

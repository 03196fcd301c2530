"""What an entry of the log says, as a sentence anybody understands.

`who`: whoever did it, by name, or None where nobody did but Wayhome itself; `her`: the worker.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from server.acts.timeline import Line
from shared.states import (
    AlarmKind,
    AlarmOutcome,
    ClosedHow,
    CloseOutcome,
    Means,
    Risk,
    VisitKind,
    VisitStatus,
    Way,
)

Part = Mapping[str, Any]

KINDS = {
    VisitKind.VISIT.value: "Visit",
    VisitKind.TRAVEL.value: "Travel",
    VisitKind.HOME.value: "Way home",
}
STATUSES = {
    VisitStatus.PLANNED.value: "Planned",
    VisitStatus.OPEN.value: "Out now",
    VisitStatus.CLOSED.value: "Over",
    VisitStatus.CANCELLED.value: "Cancelled",
}
RISKS = {Risk.STANDARD.value: "Standard", Risk.HIGH.value: "High"}
ALARM_KINDS = {
    AlarmKind.OVERDUE.value: "Overdue",
    AlarmKind.SOS.value: "SOS",
    AlarmKind.DURESS.value: "Duress",
    AlarmKind.NOT_STARTED.value: "Not started",
}
OUTCOMES = {
    AlarmOutcome.SAFE.value: "Safe",
    CloseOutcome.LEFT_EARLY.value: "Left early",
    CloseOutcome.UNEASY.value: "Felt uneasy",
    AlarmOutcome.FALSE_ALARM.value: "False alarm",
    AlarmOutcome.HARMED.value: "Harmed",
    AlarmOutcome.EMERGENCY_SERVICES.value: "Emergency services",
}
HOWS = {
    ClosedHow.WORKER.value: "Closed by the worker",
    ClosedHow.ON_BEHALF.value: "Closed for the worker",
    ClosedHow.MOVED_ON.value: "Went on to the next visit",
    ClosedHow.ALARM_RESOLVED.value: "Ended with its alarm",
}
MEANS = {
    Means.APP.value: "by app",
    Means.TEXT.value: "by text",
    Means.CALL.value: "by call",
    Means.PAGE.value: "on a page",
    Means.COMMAND.value: "by command",
    Means.ENGINE.value: "",
    Means.GATEWAY.value: "by the gateway",
}
WAYS = {
    Way.TEXT.value: "text",
    Way.CALL.value: "call",
    Way.EMAIL.value: "e-mail",
    Way.PUSH.value: "push",
}
ENDS = {
    AlarmOutcome.SAFE.value: "{her} is safe",
    AlarmOutcome.FALSE_ALARM.value: "it was a false alarm",
    AlarmOutcome.HARMED.value: "{her} needs care",
    AlarmOutcome.EMERGENCY_SERVICES.value: "the emergency services have taken over",
}
LEFT = {
    CloseOutcome.LEFT_EARLY.value: ", having left early",
    CloseOutcome.UNEASY.value: ", and felt uneasy there",
}


def minutes(count: object) -> str:
    """'15 min'; '?' where retention has deleted how many."""
    return f"{count if count is not None else '?'} min"


def listed(names: list[str]) -> str:
    """'Amy', 'Amy and Ben', 'Amy, Ben and Cat'."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def told_words(part: Part) -> str:
    """'Ben Hughes by text and call, Cat Lin by text'."""
    said = []
    for one in part.get("told", []):
        name = one["who"] if isinstance(one, dict) else str(one)
        ways = [WAYS.get(way, way) for way in one["by"]] if isinstance(one, dict) else []
        said.append(f"{name} by {listed(ways)}" if ways else name)
    return "; ".join(said) or "no names are kept any more"


def _closed(who: str, her: str, part: Part) -> str:
    how, felt = part.get("how"), LEFT.get(part.get("outcome") or "", "")
    if how == ClosedHow.ON_BEHALF:
        return f"{who} spoke to {her} and closed the visit"
    if how == ClosedHow.MOVED_ON:
        return f"Over: {her} went on to the next visit"
    if how == ClosedHow.ALARM_RESOLVED:
        return "Over, together with its alarm"
    return f"{who} closed the visit{felt}"


def _check_in(who: str, her: str, part: Part) -> str:
    extra = {
        "grace": "; that gave one more time of grace",
        "nothing": "; that moved nothing any more",
        "told": "; whoever was alarmed was told",
    }
    after_raise = "; whoever was alarmed was told" if "says" in part else ""
    return f"{who} checked in{extra.get(part.get('did') or '', after_raise)}"


def _failed(_who: str, _her: str, part: Part) -> str:
    way = WAYS.get(part.get("way") or "", "message")
    why = f": {part['why']}" if part.get("why") else ""
    instead = WAYS.get(part.get("instead") or "")
    then = f"; sent by {instead} instead" if instead else ""
    return f"A {way} did not reach {part.get('who', 'somebody')}{why}{then}"


def _note(who: str, _her: str, part: Part) -> str:
    return f"{who} noted: “{part['text']}”" if part.get("text") else f"{who} made a note"


def _wrote(who: str, her: str, part: Part) -> str:
    return f"{her} wrote: “{part['text']}”" if part.get("text") else f"{her} wrote a text"


def _cried_again(who: str, her: str, part: Part) -> str:
    if part.get("text"):
        return _wrote(who, her, part)
    return f"{her} sent SOS again" + (f": {part['place']}" if part.get("place") else "")


def _before_start(_who: str, her: str, part: Part) -> str:
    said = f": {part['said'][11:16]} UTC" if part.get("said") else ""
    return f"The time {her} sent was before the visit began{said}; it counts as its beginning"


def _ended(who: str, her: str, part: Part) -> str:
    end = ENDS.get(part.get("outcome") or "", "it is over").format(her=her)
    about = f" ({ALARM_KINDS[part['about']]})" if part.get("about") else ""
    return f"{who} ended the alarm{about}: {end}"


def _unreadable(_who: str, her: str, part: Part) -> str:
    parts = listed([str(one) for one in part.get("parts", [])]) or "something"
    return f"The SOS arrived; what could not be read in it: {parts}"


def _started(who: str, her: str, part: Part) -> str:
    whose = "Note" if who == her else f"{who}'s note"
    note = f" {whose}: “{part['note']}”" if part.get("note") else ""
    return f"{who} started the visit{_behalf(who, her)}.{note}"


def _planned(who: str, her: str, part: Part) -> str:
    note = f" The note: “{part['note']}”" if part.get("note") else ""
    return f"{who} planned the visit{_behalf(who, her)}.{note}"


def _behalf(who: str, her: str) -> str:
    return "" if who == her else f" for {her}"


def _told(head: str) -> Callable[[str, str, Part], str]:
    def words(_who: str, _her: str, part: Part) -> str:
        nobody = part.get("told") == []
        return "There was nobody who could be told" if nobody else f"{head}: {told_words(part)}"

    return words


def _asked(_who: str, _her: str, part: Part) -> str:
    return f"{part.get('who', 'Whoever had charge')} was asked for a sign"


def _lapsed(_who: str, _her: str, part: Part) -> str:
    return f"Nothing was heard of {part.get('who', 'whoever had charge')}, so the alarm went on"


def _extended(who: str, her: str, part: Part) -> str:
    return f"{who} added {minutes(part.get('minutes'))}{_behalf(who, her)}"


def _duress(_who: str, her: str, part: Part) -> str:
    if part.get("guessed"):
        return f"The alarm went: five wrong PINs in a row were given for {her}"
    doing = f" {part['doing']}" if part.get("doing") else ""
    return f"The alarm went: the duress PIN of {her} was used{doing}"


def _duress_again(_who: str, her: str, part: Part) -> str:
    if part.get("guessed"):
        return f"One more PIN was given for {her}; after five wrong ones none is believed"
    return f"The duress PIN of {her} was used again"


Sentence = str | Callable[[str, str, Part], str]

SENTENCES: dict[str, Sentence] = {
    "started": _started,
    "planned": _planned,
    "check_in": _check_in,
    "extended": _extended,
    "closed": _closed,
    "closed_again": "{who} closed the visit once more; it was over already",
    "cancelled": "{who} called the visit off",
    "cancelled_after_raise": "{who} called the visit off after the alarm; those alarmed were told",
    "position": "{who} sent a position",
    "said_before_start": _before_start,
    "late_news": "Older news from {her} arrived; it changed nothing",
    "warn": "{her} was reminded that the visit is soon up",
    "nudge": "{her} was asked for a sign",
    "overdue_raised": "The alarm went: {her} was overdue",
    "sos_raised": "The alarm went: {her} sent an SOS",
    "duress_raised": _duress,
    "not_believed": "{who} ended it with a duress PIN, or under a duress: it goes on without them",
    "not_started_raised": "The alarm went: {her} had not begun the visit",
    "duress_again": _duress_again,
    "told": _told("Told"),
    "broadcast": _told("Everybody was told"),
    "told_early": _told("Told early, so that somebody can answer"),
    "told_too": _told("Told at once, for they know of another alarm"),
    "rung_skipped": "Nobody of this step could be told; the next one went on at once",
    "owner_asked": _asked,
    "managers_told": _told("Open for long, so the managers were told"),
    "owned": "{who} took charge",
    "released": "{who} gave the charge back",
    "ownership_lapsed": _lapsed,
    "passed": "{who} passed it on",
    "note": _note,
    "alarm_resolved": _ended,
    "watched_on": "The watch over the visit goes on",
    "watch_accepted": "{who} will watch over this visit",
    "watch_declined": "{who} cannot watch over this visit; the next one was asked",
    "close_without_pin": "{her} was said to be finished, without a PIN; those alarmed were told",
    "extend_without_pin": "{her} asked for more time, without a PIN; those alarmed were told",
    "pin_wrong": "A wrong PIN was given",
    "pins_jammed": "Five wrong PINs: nothing {her} says ends an alarm until somebody helps",
    "sos_unreadable": _unreadable,
    "sos_text": _wrote,
    "sos_again": _cried_again,
    "unclear": _wrote,
    "message_failed": _failed,
    "watchers_changed": lambda who, her, p: (
        f"{who} changed who watches over {her}: {p.get('was', '?')}, now {p.get('now', '?')}"
    ),
    "policy_adopted": "The team's times changed; this visit follows them",
    "exported": "{who} took a copy away",
    "step_undone": lambda who, _her, p: f"{who} took a tick back: {p.get('step', 'a step')}",
    "step_done": lambda who, _her, p: f"{who} ticked off: {p.get('step', 'a step')}",
    "sheet_opened": "{who} opened the sheet of {her}",
    "aftercare_owed": lambda _who, _her, p: (
        f"{p.get('who', 'Somebody')} owes aftercare: {p.get('care', '')}"
    ),
    "aftercare_done": lambda who, _her, p: (
        f"{who} said that it is done: {p.get('care', 'aftercare')}"
    ),
}


def sentence(what: str, who: str | None, her: str, part: Part) -> str:
    """One entry in words; one that has no words of its own yet is shown by its name."""
    found = SENTENCES.get(what, what.replace("_", " ").capitalize())
    if callable(found):
        return found(who or "Wayhome", her, part)
    return found.format(who=who or "Wayhome", her=her)


def line_words(line: Line, names: Mapping[UUID, str], her: str, part: Part) -> str:
    """One line of a timeline in words. What somebody was shown under duress, while nothing of the
    kind happened, is set apart once everybody may know of it."""
    who = names.get(line.actor_id) if line.actor_id else None
    said = sentence(line.what, who, her, {**part, "about": line.about})
    if line.not_gone:
        said = f"{said}. Not gone out so far: {listed(list(line.not_gone))}"
    if line.shown_to is None:
        return said
    return f"Shown to {names.get(line.shown_to, 'one person')} alone, because of a duress: {said}"

"""One drill as its page shows it: who answered, how soon, and what became of the rest."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.domain.words.drills import how_soon, took
from server.pages.log.shown import FATES
from server.store import drills
from server.store.db import Session
from server.store.drills import Drill, DrillCall
from server.store.messages import Fate, Message
from shared.states import Way

WAYS = {Way.TEXT.value: "Text", Way.EMAIL.value: "E-mail", None: "None"}
NOT_KEPT = "no longer kept"
NO_WAY = "No text or e-mail can reach them: give them a mobile number."


@dataclass(frozen=True)
class ShownCall:
    """One person: `state` is yes, no or waits."""

    person_id: UUID
    name: str
    way: str
    fate: str
    state: str
    words: str


@dataclass(frozen=True)
class Shown:
    """One drill."""

    id: UUID
    team_id: UUID
    team: str
    who: str
    started_at: datetime
    ends_at: datetime
    is_open: bool
    summary: str
    calls: tuple[ShownCall, ...]


def shown(session: Session, drill: Drill, now: datetime) -> Shown:
    """This drill; those who did not answer first, because something is to be done about them."""
    is_open = drill.is_open(now)
    sent = drills.messages_of(session, drill.calls)
    calls = [_call(one, sent.get(one.key), drill, is_open=is_open) for one in drill.calls]
    return Shown(
        id=drill.id,
        team_id=drill.team_id,
        team=drill.team.name,
        who=drill.started_by.name,
        started_at=drill.started_at,
        ends_at=drill.ends_at,
        is_open=is_open,
        summary=_summary(drill),
        calls=tuple(sorted(calls, key=lambda one: (one.state == "yes", one.name))),
    )


def _summary(drill: Drill) -> str:
    if not drill.calls:
        return "Who was asked is no longer kept."
    answered = [call.answered_at for call in drill.calls if call.answered_at is not None]
    has = "has" if len(answered) == 1 else "have"
    said = f"{len(answered)} of {len(drill.calls)} {has} answered"
    if not answered:
        return f"{said}."
    first, last = min(answered) - drill.started_at, max(answered) - drill.started_at
    if len(answered) == 1:
        return f"{said}, {how_soon(first)}."
    return f"{said}, the first {how_soon(first)}, the last {how_soon(last)}."


def _call(call: DrillCall, sent: Message | None, drill: Drill, *, is_open: bool) -> ShownCall:
    fate = NO_WAY if call.way is None else NOT_KEPT
    if sent is not None:
        fate = FATES[sent.status] + (f" ({sent.why})" if sent.why else "")
    if call.answered_at is not None:
        state, words = "yes", took(call.answered_at - drill.started_at).capitalize()
    elif is_open and sent is not None and sent.status != Fate.FAILED:
        state, words = "waits", "Not yet"
    else:
        state, words = "no", "No answer"
    return ShownCall(call.person_id, call.person.name, WAYS[call.way], fate, state, words)

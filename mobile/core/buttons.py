"""What the buttons of a notification do, worked out beforehand and kept.

A tap must count though no Python is running to take it. So whoever shows the notification keeps
with it the acts themselves; the device's own receiver (mobile/android) only adds an id and the time
and puts them into the outbox. It decides one thing: from `opens_at` on, and where there is none of
its visit, `extend` and `safe` open the app instead, because a PIN may be asked for.
"""

import logging
from typing import Any

from mobile.core.acts import UNDO_S, close_act, extend_act, sos_act
from mobile.core.database import NotKept
from mobile.core.facts import Facts
from mobile.core.memory import Memory
from mobile.core.outbox import Act
from mobile.core.show_visit import here, show_visit
from mobile.core.state import VisitState
from mobile.core.things import Visit

log = logging.getLogger(__name__)
KIND = "buttons"
ACTIONS = ("extend", "safe", "sos")
PIN_ACTIONS = ("extend", "safe")
ALWAYS = 0.0


def opens(state: VisitState) -> tuple[str, ...]:
    """The buttons that open the app as things stand now."""
    return PIN_ACTIONS if state.asks_pin else ()


def plan_buttons(facts: Facts) -> dict[str, Any] | None:
    """What they do, as plain JSON; None without a visit."""
    found, state = here(facts), show_visit(facts)
    if found is None or state is None:
        return None
    visit = found.visit
    return {
        "owner": facts.person,
        "visit": visit.id,
        "title": state.until,
        "opens_at": _opens_at(visit, state),
        "acts": {
            "extend": _plain(extend_act(visit.id)),
            "safe": _plain(close_act(visit.id)) | {"wait_s": UNDO_S},
            # Its stream is its own id, which the tap gives it.
            "sos": _plain(sos_act(visit)) | {"stream": ""},
        },
    }


def _opens_at(visit: Visit, state: VisitState) -> float:
    """Seconds since the epoch, the server's."""
    if state.asks_pin or visit.raise_at is None:
        return ALWAYS
    return visit.raise_at.timestamp()


def _plain(act: Act) -> dict[str, Any]:
    return {"kind": act.kind, "path": act.path, "stream": act.stream, "body": dict(act.body)}


class Buttons:
    """Keeps them as the facts want them; writes only when they change."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        known = memory.get(KIND)
        self._kept: dict[str, Any] | None = known.value if known else None

    def follow(self, facts: Facts) -> None:
        """Have the right ones kept, or none."""
        wanted = plan_buttons(facts)
        if wanted == self._kept:
            return
        try:
            if wanted is None:
                self._memory.forget(KIND)
            else:
                self._memory.keep(KIND, "", wanted)
        except NotKept:
            # Tried again with the next facts; until then the old ones' taps open the app.
            log.exception("buttons_not_kept")
            return
        self._kept = wanted

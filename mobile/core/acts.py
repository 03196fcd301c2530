"""What a person does with the phone: each act is on the disk before anything is shown as done."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from mobile.core.outbox import Act, Entry
from mobile.core.statements import POSITION, SOS
from mobile.core.sync import Sync
from mobile.core.things import Visit
from mobile.ports import Fix, Location

UNDO_S = 5.0
"""How long a close may be taken back before it is sent."""


class Acts:
    """`wake` is called after each, so that it is sent at once. NotKept where it was not stored."""

    def __init__(self, sync: Sync, location: Location, wake: Callable[[], None]) -> None:
        self._sync = sync
        self._location = location
        self._wake = wake

    def start(
        self,
        place: str,
        minutes: int,
        *,
        risk: str = "standard",
        kind: str = "visit",
        note: str = "",
        buddy: str | None = None,
        pin: str | None = None,
    ) -> str:
        """Start a visit now; gives its id, which it keeps for good."""
        name = str(uuid4())
        body = {
            "place": place,
            "minutes": minutes,
            "risk": risk,
            "kind": kind,
            "note": note or None,
            "buddy": buddy,
            "position": self._position(),
        }
        self._put(Act("start", name, "/visits", _without_nothing(body), name), pin)
        return name

    def start_planned(self, visit: str, pin: str | None = None) -> None:
        """Start a planned visit."""
        self._visit("start_planned", visit, "start", pin, position=self._position())

    def cancel(self, visit: str) -> None:
        """Call a planned visit off."""
        self._visit("cancel", visit, "cancel")

    def check_in(self, visit: str) -> None:
        """A sign of life."""
        self._visit("check_in", visit, "check-in", position=self._position())

    def extend(self, visit: str, minutes: int = 15, pin: str | None = None) -> None:
        """More time."""
        self._put(extend_act(visit, minutes), pin)

    def close(
        self,
        visit: str,
        *,
        pin: str | None = None,
        outcome: str = "safe",
        note: str = "",
        wait_s: float = UNDO_S,
    ) -> str:
        """I am safe. Sent after `wait_s` unless taken back; sent all the same if the app dies."""
        act = close_act(visit, outcome, note)
        self._put(act, pin, wait_s=wait_s)
        return act.key

    def ends_as(self, close: Entry, outcome: str, wait_s: float = UNDO_S) -> bool:
        """Say how it was in a close that is still held back, which begins its wait anew; False
        where it may have been sent already."""
        body = dict(close.act.body) | {"outcome": outcome}
        return self._sync.outbox.amend(close.act.key, body, wait_s)

    def texted(self, visit: Visit, waiting: Sequence[Entry], now: datetime) -> None:
        """She sends by text what waits for this visit: more time must not count twice."""
        self._sync.texted.note(visit, waiting, now)

    def take_back(self, key: str) -> bool:
        """Undo a close; False where it may have been sent already."""
        return self._sync.outbox.take_back(key)

    def sos(self, visit: Visit | None = None) -> str:
        """Help, now. Carries the visit, for a server that has not heard of it."""
        act = sos_act(visit, self._position())
        self._put(act)
        return act.key

    def stand_down(self, alarm: str, pin: str) -> None:
        """It was a mistake, or it is over."""
        self._alarm("stand_down", alarm, "stand-down", pin)

    def own(self, alarm: str, *, take_over: bool = False) -> None:
        """Take charge."""
        self._alarm("own", alarm, "own", take_over=take_over or None)

    def release(self, alarm: str) -> None:
        """Give it back."""
        self._alarm("release", alarm, "release")

    def note(self, alarm: str, text: str) -> None:
        """Write down what was done."""
        self._alarm("note", alarm, "note", text=text)

    def resolve(
        self,
        alarm: str,
        outcome: str,
        *,
        pin: str | None = None,
        note: str = "",
        until: datetime | None = None,
    ) -> None:
        """Bring it to its end; with `until` its visit is watched on to that moment."""
        body = {"outcome": outcome, "note": note or None}
        more = {"until": until.isoformat() if until else None}
        self._alarm("resolve", alarm, "resolve", pin, **body, **more)

    def accept(self, visit: str) -> None:
        """I watch over this one."""
        self._put(Act("accept", visit, f"/watching/{visit}/accept", {}))

    def decline(self, visit: str) -> None:
        """I cannot: sent after 5 s unless taken back, for the next person is asked at once."""
        self._put(Act("decline", visit, f"/watching/{visit}/decline", {}), wait_s=UNDO_S)

    def away(self, until: datetime | None) -> None:
        """Absent until then; None: back now."""
        body = {"until": until.isoformat() if until else None}
        self._put(Act("away", "me", "/me/away", body))

    def position(self, visit: str, fix: Fix) -> None:
        """Where I am."""
        body = {"position": _where(fix)}
        self._put(Act(POSITION, visit, f"/visits/{visit}/position", body))

    def _visit(self, kind: str, visit: str, verb: str, pin: str | None = None, **body: Any) -> None:
        self._put(Act(kind, visit, f"/visits/{visit}/{verb}", _without_nothing(body)), pin)

    def _alarm(self, kind: str, alarm: str, verb: str, pin: str | None = None, **body: Any) -> None:
        self._put(Act(kind, alarm, f"/alarms/{alarm}/{verb}", _without_nothing(body)), pin)

    def _put(self, act: Act, pin: str | None = None, wait_s: float = 0.0) -> None:
        self._sync.outbox.put(act, self._sync.clock.stamp(), pin, wait_s)
        self._wake()

    def _position(self) -> dict[str, Any] | None:
        fix = self._location.last()
        return _where(fix) if fix else None


def extend_act(visit: str, minutes: int = 15) -> Act:
    """More time."""
    return Act("extend", visit, f"/visits/{visit}/extend", {"minutes": minutes})


def close_act(visit: str, outcome: str = "safe", note: str = "") -> Act:
    """I am safe."""
    body = _without_nothing({"outcome": outcome, "note": note or None})
    return Act("close", visit, f"/visits/{visit}/close", body)


def sos_act(visit: Visit | None, position: dict[str, Any] | None = None) -> Act:
    """Help. Its stream is itself: it waits for nothing."""
    name = str(uuid4())
    body = {
        "kind": "sos",
        "visit": visit.id if visit else None,
        "visit_snapshot": snapshot(visit) if visit else None,
        "position": position,
    }
    return Act(SOS, name, "/alarms", _without_nothing(body), name)


def _where(fix: Fix) -> dict[str, Any]:
    return _without_nothing({"lat": fix.lat, "lon": fix.lon, "accuracy_m": fix.accuracy_m})


def _without_nothing(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value is not None}


def snapshot(visit: Visit) -> dict[str, Any]:
    """What an SOS says of a visit, so that those told know where she is though nobody else does."""
    return {
        "id": visit.id,
        "kind": visit.kind.value,
        "place": visit.place,
        "starts_at": visit.starts_at.isoformat(),
        "ends_at": visit.ends_at.isoformat(),
        "risk": visit.risk.value,
    }

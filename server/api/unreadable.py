"""Reading a cry for help as kindly as can be: what cannot be read is named, never refused."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from marshmallow import ValidationError

from server.acts.base import OLDEST_NEWS
from server.acts.starting import Position
from server.api.reading import NotJson, Raw, parse
from shared.states import AlarmKind
from shared.wire.bodies import PositionSchema
from shared.wire.fields import read_moment, read_uuid, storable

MEANT = ("id", "kind", "visit", "visit_snapshot", "at", "age_s", "position")
MOST_NOTED = 20
LONGEST_NOTED = 60
DEEPEST_KEPT = 6
SALVAGED_ID = re.compile(rb'"id"\s*:\s*"([0-9A-Fa-f-]{36})"')
SALVAGED_DURESS = re.compile(rb'"kind"\s*:\s*"\s*duress', re.IGNORECASE)


@dataclass
class Cry:
    """What a phone in trouble said, as far as it could be read; `unreadable` names the rest."""

    id: UUID | None = None
    kind: AlarmKind = AlarmKind.SOS
    visit: UUID | None = None
    snapshot: dict[str, Any] | None = None
    at: datetime | None = None
    position: Position | None = None
    unreadable: list[str] = field(default_factory=list)


def read_cry(raw: Raw, now: datetime) -> Cry:
    """Never raises. A body that is cut off or garbled still says which request it is, so that the
    next try is not a second alarm, and whether it was meant to stay hidden."""
    try:
        given = parse(raw.data) if raw.whole else None
    except NotJson:
        given = None
    if isinstance(given, dict):
        return _read(given, now)
    found = SALVAGED_ID.search(raw.data)
    hidden = SALVAGED_DURESS.search(raw.data)
    return Cry(
        id=read_uuid(found.group(1).decode()) if found else None,
        kind=AlarmKind.DURESS if hidden else AlarmKind.SOS,
        unreadable=["body"],
    )


def _read(given: dict[str, Any], now: datetime) -> Cry:
    cry = Cry(unreadable=_unknown(given))
    cry.id = _keep(cry, "id", given.get("id"), read_uuid(given.get("id")), needed=True)
    cry.kind = _kind(cry, given.get("kind"))
    cry.visit = _keep(cry, "visit", given.get("visit"), read_uuid(given.get("visit")))
    cry.at = _keep(cry, "at", given.get("at"), _lately(given.get("at"), now))
    aged = _keep(cry, "age_s", given.get("age_s"), _before(given.get("age_s"), now))
    cry.at = cry.at or aged
    snapshot = given.get("visit_snapshot")
    cry.snapshot = _keep(cry, "visit_snapshot", snapshot, _snapshot(snapshot))
    cry.position = _keep(cry, "position", given.get("position"), _position(given.get("position")))
    return cry


def _keep(cry: Cry, name: str, given: object, found: Any, *, needed: bool = False) -> Any:
    if found is None and (needed or given is not None):
        cry.unreadable.append(name)
    return found


def _unknown(given: dict[str, Any]) -> list[str]:
    names = [name for name in given if name not in MEANT]
    return [storable(name)[:LONGEST_NOTED] for name in names[:MOST_NOTED]]


def _kind(cry: Cry, given: object) -> AlarmKind:
    """An SOS is shown; a duress must not be: whatever looks like one is taken for one."""
    said = given.strip().casefold() if isinstance(given, str) else ""
    if said == AlarmKind.DURESS:
        return AlarmKind.DURESS
    if said != AlarmKind.SOS:
        cry.unreadable.append("kind")
    return AlarmKind.SOS


def _lately(given: object, now: datetime) -> datetime | None:
    found = read_moment(given)
    return found if found is not None and found >= now - OLDEST_NEWS else None


def _before(given: object, now: datetime) -> datetime | None:
    """So many seconds ago: what a phone can say that does not know the time (P10)."""
    if isinstance(given, bool) or not isinstance(given, (int, float)):
        return None
    return now - timedelta(seconds=given) if 0 <= given <= OLDEST_NEWS.total_seconds() else None


def _position(given: object) -> Position | None:
    try:
        found = PositionSchema().load(given)  # type: ignore[arg-type]
    except ValidationError:
        return _without_accuracy(given)
    return Position(found.lat, found.lon, found.accuracy_m)


def _without_accuracy(given: object) -> Position | None:
    """Where she is counts, whatever else is wrong with it."""
    if not isinstance(given, dict) or given.keys() == {"lat", "lon"}:
        return None
    return _position({name: given.get(name) for name in ("lat", "lon")})


def _snapshot(given: object) -> dict[str, Any] | None:
    return _kept(given, DEEPEST_KEPT) if isinstance(given, dict) else None


def _kept(value: Any, depth: int) -> Any:
    """The same value, as every database can keep it."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(k): _kept(v, depth - 1) for k, v in value.items()} if depth else None
    if isinstance(value, list):
        return [_kept(inner, depth - 1) for inner in value] if depth else None
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return None
    return value

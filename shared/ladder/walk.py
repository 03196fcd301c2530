"""The walk itself: every step due, and the same steps as lines a person reads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from shared.ladder.parts import Circle, Cursor, Firing, Ladder, Party, Step, Telling
from shared.policy import PREFERRED, Rung
from shared.states import Way

PASS_QUIET = timedelta(minutes=30)


def ways_for(
    party: Party, by: Sequence[str], all_ways: bool = False
) -> tuple[list[Way], list[str]]:
    """The ways this person is really told by, and which asked-for ways were replaced.

    A way she lacks, refuses or that is not set up is replaced by her next one (contract 4).
    Somebody on a visit is not rung while another way is left: her phone would ring in a client's
    home.
    """
    own = [w for w in party.ways if not (party.on_visit and w is Way.CALL)] or list(party.ways)
    if all_ways:
        return own, []
    chosen: list[Way] = []
    replaced: list[str] = []
    for wanted in by:
        way = _pick(wanted, own, chosen)
        if way is None or way.value != wanted:
            replaced += [] if wanted == PREFERRED else [wanted]
        if way is not None and way not in chosen:
            chosen.append(way)
    return chosen, replaced


def _pick(wanted: str, own: Sequence[Way], chosen: Sequence[Way]) -> Way | None:
    if wanted != PREFERRED and wanted in own:
        return Way(wanted)
    left = [way for way in own if way not in chosen]
    return left[0] if left else None


def _available(party: Party, at: datetime, passed: Mapping[str, datetime]) -> bool:
    return not (party.in_trouble or party.is_away(at) or party.id in passed or not party.ways)


def _targets(
    target: str, circle: Circle, at: datetime, passed: Mapping[str, datetime]
) -> list[Party]:
    if target == "buddy":
        found: Iterable[Party] = circle.watchers[:1]
    elif target == "cover":
        return _first_free(circle.watchers[1:], at, passed)
    elif target == "managers":
        found = circle.managers
    elif target == "contacts":
        found = circle.contacts
    else:
        found = [circle.by_ref[target]] if target in circle.by_ref else []
    return [party for party in found if _available(party, at, passed)]


def _first_free(
    covers: Sequence[Party], at: datetime, passed: Mapping[str, datetime]
) -> list[Party]:
    there = [party for party in covers if _available(party, at, passed)]
    free = [party for party in there if not party.on_visit]
    return (free or there)[:1]


def _fire_rung(
    ladder: Ladder, cursor: Cursor, circle: Circle, passed: Mapping[str, datetime]
) -> Firing:
    told = _told_by(ladder.rungs[cursor.rung], circle, cursor.at, passed)
    waited_for = [telling.party for telling in told if not telling.party.on_visit]
    aside: list[Telling] = []
    if waited_for and all(party.hidden_trouble for party in waited_for):
        aside = _next_to_answer(ladder, cursor, circle, passed)
    return Firing(cursor.rung, cursor.at, tuple(told), bool(waited_for), aside=tuple(aside))


def _told_by(
    rung: Rung, circle: Circle, at: datetime, passed: Mapping[str, datetime]
) -> list[Telling]:
    told: dict[str, Telling] = {}
    for target in rung.to:
        for party in _targets(target, circle, at, passed):
            if party.id == circle.worker_id or party.id in told:
                continue
            ways, replaced = ways_for(party, rung.by)
            instead = ", ".join(replaced) or None
            told[party.id] = Telling(party, tuple(ways), _why(target, party), instead)
    return list(told.values())


def _next_to_answer(
    ladder: Ladder, cursor: Cursor, circle: Circle, passed: Mapping[str, datetime]
) -> list[Telling]:
    """Whoever is free of the first later rung, or else of everyone, that reaches somebody free."""
    for rung in ladder.rungs[cursor.rung + 1 :]:
        found = _free(_told_by(rung, circle, cursor.at, passed))
        if found:
            return found
    end = Cursor(len(ladder.rungs), cursor.at)
    return _free(_fire_broadcast(ladder, end, circle, passed).tellings)


def _free(told: Iterable[Telling]) -> list[Telling]:
    return [t for t in told if not (t.party.on_visit or t.party.hidden_trouble)]


def _why(target: str, party: Party) -> str:
    words = {"managers": "manager", "contacts": "contact"}.get(target, target)
    known = target in ("buddy", "cover", "managers", "contacts")
    return words if known else f"named: {party.ref}"


def _fire_broadcast(
    ladder: Ladder, cursor: Cursor, circle: Circle, passed: Mapping[str, datetime]
) -> Firing:
    reachable = [p for p in circle.everyone if p.id != circle.worker_id and p.ways]
    quiet = {who for who, since in passed.items() if cursor.at < since + PASS_QUIET}
    told = [p for p in reachable if p.id not in quiet] or reachable
    tellings = [Telling(p, tuple(ways_for(p, (), True)[0]), "everyone") for p in told]
    return Firing(len(ladder.rungs), cursor.at, tuple(tellings), True, broadcast=True)


def _without_repeats(firing: Firing, earlier: Sequence[Firing]) -> Firing:
    """Drop whoever has been told by the same way at the same moment: once is enough."""
    said = {
        (t.party.id, w) for f in earlier if f.at == firing.at for t in f.tellings for w in t.ways
    }
    left = []
    for telling in firing.tellings:
        ways = tuple(w for w in telling.ways if (telling.party.id, w) not in said)
        if ways:
            left.append(replace(telling, ways=ways))
    waits = firing.waits and any(not t.party.on_visit for t in left)
    return replace(firing, tellings=tuple(left), waits=waits or firing.broadcast)


def climb(
    ladder: Ladder,
    cursor: Cursor,
    circle: Circle,
    until: datetime,
    passed: Mapping[str, datetime] | None = None,
) -> tuple[list[Firing], Cursor]:
    """Every step due up to `until`, and where the ladder then stands (always later than `until`).

    A rung that tells nobody is in the list too, with no tellings, so that the log can say so. There
    is one broadcast at the most: after an outage people get one message, not the backlog.
    """
    passed = passed or {}
    fired: list[Firing] = []
    while cursor.at <= until:
        if cursor.rung >= len(ladder.rungs):
            fired.append(_without_repeats(_fire_broadcast(ladder, cursor, circle, passed), fired))
            wait = ladder.wait_after(cursor.rung)
            following = cursor.at + wait
            return fired, Cursor(cursor.rung, following if following > until else until + wait)
        firing = _without_repeats(_fire_rung(ladder, cursor, circle, passed), fired)
        fired.append(firing)
        wait = ladder.wait_after(cursor.rung) if firing.waits else timedelta()
        cursor = Cursor(cursor.rung + 1, cursor.at + wait)
    return fired, cursor


def plan(
    ladder: Ladder,
    cursor: Cursor,
    circle: Circle,
    passed: Mapping[str, datetime] | None = None,
) -> list[Step]:
    """The whole climb from `cursor` to the first broadcast, as lines a person reads."""
    horizon = cursor.at + timedelta(days=2)
    fired, _ = climb(ladder, cursor, circle, horizon, passed)
    return [step for firing in fired for step in _lines(firing, ladder)]


def _lines(firing: Firing, ladder: Ladder) -> list[Step]:
    if not firing.broadcast:
        return [_line(firing.at, telling) for telling in firing.tellings]
    if not firing.tellings:
        return [Step(firing.at, "nobody", "", "nobody but the worker can be told")]
    minutes = ladder.broadcast_every_s
    who = ", ".join(t.party.name for t in firing.tellings)
    why = f"everyone, again every {_span(minutes)} until somebody takes charge"
    return [Step(firing.at, who, "every way", why)]


def _line(at: datetime, telling: Telling) -> Step:
    why = "; ".join(part for part in (telling.why, telling.party.proof) if part)
    return Step(at, telling.party.name, " and ".join(telling.ways), why)


def _span(seconds: int) -> str:
    return f"{seconds // 60} min" if seconds % 60 == 0 else f"{seconds} s"


def reaches_anyone(circle: Circle) -> bool:
    """Whether an alarm about this worker can be told to anybody but her (P8, 'NOT covered')."""
    return any(party.ways and party.id != circle.worker_id for party in circle.everyone)

"""A visit as it will be once the server hears of it, and its safety chain: by the same ladder that
the server runs (shared), over the people the server last named. Nothing of it counts as cover.

What is shared and heavy to import is imported when first needed, not when the app starts.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from mobile.core.facts import Facts
from mobile.core.outbox import Entry
from mobile.core.things import Me, Person, Step, Visit
from shared.states import Risk, VisitKind, VisitStatus, Way

if TYPE_CHECKING:
    from shared.ladder import Circle, Party
    from shared.policy import Policy

START_KINDS = ("start", "start_planned")
WAYS = {way.value: way for way in Way}


def policy_of(me: Me | None) -> "Policy":
    """Her team's policy; the usual one where it is unknown or of a newer kind."""
    from marshmallow import ValidationError

    from shared.policy import Policy, read_policy

    try:
        return read_policy(me.policy) if me else Policy()
    except ValidationError:
        return Policy()


def draft(facts: Facts, entry: Entry) -> Visit:
    """The visit that a start still waiting in the outbox will become. A planned one keeps its
    length."""
    began = facts.time_of(entry)
    body = dict(entry.act.body)
    seen = facts.visit(entry.act.stream)
    if seen is not None:
        length = seen.value.ends_at - seen.value.starts_at
        body |= {"place": seen.value.place, "minutes": round(length.total_seconds() / 60)}
        body |= {"risk": seen.value.risk.value, "kind": seen.value.kind.value}
    ends_at = began + timedelta(minutes=int(body.get("minutes") or 60))
    risk = Risk(body.get("risk") or Risk.STANDARD)
    kind = VisitKind(body.get("kind") or VisitKind.VISIT)
    place = str(body.get("place", ""))
    return planned(facts, entry.act.stream, place, began, ends_at, risk, kind, body)


def planned(
    facts: Facts,
    name: str,
    place: str,
    began: datetime,
    ends_at: datetime,
    risk: Risk,
    kind: VisitKind,
    body: Mapping[str, Any],
) -> Visit:
    """A visit with the times and the chain that her team's policy gives it."""
    from shared.timing import next_due, raise_moment

    me = facts.me.value if facts.me else None
    policy = policy_of(me)
    due_at = next_due(ends_at, began, policy.interval_for(risk))
    raise_at = raise_moment(due_at, policy, risk)
    buddies = me.buddies if me else ()
    chosen = next((each for each in buddies if each.id == body.get("buddy")), None)
    return Visit(
        id=name,
        kind=kind,
        status=VisitStatus.OPEN,
        place=place,
        starts_at=began,
        ends_at=ends_at,
        due_at=due_at,
        raise_at=raise_at,
        risk=risk,
        buddy=chosen or next(iter(buddies), None),
        chain=chain_of(me, policy, raise_at, risk, chosen) if me else (),
    )


def chain_of(
    me: Me, policy: "Policy", raise_at: datetime, risk: Risk, chosen: Person | None = None
) -> tuple[Step, ...]:
    """Who would be told, and when: the shared ladder over the people of the last known chain."""
    from shared.ladder import ladder_for, plan

    ladder = ladder_for(policy, risk is Risk.HIGH)
    steps = plan(ladder, ladder.start(raise_at), _circle(me, chosen))
    return tuple(Step(step.at, step.who, step.by, step.why) for step in steps)


def _circle(me: Me, chosen: Person | None) -> "Circle":
    from shared.ladder import Circle

    told = _people(me.chain)
    names = [chosen.name] if chosen else []
    names += [each.name for each in me.buddies if each.name not in names]
    watchers = tuple(told.get(name) or _party(name) for name in names)
    managers = tuple(told[s.who] for s in me.chain if _is_single(s) and s.why.startswith("manager"))
    others = {party.id: party for party in (*watchers, *managers, *told.values())}
    return Circle(
        worker_id=me.person.name,
        watchers=watchers,
        managers=tuple({party.id: party for party in managers}.values()),
        everyone=tuple(party for party in others.values() if party.id != me.person.name),
    )


def _is_single(step: Step) -> bool:
    return bool(step.by) and step.by != "every way" and step.who not in ("you", "nobody")


def _people(chain: tuple[Step, ...]) -> dict[str, "Party"]:
    """By name, everybody the server's own chain tells, with the ways it tells them by."""
    ways: dict[str, list[Way]] = {}
    for step in chain:
        if _is_single(step):
            known = [WAYS[word] for word in step.by.split(" and ") if word in WAYS]
            mine = ways.setdefault(step.who, [])
            mine += [way for way in known if way not in mine]
    return {name: _party(name, tuple(found)) for name, found in ways.items()}


def _party(name: str, ways: tuple[Way, ...] = ()) -> "Party":
    from shared.ladder import Party

    return Party(id=name, ref=name, name=name, ways=ways or (Way.TEXT, Way.CALL))

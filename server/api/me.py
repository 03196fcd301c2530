"""The person herself: what her phone needs before a visit, her PINs, her absence, her sign-out."""

from typing import Any

from flask import Response

from server.acts import enrolling, self_care
from server.acts.base import Turn, perform
from server.acts.monitoring import judge
from server.acts.planning import plan_from_now
from server.acts.timing import policy_for
from server.api.acting import JSON, Act, nothing, written
from server.api.book import CHANGES, READS, Book
from server.api.callers import caller
from server.api.lens import Lens, shown
from server.running import running
from server.store import db, people
from server.store.db import Session
from server.store.people import Device, Person, Team
from shared.cover import REHEARSAL
from shared.policy import Policy
from shared.states import Means
from shared.wire import bodies
from shared.wire.objects import (
    Me,
    MeSchema,
    Monitoring,
    Named,
    PersonObject,
    PersonSchema,
    TeamObject,
)

book = Book("me", __name__, description="Whoever holds the phone")
me_schema = MeSchema()
person_schema = PersonSchema()


def person_object(person: Person) -> PersonObject:
    """A person as she sees herself."""
    return PersonObject(
        id=person.id,
        name=person.name,
        mobile=person.mobile,
        email=person.email,
        has_pins=person.has_pins,
        away_from=person.away_from,
        away_until=person.away_until,
        usual_minutes=person.usual_minutes,
    )


def show_person(_lens: Lens, person: Person) -> bytes:
    """A person to herself."""
    return written(person_schema, person_object(person))


@book.on("GET", "/me")
@book.answers(200, MeSchema, "Who she is, and what would happen now", replays=False)
@book.refuses(*READS)
def get_me() -> Response:
    """Everything her phone needs before a visit

    `safety_chain` is for a visit started now. `monitoring.way_out` is `none` where every provider
    refuses account-wide or is down. `notice`, where there is one, is said on every screen.
    """
    here = running()
    now = here.clock.now()
    who = caller(now).person

    def look(session: Session) -> Me:
        person = people.person(session, who.id)
        team = people.team_of(session, person.id)
        stand = judge(session, here.desk, now)
        return Me(
            person=person_object(person),
            team=_team(person, team),
            roles=list(person.roles),
            buddies=[Named(p.id, p.name) for p in people.watchers(session, person.id)],
            policy=policy_for(team.policy if team else Policy(), person).to_json(),
            safety_chain=[shown(s) for s in plan_from_now(session, here.desk, person, now)],
            server_time=now,
            monitoring=Monitoring(stand.alive, stand.lag_s, stand.way_out),
            notice=REHEARSAL if here.desk.rehearsal else None,
            text_to=here.settings.text_to,
        )

    return Response(written(me_schema, db.read(look)), content_type=JSON)


def _team(person: Person, team: Team | None) -> TeamObject | None:
    return TeamObject(team.id, team.slug, team.name, person.org.timezone) if team else None


def herself(_session: Session, viewer: Person, _given: Any) -> Person:
    """What concerns nobody but the caller."""
    return viewer


@book.on("POST", "/me/pins")
@book.takes(bodies.SetPinsSchema())
@book.answers(204, None, "Kept")
@book.refuses(*CHANGES, "pin-required", "pin-wrong")
def set_pins() -> Response:
    """Set or change both PINs; `old` is asked for where there are any"""

    def do(turn: Turn, person: Person, body: bodies.SetPins) -> None:
        self_care.change_pins(turn, person, body.old, body.pin, body.duress_pin)

    return Act(
        schema=bodies.SetPinsSchema(),
        workers=lambda *_: set(),
        find=herself,
        do=do,
        show=nothing,
        status=204,
    ).answer()


@book.on("POST", "/me/away")
@book.takes(bodies.GoAwaySchema())
@book.answers(200, PersonSchema, "When she is away")
@book.refuses(*CHANGES)
def go_away() -> Response:
    """Say when she is absent; `until` null: back now"""

    def do(turn: Turn, person: Person, body: bodies.GoAway) -> Person:
        if body.until is None:
            self_care.come_back(turn, person)
        else:
            self_care.go_away(turn, person, body.since, body.until)
        return person

    return Act(
        schema=bodies.GoAwaySchema(),
        workers=lambda *_: set(),
        find=herself,
        do=do,
        show=show_person,
    ).answer()


@book.on("DELETE", "/devices/current")
@book.answers(204, None, "This phone opens nothing any more", replays=False)
@book.refuses(*READS)
def sign_out() -> Response:
    """Sign this phone out; her visits stay watched"""
    here = running()
    now = here.clock.now()
    me = caller(now)
    _sign_out(me.device, me.person)
    return Response(status=204)


def _sign_out(phone: Device, person: Person) -> None:
    here = running()
    perform(
        here.desk,
        lambda turn: enrolling.sign_out(turn, phone),
        now=here.clock.now(),
        by=Means.APP,
        actor_id=person.id,
    )

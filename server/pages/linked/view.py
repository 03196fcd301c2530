"""The routes of an alarm's link. Whoever holds it is taken for the person who was told: like a text
from her number it may take charge, and never end anything. Looking changes nothing."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import url_for

from server.access import ANYBODY
from server.acts import looking, owning, seeing
from server.acts.base import Turn, perform
from server.acts.circles import plans_of
from server.acts.tell import has_ended_for
from server.domain.refusals import AlreadyOwned, Conflict, NotYours
from server.domain.secrets import hash_token
from server.pages import flash
from server.pages.board.cards import Card, card_of
from server.pages.errors import error_page
from server.pages.forms import to
from server.pages.render import render
from server.pages.route import Answer, Pages
from server.running import running
from server.store import alarms, board, db, people
from server.store.alarms import Alarm
from server.store.db import Session
from server.store.looking import Seen
from server.store.people import Person, Team
from shared.states import AlarmStatus, Means

page = Pages("linked", __name__)

LONGEST_LINK = 40
OVER = "This alarm is over, or its address is not whole. If in doubt, ring whoever it was about."


@dataclass(frozen=True)
class Linked:
    """What the link shows, and to whom it was sent."""

    card: Card
    name: str
    clock: str


@page.get("/a/<token>", who=ANYBODY)
def alarm(token: str) -> Answer:
    """The alarm, while it is open."""
    return _page(token)


@page.post("/a/<token>/own", who=ANYBODY)
def own(token: str) -> Answer:
    """Take charge, or say that one is still with it."""
    here = running()
    found = db.read(lambda session: _told(session, token))
    if found is None:
        return error_page(404, OVER)
    told, person = found

    def work(turn: Turn) -> None:
        owning.own(turn, _open_alarm(turn.session, told.alarm_id, turn.actor or person))

    try:
        perform(
            here.desk,
            work,
            now=here.clock.now(),
            by=Means.PAGE,
            actor_id=person.id,
            lock=lambda session: {alarms.alarm(session, told.alarm_id).worker_id},
        )
    except NotYours:
        return error_page(404, OVER)
    except AlreadyOwned as refusal:
        return _page(token, f"{refusal.sentence} To take over, sign in, or text or ring them.")
    except Conflict:
        return error_page(404, OVER)
    flash.say("You have charge. Everyone who was told hears of it.")
    return to(url_for("linked.alarm", token=token))


def _page(token: str, sorry: str = "") -> Answer:
    here = running()
    at = here.clock.now()

    def read(session: Session) -> tuple[Linked, Person, set[Seen]] | None:
        found = _told(session, token)
        if found is None:
            return None
        told, person = found
        try:
            raised = _open_alarm(session, told.alarm_id, person)
        except NotYours:
            return None
        looks = looking.new_looks(session, person, [looking.look_at(raised)], at)
        return _shown(session, raised, person, at), person, looks

    shown = db.read(read)
    if shown is None:
        return error_page(404, OVER)
    linked, person, looks = shown
    looking.write_down(person, looks, Means.PAGE, at)
    return render("linked/linked.html", linked=linked, token=token, sorry=sorry), (
        409 if sorry else 200
    )


def _told(session: Session, token: str) -> tuple[alarms.Told, Person] | None:
    """Who was told of which alarm by this link; None where nobody was, or she has left."""
    if len(token) > LONGEST_LINK:
        return None
    told = alarms.told_by_link(session, hash_token(token))
    person = people.person(session, told.person_id) if told else None
    return (told, person) if told and person and person.left_at is None else None


def _open_alarm(session: Session, alarm_id: UUID, person: Person) -> Alarm:
    """The alarm while it goes on for her; NotYours once it is over, or is about herself."""
    found = alarms.alarm(session, alarm_id)
    over = found.status == AlarmStatus.RESOLVED or has_ended_for(found, person.id)
    if over or found.worker_id == person.id or seeing.is_hidden(found, person):
        raise NotYours("alarm")
    return found


def _shown(session: Session, raised: Alarm, person: Person, at: datetime) -> Linked:
    zone = ZoneInfo(person.org.timezone)
    desk = running().desk
    hands_off = raised.worker_id in board.in_duress(session, person.org_id, person.id)
    steps = plans_of(session, desk, person, [raised])[raised.id]
    card = card_of(raised, person, steps, at, zone, hands_off=hands_off)
    if not session.get_one(Team, raised.team_id).policy.text_shows_place:
        card = replace(card, place="")
    return Linked(card, person.name, f"{at.astimezone(zone):%H:%M}")

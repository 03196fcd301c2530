"""The routes of the log."""

from uuid import UUID

from flask import current_app, request, url_for

from server.acts import looking, seeing
from server.acts.story import Story, story_of
from server.pages.forms import TOP, Form
from server.pages.log import shown, times
from server.pages.log.asked import ALARMS, write_place
from server.pages.log.copying import taking
from server.pages.log.desk import Found, find
from server.pages.log.words import KINDS, OUTCOMES
from server.pages.render import render
from server.pages.route import SIGNED_IN, Answer, Pages
from server.pages.visitor import me
from server.running import running
from server.store import copies, db
from server.store.db import Session
from server.store.lists import Place
from server.store.looking import Seen
from shared.states import Means

page = Pages("log", __name__)


@page.get("/log", who=SIGNED_IN)
def log() -> Answer:
    """Every visit and alarm this visitor may see, newest first."""
    now, seen = running().clock.now(), me()
    found = db.read(lambda session: find(session, seen, request.args, now))
    looking.write_down(seen.person, found.looks, Means.PAGE, now)
    return show(found)


HEADS = ("Began", "Worker", "Where", "Ended", "How it went")


def show(found: Found, sorry: str = "") -> Answer:
    """The page; with 400 where what was asked for is not right."""
    form = _form(found, sorry)
    asked, choices = found.asked, found.choices
    body = render(
        "log/log.html",
        found=found,
        asked=asked,
        choices=choices,
        form=form,
        heads=HEADS,
        newer=_link(found, "newer", found.newer),
        older=_link(found, "older", found.older),
        people_options=[("", "Everybody"), *((p.ref, p.name) for p in choices.people)],
        team_options=[("", "All teams"), *((t.slug, t.name) for t in choices.teams)],
        kind_options=[("", "Any"), *KINDS.items()],
        alarm_options=[("", "With or without"), *ALARMS.items()],
        outcome_options=[("", "Any"), *OUTCOMES.items()],
        alarm_pages=has_alarm_pages(),
        length=times.length,
        time_near=times.time_near,
        zone=choices.zone,
        zone_name=choices.zone.key.replace("_", " "),
    )
    return body, form.status if form.faults else 200


def _form(found: Found, sorry: str) -> Form:
    """The filter as a form that knows what is wrong with it."""
    form = Form({name: said for name, said in found.asked.typed.items() if said})
    for name, sentence in found.asked.errors.items():
        form.blame(TOP if name == "page" else name, sentence)
    if sorry:
        form.blame(TOP, sorry)
    return form


def has_alarm_pages() -> bool:
    """Whether there is a page for one alarm to link to."""
    return any(rule.rule.startswith("/alarms/<") for rule in current_app.url_map.iter_rules())


def _link(found: Found, name: str, place: Place | None) -> str:
    path = url_for("log.log")
    return found.asked.address(path, **{name: write_place(place)}) if place else ""


@page.get("/log/<uuid:visit_id>", who=SIGNED_IN)
def visit(visit_id: UUID) -> Answer:
    """One visit's story."""
    now, seen = running().clock.now(), me()

    def look(session: Session) -> tuple[Story, set[Seen]]:
        found = seeing.visit_for(session, seen.person, visit_id)
        looks = looking.new_looks(session, seen.person, [looking.look_at(found)], now)
        return story_of(session, seen.person, found, now), looks

    story, looks = db.read(look)
    looking.write_down(seen.person, looks, Means.PAGE, now)
    return render(
        "log/visit.html",
        story=story,
        title=shown.title_of(story, seen.zone),
        facts=shown.facts(story, seen.zone, now),
        alarms=[shown.alarm_line(alarm, seen.person) for alarm in story.alarms],
        moments=shown.moments(story),
        sent=shown.sent_in_words(story.sent),
        looks=shown.looks_in_words(story),
        hers=story.visit.worker_id == seen.person.id,
        zone=seen.zone,
        time_near=times.time_near,
        alarm_pages=has_alarm_pages(),
    )


@page.post("/log/copy", who=SIGNED_IN, proven=True)
def copy() -> Answer:
    """The rows of the list to take away."""
    now, seen = running().clock.now(), me()
    found = db.read(lambda session: find(session, seen, request.form, now))
    sorry = taking.why_not(seen, found, request.form.get("format", ""))
    if sorry or found.asked.errors:
        return show(found, sorry)
    return taking.take_list(seen, found, request.form["format"], now)


@page.post("/log/<uuid:visit_id>/copy", who=SIGNED_IN)
def copy_visit(visit_id: UUID) -> Answer:
    """One visit on paper."""
    return taking.take_visit(me(), visit_id, running().clock.now())


@page.get("/log/copies/<uuid:copy_id>", who=SIGNED_IN)
def fetch_copy(copy_id: UUID) -> Answer:
    """A copy that was made for this visitor within the last hour."""
    now, seen = running().clock.now(), me()
    found = db.read(lambda session: copies.find_copy(session, seen.person.id, copy_id, now))
    return taking.hand_over(found)

"""What every way of signing in does: act in a turn, and give the browser its secret."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from flask import Response, request, url_for

from server.acts import signing_in
from server.acts.base import Turn, perform
from server.acts.signing_in import Begun
from server.domain.refusals import TooManyTries
from server.pages import agents, cookies
from server.pages.forms import to
from server.pages.route import local_path
from server.pages.sign_in import known
from server.running import running
from server.store import db, people
from server.store.people import Person
from server.store.sessions import Stage
from shared.states import Means

T = TypeVar("T")

NEXT = {Stage.HALF: "sign_in.second", Stage.SETUP: "sign_in.set_up"}


def do(work: Callable[[Turn], T], actor: Person | None = None) -> T:
    """One act in one transaction."""
    here = running()
    actor_id = actor.id if actor else None
    return perform(here.desk, work, now=here.clock.now(), by=Means.PAGE, actor_id=actor_id)


def where_from() -> str | None:
    """The address tries are counted for; None where they are not counted."""
    return (request.remote_addr or "unknown") if running().settings.rate_limits else None


def agent() -> str:
    """What the browser calls itself."""
    return agents.say(request.headers.get("User-Agent", ""))


def begin(turn: Turn, person: Person, how: str, shown_at: datetime | None = None) -> Begun:
    """Let this browser in as far as what has been shown, now or at `shown_at`, allows."""
    stage = signing_in.stage_after_first(turn, person, running().settings.second_factor)
    return signing_in.begin(turn, person, how, agent(), stage, shown_at=shown_at)


def come_in(begun: Begun, after: str | None = None) -> Response:
    """Give this browser its secret; whatever it held before is worth nothing any more. Then on to
    what is still missing, or to where she was going."""
    cookies.keep(cookies.SIGNED_IN, begun.secret)
    if Stage(begun.row.stage) is Stage.FULL:
        person = db.read(lambda session: people.person(session, begun.row.person_id))
        known.remember(person.email or str(person.id))
    after = local_path(after if after is not None else request.args.get("next"))
    missing = NEXT.get(Stage(begun.row.stage))
    return to(url_for(missing, next=after if after != "/" else None) if missing else after)


def too_many(page: str, refusal: TooManyTries) -> Response:
    """429, and when to come back."""
    wait = {"Retry-After": str(refusal.retry_after_s)}
    return Response(page, 429, wait, mimetype="text/html")

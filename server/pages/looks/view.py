"""Who looked: everybody for herself, a manager for her teams."""

from datetime import datetime
from uuid import UUID

from flask import request, url_for

from server.acts.who_looked import Looks, looks_at_her, looks_in_teams
from server.pages.render import render
from server.pages.route import SIGNED_IN, Answer, Pages
from server.pages.visitor import me
from server.running import running
from server.store import db
from server.store.looking import LookPlace

page = Pages("looks", __name__)

WHAT_WORDS = {
    "visit": "a visit",
    "alarm": "an alarm",
    "place": "where",
    "history": "past visits",
    "sheet": "the missing-worker sheet",
    "export": "an export",
}
BY_WORDS = {
    "app": "in the app",
    "page": "in a browser",
    "text": "by text",
    "call": "by phone",
    "command": "by a command on the server",
}


@page.get("/access", who=SIGNED_IN)
def looks() -> Answer:
    """Looks at the visitor; with ?whose=team those at the people she looks after."""
    seen = me()
    may_see_teams = seen.is_manager or seen.is_admin
    teams = may_see_teams and request.args.get("whose") == "team"
    find = looks_in_teams if teams else looks_at_her
    now = running().clock.now()
    after = _place(request.args.get("after", ""))
    found: Looks = db.read(lambda session: find(session, seen.person, after, now))
    return render(
        "looks/looks.html",
        found=found,
        teams=teams,
        may_see_teams=may_see_teams,
        older=_older(found, teams=teams),
        what=WHAT_WORDS,
        by=BY_WORDS,
    )


def _older(found: Looks, *, teams: bool) -> str | None:
    if found.next is None:
        return None
    after = f"{found.next.at.isoformat()}_{found.next.id}"
    return url_for("looks.looks", whose="team" if teams else None, after=after)


def _place(given: str) -> LookPlace | None:
    """Where a page begins, as `_older` wrote it; whatever else it is, the first page."""
    at, _, row = given.partition("_")
    try:
        moment = datetime.fromisoformat(at)
        return LookPlace(moment, UUID(row)) if moment.tzinfo else None
    except ValueError:
        return None

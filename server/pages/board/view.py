"""The board: the page, the part of it that is asked for again and again, and the print."""

import hashlib
from datetime import datetime
from uuid import UUID

from flask import Response, request, url_for

from server.acts.base import Turn
from server.acts.caring import aftercare_for, settle
from server.acts.monitoring import is_alive, way_out
from server.pages.board import looked
from server.pages.board.look import Board, look
from server.pages.board.memory import Known, Memory
from server.pages.board.printed import look_for_print
from server.pages.errors import error_page
from server.pages.forms import TOP, Form
from server.pages.render import render
from server.pages.route import SIGNED_IN, Answer, Pages
from server.pages.visitor import me, pulse
from server.running import running
from server.store import db

page = Pages("board", __name__)
rendered = Memory()

ETAG_LENGTH = 32
LISTED = 100
"""So many visits are listed unless all are asked for: a thousand are half a megabyte each minute,
too much for a phone with one bar of signal."""


@page.get("/", who=SIGNED_IN)
def board() -> Answer:
    """Who is out now."""
    return render("board/board.html", board=_look(), everything=_everything())


@page.get("/board/now", who=SIGNED_IN, poll=True)
def now() -> Answer:
    """The parts of the board that change; 304 while none of them has."""
    here, seen = running(), me()
    at = here.clock.now()
    made_of = _made_of(at)
    key = (seen.session.id, _everything())
    etag = rendered.etag(key, made_of, at)
    if etag is not None and request.if_none_match.contains(etag):
        return _unchanged(etag)
    found = _look()
    body = render("board/now.html", board=found, everything=_everything())
    etag = hashlib.sha256(body.encode()).hexdigest()[:ETAG_LENGTH]
    rendered.keep(key, Known(made_of, found.good_until, etag))
    response = Response(body, mimetype="text/html")
    response.set_etag(etag)
    return response.make_conditional(request)


def _everything() -> bool:
    return request.args.get("all") == "yes"


def _unchanged(etag: str) -> Response:
    response = Response(status=304)
    response.set_etag(etag)
    return response


def _made_of(at: datetime) -> tuple[object, ...]:
    """Everything but time that a board is made of."""
    desk, found = running().desk, pulse()
    alive, out = is_alive(desk, found.round_at, at), way_out(desk, found.health)
    return found.newest, found.total, alive, out


def _look() -> Board:
    """The board; and written down whose whereabouts were looked at."""
    here, seen = running(), me()
    at, most = here.clock.now(), None if _everything() else LISTED
    found = db.read(lambda session: look(session, here.desk, seen.person, at, most=most))
    looked.note(seen.person, found.looks, at)
    return found


@page.get("/board/print", who=SIGNED_IN)
def printed() -> Answer:
    """The board on paper."""
    here, seen = running(), me()
    at = here.clock.now()
    found = db.read(lambda session: look_for_print(session, here.desk, seen.person, at))
    looked.note(seen.person, found.board.looks, at)
    return render("board/print.html", printed=found)


@page.post("/aftercare/<uuid:aftercare_id>/done", who=SIGNED_IN)
def aftercare_done(aftercare_id: UUID) -> Answer:
    """What was owed after an alarm is done."""
    form, seen = Form.read(), me()

    def work(turn: Turn) -> None:
        settle(turn, aftercare_for(turn.session, turn.actor or seen.person, aftercare_id))

    done = form.once(work, then=url_for("board.board"), said="Thank you. That is done.")
    return done or (error_page(form.status, form.faults[TOP]))

"""The routes of the pretend phones. They exist only in a rehearsal and in the demo."""

import hashlib

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from server.access import ANYBODY, open_to
from server.pages.guard import check_form, check_host, form_token
from server.pages.phones.door import send_from
from server.pages.phones.show import Show, show_of
from server.pages.phones.stage import Stage, look
from server.running import running
from server.store import people
from server.store.db import read

PAGE = "phones"
LONGEST_TEXT = 480
LONGEST_SOUGHT = 40

blueprint = Blueprint("phones", __name__)


@blueprint.before_request
def _only_under_our_name() -> None:
    check_host(request, running().settings.public_url)
    if request.method == "POST":
        check_form(request, running().desk.keys, PAGE)


@blueprint.get("/phones")
@open_to(ANYBODY)
def phones() -> str:
    """The whole page."""
    stage, show = _look()
    return _render("phones/phones.html", stage, show)


@blueprint.get("/phones/now")
@open_to(ANYBODY)
def now() -> Response:
    """The parts of the page that change; 304 while they have not. Where the clock stands goes into
    a header, so that passing time alone changes nothing."""
    stage, show = _look()
    body = _render("phones/now.html", stage, show)
    response = Response(body, mimetype="text/html")
    response.set_etag(hashlib.sha256(body.encode()).hexdigest()[:32])
    response.make_conditional(request)
    response.headers["Wayhome-Clock"] = f"{stage.seconds} {_rate(show)}"
    return response


@blueprint.post("/phones/text")
@open_to(ANYBODY)
def text() -> BaseResponse:
    """A text from one of the phones."""
    number = request.form.get("number", "")
    body = request.form.get("reply") or request.form.get("body", "")
    body = "".join(letter for letter in body if letter.isprintable()).strip()
    if not read(lambda session: people.by_mobile(session, number)):
        abort(404, "No pretend phone has this number.")
    if len(body) > LONGEST_TEXT:
        abort(400, f"A text has at most {LONGEST_TEXT} characters here.")
    if body:
        show = show_of(current_app)
        if show is not None:
            show.taken_over(number)
        send_from(number, body)
    return _back(f"p{number.lstrip('+')}")


@blueprint.post("/phones/pace")
@open_to(ANYBODY)
def pace() -> BaseResponse:
    """Pause, go on, or another speed."""
    show = _must_show()
    wish = request.form.get("do", "")
    if wish == "pause":
        show.pause()
    elif wish == "go-on":
        show.go_on()
    elif wish in map(str, show.speeds):
        show.run_at(int(wish))
    else:
        abort(400, "Choose pause, go-on or one of the speeds shown.")
    return _back("now")


@blueprint.post("/phones/again")
@open_to(ANYBODY)
def again() -> BaseResponse:
    """The day from its beginning."""
    _must_show().start_again()
    return _back("now")


def _look() -> tuple[Stage, Show | None]:
    sought = request.args.get("find", "").strip()[:LONGEST_SOUGHT]
    house, show = running(), show_of(current_app)
    now = house.clock.now()
    return read(lambda session: look(session, house.desk, now, show, sought)), show


def _render(template: str, stage: Stage, show: Show | None) -> str:
    return render_template(
        template,
        stage=stage,
        show=show,
        rate=_rate(show),
        rehearsal=running().desk.rehearsal,
        token=form_token(running().desk.keys, PAGE),
        longest=LONGEST_TEXT,
    )


def _rate(show: Show | None) -> float:
    if show is None:
        return 1.0
    return 0.0 if show.paused else show.speed


def _must_show() -> Show:
    show = show_of(current_app)
    if show is None:
        abort(404)
    return show


def _back(anchor: str) -> BaseResponse:
    """To the page again; a script that stays on it is only told that it was done."""
    if "Wayhome-Quiet" in request.headers:
        return Response(status=204)
    return redirect(url_for("phones.phones", _anchor=anchor), 303)


def register(app: Flask) -> None:
    """Add the page."""
    app.register_blueprint(blueprint)

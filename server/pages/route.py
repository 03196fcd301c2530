"""Routes of pages: each says who may use it, and nobody else gets in.

    page = Pages("people", __name__)

    @page.get("/people", who=MANAGER)
    def people() -> str: ...

    @page.post("/people/<uuid:person_id>", who=MANAGER)
    def save(person_id: UUID) -> Answer: ...

A stranger is led to the sign-in page and back (303), a poll is told 401, and somebody without the
right 403. Every form must come from a page of ours. A route that shows one thing finds it in the
visitor's own organisation only, and raises NotYours (404) where it is not there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from server.access import ANYBODY, Who, declared, open_to
from server.acts import signing_in
from server.domain.refusals import Forbidden
from server.pages import flash, forms, resuming
from server.pages.guard import check_host
from server.pages.squeezing import send_packed, squeeze
from server.pages.visitor import Visitor, lapsed, me, polls, touch, visitor
from server.running import running

F = TypeVar("F", bound=Callable[..., Any])
Answer = BaseResponse | str | tuple[str, int]
POLL = "__poll__"
PROVEN = "__proven__"
WAITS = "You were signed out meanwhile, so it is NOT done yet. Sign in, and it can be done at once."
NOT_DONE = "You are signed out, so that was NOT done. Sign in and do it again."


@dataclass(frozen=True)
class SignedIn(Who):
    """Somebody who is signed in, and of whom this holds."""

    may: Callable[[Visitor], bool]


SIGNED_IN = SignedIn("signed in", lambda _: True)
MANAGER = SignedIn("manager of a team", lambda seen: seen.is_manager)
ADMIN = SignedIn("admin", lambda seen: seen.is_admin)
OFFICE = SignedIn("manager or admin", lambda seen: seen.is_manager or seen.is_admin)


class Pages(Blueprint):
    """The routes of one page. `who` has no default: it has to be thought of."""

    def __init__(self, name: str, import_name: str) -> None:
        super().__init__(name, import_name)
        self.before_request(let_in)
        self.after_request(let_out)

    def get(  # type: ignore[override]
        self, rule: str, *, who: Who, poll: bool = False, proven: bool = False, **more: Any
    ) -> Callable[[F], F]:
        """Shows something and changes nothing. `poll`: asked by a script over and over, so a
        stranger gets 401 and nobody's sign-in is made to last longer by it. `proven`: see `post`;
        put it on the page with the form too, so that nobody types what is then lost."""
        return self._on("GET", rule, who, {POLL: poll, PROVEN: proven}, more)

    def post(  # type: ignore[override]
        self, rule: str, *, who: Who, proven: bool = False, **more: Any
    ) -> Callable[[F], F]:
        """Does something a form asks for. `proven`: something dangerous, for which she must have
        shown within 15 minutes that it is her; otherwise she is asked again and led back (303)."""
        return self._on("POST", rule, who, {PROVEN: proven}, more)

    def _on(
        self, method: str, rule: str, who: Who, marks: dict[str, bool], more: dict[str, Any]
    ) -> Callable[[F], F]:
        def add(view: F) -> F:
            open_to(who)(view)
            for mark, value in marks.items():
                setattr(view, mark, value)
            self.add_url_rule(rule, view_func=view, methods=[method], **more)
            return view

        return add


def let_in() -> BaseResponse | None:
    """Before every page: our name, our form, and somebody who may."""
    view = current_app.view_functions[request.endpoint or ""]
    check_host(request, running().settings.public_url)
    who = declared(view) or abort(500)
    turned_away = _ask_who(who, is_poll=getattr(view, POLL, False))
    if turned_away is None and request.method not in ("GET", "HEAD"):
        forms.check_token()
    if turned_away is None and getattr(view, PROVEN, False) and not is_proven():
        return ask_again()
    return turned_away


def let_out(response: Response) -> Response:
    """After every page: what a script asks for over and over is sent small."""
    view = current_app.view_functions[request.endpoint or ""]
    if getattr(view, POLL, False) and response.status_code == 200:
        send_packed(response, squeeze(response.get_data()))
    return response


def ask_again() -> BaseResponse:
    """Have her show that it is her, and lead her back to what she was doing."""
    waits = resuming.set_aside(me().person) if request.method == "POST" else None
    return redirect(url_for("sign_in.again", next=waits or _page_before()), 303)


def _ask_who(who: Who, *, is_poll: bool) -> BaseResponse | None:
    if not isinstance(who, SignedIn):
        visitor() if who is ANYBODY else None
        return None
    if is_poll:
        polls()
    seen = visitor()
    if seen is None:
        return _to_the_door(is_poll)
    if not is_poll:
        touch()
    if not who.may(seen):
        raise Forbidden(f"This page is for a {who.name}. Ask one of them.")
    return None


def is_proven() -> bool:
    """Whether the visitor has shown lately that it is her. In the demo everybody comes in with one
    click and has nothing to show again."""
    seen, here = visitor(), running()
    if here.settings.demo:
        return seen is not None
    return seen is not None and signing_in.is_proven(seen.session, here.desk, here.clock.now())


def _page_before() -> str:
    """The page to come back to: this one, or the one whose form was sent."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    return request.form.get("back") or "/"


def _to_the_door(is_poll: bool) -> BaseResponse:
    if is_poll:
        abort(401)
    after = _page_before()
    if request.method == "POST":
        waits = _wait_for_her()
        flash.say(WAITS if waits else NOT_DONE)
        after = waits or local_path(after)
    return redirect(url_for("sign_in.sign_in", next=after if after != "/" else None), 303)


def _wait_for_her() -> str | None:
    """What somebody sent whose time ran out, until she has signed in again. Whose it is only her
    browser's old secret says, and that the form was ours only its token."""
    over = lapsed()
    if over is None or not forms.is_ours(over):
        return None
    return resuming.set_aside(over.person)


def local_path(given: str | None) -> str:
    """Where to go after signing in: a page of ours, whatever the address says."""
    path = given or "/"
    is_ours = path.startswith("/") and path[1:2] not in ("/", "\\") and path.isprintable()
    return path if is_ours and "\\" not in path else "/"

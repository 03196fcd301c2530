"""Signing in by an employer's own service: out to it, and back with its word.

Known by issuer and subject, never by e-mail: an address can be given to somebody else. A person's
service account becomes hers with her invitation, or from her own account page.
"""

import hmac
import json
from datetime import UTC, datetime

import structlog
from flask import abort, request, url_for

from server import oidc
from server.access import ANYBODY
from server.acts import identities, inviting, signing_in
from server.acts.base import Turn
from server.acts.signing_in import Begun
from server.config import OidcSettings
from server.domain.refusals import Forbidden
from server.oidc import NotVouchedFor, Pending, Vouched
from server.pages import cookies
from server.pages.errors import error_page
from server.pages.forms import TOP, Form, to
from server.pages.route import Answer, local_path
from server.pages.sign_in import coming
from server.pages.sign_in.door import at_the_door
from server.pages.sign_in.page import page
from server.pages.visitor import visitor
from server.running import running
from server.store.people import Person
from server.store.sessions import Stage

COOKIE = "wayhome-oidc"
BOX = "oidc"
PURPOSES = ("come-in", "again", "connect")
STRANGER = (
    "Your work account is not known here yet. Open your invitation to Wayhome and use it there,"
    " or sign in with your password and connect it on your account page."
)
SOMEBODY_ELSE = (
    "The work account that is signed in on this computer is somebody else's, so nothing was done."
    " Sign out there, then open your invitation again."
)
NOT_LET_IN = "Your sign-in service did not let you in. Try again."
CANNOT_SAY = "Your sign-in service could not say who you are. Try again."
NOT_FRESH = "Your sign-in service did not ask you again. Try once more, or use another way."

NEVER = datetime.fromtimestamp(0, UTC)

log = structlog.get_logger()


def _settings() -> OidcSettings:
    return running().settings.oidc or abort(404)


def _back() -> str:
    return running().settings.public_url + url_for("sign_in.employer_back")


@page.get("/sign-in/employer", who=ANYBODY)
def employer() -> Answer:
    """Out to the service."""
    settings, here = _settings(), running()
    purpose = request.args.get("for", PURPOSES[0])
    if purpose not in PURPOSES:
        abort(404)
    after, token = local_path(request.args.get("next")), request.args.get("invitation", "")[:100]
    pending = oidc.new_pending(here.clock.now(), purpose, after, token)
    try:
        where = oidc.question(settings, _back(), pending, anew=purpose == "again")
    except NotVouchedFor as fault:
        return _failed(purpose, fault)
    cookies.keep(COOKIE, here.desk.keys.seal_away(BOX, json.dumps(pending.as_dict())))
    return to(where)


@page.get("/sign-in/employer/back", who=ANYBODY)
def employer_back() -> Answer:
    """Back with its word. A forged or old return is 400 and changes nothing."""
    settings, here = _settings(), running()
    pending = _pending()
    cookies.keep(COOKIE, "")
    if "error" in request.args:
        return _turned_away(pending.purpose, 400, NOT_LET_IN)
    try:
        vouched = oidc.answer(
            settings, _back(), pending, request.args.get("code", ""), here.clock.now()
        )
    except NotVouchedFor as fault:
        return _failed(pending.purpose, fault)
    return _come_back(pending, vouched)


def _pending() -> Pending:
    """What this browser went out with, if it is what has come back."""
    here = running()
    sealed = cookies.given(COOKIE)
    opened = here.desk.keys.open_sealed(BOX, sealed) if sealed else None
    if opened is None:
        abort(400, "This return from a sign-in service was not asked for here. Sign in again.")
    pending = Pending(**json.loads(opened))
    state = request.args.get("state", "")
    right = hmac.compare_digest(state.encode(), pending.state.encode())
    if not right or here.clock.now().timestamp() > pending.until:
        abort(400, "This return from a sign-in service was not asked for here. Sign in again.")
    return pending


def _failed(purpose: str, fault: NotVouchedFor) -> Answer:
    log.warning("oidc_failed", why=str(fault))
    return _turned_away(purpose, 400, CANNOT_SAY)


def _turned_away(purpose: str, status: int, sentence: str) -> Answer:
    """Why not, where she can go on: who was coming in is at the door again."""
    if purpose != PURPOSES[0]:
        return error_page(status, sentence)
    form = Form()
    form.blame(TOP, sentence)
    return at_the_door(form), status


def _come_back(pending: Pending, vouched: Vouched) -> Answer:
    if pending.purpose == "connect":
        return _connect(pending, vouched)
    if pending.purpose == "again":
        return _prove(pending, vouched)
    begun = coming.do(lambda turn: _begin(turn, pending, vouched))
    if begun is None:
        return _turned_away(pending.purpose, 403, STRANGER)
    return coming.come_in(begun, pending.after)


def _begin(turn: Turn, pending: Pending, vouched: Vouched) -> Begun | None:
    person = identities.known(turn, vouched.issuer, vouched.subject)
    if pending.token:
        person = _invited(turn, pending.token, vouched, person)
    if person is None:
        return None
    # Somebody at an open browser is let in by the service without a question: what is dangerous
    # asks again, unless the service says that it has asked just now.
    shown_at = vouched.asked_at or NEVER
    how = "work account"
    if vouched.two_factors:
        return signing_in.begin(turn, person, how, coming.agent(), Stage.FULL, shown_at=shown_at)
    return coming.begin(turn, person, how, shown_at)


def _invited(turn: Turn, token: str, vouched: Vouched, known: Person | None) -> Person:
    """Whoever is invited. On a shared computer somebody else may still be signed in at the service:
    she must not come in as that one, thinking that she is herself."""
    if known is None:
        known = inviting.accept(turn, token)
        identities.connect(turn, known, vouched.issuer, vouched.subject)
    elif inviting.invited(turn, token).person_id != known.id:
        raise Forbidden(SOMEBODY_ELSE)
    return known


def _connect(pending: Pending, vouched: Vouched) -> Answer:
    seen, here = visitor(), running()
    if seen is None or not signing_in.is_proven(seen.session, here.desk, here.clock.now()):
        abort(403)
    coming.do(
        lambda turn: identities.connect(turn, seen.person, vouched.issuer, vouched.subject),
        seen.person,
    )
    return to(pending.after)


def _prove(pending: Pending, vouched: Vouched) -> Answer:
    seen = visitor()
    if seen is None:
        abort(403)
    person = coming.do(lambda turn: identities.known(turn, vouched.issuer, vouched.subject))
    if person is None or person.id != seen.person.id:
        return error_page(403, "That is the work account of somebody else.")
    if not vouched.is_fresh(running().clock.now()):
        return error_page(403, NOT_FRESH)
    return coming.come_in(
        coming.do(lambda turn: signing_in.prove(turn, seen.session)), pending.after
    )

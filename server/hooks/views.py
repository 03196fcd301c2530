"""The addresses gateways call. Nothing of a request is believed, or looked up, before its
signature; a request that is not signed for us gets 403 and not a word."""

import structlog
from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from server.access import GATEWAY, open_to
from server.acts.base import Turn, perform
from server.acts.fates import report_fate
from server.gateways.base import DeliveryReport, Fate, Form, Webhooks
from server.hooks.texting import Incoming, take
from server.hooks.twiml import reply
from server.running import running
from server.store import db, fates
from shared.states import Means

PROVIDER = "twilio"
LARGEST_FORM = 64 * 1024
AGAIN_PATH = "/hooks/twilio/message/again"
COME_BACK = "#rc=5&rp=all"

hooks = Blueprint("hooks", __name__, url_prefix="/hooks/twilio")
log = structlog.get_logger()


def _believed(hook: str) -> tuple[Webhooks, Form] | None:
    """Who reads the form, and the form; None where it was not signed for us."""
    webhooks = running().webhooks
    request.max_content_length = LARGEST_FORM
    try:
        if webhooks is not None and webhooks.verify(request.path, request.form, request.headers):
            return webhooks, request.form
    except HTTPException as problem:
        log.info("hook_unreadable", hook=hook, status=problem.code)
    return None


def _forbidden() -> Response:
    return Response(status=403)


@hooks.post("/message")
@open_to(GATEWAY)
def take_message() -> Response:
    """A text came in. Where it cannot be stored she is told so, and the gateway asked to ask
    again: a bare error would leave her without any answer, and the text would be lost."""
    return _message("message", is_again=False)


@hooks.post("/message/again")
@open_to(GATEWAY)
def take_message_again() -> Response:
    """The same text once more, after a failure; an error here makes the gateway try again."""
    return _message("message_again", is_again=True)


def _message(hook: str, *, is_again: bool) -> Response:
    believed = _believed(hook)
    if believed is None:
        return _forbidden()
    webhooks, form = believed
    text = webhooks.read_text(form)
    if text is None:
        log.warning("text_without_sender")
        return reply("")
    taken = take(Incoming(text.sid[:64], text.from_, text.body, PROVIDER, text.opt_out))
    if taken.stored:
        return reply(taken.answer)
    if is_again:
        return Response(status=503)
    return reply(taken.answer, running().settings.public_url + AGAIN_PATH + COME_BACK)


@hooks.post("/message-status")
@open_to(GATEWAY)
def take_report() -> Response:
    """What became of a message of ours. Twice, late or out of order changes nothing."""
    believed = _believed("message-status")
    if believed is None:
        return _forbidden()
    webhooks, form = believed
    report = webhooks.read_report(form)
    if report is None:
        log.warning("report_not_understood")
        return Response(status=204)
    if _is_known(report) or not _comes_early(report):
        _weigh(report)
        return Response(status=204)
    return Response(status=503)


def _is_known(report: DeliveryReport) -> bool:
    return db.read(lambda session: fates.id_of_sid(session, PROVIDER, report.sid)) is not None


def _comes_early(report: DeliveryReport) -> bool:
    """Whether it may be about a message that was taken this instant, its sid not yet stored.

    In this order: a sid that is stored while we look is found by the second look.
    """
    return db.read(fates.is_any_in_flight) and not _is_known(report)


def _weigh(report: DeliveryReport) -> None:
    here = running()
    perform(
        here.desk,
        lambda turn: _report(turn, report),
        now=here.clock.now(),
        by=Means.GATEWAY,
        lock=lambda session: fates.touched(session, PROVIDER, report.sid),
    )


def _report(turn: Turn, report: DeliveryReport) -> bool:
    message = fates.lock_by_sid(turn.session, PROVIDER, report.sid)
    if message is None:
        log.warning("report_on_unknown_message", sid=report.sid, status=report.status.value)
        return False
    return report_fate(
        turn,
        message,
        rank=report.rank,
        final=report.final,
        failed=report.fate is not None,
        permanent=report.fate is Fate.PERMANENT,
        code=report.code,
        why=report.why,
        opted_out=report.opted_out,
        sid=report.sid,
    )

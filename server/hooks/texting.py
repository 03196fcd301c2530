"""An inbound text and its answer: one effect for one text, and no text without an answer.

A text is kept in the transaction of what it does, so that the same one again gets the same answer
and does nothing. What becomes of a text that cannot be dealt with:

- Something in the text itself trips a handler: it is kept with an answer that says so; an SOS is
  raised all the same, by the shortest way there is.
- The database is away: nothing can be kept. She is told so at once, and the gateway is asked to
  come back with the text (`stored` is False): by its sid it is still done once only.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from server.acts.base import Turn, perform
from server.acts.crying_out import cry_out
from server.acts.looking_after import hear_number
from server.acts.tell import LETTER_REST, spoken
from server.domain.words import answers
from server.domain.words.fit import plain
from server.gateways.base import OptOut
from server.hooks.commands import obey
from server.hooks.rest import start_again
from server.hooks.sender import Sender
from server.running import running
from server.store import db, inbound, people
from server.store.faults import AWAY
from server.store.inbound import ALREADY_THERE, Inbound
from shared import grammar
from shared.gsm7 import shorten
from shared.states import Means

DAY = timedelta(days=1)
MOST_TO_STRANGERS = 3
MOST_SAME = 10
SAME_WITHIN = timedelta(minutes=10)
LONGEST_BODY = 1600
LONGEST_ANSWER = 3 * 153
ABOUT_OTHERS = (grammar.Own, grammar.Pass, grammar.Safe, grammar.FalseAlarm)
CRIES = (grammar.Sos, grammar.Help)
START_WORDS = frozenset({"start", "unstop", "yes"})

log = structlog.get_logger()


@dataclass(frozen=True)
class Incoming:
    """One text as it came."""

    sid: str
    number: str
    body: str
    provider: str
    opt_out: OptOut | None = None

    @property
    def kept(self) -> str:
        """What is kept of it: no PIN, nothing a database refuses."""
        return grammar.mask(self.body)[:LONGEST_BODY]


@dataclass(frozen=True)
class Taken:
    """The answer ('' for silence), and whether the text and what it did are stored."""

    answer: str
    stored: bool


def take_text(
    sid: str, number: str, body: str, provider: str, opt_out: OptOut | None = None
) -> str:
    """Do what a text says, once for each `sid`, and return the answer, '' for silence.

    Never raises. `number` in E.164. Needs an application context.
    """
    return take(Incoming(sid[:64], number, body[:LONGEST_BODY], provider, opt_out)).answer


def take(text: Incoming) -> Taken:
    """Do what a text says; see `take_text`."""
    try:
        return Taken(_perform(text, _answered), stored=True)
    except ALREADY_THERE:
        return _taken_before(text)
    except AWAY:
        log.exception("text_not_stored", sid=text.sid)
        return _sorry(stored=False)
    except Exception:
        log.exception("text_failed", sid=text.sid)
        return _rescue(text)


def _perform(text: Incoming, work: Callable[[Turn, Incoming], str]) -> str:
    here = running()
    now = here.clock.now()
    since = now - LETTER_REST if isinstance(grammar.parse(text.body), ABOUT_OTHERS) else None
    return perform(
        here.desk,
        lambda turn: work(turn, text),
        now=now,
        by=Means.TEXT,
        lock=lambda session: inbound.concerned(session, text.number, since),
        request=text.sid,
    )


def _answered(turn: Turn, text: Incoming) -> str:
    before = inbound.inbound_before(turn.session, text.provider, text.sid)
    if before is not None:
        return before.answer
    row = _keep(turn, text)
    known = _known(turn, text.number)
    answer = _obey(turn, text, known, row) if known else _to_stranger(turn, text)
    row.answer = _spoken(turn, answer)
    return row.answer


def _known(turn: Turn, number: str) -> tuple[people.Person, ...]:
    """Whoever has this number; of those who left only who, for her own eyes, is still out."""
    found = people.by_mobile(turn.session, number)
    return tuple(p for p in found if p.left_at is None or Sender(turn, number, (p,)).visits)


def _keep(turn: Turn, text: Incoming) -> Inbound:
    row = Inbound(
        provider=text.provider,
        sid=text.sid,
        number=text.number[:30],
        body=text.kept,
        received_at=turn.now,
        answer="",
    )
    turn.session.add(row)
    turn.session.flush()
    return row


def _obey(turn: Turn, text: Incoming, known: tuple[people.Person, ...], row: Inbound) -> str:
    sender = Sender(turn, text.number, known, raw=text.body, said=text.kept)
    row.person_id = sender.person.id
    for person in known:
        hear_number(turn, person)
    if _is_start(text, known):
        return start_again(sender)
    said = grammar.parse(text.body, told=bool(sender.open))
    if text.opt_out is OptOut.STOP:
        said = grammar.Stop()
    if isinstance(said, grammar.Unclear) and _says_it_for_ever(turn, text):
        return ""
    return obey(sender, said)


def _is_start(text: Incoming, known: tuple[people.Person, ...]) -> bool:
    """Whether the gateway has just opened this number to our texts again."""
    if text.opt_out is not None:
        return text.opt_out is OptOut.START
    blocked = any(person.unreachable_since is not None for person in known)
    return blocked and text.body.strip().casefold() in START_WORDS


def _says_it_for_ever(turn: Turn, text: Incoming) -> bool:
    """Whether a machine answers our answers: the same unclear words over and over."""
    earlier = inbound.said_since(turn.session, text.number, turn.now - SAME_WITHIN)
    return sum(one.body == text.kept for one in earlier) > MOST_SAME


def _to_stranger(turn: Turn, text: Incoming) -> str:
    given = inbound.answers_to_stranger(turn.session, text.number, turn.now - DAY)
    log.info("text_from_stranger", sid=text.sid, answered=given < MOST_TO_STRANGERS)
    return answers.STRANGER if given < MOST_TO_STRANGERS else ""


def _spoken(turn: Turn, answer: str) -> str:
    return shorten(spoken(turn, plain(answer)), LONGEST_ANSWER) if answer else ""


def _taken_before(text: Incoming) -> Taken:
    """The same text was being dealt with at the same moment: its answer is the answer."""
    try:
        before = db.read(lambda s: inbound.inbound_before(s, text.provider, text.sid))
    except AWAY:
        return _sorry(stored=False)
    return Taken(before.answer, stored=True) if before is not None else _rescue(text)


def _rescue(text: Incoming) -> Taken:
    try:
        return Taken(_perform(text, _rescued), stored=True)
    except Exception:
        log.exception("text_not_rescued", sid=text.sid)
        return _sorry(stored=False)


def _rescued(turn: Turn, text: Incoming) -> str:
    """The least that must be done: keep it, and if it is a cry for help, raise it."""
    before = inbound.inbound_before(turn.session, text.provider, text.sid)
    if before is not None:
        return before.answer
    row = _keep(turn, text)
    known = _known(turn, text.number)
    cries = isinstance(grammar.parse(text.body), CRIES)
    for person in known if cries else ():
        cry_out(replace(turn, actor=person), person)
    row.person_id = known[0].id if known else None
    row.answer = _spoken(turn, answers.sos(reaches=True) if cries and known else answers.FAILED)
    return row.answer


def _sorry(*, stored: bool) -> Taken:
    return Taken(plain(answers.FAILED), stored)

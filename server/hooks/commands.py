"""From what a text means to what is done about it, and to one kind sentence where it is refused."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from server.domain import refusals
from server.domain.refusals import Refusal
from server.domain.words import answers
from server.domain.words.fit import fit
from server.hooks import charge, outings, rest
from server.hooks.sender import Sender
from server.store import db, visits
from shared import grammar

Handler = Callable[[Sender, Any], str]

HANDLERS: dict[type, Handler] = {
    grammar.Visit: outings.begin,
    grammar.Home: outings.go_home,
    grammar.Ok: lambda sender, _: outings.check_in(sender),
    grammar.More: outings.ask_more,
    grammar.Done: outings.finish,
    grammar.Sos: lambda sender, said: rest.cry_out(sender, said.words),
    grammar.Help: rest.call_for_help,
    grammar.Status: lambda sender, _: rest.tell_status(sender),
    grammar.Away: rest.go_away,
    grammar.Back: lambda sender, _: rest.come_back(sender),
    grammar.Own: charge.take,
    grammar.Pass: charge.hand_on,
    grammar.Safe: charge.end_as_safe,
    grammar.FalseAlarm: charge.end_as_false,
    grammar.Stop: lambda sender, _: rest.stop(sender),
    grammar.Unclear: rest.not_understood,
}
EXAMPLES: dict[type, Callable[[Any], str]] = {
    grammar.Home: lambda _: "HOME",
    grammar.More: lambda said: f"MORE {said.minutes}",
    grammar.Safe: lambda _: "SAFE",
    grammar.FalseAlarm: lambda _: "FALSE",
}


def obey(sender: Sender, said: grammar.Command) -> str:
    """Do what the text says, in a savepoint: of what is refused nothing remains but what the
    refusal itself leaves behind (a wrong PIN is counted) and a duress, which always stands."""
    session = sender.turn.session
    step = session.begin_nested()
    try:
        answer = HANDLERS[type(said)](sender, said)
    except Refusal as refusal:
        step.commit() if refusal.kept or db.stands(session) else step.rollback()
        return _sentence(sender, said, refusal)
    step.commit()
    return answer


def _sentence(sender: Sender, said: grammar.Command, refusal: Refusal) -> str:
    if isinstance(refusal, refusals.PinWrong):
        return answers.wrong_pin()
    if isinstance(refusal, refusals.PinRequired):
        return answers.add_pin(EXAMPLES.get(type(said), lambda _: "DONE")(said))
    if isinstance(refusal, refusals.OpenVisit):
        visit = visits.visit(sender.turn.session, UUID(refusal.extra["visit"]))
        return outings.still_open(sender, visit)
    return fit(refusal.sentence)

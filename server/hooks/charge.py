"""1, 2, SAFE and FALSE: what somebody who was told of an alarm answers (contract 6)."""

from datetime import datetime

from server.acts import drilling, owning, several, standing_down
from server.acts.seeing import may_see_alarm, see_alarm
from server.acts.tell import is_veiled
from server.domain.words import answers, replies
from server.hooks.sender import Heard, Sender
from server.store import people
from shared import grammar
from shared.numbers import national
from shared.states import AlarmOutcome, AlarmStatus

Choice = Heard | str


def take(sender: Sender, said: grammar.Own) -> str:
    """`1`: she takes charge of the one alarm she was told of, or of the one with that letter; with
    no alarm open it is her answer to a drill."""
    if said.letter is None and not sender.open:
        practised = drilling.answer_by_text(sender.turn, sender.people)
        if practised is not None:
            return practised
    chosen = _choose(sender, said.letter, "1")
    if isinstance(chosen, str):
        return chosen
    alarm, turn = chosen.alarm, sender.acting_as(chosen.person)
    if _is_anothers(chosen):
        return _taken(sender, chosen)
    renews, letter = alarm.owner_id == chosen.person.id, sender.letter_of(chosen)
    owning.own(turn, alarm)
    worker, hands_off = alarm.worker, sender.hands_off(chosen)
    if renews and alarm.owner_until is not None:
        until = sender.clock(chosen.person, alarm.owner_until)
        return replies.keeps_charge(worker.name, until, letter, hands_off=hands_off)
    number = national(worker.mobile, worker.org.country) if worker.mobile else None
    return replies.in_charge(worker.name, number, letter, hands_off=hands_off)


def _is_anothers(chosen: Heard) -> bool:
    alarm = chosen.alarm
    return alarm.status == AlarmStatus.OWNED and alarm.owner_id != chosen.person.id


def _taken(sender: Sender, chosen: Heard) -> str:
    owner, worker = chosen.alarm.owner, chosen.alarm.worker
    hands_off = sender.hands_off(chosen)
    return replies.taken(owner.name if owner else "Somebody", worker.name, hands_off=hands_off)


def hand_on(sender: Sender, said: grammar.Pass) -> str:
    """`2`: the next person at once; in a broadcast, quiet for her while somebody else remains."""
    chosen = _choose(sender, said.letter, "2")
    if isinstance(chosen, str):
        return chosen
    alarm = chosen.alarm
    if _is_anothers(chosen):
        return _taken(sender, chosen)
    everyone = alarm.rung >= len(alarm.ladder_json["rungs"])
    owning.pass_on(sender.acting_as(chosen.person), alarm)
    hands_off = sender.hands_off(chosen)
    return replies.passed(alarm.worker.name, to_everyone=everyone, hands_off=hands_off)


def end_as_safe(sender: Sender, said: grammar.Safe) -> str:
    """`SAFE` and one's own PIN."""
    return _end(sender, said.letter, said.pin, AlarmOutcome.SAFE, "SAFE")


def end_as_false(sender: Sender, said: grammar.FalseAlarm) -> str:
    """`FALSE` and one's own PIN."""
    return _end(sender, said.letter, said.pin, AlarmOutcome.FALSE_ALARM, "FALSE")


def _end(
    sender: Sender, letter: str | None, pin: str | None, outcome: AlarmOutcome, command: str
) -> str:
    if letter is None and sender.troubles:
        return _stand_down(sender, pin, command)
    chosen = _choose(sender, letter, command)
    if isinstance(chosen, str):
        sender.hear_pin(pin)
        return chosen
    if not chosen.person.has_pins:
        return replies.no_pins()
    if pin is None:
        return replies.pin_please(command, sender.letter_of(chosen))
    owning.resolve(sender.acting_as(chosen.person), chosen.alarm, outcome, pin=pin)
    at = sender.clock(chosen.person, sender.turn.now)
    worker, person = chosen.alarm.worker, chosen.person
    still = several.open_to(sender.turn.session, worker.id, person.id)
    going = several.bring_in(sender.turn, person, still)
    return replies.resolved(worker.name, at, outcome, going)


def _stand_down(sender: Sender, pin: str | None, command: str) -> str:
    """From the worker in trouble it ends everything about her that she knows of."""
    first = sender.troubles[0]
    if not first.worker.has_pins:
        return answers.noted(None)
    if pin is None:
        return answers.add_pin(command)
    for worker in {alarm.worker_id: alarm.worker for alarm in sender.troubles}.values():
        *others, last = [alarm for alarm in sender.troubles if alarm.worker_id == worker.id]
        standing_down.stand_down(sender.acting_as(worker), last, pin, with_it=others)
    at = sender.clock(first.worker, sender.turn.now)
    going_on = [
        answers.still(visit.place, sender.clock(visit.worker, visit.ends_at))
        for visit in sender.visits[:1]
    ]
    return " ".join([answers.ended(at), *going_on])


def _choose(sender: Sender, letter: str | None, command: str) -> Choice:
    """The alarm that is meant, or what to answer where that cannot be known."""
    if letter is not None:
        return _by_letter(sender, letter, command)
    if sender.is_plain:
        return sender.open[0]
    return _which(sender, command) or _last_ended(sender)


def _by_letter(sender: Sender, letter: str, command: str) -> Choice:
    named = [heard for heard in sender.heard if heard.told.letter == letter]
    still = [heard for heard in sender.open if heard in named]
    if still:
        return still[0]
    if named:
        return _over(sender, max(named, key=_ended_at))
    return " ".join(filter(None, [replies.no_such_letter(letter), _which(sender, command)]))


def _which(sender: Sender, command: str) -> str:
    pin = command not in ("1", "2")
    return replies.which(command, pin, sender.listed(sender.open)) if sender.open else ""


def _last_ended(sender: Sender) -> str:
    ended = [heard for heard in sender.heard if not heard.is_open]
    return _over(sender, max(ended, key=_ended_at)) if ended else replies.none_told()


def _ended_at(heard: Heard) -> datetime:
    return heard.told.letter_ended_at or heard.told.since


def _over(sender: Sender, heard: Heard) -> str:
    """Who ended it, as far as she may know; and that another about the same worker is open, of
    which she counts as told from now on if she may see it (P7)."""
    alarm, person = heard.alarm, heard.person
    seen = see_alarm(person, alarm)
    own = is_veiled(alarm, person.id) or alarm.resolved_by_id == person.id
    by = replies.YOU if own else None
    if by is None and alarm.resolved_by_id is not None:
        by = people.person(sender.turn.session, alarm.resolved_by_id).name
    at = sender.clock(person, seen.resolved_at or sender.turn.now)
    turn, worker = sender.turn, alarm.worker
    still = several.open_to(turn.session, worker.id, person.id)
    seeable = [one for one in still if may_see_alarm(turn.session, person, one)]
    going = several.bring_in(turn, person, seeable)
    if going is not None:
        return replies.over_but_another(worker.name, by, at, going)
    outcome = None if still else seen.outcome or AlarmOutcome.SAFE
    return replies.over(worker.name, by, at, outcome)

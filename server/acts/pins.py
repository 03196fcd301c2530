"""What a given PIN is, and what five wrong ones in a row mean (contract 4, P4)."""

from server.acts.base import Turn, record
from server.acts.raising import raise_duress
from server.domain.refusals import PinWrong
from server.domain.secrets import Pin
from server.store.log import Audience
from server.store.people import Person, WrongPin
from server.store.visits import Visit
from shared.policy import Policy
from shared.states import Means, PinRule

MOST_WRONG = 5


def judge(turn: Turn, person: Person, pin: str | None, visit: Visit | None = None) -> Pin:
    """NONE, SAFE or DURESS; a wrong one is counted and refused, wherever it was given.

    After five wrong PINs no PIN stands anything down until somebody else has resolved the hidden
    alarm, and a right one is answered as ever: SAFE is treated as DURESS.
    """
    found = turn.desk.keys.judge_pin(person.id, pin, person.pin_hash, person.duress_hash)
    if found is Pin.WRONG:
        _count_wrong(turn, person, visit)
        raise PinWrong("That PIN is not right. Nothing was changed.")
    if found is Pin.SAFE and person.pins_jammed:
        return Pin.DURESS
    if found in (Pin.SAFE, Pin.DURESS):
        person.wrong_pins = 0
    return found


def _count_wrong(turn: Turn, person: Person, visit: Visit | None) -> None:
    """Count this request once, however often a phone in a dead spot sends it."""
    if turn.request is not None:
        if turn.session.get(WrongPin, (person.id, turn.request)) is not None:
            return
        turn.session.add(WrongPin(person_id=person.id, request=turn.request, at=turn.now))
    person.wrong_pins += 1
    record(
        turn,
        "pin_wrong",
        org_id=person.org_id,
        visit=visit,
        subject_id=person.id,
        count=person.wrong_pins,
    )
    if person.wrong_pins >= MOST_WRONG and not person.pins_jammed:
        person.pins_jammed = True
        record(
            turn,
            "pins_jammed",
            org_id=person.org_id,
            subject_id=person.id,
            audience=Audience.NOT_SUBJECT,
        )
        raise_duress(turn, person, visit)


def is_asked(turn: Turn, policy: Policy, worker: Person) -> bool:
    """Whether closing or extending before a raise asks for the worker's PIN.

    A person without PINs cannot be asked for one; `doctor` names her.
    """
    if turn.by in (Means.TEXT, Means.CALL):
        return asks_by_text(policy, worker)
    return worker.has_pins and asks_by_page(policy)


def asks_by_page(policy: Policy) -> bool:
    """Whether the app and the pages ask for the PIN of whoever has one."""
    return policy.pin is PinRule.ALWAYS


def asks_by_text(policy: Policy, worker: Person) -> bool:
    """Whether a text that closes or extends has to carry her PIN."""
    return worker.has_pins and policy.pin is not PinRule.NEVER

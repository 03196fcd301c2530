"""VISIT and HOME, OK, MORE and DONE: what a worker says of her own visits (contract 6)."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from server.acts import closing, during, monitoring, news, planning, starting
from server.acts.coverage import may_sign_in
from server.acts.pins import asks_by_text
from server.acts.timing import policy_of
from server.domain.words import answers, replies
from server.domain.words.fit import NO_PLACE
from server.domain.words.replies import EVERY_WAY
from server.hooks.sender import Heard, Sender
from server.store import people
from server.store.alarms import Alarm
from server.store.people import Person
from server.store.visits import Visit
from shared import grammar
from shared.ladder import Step
from shared.spans import LONGEST_GUESS, next_wall_time
from shared.states import AlarmKind, VisitKind, WayOut

ON_THE_WAY_HOME = "On the way home"


def begin(sender: Sender, said: grammar.Visit) -> str:
    """A visit begins; the same words again within 10 minutes get the same answer."""
    person, first = sender.person, said.until is not None
    for visit in sender.begun_by_these_words():
        if visit.kind != VisitKind.HOME:
            return _begun(sender, visit, until_first=first)
    if not may_sign_in(person):
        return replies.not_understood(grammar.Why.UNKNOWN)
    if said.asks_how_long:
        return answers.how_long(said.place)
    if said.doubt and (others := [v for v in sender.visits if v.kind != VisitKind.HOME]):
        return still_open(sender, others[0])
    ends_at = _wall_time(sender, person, said)
    longest = LONGEST_GUESS if said.either_half else starting.longest(VisitKind.VISIT)
    if ends_at is not None and ends_at - sender.turn.now > longest:
        hours = longest // timedelta(hours=1)
        return answers.too_far(sender.clock(person, ends_at), hours)
    wanted = starting.NewVisit(
        ref=_ref(sender, person),
        place=said.place or NO_PLACE,
        minutes=said.minutes,
        ends_at=ends_at,
        pin=said.pin if person.has_pins else None,
    )
    visit = starting.start(sender.acting_as(person), person, wanted)
    return _begun(sender, visit, until_first=first)


def _wall_time(sender: Sender, person: Person, said: grammar.Visit) -> datetime | None:
    if said.until is None:
        return None
    zone, (hour, minute) = ZoneInfo(person.org.timezone), said.until
    return next_wall_time(hour, minute, zone, sender.turn.now, either_half=said.either_half)


def _ref(sender: Sender, person: Person) -> UUID:
    """The same text asks for the same visit."""
    return uuid5(NAMESPACE_URL, f"text:{person.id}:{sender.turn.request}")


def _begun(sender: Sender, visit: Visit, *, until_first: bool) -> str:
    turn, worker = sender.turn, visit.worker
    steps = planning.visit_plan(turn.session, turn.desk, visit, worker, turn.now)
    told = next((step for step in steps if step.by and step.who != "you"), None)
    return answers.begun(
        visit.place,
        sender.clock(worker, visit.ends_at),
        until_first=until_first,
        ok_by=_ok_by(sender, visit),
        asks_pin=asks_pin(sender, visit),
        tells=(_who(told), sender.clock(worker, told.at)) if told else None,
        doubt=doubt(sender, steps),
        ends_with="HOME" if visit.kind == VisitKind.HOME else "DONE",
    )


def _who(step: Step) -> str:
    return "everyone" if step.by == EVERY_WAY else step.who


def doubt(sender: Sender, steps: list[Step]) -> str | None:
    """Why this does not cover her, in a sentence; a rehearsal says so in every text anyway."""
    turn = sender.turn
    if turn.desk.rehearsal:
        return None
    house = monitoring.judge(turn.session, turn.desk, turn.now)
    if not house.alive or house.way_out is WayOut.NONE:
        return answers.not_watching()
    first = steps[0] if steps else None
    return first.why if first is not None and first.who == "nobody" and not first.by else None


def _ok_by(sender: Sender, visit: Visit) -> str | None:
    """When the next sign of life is owed, where that is before the end."""
    return sender.clock(visit.worker, visit.due_at) if visit.due_at < visit.ends_at else None


def asks_pin(sender: Sender, visit: Visit) -> bool:
    """Whether DONE and MORE have to carry her PIN."""
    return asks_by_text(policy_of(sender.turn, visit), visit.worker)


def still_open(sender: Sender, visit: Visit) -> str:
    """Another visit has to be finished first."""
    return answers.still_open(visit.place, asks_pin(sender, visit))


def go_home(sender: Sender, said: grammar.Home) -> str:
    """HOME with minutes begins the way home, with a PIN or bare it ends the one that is open."""
    homes = sender.homes
    if said.minutes is None:
        return _arrive(sender, homes, said.pin)
    for visit in homes:
        if visit in sender.begun_by_these_words():
            return _begun(sender, visit, until_first=False)
    if homes:
        until = sender.clock(homes[0].worker, homes[0].ends_at)
        return answers.home_open(until, asks_pin(sender, homes[0]))
    person = sender.person
    if not may_sign_in(person):
        return replies.not_understood(grammar.Why.UNKNOWN)
    wanted = starting.NewVisit(
        ref=_ref(sender, person),
        place=ON_THE_WAY_HOME,
        minutes=said.minutes,
        kind=VisitKind.HOME,
    )
    visit = starting.start(sender.acting_as(person), person, wanted)
    return _begun(sender, visit, until_first=False)


def _arrive(sender: Sender, homes: list[Visit], pin: str | None) -> str:
    if homes:
        return _finish(sender, homes[0], pin, "HOME")
    sender.hear_pin(pin)
    team = people.team_of(sender.turn.session, sender.person.id)
    return answers.home_how(team is not None and asks_by_text(team.policy, sender.person))


def finish(sender: Sender, said: grammar.Done) -> str:
    """DONE closes the visit due first, and says which."""
    found = sender.visits
    if found:
        return _finish(sender, found[0], said.pin, "DONE")
    sender.hear_pin(said.pin)
    return _nothing_open(sender, "close_without_pin", "she is finished")


def _finish(sender: Sender, visit: Visit, pin: str | None, command: str) -> str:
    turn = sender.acting_as(visit.worker)
    past = _is_past(sender, visit)
    if pin and not visit.worker.has_pins and not past:
        return answers.no_pins(command)
    pin = pin if visit.worker.has_pins else None
    closing.close(turn, visit, pin=pin)
    if past and pin is None:
        return answers.noted(_stop(visit.worker, command))
    at = sender.clock(visit.worker, turn.now)
    home = visit.kind == VisitKind.HOME
    said = answers.finished_home(at) if home else answers.finished(visit.place, at)
    return " ".join([said, *_what_goes_on(sender)])


def _is_past(sender: Sender, visit: Visit) -> bool:
    turn = sender.acting_as(visit.worker)
    return bool(closing.raised_alarms(turn, visit))


def _stop(worker: Person, command: str) -> str | None:
    return answers.stop_with(command) if worker.has_pins else None


def _what_goes_on(sender: Sender) -> list[str]:
    """What of hers is still open after something of hers has ended."""
    said = [
        answers.still(visit.place, sender.clock(visit.worker, visit.ends_at))
        for visit in sender.visits[:1]
    ]
    if any(alarm.kind == AlarmKind.SOS for alarm in sender.troubles):
        said.append(answers.sos_goes_on())
    return said


def _nothing_open(sender: Sender, what: str, says: str) -> str:
    """Nothing of hers is open but, perhaps, an SOS without a visit: those told hear of it (P4)."""
    said = [_news_of(sender, alarm, what, says) for alarm in sender.troubles]
    return said[0] if said else answers.nothing_open()


def ask_more(sender: Sender, said: grammar.More) -> str:
    """MORE moves the end of the visit due first, and says which and to when."""
    found = sender.visits
    if not found:
        sender.hear_pin(said.pin)
        more = f"{said.minutes} min more" if said.minutes else "more time"
        return _nothing_open(sender, "extend_without_pin", f"she needs {more}")
    visit = found[0]
    if said.minutes is None:
        return answers.how_many(asks_pin(sender, visit))
    turn, worker = sender.acting_as(visit.worker), visit.worker
    past, command = _is_past(sender, visit), f"MORE {said.minutes}"
    if said.pin and not worker.has_pins and not past:
        return answers.no_pins(command)
    pin = said.pin if worker.has_pins else None
    during.extend(turn, visit, said.minutes, pin)
    if past and pin is None:
        return answers.noted(_stop(worker, command))
    return answers.extended(visit.place, sender.clock(worker, visit.ends_at), _ok_by(sender, visit))


def check_in(sender: Sender) -> str:
    """OK: a sign of life for all her open visits. It never takes charge of anything."""
    found, troubles = sender.visits, sender.troubles
    said = [_check_in(sender, visit) for visit in found]
    apart = [alarm for alarm in troubles if alarm.visit_id not in {visit.id for visit in found}]
    said += [_news_of(sender, alarm, "check_in", "she is all right") for alarm in apart]
    said += _to_take_charge(sender)
    return " ".join(dict.fromkeys(said)) or answers.nothing_open()


def _check_in(sender: Sender, visit: Visit) -> str:
    worker, turn = visit.worker, sender.acting_as(visit.worker)
    kinds = {alarm.kind for alarm in closing.raised_alarms(turn, visit)}
    did = during.check_in(turn, visit)
    asks = asks_pin(sender, visit)
    if did == "told":
        return answers.noted(_stop(worker, "SAFE" if AlarmKind.SOS in kinds else "DONE"))
    if did == "moved":
        until = sender.clock(worker, visit.ends_at)
        return answers.checked_in(visit.place, until, _ok_by(sender, visit))
    by = visit.raise_at or visit.due_at
    words = answers.one_more_grace if did == "grace" else answers.no_more_grace
    return words(visit.place, sender.clock(worker, by), asks)


def _news_of(sender: Sender, alarm: Alarm, what: str, says: str) -> str:
    """News that belongs to no open visit, while an alarm about her is open."""
    turn = sender.acting_as(alarm.worker)
    news.tell_news(turn, None, [alarm], what, says)
    return answers.noted(_stop(alarm.worker, "SAFE"))


def _to_take_charge(sender: Sender) -> list[str]:
    unowned = [heard for heard in sender.open if heard.alarm.owner_id is None]
    if unowned:
        return [replies.to_take_charge(sender.listed(unowned), bare=sender.is_plain)]
    own = [heard for heard in sender.open if heard.alarm.owner_id == heard.person.id]
    if own:
        return [_has_charge(sender, heard) for heard in own[:1]]
    return [
        replies.taken(
            heard.alarm.owner.name, heard.alarm.worker.name, hands_off=sender.hands_off(heard)
        )
        for heard in sender.open
        if heard.alarm.owner is not None and heard.alarm.owner_id != heard.person.id
    ][:1]


def _has_charge(sender: Sender, heard: Heard) -> str:
    """OK is no sign from an owner: only `1`, a note or a tap says that she is still with it."""
    until = heard.alarm.owner_until or sender.turn.now
    at = sender.clock(heard.person, until)
    return replies.has_charge(
        heard.alarm.worker.name, at, sender.letter_of(heard), hands_off=sender.hands_off(heard)
    )

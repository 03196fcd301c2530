"""SOS, HELP, STATUS, AWAY, BACK, STOP, START, and whatever was not understood (contract 6)."""

import hashlib
from zoneinfo import ZoneInfo

from server.acts import crying_out, news, planning, self_care
from server.acts.base import record
from server.acts.climbing import circle_around, plan_of
from server.acts.crying_out import REPEATED_WITHIN
from server.acts.tell import place_of
from server.domain.words import answers, replies
from server.domain.words.replies import EVERY_WAY
from server.hooks.outings import doubt
from server.hooks.sender import Heard, Sender
from server.store import alarms, people
from server.store.alarms import Alarm
from server.store.people import Person
from server.store.visits import Visit
from shared import grammar
from shared.gsm7 import shorten
from shared.ladder import Step, reaches_anyone
from shared.spans import next_wall_time
from shared.states import AlarmKind, Role

MOST_STEPS = 5
MOST_VISITS = 3
LONGEST_STATUS = 3 * 153


def cry_out(sender: Sender, words: str) -> str:
    """SOS, in every organisation she is in. While one is open, another is news and no second."""
    again = [alarm for alarm in sender.troubles if alarm.kind == AlarmKind.SOS]
    if again:
        key = f"again:{sender.turn.request}"
        for alarm in again:
            news.tell_words(sender.acting_as(alarm.worker), [alarm], "sos_again", words, key)
        return answers.sos_again(sender.clock(sender.person, sender.turn.now))
    heard = [_raise(sender, person, words) for person in sender.people]
    return answers.sos(reaches=any(heard))


def _raise(sender: Sender, person: Person, words: str) -> bool:
    """Raise it, keep what she wrote with it, and say whether anybody can be told."""
    turn = sender.acting_as(person)
    if people.team_of(turn.session, person.id) is None:
        record(turn, "sos_without_team", org_id=person.org_id, subject_id=person.id, text=words)
        return False
    alarm = crying_out.cry_out(turn, person, snapshot={"words": words})
    record(turn, "sos_text", org_id=alarm.org_id, alarm=alarm, text=words)
    return reaches_anyone(circle_around(turn.session, turn.desk, alarm))


def call_for_help(sender: Sender, said: grammar.Help) -> str:
    """HELP from a worker is an SOS; from somebody told of an alarm, with nothing of her own open,
    a question."""
    own = sender.visits or sender.troubles
    if sender.open and not own:
        return replies.HOW_TO_REPLY
    if own or any(person.has_role(Role.WORKER) for person in sender.people):
        return cry_out(sender, said.words)
    return replies.not_understood(grammar.Why.UNKNOWN)


def tell_status(sender: Sender) -> str:
    """What the server believes, and the safety chain from now."""
    shown = {visit.id for visit in sender.visits}
    said = [_trouble(sender, a, None) for a in sender.troubles if a.visit_id not in shown]
    said += [_visit_status(sender, visit) for visit in sender.visits[:MOST_VISITS]]
    if sender.open:
        said.append(replies.told_of([_standing(sender, heard) for heard in sender.open]))
    if not said:
        steps = planning.plan_from_now(
            sender.turn.session, sender.turn.desk, sender.person, sender.turn.now
        )
        said = [answers.if_begun_now(_names(steps), doubt(sender, steps))]
    return shorten(" ".join(said), LONGEST_STATUS)


def _visit_status(sender: Sender, visit: Visit) -> str:
    turn, worker = sender.turn, visit.worker
    raised = [alarm for alarm in sender.troubles if alarm.visit_id == visit.id]
    if raised:
        return _trouble(sender, raised[0], visit)
    steps = planning.visit_plan(turn.session, turn.desk, visit, worker, turn.now)
    until = sender.clock(worker, visit.ends_at)
    return answers.watched(visit.place, until, _chain(sender, worker, steps), doubt(sender, steps))


def _trouble(sender: Sender, alarm: Alarm, visit: Visit | None) -> str:
    turn, worker = sender.turn, alarm.worker
    circle = circle_around(turn.session, turn.desk, alarm, worker.id)
    steps = plan_of(turn.session, turn.desk, alarm, circle)
    chain = _chain(sender, worker, steps)
    return answers.being_told(
        visit.place if visit else None,
        chain[0] if chain else None,
        alarm.owner.name if alarm.owner else None,
        _how_to_stop(alarm),
    )


def _standing(sender: Sender, heard: Heard) -> replies.Standing:
    """An alarm she was told of, as she may know it, and the next step of its ladder."""
    session, desk, alarm = sender.turn.session, sender.turn.desk, heard.alarm
    team = session.get_one(people.Team, alarm.team_id)
    listed, owner = sender.listed([heard])[0], alarm.owner.name if alarm.owner else None
    steps = []
    if owner is None:
        circle = circle_around(session, desk, alarm, heard.person.id)
        steps = [step for step in plan_of(session, desk, alarm, circle) if step.by]
    return replies.Standing(
        listed,
        place=(place_of(alarm) or "") if team.policy.text_shows_place else "",
        owner=owner,
        next_act=_act(sender, heard.person, steps[0]) if steps else "",
    )


def _act(sender: Sender, receiver: Person, step: Step) -> str:
    return replies.next_act(step.who, step.by, sender.clock(receiver, step.at))


def _chain(sender: Sender, worker: Person, steps: list[Step]) -> list[str]:
    """The first steps that tell somebody else, with their times."""
    told = [step for step in steps if step.by and step.who != "you"]
    return [
        f"{sender.clock(worker, step.at)} {_who(step)}"
        + ("" if step.by == EVERY_WAY else f" by {step.by}")
        for step in told[:MOST_STEPS]
    ]


def _names(steps: list[Step]) -> list[str]:
    told = [_who(step) for step in steps if step.by and step.who != "you"]
    return list(dict.fromkeys(told))[:MOST_STEPS]


def _who(step: Step) -> str:
    return "everyone" if step.by == EVERY_WAY else step.who


def go_away(sender: Sender, said: grammar.Away) -> str:
    """AWAY: absent until then, in every organisation she is in."""
    if said.until is None:
        return answers.away_when()
    zone, (hour, minute) = ZoneInfo(sender.person.org.timezone), said.until
    until = next_wall_time(hour, minute, zone, sender.turn.now, either_half=said.either_half)
    for person in sender.people:
        self_care.go_away(sender.acting_as(person), person, None, until)
    return answers.away(sender.clock(sender.person, until))


def come_back(sender: Sender) -> str:
    """BACK: there again."""
    for person in sender.people:
        self_care.come_back(sender.acting_as(person), person)
    return answers.back()


def stop(sender: Sender) -> str:
    """STOP: the gateway lets no text of ours through any more, this answer neither."""
    for person in sender.people:
        self_care.lose_number(sender.acting_as(person), person)
    return ""


def start_again(sender: Sender) -> str:
    """START: the gateway lets our texts through again."""
    for person in sender.people:
        self_care.regain_number(sender.acting_as(person), person)
    return answers.number_back()


def not_understood(sender: Sender, said: grammar.Unclear) -> str:
    """Never silence; and while an alarm about her is open it is shown to whoever was told."""
    sender.hear_duress()
    digest = hashlib.sha256(said.text.encode()).hexdigest()[:16]
    spell = int(sender.turn.now.timestamp() // REPEATED_WITHIN.total_seconds())
    for person in sender.people:
        turn = sender.acting_as(person)
        about_her = alarms.open_alarms(turn.session, person.id)
        news.tell_words(turn, about_her, "unclear", said.text, f"wrote:{digest}:{spell}")
    if not sender.troubles:
        for visit in sender.visits[:1]:
            turn = sender.acting_as(visit.worker)
            record(turn, "unclear", org_id=visit.org_id, visit=visit, text=said.text)
    if sender.open and not (sender.visits or sender.troubles):
        told = grammar.Why.UNKNOWN if said.why is grammar.Why.UNKNOWN_TOLD else said.why
        return replies.not_understood(told)
    if sender.troubles:
        return answers.passed_on(said.why, _how_to_stop(sender.troubles[0]))
    return answers.not_understood(said.why)


def _how_to_stop(alarm: Alarm) -> str | None:
    """How its worker ends this one, with the PIN that she may not have."""
    command = "DONE" if alarm.kind == AlarmKind.OVERDUE else "SAFE"
    return answers.stop_with(command) if alarm.worker.has_pins else None

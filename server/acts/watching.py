"""A buddy's yes or no to watching a visit."""

from server.acts.base import Turn, record
from server.acts.owning import pass_on
from server.acts.tell import is_veiled
from server.domain.refusals import Conflict, NotYours
from server.store import alarms, people
from server.store.people import Person
from server.store.visits import Visit, Watching
from shared.states import VisitStatus


def answer_watch(turn: Turn, visit: Visit, *, accepted: bool) -> None:
    """Accept or decline; a decline hands over to the next cover at once, silence is neither."""
    person = turn.actor
    watching = people.watched_by(turn.session, person.id) if person else set()
    if person is None or not (visit.worker_id in watching or visit.buddy_id == person.id):
        raise NotYours("visit")
    if visit.status not in (VisitStatus.OPEN, VisitStatus.PLANNED):
        raise Conflict("This visit is over; there is nothing to watch.")
    found = turn.session.get(Watching, (visit.id, person.id))
    if found is None:
        found = Watching(visit_id=visit.id, person_id=person.id, accepted=accepted, at=turn.at)
        turn.session.add(found)
    found.accepted, found.at = accepted, turn.at
    what = "watch_accepted" if accepted else "watch_declined"
    record(turn, what, org_id=visit.org_id, visit=visit, who=person.name)
    if not accepted:
        _hand_over(turn, visit, person)


def _hand_over(turn: Turn, visit: Visit, person: Person) -> None:
    """Whatever she was asked about this visit already is passed on with it."""
    turn.session.flush()
    for alarm in alarms.open_alarms_of_visit(turn.session, visit.id):
        if alarms.was_told(turn.session, alarm.id, person.id) and not is_veiled(alarm, person.id):
            pass_on(turn, alarm)

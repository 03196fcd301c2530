"""What somebody's leaving would mean for the others, said before it is done."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from server.acts.base import Desk
from server.acts.coverage import Coverage
from server.store import roster as store
from server.store import visits
from server.store.alarms import in_duress
from server.store.people import Person
from server.store.roster import Roster


@dataclass(frozen=True)
class Going:
    """`buddy_of`: for whom she is told first, with who would be instead (None: nobody); `cover_of`:
    whose cover she is; `exposed`: whom fewer than two others could be told of then;
    `under_threat`: that she has signalled it, and being signed out would show at once on the phone
    in her hand."""

    buddy_of: list[tuple[Person, Person | None]]
    cover_of: list[Person]
    exposed: list[Person]
    under_threat: bool
    visits: int
    alarms: int

    @property
    def changes_nothing(self) -> bool:
        """Whether nobody would miss her."""
        hers = self.visits or self.alarms or self.under_threat
        return not (self.buddy_of or self.cover_of or self.exposed or hers)


def going(session: Session, desk: Desk, roster: Roster, person: Person, viewer: Person) -> Going:
    """If she left now, as far as the viewer may know."""
    now, then = Coverage(roster, desk), Coverage(roster.without(person), desk)
    thin_now = {one.id for one in now.exposed()}
    hers = [one for one in now.workers() if person in now.watchers(one)]
    first = [one for one in hers if now.watchers(one)[0].id == person.id]
    return Going(
        buddy_of=[(one, next(iter(then.watchers(one)), None)) for one in first],
        cover_of=[one for one in hers if one not in first],
        exposed=[one for one in then.exposed() if one.id not in thin_now],
        under_threat=in_duress(session, person.id, viewer.id),
        visits=len(visits.unfinished_visits(session, person.id)),
        alarms=len(store.alarms_owned_by(session, person.id)),
    )

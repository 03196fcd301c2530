"""Who stands around a worker now: what the ladder needs to know about each of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from server.acts.base import Desk
from server.store import alarms, people, visits
from server.store.around import Near, people_around
from server.store.people import NumberProof, Person, Team
from server.store.visits import Visit
from shared.ladder import Circle, Party
from shared.policy import TARGETS, Rung
from shared.spans import date_words
from shared.states import WATCHFUL, AlarmKind, Role, Way

ORDER = (Way.TEXT, Way.CALL, Way.EMAIL, Way.PUSH)


def ways_of(person: Person, desk: Desk) -> tuple[Way, ...]:
    """How she can be reached, in her order: what she has, does not refuse, and is set up.

    Also somebody who has left: she may be out still. Whoever is told is chosen among those there.
    """
    phone = bool(person.mobile)
    has = {
        Way.TEXT: phone and not person.landline and person.unreachable_since is None,
        Way.CALL: phone and not person.no_calls,
        Way.EMAIL: bool(person.email),
        Way.PUSH: False,
    }
    ways = [way for way in ORDER if has[way] and way in desk.ways]
    if person.prefers in ways:
        ways.sort(key=lambda way: way.value != person.prefers)
    return tuple(ways)


def address(person: Person, way: Way) -> str:
    """Where a message by this way goes."""
    return (person.email if way is Way.EMAIL else person.mobile) or ""


class Parties:
    """Turns people into parties, asking the database once for all of them."""

    def __init__(
        self,
        session: Session,
        desk: Desk,
        everyone: Iterable[Person],
        viewer_id: UUID | None = None,
    ) -> None:
        self._desk = desk
        ids = list({person.id for person in everyone})
        self._out = visits.workers_out(session, ids, viewer_id)
        self._trouble = alarms.workers_in_trouble(session, ids, viewer_id)
        self._made: dict[UUID, Party] = {}

    def party(self, person: Person) -> Party:
        """This person as the ladder sees her; see `_party`."""
        if person.id not in self._made:
            self._made[person.id] = self._party(person)
        return self._made[person.id]

    def _party(self, person: Person) -> Party:
        """This person as the ladder sees her.

        A hidden duress must not show in what she is sent: she is told as ever (see shared.ladder).
        """
        kinds = self._trouble.get(person.id, set())
        ways = ways_of(person, self._desk)
        return Party(
            id=str(person.id),
            ref=person.ref,
            name=person.name,
            ways=ways,
            away_from=person.away_from,
            away_until=person.away_until,
            on_visit=person.id in self._out,
            in_trouble=bool(kinds - {AlarmKind.DURESS.value}),
            hidden_trouble=AlarmKind.DURESS.value in kinds,
            sure=Way.EMAIL in ways or person.number_proof != NumberProof.NONE,
            proof=proof_words(person) if {Way.TEXT, Way.CALL} & set(ways) else "",
        )


def proof_words(person: Person) -> str:
    """How far her number is known to reach her, as the safety chain says it (contract 1)."""
    if person.number_proof == NumberProof.PROVEN and person.number_proven_at is not None:
        day = person.number_proven_at.astimezone(ZoneInfo(person.org.timezone))
        return f"number proven {date_words(day.date())}"
    if person.number_proof == NumberProof.NONE:
        return "number not proven"
    return "number trusted, not proven"


def circle_of(
    session: Session,
    desk: Desk,
    worker: Person,
    team: Team,
    visit: Visit | None = None,
    viewer_id: UUID | None = None,
    rungs: Sequence[Rung] = (),
) -> Circle:
    """Everybody around this worker for this visit, as they are now; `viewer_id`: as that person
    may see them. `rungs`: those an alarm climbs by, where they are not the team's of today."""
    near = people_around(session, worker.org_id, worker.id, team.id, visit)
    policy = team.policy
    named = _named(session, worker.org_id, [*policy.rungs, *policy.rungs_urgent, *rungs])
    group = group_of(near, visit, named)
    return group.circle(worker.id, Parties(session, desk, group.all, viewer_id))


@dataclass(frozen=True)
class Group:
    """The people around one worker, sorted into the parts they have."""

    watchers: list[Person]
    team: list[Person]
    admins: list[Person]
    named: list[Person]

    @property
    def all(self) -> list[Person]:
        """Everybody of them."""
        return [*self.watchers, *self.team, *self.admins, *self.named]

    def circle(self, worker_id: UUID, parties: "Parties") -> Circle:
        """The same people as the ladder sees them."""
        everyone = _broadcast_list(self.watchers, self.team, self.admins)
        return Circle(
            worker_id=str(worker_id),
            watchers=tuple(parties.party(p) for p in self.watchers if p.id != worker_id),
            managers=tuple(parties.party(p) for p in self.team if p.has_role(Role.MANAGER)),
            contacts=tuple(parties.party(p) for p in self.team if p.has_role(Role.CONTACT)),
            everyone=tuple(parties.party(p) for p in everyone if p.id != worker_id),
            by_ref={p.ref: parties.party(p) for p in [*self.team, *self.named]},
        )


def group_of(near: Sequence[Near], visit: Visit | None, named: Sequence[Person]) -> Group:
    """Sort these people; `named`: those that rungs name by ref."""
    return Group(
        watchers=_watchers(near, visit),
        team=[one.person for one in near if one.in_team],
        admins=[one.person for one in near if one.person.is_admin],
        named=list(named),
    )


def _watchers(near: Sequence[Near], visit: Visit | None) -> list[Person]:
    """Whoever was chosen for this visit, her buddy, her covers; but for those who declined."""
    chosen_id = visit.buddy_id if visit is not None else None
    watching = [n for n in near if n.rank is not None or n.person.id == chosen_id]
    willing = [one for one in watching if not one.declined]
    willing.sort(key=lambda one: -1 if one.person.id == chosen_id else one.rank or 0)
    return [one.person for one in willing]


def _named(session: Session, org_id: UUID, rungs: Sequence[Rung]) -> list[Person]:
    """People a rung names by ref; they need not be in the team."""
    refs = refs_of(rungs)
    found = (people.by_ref(session, org_id, ref) for ref in sorted(refs))
    return [person for person in found if person is not None and person.left_at is None]


def refs_of(rungs: Iterable[Rung]) -> set[str]:
    """The people these rungs name by ref."""
    return {to for rung in rungs for to in rung.to} - set(TARGETS)


def _broadcast_list(
    watchers: Sequence[Person], team_people: Sequence[Person], admins: Sequence[Person]
) -> list[Person]:
    """Contract P5: the team's buddies, managers and contacts, and the organisation's admins."""
    chosen = [*watchers, *(p for p in team_people if p.has_role(*WATCHFUL)), *admins]
    return list({person.id: person for person in chosen}.values())

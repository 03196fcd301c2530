"""The written policy of a team: made from its live settings, issued in versions, agreed to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from server.acts.base import Desk, Turn, record
from server.acts.coverage import Coverage, may_sign_in
from server.acts.holes import empty_steps
from server.acts.teams import managed_teams, roster_for
from server.domain.refusals import BadField, Conflict, NotYours
from server.domain.words import law
from server.domain.words.law import Judged, Standing
from server.domain.words.paper import Facts, Pair, Part, parts
from server.store import drills, used
from server.store import papers as store
from server.store.papers import Paper, PaperAgreement, PaperDraft
from server.store.people import Person, Team
from server.store.roster import Roster
from shared.states import Role

LOOK_BACK = timedelta(days=30)
LONGEST_PROSE = 4000


@dataclass(frozen=True)
class Live:
    """A team's written policy as its settings have it now, and what has become of it.

    `stale`: the parts of the newest issued version that no longer match, by key.
    """

    team: Team
    parts: list[Part]
    prose: Mapping[str, str]
    revision: int
    issued: list[Paper]
    stale: dict[str, Part]
    agreed: dict[UUID, datetime]
    members: list[Person]
    points: list[Judged]

    @property
    def unwritten(self) -> list[Part]:
        """The parts that ask for the team's own words and have none."""
        said = {key for key, words in self.prose.items() if words.strip()}
        return [part for part in self.parts if part.asks and part.key not in said]

    @property
    def newest(self) -> Paper | None:
        """The version in force."""
        return self.issued[0] if self.issued else None


def teams_to_read(roster: Roster, viewer: Person) -> list[Team]:
    """The teams whose written policy this person may read, by name: her own and those she runs."""
    hers = managed_teams(roster, viewer) | set(roster.places.get(viewer.id, {}))
    return sorted((t for t in roster.teams.values() if t.id in hers), key=lambda t: t.name)


def live(session: Session, desk: Desk, viewer: Person, slug: str, now: datetime) -> Live:
    """The team's policy for somebody of the team, or who runs it; NotYours for everybody else."""
    roster = roster_for(session, viewer)
    readable = teams_to_read(roster, viewer)
    team = next((one for one in readable if one.slug == slug or not slug), None)
    if team is None:
        raise NotYours("policy")
    return live_of(session, desk, roster, team, now)


def live_of(session: Session, desk: Desk, roster: Roster, team: Team, now: datetime) -> Live:
    """The same for a caller who knows that it may be read."""
    coverage = Coverage(roster, desk)
    facts = _facts(session, desk, roster, coverage, team, now)
    made = parts(team.policy, facts)
    draft = store.draft_of(session, team.id)
    prose = {key: str(words) for key, words in (draft.prose if draft else {}).items()}
    issued = list(store.papers_of(session, team.id))
    agreed = store.agreements(session, issued[0].id) if issued else {}
    members = [one for one in coverage.members_of(team) if may_sign_in(one)]
    stale = _stale(issued[0], made) if issued else {}
    standing = Standing(
        policy=team.policy,
        facts=facts,
        prose=prose,
        issued_at=issued[0].at if issued else None,
        stale=tuple(part.title for part in stale.values()),
        unread=tuple(sorted(one.name for one in members if one.id not in agreed)),
        now=now,
    )
    return Live(
        team=team,
        parts=made,
        prose=prose,
        revision=draft.revision if draft else 0,
        issued=issued,
        stale=stale,
        agreed=agreed,
        members=members,
        points=law.judge(standing),
    )


def _facts(
    session: Session, desk: Desk, roster: Roster, coverage: Coverage, team: Team, now: datetime
) -> Facts:
    workers = sorted(coverage.workers_of(team), key=lambda one: (one.name, one.ref))
    members = sorted(coverage.members_of(team), key=lambda one: (one.name, one.ref))
    exposed = {one.id for one in coverage.exposed()}
    org = members[0].org if members else roster.org
    drill = drills.last_answered(session, team.org_id, team.id)
    return Facts(
        team=team.name,
        organisation=org.name if org else "",
        pairs=tuple(Pair(w.name, tuple(p.name for p in coverage.watchers(w))) for w in workers),
        managers=tuple(one.name for one in members if one.has_role(Role.MANAGER)),
        contacts=tuple(one.name for one in members if one.has_role(Role.CONTACT)),
        names={ref: person.name for ref, person in roster.people.items()},
        keep_days=org.keep_days if org else 0,
        keep_alarm_days=org.keep_alarm_days if org else 0,
        ways=tuple(sorted(way.value for way in desk.ways)),
        homes=used.ways_home(session, team.id, now - LOOK_BACK),
        last_drill=drill.started_at if drill else None,
        uncovered=tuple(one.name for one in workers if one.id in exposed),
        empty=empty_steps(coverage, team, now),
    )


def _stale(paper: Paper, made: list[Part]) -> dict[str, Part]:
    """The parts that say something else now than what was issued, as they say it now."""
    return {
        part.key: part
        for part in made
        if list(part.lines) != paper.parts.get(part.key, {}).get("lines")
    }


def save_draft(
    turn: Turn, team: Team, prose: Mapping[str, str], revision: int, keys: set[str]
) -> None:
    """Keep the team's own words. Conflict where somebody else changed them since `revision`."""
    assert turn.actor is not None  # noqa: S101 - only somebody signed in writes
    _check(prose, keys)
    draft = store.draft_of(turn.session, team.id, lock=True)
    if (draft.revision if draft else 0) != revision:
        raise Conflict("Somebody else changed these words while you were writing.")
    kept = {key: words for key, words in prose.items() if words}
    if draft is None:
        draft = PaperDraft(team_id=team.id, prose=kept, revision=0, at=turn.now)
        turn.session.add(draft)
    draft.prose, draft.revision = kept, draft.revision + 1
    draft.at, draft.by_id = turn.now, turn.actor.id
    record(turn, "paper_changed", org_id=team.org_id, team=team.slug, revision=draft.revision)


def _check(prose: Mapping[str, str], keys: set[str]) -> None:
    for key, words in prose.items():
        if key not in keys:
            raise BadField(key, "There is no such part.")
        if len(words) > LONGEST_PROSE:
            raise BadField(key, f"Use at most {LONGEST_PROSE} characters.")


def issue(turn: Turn, roster: Roster, team: Team, seen_version: int) -> Paper:
    """The next version: the settings' sentences of this very moment, and the team's own words."""
    assert turn.actor is not None  # noqa: S101 - only somebody signed in issues
    now = live_of(turn.session, turn.desk, roster, team, turn.now)
    version = now.newest.version if now.newest else 0
    if version != seen_version:
        raise Conflict("Somebody else issued a version meanwhile. Look at it first.")
    paper = Paper(
        team_id=team.id,
        version=version + 1,
        prose=dict(now.prose),
        parts={one.key: {"title": one.title, "lines": list(one.lines)} for one in now.parts},
        at=turn.now,
        by_id=turn.actor.id,
    )
    turn.session.add(paper)
    record(turn, "paper_issued", org_id=team.org_id, team=team.slug, version=paper.version)
    return paper


def agree(turn: Turn, now: Live, version: int) -> None:
    """Whoever acts has read this version, the newest, and agrees to it."""
    assert turn.actor is not None  # noqa: S101 - only somebody signed in agrees
    paper = now.newest
    if paper is None or paper.version != version:
        raise Conflict("There is a newer version. Read that one first.")
    if turn.actor.id in now.agreed:
        return
    turn.session.add(PaperAgreement(paper_id=paper.id, person_id=turn.actor.id, at=turn.now))
    record(
        turn,
        "paper_agreed",
        org_id=now.team.org_id,
        subject_id=turn.actor.id,
        team=now.team.slug,
        version=version,
    )

"""Fills a database with a long past, made by the database itself: a million rows in seconds."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, create_engine, insert, text
from sqlalchemy.pool import NullPool

from server.store.people import Membership, Organisation, Person, Team
from server.store.types import EPOCH, MICROSECOND
from shared.policy import read_policy

WORKERS = 1_000
TEAMS = 50
VISITS = 200_000
OPEN = 1_000
DAYS = 200
ENTRIES_EACH = 5


class Crowd:
    """One organisation with a long log. `manager` runs its first team, `head` all of them."""

    def __init__(self, url: str, now: datetime) -> None:
        self._engine = create_engine(url, poolclass=NullPool)
        self._is_sqlite = url.startswith("sqlite")
        self._now = now
        self._org = uuid4()
        self._teams = [uuid4() for _ in range(TEAMS)]
        self._workers = [uuid4() for _ in range(WORKERS)]
        self.manager, self.head = uuid4(), uuid4()
        self.some_visit = UUID(int=0)

    def fill(self) -> None:
        """Make them all, and what they did."""
        with self._engine.begin() as connection:
            if self._is_sqlite:
                connection.execute(text("PRAGMA cache_size = -400000"))
            self._people(connection)
            for statement in self._statements():
                connection.execute(text(statement))
            found = connection.scalar(text(self._one_with_alarm()))
            self.some_visit = UUID(str(found))
        if not self._is_sqlite:
            with self._engine.connect() as connection:
                vacuum = connection.execution_options(isolation_level="AUTOCOMMIT")
                vacuum.execute(text("VACUUM ANALYZE"))
        self._engine.dispose()

    def _people(self, connection: Connection) -> None:
        org = {"id": self._org, "slug": "bench", "name": "Bench", "created_at": self._now}
        connection.execute(insert(Organisation), [org])
        policy = {"policy_json": read_policy({}).to_json(), "created_at": self._now}
        teams = [
            {"id": team, "org_id": self._org, "slug": f"t{n}", "name": f"Team {n}"} | policy
            for n, team in enumerate(self._teams)
        ]
        connection.execute(insert(Team), teams)
        workers = [self._person(f"p{n}", one, ["worker"]) for n, one in enumerate(self._workers)]
        bosses = [self._person("m", self.manager, ["manager"])]
        bosses.append(self._person("h", self.head, ["manager"]))
        connection.execute(insert(Person), workers + bosses)
        connection.execute(insert(Membership), self._places())

    def _places(self) -> list[dict[str, Any]]:
        size = WORKERS // TEAMS
        found = [
            {"person_id": one, "team_id": self._teams[n // size], "home": True}
            for n, one in enumerate(self._workers)
        ]
        found.append({"person_id": self.manager, "team_id": self._teams[0], "home": True})
        return found + [{"person_id": self.head, "team_id": t, "home": False} for t in self._teams]

    def _person(self, ref: str, person: UUID, roles: list[str]) -> dict[str, Any]:
        return {
            "id": person,
            "org_id": self._org,
            "ref": ref,
            "name": f"Person {ref}",
            "roles": roles,
            "created_at": self._now,
        }

    # What they did, in the database's own words.

    def _instant(self, at: datetime) -> str:
        if self._is_sqlite:
            return str((at - EPOCH) // MICROSECOND)
        return f"timestamptz '{at.isoformat()}'"

    def _later(self, at: str, seconds: str) -> str:
        if self._is_sqlite:
            return f"({at} + ({seconds}) * 1000000)"
        return f"({at} + make_interval(secs => {seconds}))"

    def _numbers(self, count: int) -> str:
        if self._is_sqlite:
            return (
                "(WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c "
                f"WHERE n + 1 < {count}) SELECT n FROM c)"
            )
        return f"(SELECT generate_series(0, {count - 1}) AS n)"

    @property
    def _id(self) -> str:
        return "lower(hex(randomblob(16)))" if self._is_sqlite else "gen_random_uuid()"

    def _uuid(self, one: UUID) -> str:
        return f"'{one.hex}'" if self._is_sqlite else f"'{one}'::uuid"

    def _statements(self) -> list[str]:
        return [self._visits(), self._alarms(), *self._messages(), *self._log()]

    def _visits(self) -> str:
        """Every nineteenth ended late; the newest are open."""
        first = self._instant(self._now - timedelta(days=DAYS))
        starts = self._later(first, f"n * {DAYS * 86_400 // VISITS}")
        is_open = f"s.n >= {VISITS - OPEN}"
        ends = self._later("s.at", f"CASE WHEN {is_open} THEN 86400 ELSE 1800 END")
        closed = self._later("s.at", "CASE WHEN s.n % 19 = 0 THEN 2100 ELSE 1500 END")
        return f"""
            INSERT INTO visits (id, org_id, team_id, worker_id, started_by_id, client_ref, kind,
                risk, place, starts_at, ends_at, due_at, received_at, heard_at, status,
                closed_at, closed_how, close_outcome)
            SELECT {self._id}, {self._uuid(self._org)}, m.team_id, p.id, p.id, {self._id}, 'visit',
                'standard', '12 High St', s.at, {ends}, {ends}, s.at, s.at,
                CASE WHEN {is_open} THEN 'open' ELSE 'closed' END,
                CASE WHEN {is_open} THEN NULL ELSE {closed} END,
                CASE WHEN {is_open} THEN NULL ELSE 'worker' END,
                CASE WHEN {is_open} THEN NULL WHEN s.n % 487 = 0 THEN 'uneasy' ELSE 'safe' END
            FROM (SELECT n, {starts} AS at FROM {self._numbers(VISITS)} v) s
            JOIN people p ON p.ref = {self._ref("s.n")} AND p.org_id = {self._uuid(self._org)}
            JOIN memberships m ON m.person_id = p.id
        """

    @staticmethod
    def _ref(n: str) -> str:
        return f"'p' || CAST(({n} * 7) % {WORKERS} AS TEXT)"

    def _every(self, count: int) -> str:
        """One visit in so many, the same ones each time."""
        if self._is_sqlite:
            return f"rowid % {count} = 0 AND status = 'closed'"
        return f"abs(hashtext(id::text)) % {count} = 0 AND status = 'closed'"

    def _alarms(self) -> str:
        return f"""
            INSERT INTO alarms (id, org_id, team_id, worker_id, visit_id, kind, status, urgent,
                unverified, at, raised_at, due_at, ladder_json, rung, rung_at, round, next_at,
                first_owned_at, outcome, resolved_at)
            SELECT {self._id}, org_id, team_id, worker_id, id, 'overdue', 'resolved', {self._no},
                {self._no}, ends_at, ends_at, due_at, '{{}}', 1, ends_at, 0, ends_at,
                {self._later("ends_at", "120")}, 'safe', {self._later("ends_at", "600")}
            FROM visits WHERE {self._every(97)}
        """

    @property
    def _no(self) -> str:
        return "0" if self._is_sqlite else "false"

    def _messages(self) -> list[str]:
        """A reminder for every other visit, four messages for every alarm."""
        columns = """INSERT INTO messages (id, org_id, person_id, alarm_id, visit_id, team_id,
            purpose, lane, way, "to", body, dedupe_key, status, decided_at, next_at, tries, rank,
            handed_at)"""
        same = f"'text', '+447700900101', 'x', {self._text_id}, 'delivered'"
        remind = f"""{columns} SELECT {self._id}, org_id, worker_id, NULL, id, team_id, 'warn', 3,
            {same}, ends_at, ends_at, 1, 3, ends_at FROM visits WHERE {self._every(2)}"""
        alarm = f"""{columns} SELECT {self._id}, org_id, worker_id, id, visit_id, team_id, 'alarm',
            0, {same}, raised_at, raised_at, 1, 3, raised_at
            FROM alarms, {self._numbers(4)} c"""
        return [remind, alarm]

    @property
    def _text_id(self) -> str:
        return "hex(randomblob(16))" if self._is_sqlite else "gen_random_uuid()::text"

    def _log(self) -> list[str]:
        whats = "CASE c.n WHEN 0 THEN 'started' WHEN 4 THEN 'closed' ELSE 'check_in' END"
        entries = f"""
            INSERT INTO log (org_id, visit_id, subject_id, actor_id, audience, what, "by", at,
                received_at, commitment)
            SELECT org_id, id, worker_id, worker_id, 'all', {whats}, 'app', starts_at, starts_at, ''
            FROM visits, {self._numbers(ENTRIES_EACH)} c
        """
        parts = "INSERT INTO log_payloads (entry_id, salt, data) SELECT id, '', '{}' FROM log"
        return [entries, parts]

    def _one_with_alarm(self) -> str:
        team = self._uuid(self._teams[0])
        return f"SELECT visit_id FROM alarms WHERE team_id = {team} ORDER BY raised_at LIMIT 1"

"""Looks into a house's database without being able to change it: what must never be, and how far
the senders have come. Nothing here is used to bring a journey about."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, bindparam, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import QueuePool

from server.store.types import Instant

SLACK = timedelta(seconds=10)

INVARIANTS: Mapping[str, str] = {
    "I1: an open visit is past its time and has no alarm": """
        SELECT v.place FROM visits v
        WHERE v.status = 'open' AND v.raise_at < :late AND NOT EXISTS (
            SELECT 1 FROM alarms a WHERE a.worker_id = v.worker_id AND a.status <> 'resolved'
            AND (a.visit_id = v.id OR a.kind = 'duress'))""",
    "I2: an alarm waits for a step that is past": """
        SELECT kind FROM alarms WHERE status <> 'resolved' AND next_at < :late""",
    "I3: a rung went and told nobody it says it told": """
        SELECT s.rung FROM alarm_steps s JOIN alarms a ON a.id = s.alarm_id
        WHERE s.told > 0 AND a.veil IS NULL AND NOT EXISTS (
            SELECT 1 FROM messages m WHERE m.alarm_id = s.alarm_id AND m.rung = s.rung)""",
    "I4: a message waits to be sent though its time has come": """
        SELECT body FROM messages WHERE status IN ('pending', 'sending') AND next_at < :late""",
    "I5: two messages share a key": """
        SELECT dedupe_key FROM messages GROUP BY dedupe_key HAVING count(*) > 1""",
    "I5: one text of the gateway's stands for two messages": """
        SELECT sid FROM messages WHERE sid IS NOT NULL GROUP BY provider, sid
        HAVING count(*) > 1""",
    "I6: an alarm was ended and the log does not say by whom": """
        SELECT a.kind FROM alarms a WHERE a.status = 'resolved' AND NOT EXISTS (
            SELECT 1 FROM log l WHERE l.alarm_id = a.id AND l.what = 'alarm_resolved'
            AND l.actor_id IS NOT NULL)""",
    "I7: somebody was told of an alarm after it had ended": """
        SELECT m.body FROM messages m JOIN alarms a ON a.id = m.alarm_id
        JOIN attempts t ON t.message_id = m.id
        WHERE a.status = 'resolved' AND m.purpose IN ('alarm', 'broadcast')
        AND t.started_at > a.resolved_at AND m.decided_at > a.resolved_at""",
    "I8: a number that blocks our texts was texted": """
        SELECT m.body FROM messages m JOIN people p ON p.id = m.person_id
        JOIN attempts t ON t.message_id = m.id
        WHERE m.way = 'text' AND p.unreachable_since IS NOT NULL
        AND m.decided_at > p.unreachable_since""",
    "P2: a visit was decided to be overdue after it was closed": """
        SELECT v.place FROM visits v JOIN alarms a ON a.visit_id = v.id
        WHERE v.status = 'closed' AND a.kind = 'overdue' AND a.raised_at > v.closed_at
        AND v.closed_how = 'worker' AND a.resolved_at IS NULL""",
    "P4: an alarm was sent to its own subject": """
        SELECT m.body FROM messages m JOIN alarms a ON a.id = m.alarm_id
        WHERE m.person_id = a.worker_id AND m.purpose IN ('alarm', 'broadcast', 'news')""",
    "P9: a change of a visit or an alarm is not in its log": """
        SELECT v.place FROM visits v WHERE NOT EXISTS (
            SELECT 1 FROM log l WHERE l.visit_id = v.id AND l.what IN ('started', 'planned'))
        UNION ALL SELECT a.kind FROM alarms a WHERE NOT EXISTS (
            SELECT 1 FROM log l WHERE l.alarm_id = a.id AND l.what = a.kind || '_raised')""",
}

_OVERDUE = """
    SELECT (SELECT count(*) FROM visits WHERE status IN ('planned', 'open') AND next_at <= :now)
         + (SELECT count(*) FROM alarms WHERE status <> 'resolved' AND next_at <= :now)
"""
_IN_HAND = """
    SELECT count(*) FROM messages
    WHERE (status = 'pending' AND next_at <= :now) OR (status = 'sending' AND next_at > :now)"""


class Peek:
    """A reader of one database."""

    def __init__(self, url: str) -> None:
        self._engine = _open(url)

    def rows(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """What a statement finds; instants among the values are aware datetimes."""
        instants = [bindparam(n, type_=Instant()) for n, v in values.items() if _is_instant(v)]
        with self._engine.connect() as connection:
            found = connection.execute(text(statement).bindparams(*instants), values)
            return [tuple(row) for row in found]

    def count(self, statement: str, **values: Any) -> int:
        """The one number a statement finds."""
        return int(self.rows(statement, **values)[0][0])

    def in_hand(self, now: datetime) -> int:
        """How many messages could go now, or are just being handed over."""
        return self.count(_IN_HAND, now=now)

    def overdue(self, now: datetime) -> int:
        """How many visits and alarms want an engine and have not had one."""
        return self.count(_OVERDUE, now=now)

    def broken(self, now: datetime) -> list[str]:
        """Everything that must never be and is, in plain words."""
        found = []
        for sentence, statement in INVARIANTS.items():
            values = {"late": now - SLACK} if ":late" in statement else {}
            found += [f"{sentence}: {row[0]}" for row in self.rows(statement, **values)]
        return found

    def close(self) -> None:
        """Let the database go."""
        self._engine.dispose()


def _is_instant(value: object) -> bool:
    return isinstance(value, datetime)


def _open(url: str) -> Engine:
    found = make_url(url)
    if found.get_backend_name() == "sqlite":
        return create_engine(f"sqlite:///file:{found.database}?mode=ro&uri=true")
    read_only = {"options": "-c default_transaction_read_only=on"}
    return create_engine(
        found,
        poolclass=QueuePool,
        pool_size=1,
        isolation_level="AUTOCOMMIT",
        pool_pre_ping=True,
        connect_args=read_only,
    )

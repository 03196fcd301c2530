"""Everything that has to reach the server, from the moment it is tapped until its fate is known.

- A row keeps its key, so that however often it is tried the server does it once (P6).
- An SOS waits for nothing. What belongs to one visit or alarm keeps its order.
- A row ends as sent, refused (shown until she has seen it) or taken back by her; never otherwise.
- A lease keeps the app and its service from trying the same row at once; if one of them is killed
  the lease runs out. Leases and waits are in ticks: one that lies further ahead than any can be is
  of an earlier start of the phone and counts for nothing.
- A PIN is sealed by the device's key store and forgotten with the answer that settles its row.
"""

import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import uuid4

from mobile.core.clock import Stamp
from mobile.core.database import Database
from mobile.core.points import reach
from mobile.core.statements import (
    CLAIM,
    DISMISS,
    KEPT_SENT,
    LEASE_S,
    LEASE_SOS_S,
    LONGEST_WAIT_S,
    LONGEST_WAIT_SOS_S,
    MOST_POSITIONS,
    PIN_GIVEN,
    POSITION,
    PRUNE,
    PUT,
    RETRY,
    SETTLE,
    SOONEST,
    SOS,
    THIN,
    UNSENT,
)
from mobile.core.verdict import Verdict
from mobile.ports import Secrets


@dataclass(frozen=True)
class Act:
    """Something a person did: where it is sent and what is in it, but for its id, time and PIN.

    `stream`: the visit or alarm it belongs to.
    """

    kind: str
    stream: str
    path: str
    body: Mapping[str, Any]
    key: str = field(default_factory=lambda: str(uuid4()))


@dataclass(frozen=True)
class Entry:
    """One row. `tries`: how often it may have been sent. `due`: not to be sent before, in ticks.
    `final`: the body as it was first sent, and will be again. `verdict`: of the last try, if there
    was one."""

    id: int
    act: Act
    owner: str
    stamp: Stamp
    state: str
    tries: int
    due: float
    token: str | None
    final: dict[str, Any] | None
    has_pin: bool
    verdict: str | None
    detail: str | None

    @property
    def kind(self) -> str:
        """What was done."""
        return self.act.kind

    @property
    def was_tried(self) -> bool:
        """Whether its time has come: it is being sent, or there was no line to send it on."""
        return self.tries > 0 or self.verdict is not None

    @property
    def only_here(self) -> bool:
        """Whether it was tried and has certainly not reached the server."""
        return self.verdict == Verdict.UNSENT and self.tries <= 1


class Outbox:
    """The rows of one person on this phone. `ticks` as of PhoneClock; `owner` is her id."""

    def __init__(
        self, db: Database, secrets: Secrets, ticks: Callable[[], float], owner: str = ""
    ) -> None:
        self._db = db
        self._secrets = secrets
        self._ticks = ticks
        self.owner = owner
        with db.write() as sql:
            sql.execute(PRUNE, {"most": KEPT_SENT})

    def put(self, act: Act, stamp: Stamp, pin: str | None = None, wait_s: float = 0.0) -> None:
        """Keep it for sending, not before `wait_s` from now (the time in which it may be taken
        back). On the disk when this returns; NotKept where that was not possible."""
        with self._db.write() as sql:
            sql.execute(
                PUT,
                {
                    "key": act.key,
                    "owner": self.owner,
                    "kind": act.kind,
                    "stream": act.stream,
                    "path": act.path,
                    "body": json.dumps(act.body),
                    "stamp": json.dumps(asdict(stamp)),
                    "sealed": None if pin is None else self._secrets.seal(pin.encode()),
                    "prio": 0 if act.kind == SOS else 1,
                    "blocks": 0 if act.kind == POSITION else 1,
                    "due": self._ticks() + wait_s if wait_s else 0.0,
                },
            )
            if act.kind == POSITION:
                sql.execute(THIN, {"stream": act.stream, "most": MOST_POSITIONS})
            reach("put")
        reach("stored")

    def claim(self, *, sos_only: bool = False) -> Entry | None:
        """The next row to be sent, which is nobody else's for the length of its lease."""
        with self._db.write() as sql:
            # Read the clock inside: one read while waiting for the other process would be older
            # than its lease, which would then seem to lie too far ahead to be one.
            values = self._now() | {"token": str(uuid4()), "sos_only": sos_only}
            row = sql.execute(CLAIM, values).fetchone()
        reach("claimed")
        return _entry(row) if row else None

    def wait_s(self, *, sos_only: bool = False) -> float | None:
        """Seconds until a row may be claimed; None where nothing waits to be sent."""
        values = self._now() | {"sos_only": sos_only}
        due = self._db.rows(SOONEST, values)[0]["due"]
        return None if due is None else self._until(float(due))

    def _now(self) -> dict[str, Any]:
        return {
            "now": self._ticks(),
            "owner": self.owner,
            "lease_s": LEASE_S,
            "lease_sos_s": LEASE_SOS_S,
            "wait_s": LONGEST_WAIT_S,
        }

    def fix(self, entry: Entry, final: Mapping[str, Any]) -> dict[str, Any]:
        """Keep the body, without its PIN, as it is about to be sent for the first time. Gives the
        one that counts: the first that was kept, whoever kept it."""
        with self._db.write() as sql:
            found = sql.execute(
                "UPDATE outbox SET final = COALESCE(final, ?) WHERE id = ? RETURNING final",
                (json.dumps(final), entry.id),
            ).fetchone()
        reach("fixed")
        body: dict[str, Any] = json.loads(found["final"])
        return body

    def pin_of(self, entry: Entry) -> str | None:
        """The PIN that goes with a row; None where there is none, or the key store lost its key."""
        found = self._db.rows("SELECT sealed FROM outbox WHERE id = :id", {"id": entry.id})
        sealed = found[0]["sealed"] if found else None
        plain = self._secrets.unseal(sealed) if sealed is not None else None
        return plain.decode() if plain is not None else None

    def settle(self, entry: Entry, *, sent: bool, verdict: str, detail: str = "") -> None:
        """The server has answered: the row is done, or refused and shown. Its PIN is forgotten. A
        PIN that was refused before need not be shown once one was taken."""
        with self._db.write() as sql:
            state = "sent" if sent else "refused"
            values = {"state": state, "verdict": verdict, "detail": detail, "id": entry.id}
            sql.execute(SETTLE, values)
            if sent:
                sql.execute(PIN_GIVEN, {"stream": entry.act.stream, "kind": entry.kind})

    def retry(self, entry: Entry, verdict: str, wait_s: float = 0.0) -> float:
        """No answer that settles it: try again after 2, 4, 8 ... 60 s (an SOS at most 5), or later
        where the server asked for `wait_s`. Gives the wait in seconds. A call for help is never
        said to be unsent: its take-back must follow it."""
        sos = entry.kind == SOS
        most_s = LONGEST_WAIT_SOS_S if sos else LONGEST_WAIT_S
        wait_s = min(max(2.0 ** min(entry.tries, 10), 0.0 if sos else wait_s), most_s)
        values = {"due": self._ticks() + wait_s, "verdict": verdict}
        with self._db.write() as sql:
            unsent = verdict == Verdict.UNSENT and not sos
            keys = {"id": entry.id, "token": entry.token}
            sql.execute(UNSENT if unsent else RETRY, values | keys)
        return wait_s

    def wake(self) -> None:
        """Signal is back: whatever was tried before may be tried at once."""
        self._set("due = 0", "state = 'queued' AND (tries > 0 OR verdict IS NOT NULL)")

    def hold(self) -> None:
        """This phone is signed out: keep everything, and send nothing but an SOS (its token may be
        good for that still) until it is in again."""
        self._set("state = 'held', lease = 0", "state = 'queued' AND prio = 1")

    def release(self) -> None:
        """Signed in again: whatever was held may go."""
        self._set("state = 'queued', due = 0, lease = 0", "state = 'held'")

    def _set(self, what: str, where: str) -> int:
        statement = f"UPDATE outbox SET {what} WHERE {where} AND owner = :owner"  # noqa: S608
        with self._db.write() as sql:
            return sql.execute(statement, {"owner": self.owner}).rowcount

    def take_back(self, key: str) -> bool:
        """Undo what has not been tried yet; False where it may be on its way already."""
        with self._db.write() as sql:
            changed = sql.execute(
                "UPDATE outbox SET state = 'taken_back', sealed = NULL"
                " WHERE key = ? AND state IN ('queued', 'held') AND tries = 0",
                (key,),
            )
            return changed.rowcount == 1

    def amend(self, key: str, body: Mapping[str, Any], wait_s: float) -> bool:
        """Change what has not been tried yet, and hold it back for `wait_s` from now; False where
        it may be on its way already."""
        with self._db.write() as sql:
            changed = sql.execute(
                "UPDATE outbox SET body = ?, due = ?"
                " WHERE key = ? AND state IN ('queued', 'held') AND tries = 0",
                (json.dumps(body), self._ticks() + wait_s, key),
            )
            return changed.rowcount == 1

    def held_back_s(self, entry: Entry) -> float:
        """Seconds until it may be sent; 0 where nothing holds it back."""
        return self._until(entry.due)

    def _until(self, due: float) -> float:
        wait_s = due - self._ticks()
        return wait_s if 0.0 < wait_s <= LONGEST_WAIT_S else 0.0

    def waiting(self) -> list[Entry]:
        """What has not been settled, oldest first."""
        return self._entries("state IN ('queued', 'held') AND owner = :owner")

    def refused(self) -> list[Entry]:
        """What the server would not do and she has not dismissed yet, oldest first."""
        return self._entries("state = 'refused' AND dismissed = 0 AND owner = :owner")

    def stranded(self) -> int:
        """How many rows of somebody else's wait on this phone; they are never sent as hers."""
        return len(self._entries("state IN ('queued', 'held') AND owner <> :owner"))

    def dismiss(self, key: str) -> None:
        """She has seen that it was refused, and so was each try before it."""
        with self._db.write() as sql:
            sql.execute(DISMISS, {"key": key})

    def find(self, key: str) -> Entry | None:
        """The row with this key, whatever became of it."""
        found = self._db.rows("SELECT * FROM outbox WHERE key = :key", {"key": key})
        return _entry(found[0]) if found else None

    def latest(self, kind: str) -> Entry | None:
        """The newest row of a kind that was not taken back, whatever became of it."""
        found = self._entries("kind = :kind AND state <> 'taken_back' AND owner = :owner", kind)
        return found[-1] if found else None

    def _entries(self, where: str, kind: str = "") -> list[Entry]:
        statement = f"SELECT * FROM outbox WHERE {where} ORDER BY id"  # noqa: S608 - constants
        values = {"owner": self.owner, "kind": kind}
        return [_entry(row) for row in self._db.rows(statement, values)]


def _entry(row: sqlite3.Row) -> Entry:
    return Entry(
        id=row["id"],
        act=Act(row["kind"], row["stream"], row["path"], json.loads(row["body"]), row["key"]),
        owner=row["owner"],
        stamp=Stamp(**json.loads(row["stamp"])),
        state=row["state"],
        tries=row["tries"],
        due=float(row["due"]),
        token=row["token"],
        final=json.loads(row["final"]) if row["final"] else None,
        has_pin=row["sealed"] is not None,
        verdict=row["verdict"],
        detail=row["detail"],
    )

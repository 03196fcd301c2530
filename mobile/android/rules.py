"""Writes Rules.java: what the receivers and Python have to agree on, from Python's own constants.

`python -m mobile.android.rules` writes it; a test fails when it is out of date. So no statement, no
number and no word is decided in Java.
"""

import json
import re
from pathlib import Path

from mobile.core import tapped, words
from mobile.core.clock import OLDEST
from mobile.core.database import VERSION
from mobile.core.phone import FILE
from mobile.core.statements import (
    LEASE_S,
    LEASE_SOS_S,
    LONGEST_WAIT_S,
    LONGEST_WAIT_SOS_S,
    NEXT_IN_LINE,
    PICK,
    PUT,
    RETRY,
    SETTLE,
    SOS,
)
from mobile.core.sync import ASK_SOS_S
from mobile.core.transport import AGENT, API, CONNECT_S, LARGEST
from mobile.core.verdict import PROBLEM
from shared.wire.mark import MARK

TARGET = Path(__file__).parent / "java/org/wayhome/phone/Rules.java"
FOLDER = "wayhome"
"""Where the app keeps its files, below the folder Android gives it."""

OLDEST_FIX_S = 900.0
"""What an SOS from a notification says of where she is may be no older: it carries no time."""

MISSED_S = 900.0
"""A reminder that fell due while the phone was off is shown if it is no older."""

RECEIVERS_BUSY_MS = 3000
"""Android ends a receiver after 10 s: rather say that it was not kept."""

_COLUMNS = "id, key, path, body, stamp, tries"
_NUMBERS = {
    "lease_s": LEASE_S,
    "lease_sos_s": LEASE_SOS_S,
    "wait_s": LONGEST_WAIT_S,
    "sos_only": 1,
}


def numbered(statement: str, *names: str) -> str:
    """The statement in one line, with what Java binds as ?1, ?2 ... and our numbers written in."""

    def place(found: re.Match[str]) -> str:
        name = found[1]
        return f"?{names.index(name) + 1}" if name in names else str(_NUMBERS[name])

    return re.sub(r":([a-z_]+)", place, " ".join(statement.split()))


STATEMENTS = {
    "PUT": numbered(
        PUT.replace(":sealed", "NULL"),
        *("key", "owner", "kind", "stream", "path", "body", "stamp", "prio", "blocks", "due"),
    ),
    "PICK_SOS": numbered(PICK.replace("SELECT id FROM", f"SELECT {_COLUMNS} FROM"), "owner", "now"),
    "CLAIM": numbered(
        "UPDATE outbox SET token = :token, tries = tries + 1, lease = :now + :lease_sos_s"
        " WHERE id = :id",
        *("token", "now", "id"),
    ),
    "SOONEST_SOS": numbered(
        f"SELECT MIN(MAX(due, lease)) FROM outbox o WHERE {NEXT_IN_LINE} AND prio = 0",  # noqa: S608
        "owner",
    ),
    "SETTLE": numbered(SETTLE, "state", "verdict", "detail", "id"),
    "RETRY": numbered(RETRY, "due", "verdict", "id", "token"),
    "WAITS": numbered(
        "SELECT 1 FROM outbox WHERE kind = :kind AND (stream = :stream OR :stream = '')"
        " AND owner = :owner AND state IN ('queued', 'held') LIMIT 1",
        *("kind", "stream", "owner"),
    ),
    "KEPT": "SELECT value FROM kept WHERE kind = ?1 AND name = ?2",
    "ALL": "SELECT name, value FROM kept WHERE kind = ?1",
    "KEEP": "INSERT OR REPLACE INTO kept (kind, name, value, known_at) VALUES (?1, ?2, ?3, 0)",
}
TEXTS = {
    "LOG": "wayhome",
    "FOLDER": FOLDER,
    "FILE": FILE,
    "API": API,
    "AGENT": AGENT,
    "PROBLEM": PROBLEM.pattern,
    "MARK": MARK,
    "SOS": SOS,
    "SOS_PATH": "/alarms",
    "TITLE": "Your booking",
    "SCAN": words.SCAN,
    "WATCH_STARTS": "Connecting",
    "EXACT_CHANGED": "android.app.action.SCHEDULE_EXACT_ALARM_PERMISSION_STATE_CHANGED",
}
WHOLE = {
    "VERSION": VERSION,
    "BUSY_MS": RECEIVERS_BUSY_MS,
    "LARGEST": LARGEST,
    "CONNECT_MS": int(CONNECT_S * 1000),
    "READ_MS": int(ASK_SOS_S * 1000),
    "AGAIN_MS": 15_000,
    "SAID_MS": 60_000,
    "OFFICE_MS": 600_000,
    "RESUME_MS": 3_600_000,
    "BACKOFF_MS": 10_000,
}
REAL = {
    "LONGEST_WAIT_S": LONGEST_WAIT_S,
    "WAIT_SOS_S": LONGEST_WAIT_SOS_S,
    "OLDEST_S": OLDEST.total_seconds(),
    "MISSED_S": MISSED_S,
    "OLDEST_FIX_S": OLDEST_FIX_S,
}


def _switch(method: str, table: dict[str, str]) -> list[str]:
    lines = [f"    static String {method}(String name) {{", "        switch (name) {"]
    for name, text in table.items():
        lines += [f"            case {json.dumps(name)}:", f"                return {_text(text)};"]
    lines += ["            default:", "                return name;", "        }", "    }", ""]
    return lines


def _text(text: str) -> str:
    """A Java literal, in pieces that fit a line."""
    pieces = re.findall(r".{1,77}(?:\s|$)|.{78}", text) or [""]
    return "\n            + ".join(json.dumps(piece) for piece in pieces)


def source() -> str:
    """The whole of Rules.java."""
    lines = [
        "package org.wayhome.phone;",
        "",
        "/** Written by mobile/android/rules.py: not by hand. */",
    ]
    lines += ["final class Rules {"]
    lines += [f"    static final int {name} = {value};" for name, value in WHOLE.items()]
    lines += [f"    static final double {name} = {value};" for name, value in REAL.items()]
    for name, text in (TEXTS | STATEMENTS).items():
        lines += [f"    static final String {name} =", f"            {_text(text)};"]
    lines += ["", "    private Rules() {}", ""]
    lines += _switch("channel", tapped.CHANNELS) + _switch("button", tapped.BUTTONS)
    lines += _switch("words", tapped.TAPPED)
    lines += ["    /** What is said after a button was pressed at a time. */"]
    lines += ["    static String tapped(String name, String at) {"]
    lines += ['        return words(name).replace("{at}", at);', "    }", "}", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    TARGET.write_text(source(), encoding="utf-8")

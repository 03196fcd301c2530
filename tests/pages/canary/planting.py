"""Another organisation in the same database, with a canary in every text it has.

It is filled by its own people, on their own pages and phones, so that everything that is derived
from what they write (log, messages, looks) is there too; the few words that nobody types are then
put in by hand. Whatever of it is seen elsewhere has leaked.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import JSON, String, Table, Text, Uuid, select, update
from sqlalchemy.orm import Session

from server.store.copies import Copy
from server.store.db import db
from server.store.inbound import Inbound
from server.store.people import Person
from server.store.sessions import Identity, Passkey
from tests.support.clock import ManualClock
from tests.support.day import Day
from tests.support.people import EVERYBODY, Org, Somebody, settle, writing
from tests.support.town import Town
from tests.support.visitor import Visitor
from tests.support.web import PAT

CANARY = "zqxcanary"

NO_WORDS = {
    "alarm_ticks.step", "alarms.kind", "alarms.ladder_json", "alarms.outcome", "alarms.snapshot",
    "alarms.status", "alarms.veil", "attempts.code", "attempts.fate", "attempts.provider",
    "attempts.sid", "copies.mimetype", "devices.token_hash", "drill_calls.link_hash",
    "drill_calls.way", "enrolments.code_hash",
    "inbound.number", "inbound.provider", "inbound.sid", "log.audience", "log.by",
    "log.commitment", "log.hash", "log.previous", "log.what", "log_heads.hash", "log_heads.seal",
    "log_payloads.salt", "looks.by", "looks.what", "messages.code", "messages.dedupe_key",
    "messages.provider", "messages.purpose", "messages.sid", "messages.status", "messages.to",
    "messages.way",
    "organisations.country", "organisations.timezone", "people.duress_hash", "people.mobile",
    "people.number_proof", "people.pin_hash", "people.pins_before", "people.prefers",
    "people.roles", "policy_versions.policy_json", "teams.policy_json", "told.letter",
    "told.link_hash",
    "visits.close_outcome", "visits.closed_how", "visits.kind", "visits.risk", "visits.status",
    "visits.veil", "walls.token_hash", "web_identities.subject", "web_invitations.token_hash",
    "web_logins.password_hash", "web_logins.totp_sealed", "web_passkeys.credential",
    "web_recovery_codes.code_hash", "web_sessions.how", "web_sessions.secret_hash",
    "web_sessions.stage", "wrong_pins.request", "requests.fingerprint",
}  # fmt: skip
"""Columns that hold states, hashes and numbers, and nothing that a person wrote."""

NOBODYS = {
    "buckets", "engine_beats", "house", "providers", "pretend_texts", "alembic_version",
}  # fmt: skip
"""Tables about the installation and not about an organisation."""


def _hidden(somebody: Somebody, number: int) -> Somebody:
    return replace(
        somebody,
        ref=f"{CANARY}-{somebody.ref}",
        name=f"{CANARY} {somebody.name}",
        mobile=f"+4477009007{number:02d}",
        email=f"{CANARY}-{somebody.ref}@example.org",
        buddies=tuple(f"{CANARY}-{ref}" for ref in somebody.buddies),
        team=f"{CANARY}-team",
    )


class Lakeside:
    """The other organisation; made, it has had a busy afternoon."""

    def __init__(self, app: Flask, clock: ManualClock, town: Town) -> None:
        self.app = app
        people = [_hidden(one, n) for n, one in enumerate((*EVERYBODY, PAT))]
        self.org: Org = settle(app, clock, people, slug=f"{CANARY}-org", admins=[f"{CANARY}-pat"])
        (self.team,) = self.org.teams.values()
        self.day = Day(app, self.org, town, clock)
        self._has_an_afternoon()
        writing(app, _put_in_by_hand)

    def at_browser(self, ref: str) -> Visitor:
        """One of its people."""
        return Visitor(self.app).as_(self.org, f"{CANARY}-{ref}")

    def visit(self, ref: str, minutes: int = 30) -> UUID:
        """A visit begins there."""
        return self.day.start(
            f"{CANARY}-{ref}", minutes, f"{CANARY} Road", note=f"{CANARY} note", record_ref=CANARY
        )

    def _has_an_afternoon(self) -> None:
        cat = self.at_browser("cat")
        cat.fills(f"/procedure/{self.team}", steps=f"{CANARY} step one")
        cat.fills("/walls", team=str(self.team), name=f"{CANARY} wall")
        paper = "/policy/document"
        cat.fills(f"{paper}/{CANARY}-team/write", violence=f"{CANARY} violence")
        desk = cat.page("/policy").one("form", class_="desk")
        cat.send(f"/policy/team/{CANARY}-team", desk, {"grace_s": "5 min", "do": "save"})
        form = cat.page(f"{paper}?version=draft").one("form", action=f"{paper}/{CANARY}-team/issue")
        cat.send(paper, form, {"sure": "yes"})
        cat.fills(f"{paper}/{CANARY}-team/write", violence=f"{CANARY} in draft")
        amy = self.at_browser("amy")
        amy.presses(paper, "I have read it and agree")
        amy.fills("/sheet", kin=f"{CANARY} kin")
        cat.presses("/drills", "Hold a drill now")
        self.day.sos(f"{CANARY}-ben")
        self.visit("amy", 10)
        self.day.forward(minutes=21)
        self._about_an_alarm(f"/alarms/{self.day.alarm_of(f'{CANARY}-amy')}")
        self.visit("dan", 10)
        self.day.forward(minutes=21)

    def _about_an_alarm(self, path: str) -> None:
        cat = self.at_browser("cat")
        cat.presses(path, "Open the sheet")
        cat.get(f"{path}/sheet")
        page = cat.page(path)
        tick = page.all("li", class_="step")[0].one("button").attributes["formaction"]
        cat.post(tick)
        cat.fills(path, f"{path}/note", note=f"{CANARY} note")
        cat.fills(path, f"{path}/resolve", outcome="safe", resolve_note=f"{CANARY} end")
        who = str(self.org[f"{CANARY}-ben"].id)
        cat.fills(path, f"{path}/aftercare", what=f"{CANARY} care", owed_by=who)


def written_columns() -> Iterator[tuple[Table, Any]]:
    """Every column that may hold what a person wrote."""
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            wordy = isinstance(column.type, (String, Text, JSON)) and not isinstance(
                column.type, Uuid
            )
            name = f"{table.name}.{column.name}"
            if wordy and table.name not in NOBODYS and name not in NO_WORDS:
                yield table, column


def unplanted(session: Session) -> list[str]:
    """The columns in which no canary sits."""
    return [
        f"{table.name}.{column.name}"
        for table, column in written_columns()
        if not any(CANARY in str(found).lower() for found in session.scalars(select(column)))
    ]


def ids(session: Session) -> set[UUID]:
    """Every id in the database."""
    return {
        found
        for table in db.metadata.sorted_tables
        if table.name not in NOBODYS
        for column in table.columns
        if isinstance(column.type, Uuid)
        for found in session.scalars(select(column))
        if found is not None
    }


def _put_in_by_hand(session: Session) -> None:
    """What no form takes, or what takes a gateway, an employer or a key to come about."""
    tables = db.metadata.tables
    for name, column, words in (
        ("devices", "name", f"{CANARY} phone"),
        ("web_sessions", "agent", f"{CANARY} on Windows"),
        ("messages", "why", f"{CANARY} why"),
    ):
        session.execute(update(tables[name]).values({column: words}))
    who = session.scalars(select(Person).where(Person.ref == f"{CANARY}-cat")).one()
    now = who.created_at
    session.add_all(
        [
            Copy(person_id=who.id, name=f"{CANARY}.csv", mimetype="text/csv", made_at=now),
            Inbound(
                provider="twilio",
                sid="SM1",
                number=who.mobile,
                body=f"{CANARY} text",
                person_id=who.id,
                received_at=now,
                answer=f"{CANARY} answer",
            ),
            Identity(
                issuer=f"https://{CANARY}.example", subject="1", person_id=who.id, made_at=now
            ),
            Passkey(
                person_id=who.id,
                credential="BBBB",
                public_key=b"-",
                counter=0,
                name=f"{CANARY} key",
                made_at=now,
                used_at=now,
            ),
        ]
    )

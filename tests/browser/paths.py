"""Every page that is looked at in a real browser: add yours here.

A path may hang on what is in the house: `lambda house: f"/alarms/{house.alarm}"`. What there is:
see `Stage`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from server.acts import inviting, tell, walls
from server.acts.base import Turn
from server.domain.secrets import hash_token
from server.store import alarms, people
from server.store.drills import LASTS, Drill, DrillCall
from server.store.sessions import Login, Passkey
from server.store.sessions import Stage as Entry
from shared.states import Means
from tests.support.people import running_in, writing
from tests.support.web import WebHouse

LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch, Mill Lane"
"""One word that is wider than a phone."""


class Stage(WebHouse):
    """A house in which everything has happened once: Amy is out, Dan's alarm is open."""

    def __init__(self, url: str, folder: Path) -> None:
        super().__init__(url, folder)
        self.late = self.visit("dan", LONG, minutes=20)
        self.town.forward(minutes=31)
        self.out = self.visit("amy", "12 High St", minutes=45)
        self.town.round()
        alarms = self.app.test_client().get("/api/v1/alarms", headers=self.org["cat"].headers)
        self.alarm = str(alarms.json["items"][0]["id"])  # type: ignore[index]
        self.link = f"/a/{writing(self.app, self._tell_ben)}"
        self.team = str(self.org.teams["ot-north"])
        writing(self.app, self._give_keys)
        self.drill = writing(self.app, self._hold_a_drill)
        self.town.round()

    def _hold_a_drill(self, session: Any) -> UUID:
        """Cat asks everybody; Dan, whose alarm is open, is of her team, so it is hand-made."""
        now, desk = self.clock.now(), running_in(self.app).desk
        cat, team = self.org["cat"].id, UUID(self.team)
        drill = Drill(
            org_id=self.org.id, team_id=team, started_by_id=cat, started_at=now, ends_at=now + LASTS
        )
        session.add(drill)
        session.flush()
        for ref, way, after in (("amy", "text", 3), ("ben", "email", None), ("dan", None, None)):
            person_id = self.org[ref].id
            link = hash_token(desk.keys.link(drill.id, person_id))
            at = now + timedelta(minutes=after) if after else None
            session.add(
                DrillCall(
                    drill_id=drill.id,
                    person_id=person_id,
                    way=way,
                    link_hash=link,
                    answered_at=at,
                )
            )
        return drill.id

    def _tell_ben(self, session: Any) -> str:
        """The end of the address by which Ben sees the alarm without signing in."""
        desk, now = running_in(self.app).desk, self.clock.now()
        ben = people.person(session, self.org["ben"].id)
        alarm = alarms.alarm(session, UUID(self.alarm))
        tell.give_letter(Turn(session, desk, now, now, Means.ENGINE), alarm, ben)
        return desk.keys.link(alarm.id, ben.id)

    def _give_keys(self, session: Any) -> None:
        """Cat has everything one can sign in with."""
        who, now = self.org["cat"].id, self.clock.now()
        sealed = running_in(self.app).desk.keys.seal_away("totp", "nobody's")
        session.add(
            Login(
                person_id=who,
                password_hash="-",
                password_at=now,
                totp_at=now,
                totp_sealed=sealed,
                totp_step=0,
            )
        )
        session.add(
            Passkey(
                person_id=who,
                credential="AAAA",
                public_key=b"-",
                counter=0,
                name="Firefox on Windows",
                made_at=now,
                used_at=now,
            )
        )


@dataclass(frozen=True)
class Seen:
    """One page as one person sees it; `ref` None: a stranger."""

    path: str | Callable[[Stage], str]
    ref: str | None = "cat"
    name: str = ""
    entry: Entry = Entry.FULL
    """How far she has come in."""
    minutes_ago: float = 0.0
    """When she did."""

    def __str__(self) -> str:
        return self.name or (self.path if isinstance(self.path, str) else "page")

    def where(self, stage: Stage) -> str:
        """The address."""
        return self.path if isinstance(self.path, str) else self.path(stage)


def invitation(stage: Stage, ref: str = "amy") -> str:
    """The address that she is invited by."""
    now = stage.clock.now()

    def invite(session: Any) -> str:
        turn = Turn(session, running_in(stage.app).desk, now, now, Means.COMMAND)
        return inviting.invite(turn, people.person(session, stage.org[ref].id))

    return f"/welcome/{writing(stage.app, invite)}"


def wall(stage: Stage) -> str:
    """The address of a display on a wall of Riverside's."""
    now = stage.clock.now()

    def make(session: Any) -> str:
        cat = people.person(session, stage.org["cat"].id)
        turn = Turn(session, running_in(stage.app).desk, now, now, Means.PAGE, cat)
        return walls.make(turn, session.get_one(people.Team, UUID(stage.team)), "duty room")

    return f"/wall/{writing(stage.app, make)}"


def asked_in_a_drill(stage: Stage) -> str:
    """The address by which Ben answers the drill."""
    return f"/d/{running_in(stage.app).desk.keys.link(stage.drill, stage.org['ben'].id)}"


PAGES = [
    Seen("/sign-in", None),
    Seen(invitation, None, "welcome"),
    Seen("/sign-in/set-up", "amy", entry=Entry.SETUP),
    Seen("/sign-in/second", entry=Entry.HALF),
    Seen("/sign-in/again", minutes_ago=20),
    Seen("/nothing-here", None),
    Seen("/account"),
    Seen("/account/password"),
    Seen("/account/app"),
    Seen("/", name="board"),
    Seen("/", "amy", name="board"),
    Seen("/board/print"),
    Seen(lambda stage: f"/alarms/{stage.alarm}", name="alarm"),
    Seen(lambda stage: f"/alarms/{stage.alarm}", "dan", name="alarm"),
    Seen(lambda stage: stage.link, None, name="linked"),
    Seen(lambda stage: f"/out/{stage.out}", name="out"),
    Seen("/out/start"),
    Seen("/walls"),
    Seen("/drills"),
    Seen(asked_in_a_drill, None, "asked-in-a-drill"),
    Seen(wall, None, name="wall"),
    Seen(lambda stage: f"/procedure/{stage.team}", name="procedure"),
    Seen("/sheet", "amy"),
    Seen("/log"),
    Seen("/log?alarm=any&from=2026-03-01"),
    Seen("/log", "amy"),
    Seen(lambda stage: f"/log/{stage.late}", name="visit"),
    Seen("/reports"),
    Seen("/reports/summary"),
    Seen("/people"),
    Seen("/people?show=left"),
    Seen("/people/pairings"),
    Seen("/people/new"),
    Seen("/people/import"),
    Seen(lambda stage: f"/people/{stage.org['ben'].id}", name="person"),
    Seen(lambda stage: f"/people/{stage.org['ben'].id}/edit", name="edit-person"),
    Seen(lambda stage: f"/people/{stage.org['ben'].id}/leave", name="leave"),
    Seen("/policy"),
    Seen("/policy/team/ot-north/history"),
    Seen("/policy/document"),
    Seen("/policy/document/ot-north/write"),
    Seen("/access"),
    Seen("/access?whose=team"),
    Seen("/me", "amy"),
    Seen("/me", "cat"),
    Seen("/enrol", None),
    Seen("/nothing-here"),
]

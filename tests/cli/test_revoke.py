"""`wayhome revoke`: sign-in ends at once, a visit never (contract 3)."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.acts.base import Turn, perform
from server.acts.enrolling import issue_code
from server.acts.starting import NewVisit, start
from server.clock import SteadyClock
from server.store.log import Entry
from server.store.messages import Message, Purpose
from server.store.people import Device, Enrolment, Person
from server.store.visits import Visit
from shared.states import Means, VisitStatus
from tests.cli.office import Office
from tests.support.people import CAT, EVERYBODY, Org, open_app, running_in, settle
from tests.support.visitor import Visitor, the_form


class House:
    """Riverside with its phones, and the commands beside it."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office = office
        self.clock = SteadyClock()
        self.app = open_app(office.url, folder, self.clock)
        self.riverside: Org = settle(self.app, self.clock)

    def act(self, ref: str, work: Callable[[Turn], Any]) -> Any:
        with self.app.app_context():
            return perform(
                running_in(self.app).desk,
                work,
                now=self.clock.now(),
                by=Means.APP,
                actor_id=self.riverside[ref].id,
            )

    def goes_out(self, ref: str) -> None:
        wanted = NewVisit(ref=uuid4(), place="12 High St", minutes=45)

        def out(turn: Turn) -> None:
            assert turn.actor is not None
            start(turn, turn.actor, wanted)

        self.act(ref, out)

    def phones(self, ref: str) -> list[bool]:
        """Whether each of somebody's phones is still signed in."""
        query = select(Device.revoked_at).where(Device.person_id == self.riverside[ref].id)
        return [ended is None for ended in self.office.read(lambda s: list(s.scalars(query)))]

    def messages(self) -> list[Message]:
        query = select(Message).where(Message.purpose == Purpose.NOTICE.value)
        return self.office.read(lambda session: list(session.scalars(query).unique()))


@pytest.fixture
def house(office: Office, tmp_path: Path) -> House:
    return House(office, tmp_path)


def test_phones_and_unused_codes_end_at_once(house: House) -> None:
    def code(turn: Turn) -> str:
        assert turn.actor is not None
        return issue_code(turn, turn.actor)

    house.act("amy", code)
    result = house.office.run("revoke", "amy")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "amy is signed out: 1 phone, 1 code, 0 browsers.\n"
    assert house.phones("amy") == [False]
    assert house.phones("ben") == [True]

    def usable(session: Session) -> list[Enrolment]:
        soon = house.clock.now() + timedelta(seconds=1)
        return list(session.scalars(select(Enrolment).where(Enrolment.expires_at > soon)))

    assert house.office.read(usable) == []


def test_a_browser_that_is_open_opens_nothing_from_then_on(house: House) -> None:
    """A real cookie in a real application: the page, the poll and a form it had open."""
    amy, ben = [Visitor(house.app).as_(house.riverside, ref) for ref in ("amy", "ben")]
    form = the_form(amy.page("/me"), "/me/away")
    result = house.office.run("revoke", "amy")
    assert result.stdout == "amy is signed out: 1 phone, 0 codes, 1 browser.\n"
    assert amy.get("/me").headers["Location"] == "/sign-in?next=/me"
    assert amy.get("/board/now").status_code == 401
    assert amy.send("/me", form, {"until": "2099-01-01T10:00"}).status_code in (303, 403)
    assert (
        house.office.read(lambda s: s.get_one(Person, house.riverside["amy"].id)).away_until is None
    )
    assert ben.get("/me").status_code == 200


def test_again_it_ends_nothing_more(house: House) -> None:
    house.office.run("revoke", "amy")
    result = house.office.run("revoke", "amy")
    assert (result.exit_code, result.stdout) == (
        0,
        "amy is signed out: 0 phones, 0 codes, 0 browsers.\n",
    )


def test_a_visit_goes_on_and_the_managers_are_told_once(house: House) -> None:
    house.goes_out("amy")
    result = house.office.run("revoke", "amy")
    assert result.stdout.splitlines()[1] == (
        "Visits of hers that are open and stay watched: 1; 1 message to managers."
    )
    [visit] = house.office.read(lambda session: list(session.scalars(select(Visit)).unique()))
    assert visit.status == VisitStatus.OPEN
    assert visit.next_at is not None
    [message] = house.messages()
    assert message.to == CAT.mobile
    assert message.body.startswith(
        "REHEARSAL: nobody will be told. Amy Okafor's phone was signed out by the office at "
    )
    assert "ring" not in message.body.lower()
    assert len(message.body) <= 160


def test_without_an_open_visit_nobody_is_told(house: House) -> None:
    house.office.run("revoke", "amy")
    assert house.messages() == []


def test_a_manager_is_not_told_of_her_own(house: House) -> None:
    house.goes_out("cat")
    assert "0 messages to managers" in house.office.run("revoke", "cat").stdout
    assert house.messages() == []


def test_it_is_written_down(house: House) -> None:
    house.office.run("revoke", "amy")
    query = select(Entry).where(Entry.what == "signed_out")
    [entry] = house.office.read(lambda session: list(session.scalars(query)))
    assert (entry.subject_id, entry.by) == (house.riverside["amy"].id, "command")


def test_nobody_of_that_name_is_refused(house: House) -> None:
    result = house.office.run("revoke", "zed")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "wayhome: There is nobody with the ref 'zed'.\n"


def test_one_of_several_organisations_has_to_be_named(house: House) -> None:
    harbour = settle(house.app, house.clock, EVERYBODY, slug="harbour")
    result = house.office.run("revoke", "amy")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "wayhome: 'amy' is in several organisations (harbour, riverside); say which with --org.\n"
    )
    assert house.phones("amy") == [True]
    assert house.office.run("revoke", "amy", "--org", "harbour").exit_code == 0
    assert house.phones("amy") == [True]
    query = select(Device.revoked_at).where(Device.person_id == harbour["amy"].id)
    assert house.office.read(lambda session: session.scalar(query)) is not None
    result = house.office.run("revoke", "amy", "--org", "moon")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "wayhome: There is nobody with the ref 'amy' in moon.\n"

"""`wayhome import`: whatever the file, however large, whoever else is at work."""

import cProfile
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from server.acts.importing import BadImport, Done, Options, import_file
from server.store import db
from server.store.people import lock_people
from tests.cli.office import Office, riverside
from tests.support.clock import ManualClock
from tests.support.database import Maker
from tests.support.people import open_app, running_in

WORDS = st.one_of(
    st.sampled_from(["amy", "ben", "ot-north", "worker", "buddy", "07700 900101", "999", "4821"]),
    st.text(max_size=8),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=5,
)


def objects(*names: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.one_of(st.sampled_from(names), WORDS), VALUES, max_size=6)


DOCUMENTS = st.fixed_dictionaries(
    {
        "organisation": st.one_of(
            st.just({"slug": "riverside", "name": "R"}),
            objects("slug", "name", "timezone", "country"),
        ),
        "teams": st.lists(
            st.one_of(
                st.just({"slug": "ot-north", "name": "N"}), objects("slug", "name", "policy")
            ),
            max_size=2,
        ),
        "people": st.lists(
            objects(
                "ref", "name", "mobile", "email", "team", "teams", "roles", "buddies", "pin",
                "duress_pin", "left", "prefers",
            ),
            max_size=3,
        ),
    }
)  # fmt: skip


@pytest.fixture
def app(new_database: Maker, tmp_path: Path) -> Iterator[Flask]:
    app = open_app(new_database("sqlite"), tmp_path, ManualClock())
    yield app
    with app.app_context():
        db.db.engine.dispose()


def bring_in(app: Flask, document: Any, **options: Any) -> Done:
    running = running_in(app)
    data = json.dumps(document).encode()
    with app.app_context():
        return import_file(
            running.desk, data, Options(**options), as_csv=False, now=running.clock.now()
        )


def faults_of(app: Flask, document: Any) -> tuple[str, ...]:
    try:
        bring_in(app, document, enrol=True)
    except BadImport as refusal:
        return refusal.faults
    return ()


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(document=DOCUMENTS)
def test_no_file_breaks_it(app: Flask, document: dict[str, Any]) -> None:
    """It is taken or refused, and what was taken is taken again without a change."""
    faults = faults_of(app, document)
    assert all(len(fault) < 400 and "\n" not in fault for fault in faults)
    if not faults:
        again = bring_in(app, document)
        assert again.created == again.updated


def large(people: int) -> dict[str, Any]:
    document = riverside()
    document["people"] = [
        {
            "ref": f"p{n}",
            "name": f"Person {n}",
            "mobile": f"+4478{n:08d}",
            "team": "ot-north",
            "roles": ["worker", "buddy"],
            "buddies": [f"p{(n + 1) % people}", f"p{(n + 2) % people}"],
            "pin": "4821",
            "duress_pin": "7390",
        }
        for n in range(people)
    ]
    return document


def _calls(office: Office, document: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """How many functions an import calls: work that is the same on every machine."""
    with cProfile.Profile() as profile:
        summary = office.imports(document, "--enrol")
    return sum(line.callcount for line in profile.getstats()), summary


def test_four_times_the_people_are_four_times_the_work(office: Office) -> None:
    """Nobody is compared with everybody: two thousand people take seconds, not minutes.

    Were everybody compared with everybody, four times the people would be sixteen times the
    work. The first time is not counted: it sets everything up.
    """
    office.imports(large(3))
    few, _ = _calls(office, large(500))
    many, summary = _calls(office, large(2_000))
    assert many < 5 * few
    assert summary["created"]["people"] == 1_500
    assert len({entry["enrolment_code"] for entry in summary["people"]}) == 2_000
    named = [warning for warning in summary["warnings"] if warning.startswith("Unproven")]
    assert named == [
        "Unproven numbers, not counted as cover: p0, p1, p10, p100, p1000, p1001, p1002, p1003,"
        " p1004, p1005 and 1990 more."
    ]


def test_more_people_than_may_hold_everybody_up_are_refused(desk: Office) -> None:
    assert desk.refused(large(5_001)) == ["people: Give at most 5000 in one file; split it."]


def test_it_waits_for_whoever_is_writing(office: Office, tmp_path: Path) -> None:
    """Beside `serve`, on SQLite too: a writer in another connection is waited for."""
    office.imports(riverside())
    serving = open_app(office.url, tmp_path, ManualClock())
    holding, go_on = threading.Event(), threading.Event()

    amy_id = office.person("amy").id

    def hold(session: Session) -> None:
        lock_people(session, [amy_id])[amy_id].no_calls = True
        session.flush()
        holding.set()
        assert go_on.wait(20)

    def serve() -> None:
        with serving.app_context():
            db.write(hold)

    document = riverside()
    document["people"][0]["name"] = "Amy Lee"
    with ThreadPoolExecutor(2) as pool:
        served = pool.submit(serve)
        assert holding.wait(20)
        importing = pool.submit(office.imports, document)
        go_on.set()
        served.result(30)
        importing.result(30)
    amy = office.person("amy")
    assert (amy.name, amy.no_calls) == ("Amy Lee", True)
    with serving.app_context():
        db.db.engine.dispose()


def test_two_imports_at_once_leave_one_organisation(office: Office) -> None:
    """On PostgreSQL the later one may be told to try again; nothing is there by half."""
    path = office.write_file(large(50))
    running = [office.start("import", path) for _ in range(2)]
    said = [process.communicate(timeout=60)[1] for process in running]
    codes = sorted(process.returncode for process in running)
    assert codes in ([0, 0], [0, 2])
    if codes == [0, 2]:
        assert any("at the same moment" in words for words in said)
    assert len(office.roster().people) == 50

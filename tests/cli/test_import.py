"""`wayhome import`: what is given overwrites, what is absent is left (contract 4)."""

import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.acts.enrolling import code_hash
from server.store.log import Entry, Payload
from server.store.people import Device, Enrolment
from tests.cli.office import Office, person_of, riverside
from tests.support.people import KEYS


def test_the_summary_is_the_contracts(office: Office) -> None:
    summary = office.imports(riverside())
    assert list(summary) == ["organisation", "created", "updated", "warnings", "people"]
    assert summary["organisation"] == "riverside"
    assert summary["created"] == {"organisations": 1, "teams": 1, "people": 3}
    assert summary["updated"] == {"organisations": 0, "teams": 0, "people": 0}
    ids = {ref: str(person.id) for ref, person in office.roster().people.items()}
    assert summary["people"] == [{"ref": ref, "id": ids[ref]} for ref in ("amy", "ben", "cat")]


def test_everything_in_the_file_is_stored(office: Office) -> None:
    office.imports(riverside())
    roster = office.roster()
    assert roster.org is not None
    assert (roster.org.timezone, roster.org.country) == ("Europe/London", "GB")
    amy, ben, cat = (roster.people[ref] for ref in ("amy", "ben", "cat"))
    assert (amy.name, amy.email, amy.mobile) == (
        "Amy Okafor",
        "amy@example.org",
        "+447700900101",
    )
    assert ben.mobile == "+447700900102"
    assert (cat.no_calls, ben.no_calls, cat.roles) == (True, False, ["manager", "buddy"])
    assert amy.pin_hash == KEYS.pin_hash(amy.id, "4821")
    assert amy.duress_hash == KEYS.pin_hash(amy.id, "7390")
    assert office.buddies("amy") == ["ben", "cat"]
    assert office.teams("cat") == ("ot-north", {"ot-north"})


def test_the_same_file_again_changes_nothing(office: Office) -> None:
    first = office.imports(riverside())
    before = office.dump()
    again = office.imports(riverside())
    assert again["created"] == again["updated"]
    assert again["people"] == first["people"]
    assert office.dump() == before


def test_what_is_absent_is_left_and_what_is_present_overwrites(office: Office) -> None:
    office.imports(riverside())
    summary = office.imports(
        {
            "organisation": {"slug": "riverside"},
            "people": [{"ref": "amy", "name": "Amy Okafor-Lee"}, {"ref": "ben", "email": None}],
        }
    )
    assert summary["updated"] == {"organisations": 0, "teams": 0, "people": 1}
    amy = office.person("amy")
    assert amy.name == "Amy Okafor-Lee"
    assert (amy.mobile, amy.email) == ("+447700900101", "amy@example.org")
    assert amy.has_pins
    assert office.buddies("amy") == ["ben", "cat"]
    assert office.person("cat").left_at is None


def test_buddies_are_kept_in_order(office: Office) -> None:
    document = riverside()
    office.imports(document)
    person_of(document, "amy")["buddies"] = ["cat", "ben"]
    office.imports(document)
    assert office.buddies("amy") == ["cat", "ben"]
    person_of(document, "amy")["buddies"] = []
    office.imports(document)
    assert office.buddies("amy") == []
    assert office.buddies("ben") == ["amy"]


def test_team_is_home_and_teams_are_all_the_others(office: Office) -> None:
    document = riverside()
    document["teams"] += [{"slug": "ot-south", "name": "South"}, {"slug": "night", "name": "Night"}]
    amy = person_of(document, "amy")
    amy["teams"] = ["night"]
    office.imports(document)
    assert office.teams("amy") == ("ot-north", {"ot-north", "night"})
    amy["team"] = "ot-south"
    del amy["teams"]
    office.imports(document)
    assert office.teams("amy") == ("ot-south", {"ot-south", "night"})
    del amy["team"]
    amy["teams"] = ["ot-north", "night"]
    office.imports(document)
    assert office.teams("amy") == ("ot-north", {"ot-north", "night"})
    amy["teams"] = ["night", "ot-north"]
    office.imports(document)
    assert office.teams("amy") == ("ot-north", {"ot-north", "night"})


def test_organisations_are_blind_to_each_other(office: Office) -> None:
    office.imports(riverside())
    harbour = riverside()
    harbour["organisation"] = {"slug": "harbour", "name": "Harbour"}
    person_of(harbour, "amy")["name"] = "Another Amy"
    office.imports(harbour)
    assert office.person("amy").name == "Amy Okafor"
    assert office.person("amy", "harbour").name == "Another Amy"
    assert office.person("amy", "harbour").mobile == "+447700900101"
    faults = office.refused(
        {
            "organisation": {"slug": "third", "name": "Third"},
            "teams": [{"slug": "t", "name": "T"}],
            "people": [
                {"ref": "x", "name": "X", "team": "t", "roles": ["worker"], "buddies": ["amy"]}
            ],
        }
    )
    assert faults == ["people[0].buddies[0]: There is nobody with the ref 'amy'."]


def test_policy_fields_are_laid_over_what_the_team_has(office: Office) -> None:
    document = riverside()
    document["teams"][0]["policy"] = {"grace_s": 300, "pin": "always"}
    office.imports(document)
    document["teams"][0]["policy"] = {"nudges": 3}
    summary = office.imports(document)
    assert summary["updated"]["teams"] == 1
    team = office.roster().teams["ot-north"]
    assert (team.policy.grace_s, team.policy.nudges, team.policy.pin) == (300, 3, "always")
    assert team.policy_version == 2
    office.imports(document)
    assert office.roster().teams["ot-north"].policy_version == 2


def test_an_admin_is_one_by_her_role(office: Office) -> None:
    document = riverside()
    person_of(document, "cat")["roles"] = ["manager", "admin"]
    office.imports(document)
    assert office.person("cat").is_admin
    person_of(document, "cat")["roles"] = ["manager"]
    office.imports(document)
    assert not office.person("cat").is_admin


def test_enrol_gives_each_a_fresh_code_for_a_day(office: Office) -> None:
    first = office.imports(riverside(), "--enrol")
    second = office.imports(riverside(), "--enrol")
    codes = {entry["ref"]: entry["enrolment_code"] for entry in second["people"]}
    assert len(set(codes.values())) == 3
    old = code_hash(KEYS, first["people"][0]["enrolment_code"])
    new = code_hash(KEYS, codes["amy"].lower().replace("-", " "))

    def lives(session: Session) -> dict[str, float]:
        rows = session.scalars(select(Enrolment)).all()
        return {row.code_hash: (row.expires_at - row.created_at).total_seconds() for row in rows}

    lasting = office.read(lives)
    assert lasting[new] == 24 * 3600
    assert lasting[old] < 60


def test_contacts_and_those_who_left_get_no_code(office: Office) -> None:
    document = riverside()
    person_of(document, "ben")["roles"] = ["contact"]
    person_of(document, "cat")["left"] = True
    summary = office.imports(document, "--enrol")
    codes = {entry["ref"]: entry["enrolment_code"] for entry in summary["people"]}
    assert codes["amy"]
    assert codes["ben"] is codes["cat"] is None


def test_devices_stay(office: Office) -> None:
    office.imports(riverside())
    amy = office.person("amy")

    def phone(session: Session) -> None:
        times = {"created_at": amy.created_at, "used_at": amy.created_at}
        session.add(
            Device(person_id=amy.id, name="x", token_hash="h", expires_at=amy.created_at, **times)
        )
        session.commit()

    office.read(phone)
    document = riverside()
    person_of(document, "amy").update(name="Amy", mobile="+447700900108")
    office.imports(document, "--enrol")
    assert office.read(lambda session: session.scalars(select(Device.revoked_at)).all()) == [None]


def test_every_change_has_a_line_in_the_log_without_personal_data_in_its_clear_part(
    office: Office,
) -> None:
    document = riverside()
    office.imports(document)
    document["teams"][0]["policy"] = {"grace_s": 60}
    person_of(document, "amy").update(name="Amy Lee", pin="5938", duress_pin="1204")
    office.imports(document)

    def entries(session: Session) -> list[tuple[str, str, dict[str, Any]]]:
        rows = session.execute(
            select(Entry, Payload).join(Payload, Payload.entry_id == Entry.id).order_by(Entry.id)
        )
        return [(entry.what, entry.by, payload.data) for entry, payload in rows]

    found = office.read(entries)
    assert [what for what, _, _ in found] == [
        "organisation_created",
        "team_created",
        "person_created",
        "person_created",
        "person_created",
        "policy_changed",
        "person_changed",
    ]
    assert {by for _, by, _ in found} == {"command"}
    assert found[-2][2]["changes"] == {"grace_s": {"was": 600, "is": 60}}
    assert found[-1][2] == {"ref": "amy", "fields": ["name", "pins"]}
    said = json.dumps(found)
    assert not any(pin in said for pin in ("4821", "7390", "5938", "1204"))


def test_warnings_name_the_holes_an_import_leaves(office: Office) -> None:
    document = riverside()
    for name in ("pin", "duress_pin"):
        del person_of(document, "ben")[name]
    del person_of(document, "ben")["buddies"]
    warnings = office.imports(document)["warnings"]
    assert warnings == [
        "Without a buddy: ben.",
        "Without PINs, so they close by text without one: ben.",
        "Unproven numbers, not counted as cover: amy, ben, cat.",
        "Fewer than 2 others can be told of: amy, ben.",
        "ot-north: its rungs reach fewer than 3 people on duty: nobody.",
        "ot-north: its rungs_urgent reach fewer than 3 people on duty: nobody.",
    ]


def test_a_team_in_order_has_no_warnings(office: Office) -> None:
    assert office.imports(riverside(), "--trust-numbers")["warnings"] == []


def test_somebody_may_leave_and_come_back(office: Office) -> None:
    document = riverside()
    office.imports(document)
    person_of(document, "ben")["left"] = True
    summary = office.imports(document)
    assert office.person("ben").left_at is not None
    assert "people[0].buddies[0]: ben has left and is told nothing." in summary["warnings"]
    del person_of(document, "ben")["left"]
    summary = office.imports(document)
    assert office.person("ben").left_at is not None
    assert "people[1]: ben has left; 'left': false brings them back." in summary["warnings"]
    person_of(document, "ben")["left"] = False
    office.imports(document)
    assert office.person("ben").left_at is None


@pytest.mark.parametrize("ref", ["amy", "e-1042", "A.Okafor", "amy@example.org", "7"])
def test_refs_are_plain_words(office: Office, ref: str) -> None:
    document = riverside()
    document["people"] = [{"ref": ref, "name": "A", "team": "ot-north", "roles": ["worker"]}]
    assert office.imports(document)["people"][0]["ref"] == ref

"""`wayhome import people.csv`: the fields of people as columns (contract 4)."""

from typing import Any

import pytest

from tests.cli.office import Office, riverside

HEADER = "ref,name,mobile,team,roles,buddies,no_calls\n"


@pytest.fixture
def riverside_office(office: Office) -> Office:
    office.imports(riverside())
    return office


def imports(office: Office, words: str | bytes, *options: str) -> dict[str, Any]:
    return office.imports(words, *options, name="people.csv")


def refused(office: Office, words: str | bytes, *options: str) -> list[str]:
    return office.refused(words, *options, name="people.CSV")


def test_lines_are_people(riverside_office: Office) -> None:
    summary = imports(
        riverside_office,
        HEADER
        + 'dan,"Price, Dan",07700 900104,ot-north,worker;buddy,amy; ben,yes\n'
        + "eve,Eve,07700900105,ot-north,worker buddy,,no\n",
    )
    assert summary["created"] == {"organisations": 0, "teams": 0, "people": 2}
    dan = riverside_office.person("dan")
    assert (dan.name, dan.mobile, dan.roles) == (
        "Price, Dan",
        "+447700900104",
        ["worker", "buddy"],
    )
    assert dan.no_calls
    assert riverside_office.buddies("dan") == ["amy", "ben"]
    assert not riverside_office.person("eve").no_calls


def test_an_empty_cell_leaves_things_as_they_are(riverside_office: Office) -> None:
    imports(riverside_office, "ref,name,mobile,buddies\namy,Amy Lee,,\n")
    amy = riverside_office.person("amy")
    assert (amy.name, amy.mobile) == ("Amy Lee", "+447700900101")
    assert riverside_office.buddies("amy") == ["ben", "cat"]


def test_a_spreadsheets_mark_and_line_ends_are_no_fault(riverside_office: Office) -> None:
    imports(riverside_office, b"\xef\xbb\xbfRef , NAME\r\namy,Amy Lee\r\n\r\n")
    assert riverside_office.person("amy").name == "Amy Lee"


def test_every_fault_is_named_by_its_line_and_column(riverside_office: Office) -> None:
    assert refused(
        riverside_office,
        HEADER + "dan,Dan,999,ot-east,worker,zed,perhaps\n\namy,,,,,,,extra\n",
    ) == [
        "people[0].no_calls: Give true or false.",
        "people[0].mobile: 999 is a number for emergencies or services; give a person's own, a"
        " mobile such as 07700 900101.",
        "people[0].team: There is no team 'ot-east'.",
        "people[0].buddies[0]: There is nobody with the ref 'zed'.",
        "people[2]: This line has more cells than the header.",
    ]


def test_columns_are_known_ones(riverside_office: Office) -> None:
    faults = refused(riverside_office, "ref,phone,name,name\namy,1,A,A\n")
    assert faults[:2] == [
        "columns: There is no column 'phone'.",
        "columns: The column 'name' is there twice; keep one.",
    ]
    assert faults[2].startswith("columns: Choose from ref, name, mobile, email, team, ")
    assert refused(riverside_office, "ref;name\namy;Amy\n")[1].startswith(
        "columns: The column 'ref' is needed, with commas"
    )


@pytest.mark.parametrize("words", ['ref,name\namy,"Amy\n', 'ref,name\namy,"A"b\n'])
def test_what_is_not_csv_is_refused(riverside_office: Office, words: str) -> None:
    [fault] = refused(riverside_office, words)
    assert fault.startswith("The file is not CSV (line ")


def test_the_organisation_is_there_already_and_only_one_is_meant(office: Office) -> None:
    assert refused(office, HEADER + "dan,Dan,,ot-north,worker,,\n") == [
        "There is no organisation yet; import a JSON file with one first."
    ]
    office.imports(riverside())
    harbour = riverside() | {"organisation": {"slug": "harbour", "name": "Harbour"}}
    office.imports(harbour)
    assert refused(office, "ref,name\namy,A\n") == [
        "Say with --org which organisation it is: harbour, riverside."
    ]
    assert refused(office, "ref,name\namy,A\n", "--org", "moon") == [
        "Say with --org which organisation it is: harbour, riverside."
    ]
    summary = imports(office, "ref,name\namy,Harbour Amy\n", "--org", "harbour")
    assert summary["organisation"] == "harbour"
    assert office.person("amy").name == "Amy Okafor"
    assert office.person("amy", "harbour").name == "Harbour Amy"

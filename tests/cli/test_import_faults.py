"""`wayhome import`: one bad row rejects the whole file, with every fault listed (contract 4)."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.cli.office import Office, riverside

MOBILE = "a mobile such as 07700 900101"


def changed(place: str, value: Any) -> dict[str, Any]:
    """The example with one field of amy's set; `...` takes it away."""
    document = riverside()
    amy = document["people"][0]
    amy[place] = value
    if value is ...:
        del amy[place]
    return document


RUNG = {"after_s": 0, "to": ["buddy"], "by": ["text"]}


def policy(**fields: Any) -> dict[str, Any]:
    """A file whose policy has these fields and good ladders beside them, as a real one does."""
    document = riverside()
    document["teams"][0]["policy"] = {"rungs": [RUNG], "rungs_urgent": [RUNG], **fields}
    return document


def test_a_file_with_ten_faults_gives_ten_lines(office: Office) -> None:
    document = riverside()
    document["teams"][0]["policy"] = {
        "grace_s": 4000,
        "rungs": [{"after_s": 0, "to": ["zed"], "by": ["pigeon"]}],
    }
    amy, ben, cat = document["people"]
    amy |= {"mobile": "999", "buddies": ["amy", "nobody"]}
    ben |= {"mobile": "07700 900103", "roles": ["king"]}
    cat |= {"email": "cat", "pin": "12"}
    assert office.refused(document) == [
        "teams[0].policy.grace_s: Give whole seconds from 0 to 3600.",
        "teams[0].policy.rungs[0].by[0]: Choose text, call, email, push or preferred.",
        "teams[0].policy.rungs[0].to[0]: There is nobody with the ref 'zed'.",
        f"people[0].mobile: 999 is a number for emergencies or services; give a person's own,"
        f" {MOBILE}.",
        "people[0].buddies[0]: Nobody can be their own buddy.",
        "people[0].buddies[1]: There is nobody with the ref 'nobody'.",
        "people[1].roles[0]: Choose from worker, buddy, cover, manager, admin, contact.",
        "people[2].email: Give an e-mail address such as amy@example.org.",
        "people[2].pin: A PIN has 4 to 6 digits.",
        "people[2].mobile: This is the number of people[1] already."
        " A number belongs to one person.",
    ]


FIELDS = [
    ("ref", "Amy Okafor", "Give letters, digits, dots, hyphens or _, such as amy or e-1042 (at"
     " most 60)."),
    ("ref", "a" * 61, "Give letters, digits, dots, hyphens or _, such as amy or e-1042 (at most"
     " 60)."),
    ("ref", "managers", "This word means somebody else in a ladder; choose another."),
    ("ref", ..., "This field is needed."),
    ("ref", 7, 'Give text, in " ".'),
    ("name", "", "Give 1 to 100 characters."),
    ("name", "A" * 101, "Give 1 to 100 characters."),
    ("name", "Amy\u0000", "Give words on one line, without control characters."),
    ("name", "Amy\u202e", "Give words on one line, without control characters."),
    ("name", None, "Give a value, not null."),
    ("name", ..., "Somebody new needs a name."),
    ("email", "amy@", "Give an e-mail address such as amy@example.org."),
    ("roles", [], "Choose from worker, buddy, cover, manager, admin, contact."),
    ("roles", "worker", "Give a list, in [ ]."),
    ("roles", ..., "Somebody new needs roles, such as worker and buddy."),
    ("team", "ot-east", "There is no team 'ot-east'."),
    ("team", ..., "Somebody new needs a team."),
    ("buddies", "ben", "Give a list, in [ ]."),
    ("no_calls", "yes", "Give true or false."),
    ("left", 2, "Give true or false."),
    ("prefers", "pigeon", "Choose text, call, email or push."),
    ("pin", 4821, 'Give text, in " ".'),
    ("pin", "48211234", "A PIN has 4 to 6 digits."),
    ("mobile", 447700900101, 'Give text, in " ".'),
    ("mobile", "0800 THERAPY", f"A number has digits only; give {MOBILE}."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "sentence"), FIELDS)
def test_a_fault_names_its_field_and_what_would_be_right(
    desk: Office, name: str, value: Any, sentence: str
) -> None:
    document = changed(name, value)
    document["people"][1]["buddies"] = []
    assert f"people[0].{name}: {sentence}" in desk.refused(document)


NUMBERS = ["999", "112", "07700", "0909 879 0000", "070 1234 5678", "0844 123 4567", "118500", ""]


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_nobody_would_answer_are_refused(desk: Office, number: str) -> None:
    [fault] = desk.refused(changed("mobile", number))
    assert fault.startswith("people[0].mobile: ")
    assert fault.endswith(f"{MOBILE}.")


BOUNDS = [
    ("grace_s", 0, 3600),
    ("grace_high_risk_s", 0, 900),
    ("warn_before_s", 0, 3600),
    ("nudges", 0, 5),
    ("broadcast_after_s", 0, 600),
    ("broadcast_every_s", 1, 1800),
    ("owner_quiet_s", 1, 1800),
    ("not_started_after_s", 0, 3600),
]


@pytest.mark.parametrize(("name", "low", "high"), BOUNDS)
def test_every_bound_of_the_policy_holds_from_both_sides(
    desk: Office, name: str, low: int, high: int
) -> None:
    for value in (low - 1, high + 1, float(low), "7", None, True):
        [fault] = desk.refused(policy(**{name: value}))
        assert fault.startswith(f"teams[0].policy.{name}: Give ")
    for value in (low, high):
        desk.imports(policy(**{name: value}))


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"rungs": []}, "rungs: A ladder needs at least one step."),
        ({"rungs_urgent": []}, "rungs_urgent: A ladder needs at least one step."),
        ({"rungs": [RUNG] * 21}, "rungs: A ladder has at most 20 steps."),
        (
            {"rungs": [{**RUNG, "after_s": 601}]},
            "rungs: The first step has to come within 10 min of the alarm.",
        ),
        (
            {"rungs": [{**RUNG, "after_s": 9}, RUNG]},
            "rungs: Put the steps in order of their times, the earliest first.",
        ),
        (
            {"rungs": [{**RUNG, "to": []}]},
            "rungs[0].to: Name at least one: buddy, cover, managers, ...",
        ),
        ({"rungs": [{**RUNG, "by": []}]}, "rungs[0].by: Name at least one way, such as text."),
        ({"rungs": [{"after_s": 0, "to": ["buddy"]}]}, "rungs[0].by: This field is needed."),
        ({"rungs": [{**RUNG, "if": 1}]}, "rungs[0].if: There is no such field."),
        ({"rungs": [3]}, "rungs[0]: Give an object, in { }."),
        ({"rungs": {}}, "rungs: Give a list, in [ ]."),
        (
            {"check_in_every_s": {"high": 59}},
            "check_in_every_s.high: Give null or 60 to 14400 seconds.",
        ),
        ({"check_in_every_s": {"low": 60}}, "check_in_every_s.low: There is no such field."),
        ({"pin": "sometimes"}, "pin: Choose one of never, text_only, always."),
        ({"watch_not_started": "no"}, "watch_not_started: Give true or false."),
        ({"grace": 5}, "grace: There is no such field."),
    ],
)  # fmt: skip
def test_a_policy_fault_names_its_place(desk: Office, fields: dict[str, Any], fault: str) -> None:
    assert desk.refused(policy(**fields)) == [f"teams[0].policy.{fault}"]


def test_pins_come_together_and_differ_in_two_places(desk: Office) -> None:
    assert desk.refused(changed("duress_pin", ...)) == [
        "people[0].duress_pin: Give pin and duress_pin together."
    ]
    alone = changed("duress_pin", ...)
    alone["people"][0]["pin"] = "12"
    assert sorted(desk.refused(alone)) == [
        "people[0].duress_pin: Give pin and duress_pin together.",
        "people[0].pin: A PIN has 4 to 6 digits.",
    ]
    [fault] = desk.refused(changed("duress_pin", "4822"))
    assert fault == "people[0].duress_pin: The two PINs have to differ in at least two places."


def test_keys_are_not_given_twice(desk: Office) -> None:
    document = riverside()
    document["teams"].append({"slug": "ot-north", "name": "Again"})
    document["people"].append({**document["people"][1], "mobile": None})
    assert desk.refused(document) == [
        "teams[1].slug: 'ot-north' is teams[0] already.",
        "people[3].ref: 'ben' is people[1] already.",
    ]


def test_a_number_somebody_in_the_organisation_has_is_refused(office: Office) -> None:
    office.imports(riverside())
    fields = {"ref": "amy", "mobile": "07700 900103"}
    faults = office.refused({"organisation": {"slug": "riverside"}, "people": [fields]})
    assert faults == [
        "people[0].mobile: This is cat's number already. A number belongs to one person."
    ]


def test_new_things_need_names(office: Office) -> None:
    faults = office.refused(
        {"organisation": {"slug": "new"}, "teams": [{"slug": "t"}], "people": [{"ref": "x"}]}
    )
    assert faults == [
        "organisation.name: A new organisation needs a name.",
        "teams[0].name: A new team needs a name.",
        "people[0].name: Somebody new needs a name.",
        "people[0].roles: Somebody new needs roles, such as worker and buddy.",
        "people[0].team: Somebody new needs a team.",
    ]


def test_an_organisation_that_cannot_be_told_is_the_only_fault_of_its_kind(desk: Office) -> None:
    desk.imports(riverside())
    people = [{"ref": "amy", "name": "Amy Lee"}]
    [fault] = desk.refused({"organisation": {"slug": "River Side"}, "people": people})
    assert fault.startswith("organisation.slug: ")


def test_a_field_written_twice_is_a_fault_at_its_place(desk: Office) -> None:
    words = """{"organisation": {"slug": "r", "name": "R", "name": "S"},
      "people": [], "people": []}"""
    inner = """{"organisation": {"slug": "r", "name": "R"}, "people": [{"ref": "a", "ref": "a"}]}"""
    assert desk.refused(inner)[0] == "people[0].ref: This field is written twice; keep one."
    faults = desk.refused(words)
    assert faults == [
        "organisation.name: This field is written twice; keep one.",
        "people: This field is written twice; keep one.",
    ]


NO_NUMBER = "The file is not JSON: it has a number that no field can hold."
UNREADABLE = {
    "": "The file is empty.",
    "  \n": "The file is empty.",
    "{": "The file is not JSON (line 1, column 2: Expecting property name enclosed in double"
    " quotes).",
    '{"organisation":\n  {"slug" "x"}}': "The file is not JSON (line 2, column 11: Expecting ':'"
    " delimiter).",
    '{"people": NaN}': NO_NUMBER,
    '{"a": ' + "9" * 5000 + "}": NO_NUMBER,
    "[" * 100_000: "The file is nested too deeply.",
    "[]": "The file has to be one JSON object: organisation, teams, people.",
    '{"a":"\n'.encode("utf-16"): "The file is not UTF-8 (line 1); save it as UTF-8.",
    b'{"organisation":\n "\xff"}': "The file is not UTF-8 (line 2); save it as UTF-8.",
    b" " * (10 * 1024 * 1024 + 1): "The file is larger than 10 MB; split it and import one part at"
    " a time.",
    "{}": "organisation: This field is needed.",
    '{"organisation": []}': "organisation: Give an object, in { }.",
    '{"organisation": {"slug": "Big Org"}}': "organisation.slug: Give small letters, digits and"
    " hyphens, such as ot-north (at most 60).",
    '{"organisation": {"slug": "a", "name": "A", "country": "XX"}}': "organisation.country: Give a"
    " country of two letters, such as GB.",
    '{"organisation": {"slug": "a", "name": "A"}, "people": {}}': "people: Give a list, in [ ].",
    '{"organisation": {"slug": "a", "name": "A"}, "people": [1]}': "people[0]: Give an object,"
    " in { }.",
}


@pytest.mark.parametrize("content", UNREADABLE, ids=range(len(UNREADABLE)))
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(
    desk: Office, content: str | bytes
) -> None:
    assert desk.refused(content) == [UNREADABLE[content]]


def test_a_byte_order_mark_is_no_fault(desk: Office) -> None:
    desk.imports(b"\xef\xbb\xbf" + b'{"organisation": {"slug": "a", "name": "A"}}')


def test_what_is_in_the_file_cannot_write_on_the_terminal(desk: Office) -> None:
    [fault] = desk.refused('{"organisation": {"slug": "a", "name": "A", "\\u001b[2J": 1}}')
    assert fault == "organisation.?[2J: There is no such field."


def test_a_missing_file_is_refused(desk: Office, tmp_path: Path) -> None:
    result = desk.run("import", str(tmp_path / "none.json"))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.endswith("none.json cannot be read: No such file or directory.\n")
    result = desk.run("import", str(tmp_path))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith("is a folder; name a JSON or CSV file.\n")


def test_a_setting_that_cannot_be_used_is_refused(desk: Office) -> None:
    desk.env["WAYHOME_SENDERS"] = "many"
    result = desk.run("import", desk.write_file(riverside()))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "WAYHOME_SENDERS: give a whole number from 1 to 256." in result.stderr


def test_a_database_that_is_not_migrated_is_refused(office: Office) -> None:
    def forget(session: Any) -> None:
        session.execute(text("DROP TABLE alembic_version"))
        session.commit()

    office.read(forget)
    result = office.run("import", office.write_file(riverside()))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "run: wayhome migrate" in result.stderr

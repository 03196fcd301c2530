"""`wayhome invite`: a link for somebody who was imported, and a sentence for everybody else."""

import re

from tests.cli.office import Office, person_of, riverside


def test_a_link_is_printed_and_nothing_else(office: Office) -> None:
    office.imports(riverside())
    done = office.run("invite", "AMY@example.org")
    assert done.exit_code == 0, done.stderr
    assert re.fullmatch(r"http://127\.0\.0\.1:8080/welcome/[\w-]{32}\n", done.stdout)


def test_who_is_not_there_is_refused_in_a_sentence(office: Office) -> None:
    office.imports(riverside())
    done = office.run("invite", "zoe@example.org")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Nobody with the address zoe@example.org" in done.stderr


def test_a_shared_address_needs_a_name(office: Office) -> None:
    document = riverside()
    person_of(document, "ben")["email"] = "amy@example.org"
    office.imports(document)
    assert "amy of riverside, ben of riverside" in office.run("invite", "amy@example.org").stderr
    assert office.run("invite", "amy@example.org", "--ref", "ben").exit_code == 0

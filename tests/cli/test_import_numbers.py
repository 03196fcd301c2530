"""`wayhome import`: numbers, how far they are known, and whose they are (contract 4)."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from server.store.people import NumberProof, Person
from tests.cli.office import Office, person_of, riverside


def test_null_takes_a_number_and_an_address_away(office: Office) -> None:
    office.imports(riverside(), "--trust-numbers")
    fields = {"ref": "amy", "mobile": None, "email": None, "prefers": None}
    office.imports({"organisation": {"slug": "riverside"}, "people": [fields]})
    amy = office.person("amy")
    assert (amy.mobile, amy.email, amy.number_proof) == (None, None, NumberProof.NONE)


def test_two_people_may_swap_numbers(office: Office) -> None:
    document = riverside()
    office.imports(document, "--trust-numbers")
    amy, ben = person_of(document, "amy"), person_of(document, "ben")
    amy["mobile"], ben["mobile"] = ben["mobile"], amy["mobile"]
    office.imports(document)
    assert office.person("amy").mobile == "+447700900102"
    assert office.person("ben").mobile == "+447700900101"
    assert office.person("amy").number_proof == NumberProof.NONE


def test_trusted_is_never_proven_and_a_changed_number_loses_its_proof(office: Office) -> None:
    document = riverside()
    office.imports(document)
    assert office.person("amy").number_proof == NumberProof.NONE
    office.imports(document, "--trust-numbers")
    assert office.person("amy").number_proof == NumberProof.TRUSTED

    def prove(session: Session) -> None:
        session.execute(update(Person).values(number_proof=NumberProof.PROVEN.value))
        session.commit()

    office.read(prove)
    office.imports(document, "--trust-numbers")
    assert office.person("amy").number_proof == NumberProof.PROVEN
    person_of(document, "amy")["mobile"] = "+447700900109"
    office.imports(document)
    assert office.person("amy").number_proof == NumberProof.NONE
    assert office.person("ben").number_proof == NumberProof.PROVEN


def test_a_landline_is_called_and_not_texted(office: Office) -> None:
    document = riverside()
    person_of(document, "ben")["mobile"] = "0113 496 0000"
    office.imports(document)
    assert office.person("ben").landline
    person_of(document, "ben")["mobile"] = "07700 900102"
    office.imports(document)
    assert not office.person("ben").landline


def test_a_foreign_number_is_kept_with_a_warning(office: Office) -> None:
    document = riverside()
    person_of(document, "ben")["mobile"] = "+353 86 123 4567"
    summary = office.imports(document)
    assert any(warning.startswith("people[1].mobile: ") for warning in summary["warnings"])
    assert office.person("ben").mobile == "+353861234567"


def test_numbers_are_read_for_the_organisations_country(office: Office) -> None:
    document = riverside()
    document["organisation"] |= {"country": "ie", "timezone": "Europe/Dublin"}
    for person, mobile in zip(document["people"], ("0861234567", "0861234568", None), strict=True):
        person["mobile"] = mobile
    office.imports(document)
    assert office.person("amy").mobile == "+353861234567"
    fields = {"ref": "ben", "mobile": "086 123 4569"}
    office.imports({"organisation": {"slug": "riverside"}, "people": [fields]})
    assert office.person("ben").mobile == "+353861234569"


def test_the_number_of_somebody_who_left_may_go_to_another(office: Office) -> None:
    document = riverside()
    office.imports(document)
    person_of(document, "ben")["left"] = True
    del person_of(document, "ben")["mobile"]
    new = {"ref": "dan", "name": "Dan", "mobile": "07700 900102", "team": "ot-north"}
    document["people"].append({**new, "roles": ["worker"]})
    office.imports(document)
    assert office.person("dan").mobile == "+447700900102"
    assert office.person("ben").mobile is None

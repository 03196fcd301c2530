"""Contract 4: a number is proven by a text that comes from it, and by nothing else."""

from datetime import timedelta

from sqlalchemy import func, select

from server.store.log import Entry
from server.store.people import NumberProof, Person, person
from tests.hooks.line import Line
from tests.support.clock import A_TUESDAY
from tests.support.people import reading, writing


def ben(line: Line) -> Person:
    return reading(line.app, lambda session: person(session, line.org["ben"].id))


def unprove(line: Line) -> None:
    def change(session: object) -> None:
        for who in line.org.people.values():
            found = session.get(Person, who.id)  # type: ignore[attr-defined]
            found.number_proof, found.number_proven_at = NumberProof.NONE.value, None

    writing(line.app, change)


def entries(line: Line) -> int:
    query = select(func.count()).select_from(Entry).where(Entry.what == "number_proven")
    return reading(line.app, lambda session: session.scalar(query)) or 0


def test_a_text_proves_the_number_it_came_from(line: Line) -> None:
    unprove(line)
    assert "NOT covered: no number around you is proven yet. Ask your buddy to text" in line.says(
        "amy", "VISIT 45 12 High St"
    )
    line.says("ben", "STATUS")
    assert (ben(line).number_proof, ben(line).number_proven_at) == ("proven", A_TUESDAY)
    assert "NOT covered" not in line.says("amy", "STATUS")


def test_the_first_is_logged_and_the_day_is_renewed_daily(line: Line) -> None:
    unprove(line)
    line.says("ben", "what is this")
    line.says("ben", "STATUS")
    assert entries(line) == 1
    line.clock.forward(minutes=24 * 60)
    line.says("ben", "STATUS")
    assert ben(line).number_proven_at == A_TUESDAY + timedelta(days=1)
    assert entries(line) == 1


def test_what_nobody_signed_proves_nothing(line: Line) -> None:
    unprove(line)
    form = {"MessageSid": "SM1", "From": line.number("ben"), "Body": "STATUS"}
    assert line.post("/hooks/twilio/message", form, signature="-").status_code == 403
    assert ben(line).number_proof == "none"

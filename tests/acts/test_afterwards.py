"""What is said when an alarm is over and the visit is not: to whoever was told, and to her."""

from dataclasses import replace

import pytest

from server.running import install
from shared.gsm7 import fits_one
from shared.states import AlarmOutcome
from tests.engine.fixtures import NewNight
from tests.engine.night import Night
from tests.support.database import sqlite_only
from tests.support.people import AMY, BEN, CAT, running_in

pytestmark = sqlite_only
LONG = replace(AMY, name="Dr Oluwaseun Adebayo-Fitzgerald-Williams")


def forced(night: Night) -> None:
    """Amy seems to close her visit of 14:45 at 14:30; Ben and Cat are told of a duress."""
    night.start("amy", 45)
    night.forward(minutes=30)
    night.close("amy", AMY.duress_pin)
    night.forward(minutes=1)
    night.forget()


def test_a_visit_that_a_duress_kept_open_is_said_to_all_who_were_told_and_to_her(
    night: Night,
) -> None:
    forced(night)
    night.resolve("ben")
    assert night.new("cat") == [
        "All clear: Amy Okafor is safe (Ben Hughes, 14:31). Thank you."
        " Her visit is watched until 14:45."
    ]
    assert night.new("amy") == [
        "Your 14:45 booking is open again (Ben Hughes): reply DONE and your PIN by 14:45."
    ]
    assert [e.visit_id for e in night.log("watched_on")] == [night.visit("amy").id]


@pytest.mark.parametrize("outcome", [AlarmOutcome.HARMED, AlarmOutcome.EMERGENCY_SERVICES])
def test_once_others_look_after_her_no_text_asks_her_for_a_pin(
    night: Night, outcome: AlarmOutcome
) -> None:
    """Who threatens her may still hold her phone; the visit is watched all the same."""
    forced(night)
    night.resolve("ben", outcome)
    assert night.new("amy") == []
    assert [e.visit_id for e in night.log("watched_on")] == [night.visit("amy").id]


def test_where_its_end_has_passed_she_has_one_grace_from_then(night: Night) -> None:
    forced(night)
    night.forward(minutes=60)
    night.forget()
    night.resolve("ben")
    assert night.new("amy")[0].endswith("reply DONE and your PIN by 15:41.")
    assert night.new("cat")[0].endswith("Her visit is watched until 15:41.")
    assert night.visit("amy").due_at == night.now.replace(hour=15, minute=41)


def test_where_she_had_no_visit_there_is_nothing_more_to_say(night: Night) -> None:
    night.sos("amy")
    night.forward(seconds=1)
    night.forget()
    night.resolve("ben")
    assert night.new("cat")[0].endswith("Thank you. Nothing more to do.")
    assert night.new("amy") == [
        "Ben Hughes has closed your message (14:00). Still need us? Send SOS."
    ]


@pytest.mark.parametrize("outcome", AlarmOutcome)
def test_what_she_is_told_of_the_end_is_the_same_whatever_the_end_was(
    night: Night, outcome: AlarmOutcome
) -> None:
    """Whoever reads over her shoulder must not learn that help is on its way."""
    night.start("amy", 45)
    night.forward(minutes=56)
    night.forget()
    night.resolve("ben", outcome)
    assert night.new("amy") == [
        "Ben Hughes has closed your 14:45 booking (14:56). Not right? Ring the office."
    ]


def test_in_a_rehearsal_every_alarm_is_one_text(new_night: NewNight) -> None:
    night = new_night(people=[LONG, BEN, CAT])
    running = running_in(night.app)
    install(night.app, replace(running, desk=replace(running.desk, rehearsal=True)))
    night.town.restart()
    night.start("amy", 45, place="Flat 3, The Old Rectory, Ffordd y Gwyn")
    night.forward(minutes=56)
    (text,) = night.texts("ben")
    assert text.startswith("REHEARSAL. Dr Oluwaseun")
    assert text.endswith("Ring her on 07700 900101. No answer: 999. Reply 1 to take charge.")
    assert fits_one(text)

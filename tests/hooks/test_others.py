"""Contract 6: STATUS, AWAY, BACK, STOP, START, what is not understood, and strangers."""

from datetime import UTC, datetime

import pytest

from server.hooks.texting import take_text
from shared.gsm7 import segments
from shared.states import Role
from tests.hooks.conftest import NewLine
from tests.hooks.line import Line
from tests.support.people import AMY, BEN, CAT, Somebody

KNOWN = (
    "For help send SOS. Or VISIT 45 12 High St, OK, MORE 15, DONE, HOME 60, STATUS, AWAY 18:00,"
    " BACK."
)


def test_status_with_nothing_open_says_who_would_be_told(line: Line) -> None:
    assert line.says("amy", "status?") == (
        "You have nothing open. If you began now and we heard nothing, we would tell"
        " Ben Hughes, then Cat Lin, then everyone."
    )


def test_status_of_a_visit_is_its_safety_chain(line: Line) -> None:
    line.says("amy", "VISIT 45 12 High St")
    assert line.says("amy", "STATUS").startswith(
        "12 High St until 14:45. If we hear nothing: 14:55 Ben Hughes by text, "
    )


def test_status_after_a_raise_names_whoever_has_it_in_hand(line: Line) -> None:
    line.says("amy", "VISIT 20 12 High St")
    line.forward(minutes=31)
    assert line.says("amy", "STATUS") == (
        "12 High St: people have been told. Next: 14:33 Ben Hughes by text."
        " To stop it, send DONE and your PIN."
    )
    assert line.says("ben", "STATUS") == (
        "Open: A: Amy Okafor at 12 High St since 14:30, nobody has charge yet."
        " Next: Ben Hughes is texted 14:33."
    )
    line.says("ben", "1")
    assert "Ben Hughes has it in hand." in line.says("amy", "STATUS")
    assert line.says("ben", "STATUS") == (
        "Open: A: Amy Okafor at 12 High St since 14:30, Ben Hughes has charge."
    )


def test_status_shows_no_place_where_the_team_shows_none(new_line: NewLine) -> None:
    line = new_line(policy={"text_shows_place": False})
    line.says("amy", "VISIT 20 12 High St")
    line.forward(minutes=31)
    said = line.says("ben", "STATUS")
    assert said.startswith("Open: A: Amy Okafor since 14:30, nobody has charge yet. Next: ")


@pytest.mark.parametrize("words", ["hello", "Good morning!", "\U0001f600"])
def test_a_greeting_gets_the_list_of_what_is_understood(line: Line, words: str) -> None:
    assert line.says("amy", words) == f"Thank you for writing. {KNOWN}"


def test_what_is_said_to_be_passed_on_is(line: Line) -> None:
    """An SOS without a visit: there is nothing to close or to add to, and those told hear of it."""
    line.says("amy", "SOS")
    line.new("ben")
    for words in ("DONE", "DONE", "MORE 15", "MORE"):
        assert line.says("amy", words).startswith("Thank you, noted: whoever was told hears it.")
    assert line.new("ben") == [
        f"Amy Okafor's phone says she {says} at 14:00, no PIN: speak to her."
        for says in ("is finished", "is finished", "needs 15 min more", "needs more time")
    ]


def test_status_without_an_engine_says_not_covered(line: Line) -> None:
    line.clock.forward(minutes=5)
    answer = line.text("amy", "STATUS").get_data(as_text=True)
    assert "NOT covered: our service is in trouble just now" in answer


def test_status_with_nobody_to_tell_says_not_covered(new_line: NewLine) -> None:
    line = new_line(people=[Somebody("amy", "Amy Okafor", AMY.mobile)])
    assert "NOT covered: nobody but you can be told" in line.says("amy", "STATUS")


def test_away_and_back(line: Line) -> None:
    assert line.says("ben", "away until 18:00") == (
        "You are away until 18:00: others are asked first. Back earlier? Send BACK."
    )
    assert line.somebody("ben").away_until == datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
    assert line.says("ben", "BACK") == "You are back: you are asked again from now on."
    assert line.somebody("ben").away_until is None


def test_away_until_tomorrow_names_the_day(line: Line) -> None:
    assert "until Wed 09:00:" in line.says("ben", "AWAY 9:00am")


def test_away_without_a_time_asks(line: Line) -> None:
    assert line.says("ben", "AWAY") == "Until when? Send AWAY 18:00."


@pytest.mark.parametrize("words", ["STOP", "stop ", "END", "Cancel", "QUIT", "unsubscribe"])
def test_stop_marks_the_number_and_the_managers_hear_at_once(line: Line, words: str) -> None:
    assert line.says("amy", words) == ""
    assert line.somebody("amy").unreachable_since is not None
    assert line.new("cat") == [
        "Amy Okafor's number blocks our texts since 14:00. She gets none until START is sent from"
        " it to this number."
    ]


def test_stop_in_another_language_is_known_by_what_the_gateway_did(line: Line) -> None:
    assert line.says("amy", "ARRET", OptOutType="STOP") == ""
    assert line.somebody("amy").unreachable_since is not None


@pytest.mark.parametrize(
    ("words", "fields"), [("START", {}), ("Yes", {}), ("hi", {"OptOutType": "START"})]
)
def test_start_opens_the_number_again(line: Line, words: str, fields: dict[str, str]) -> None:
    line.says("amy", "STOP")
    assert line.says("amy", words, **fields) == "Thank you. This number gets our texts again."
    assert line.somebody("amy").unreachable_since is None


def test_start_from_a_number_that_was_never_closed_is_not_understood(line: Line) -> None:
    assert line.says("amy", "START") == f"That word does nothing here. {KNOWN}"


@pytest.mark.parametrize(
    "words", ["banana", "", "?", "not ok", "ok done", 'Liked "DONE"', "stop it"]
)
def test_what_is_not_understood_gets_the_short_list(line: Line, words: str) -> None:
    line.says("amy", "VISIT 45 12 High St")
    answer = line.says("amy", words)
    assert answer.endswith(KNOWN)
    assert segments(answer) == 1
    assert len(line.visits("amy")) == 1


def test_while_an_alarm_is_open_it_is_shown_to_whoever_was_told(line: Line) -> None:
    line.says("amy", "VISIT 20 12 High St")
    line.forward(minutes=31)
    line.new("ben")
    assert line.says("amy", "not ok pin 4821 call me") == (
        "That was not clear, so nothing has changed. Passed on to whoever was told. To stop it,"
        " send DONE and your PIN. Worse? Send SOS."
    )
    assert line.new("ben") == ["Amy Okafor texted at 14:31: not ok pin **** call me"]
    line.says("amy", "not ok pin 4821 call me")
    assert line.new("ben") == []


def test_whoever_is_told_later_gets_what_she_wrote_before(line: Line) -> None:
    """The first who was told may be asleep, and her words say more than the alarm does."""
    line.says("amy", "VISIT 20 12 High St")
    line.says("amy", "i am not safe he has a knife")
    line.forward(minutes=31)
    knife = "Amy Okafor texted at 14:00: i am not safe he has a knife"
    assert knife in line.new("ben")
    line.says("amy", "plese hurry")
    line.says("amy", "DONE")
    line.forward(minutes=3)
    told = line.new("cat")
    assert sorted(told)[1:] == [
        "Amy Okafor texted at 14:00: i am not safe he has a knife",
        "Amy Okafor texted at 14:31: plese hurry",
        "Amy Okafor's phone says she is finished at 14:31, no PIN: speak to her.",
    ]
    line.forward(minutes=6)
    assert [one for one in line.new("cat") if "texted" in one or "phone says" in one] == []


def test_what_somebody_told_does_not_spell_right_gets_how_to_reply(line: Line) -> None:
    line.says("amy", "SOS")
    answer = line.says("ben", "whats this")
    assert answer.startswith("Not understood. 1 takes charge, 2 passes it on.")
    assert segments(answer) == 1


def test_two_machines_do_not_text_each_other_for_ever(line: Line) -> None:
    answers = [line.says("amy", "I am driving and will reply later") for _ in range(15)]
    assert answers[0] != ""
    assert answers[-1] == ""
    assert line.says("amy", "I am here now") != ""
    line.forward(minutes=11)
    assert line.says("amy", "I am driving and will reply later") != ""


def test_a_stranger_gets_one_helpful_sentence_three_times_a_day(line: Line) -> None:
    stranger = "+447700900555"
    answers = [line.says(stranger, f"hello {n}") for n in range(5)]
    assert answers[0] == (
        "This number is not known to Wayhome. If you need help now, ring 999. If you should be"
        " known, please ask your manager."
    )
    assert answers == [answers[0]] * 3 + ["", ""]
    assert line.says("+447700900556", "hello") == answers[0]
    line.clock.forward(minutes=24 * 60 + 1)
    assert line.says(stranger, "hello") == answers[0]


def test_p6_no_pin_is_kept_anywhere(line: Line) -> None:
    texts = [
        "VISIT 45 12 High St pin 4821", "DONE 4821", "done4821", "MORE 15 4821", "HOME 4821",
        "SAFE A 4821", "my pin is 48 21", "4821", "forgot. 4 8 2 1", "VISIT 20 4821 High St",
    ]  # fmt: skip
    for words in texts:
        line.says("amy", words)
    kept = [row.body + row.answer for row in line.kept()]
    assert len(kept) == len(texts)
    assert [text for text in kept[:-1] if "4821" in text.replace(" ", "")] == []


def test_a_contact_outside_begins_no_visit(new_line: NewLine) -> None:
    fay = Somebody("fay", "Fay Moss", "+447700900106", roles=(Role.CONTACT,))
    line = new_line(people=[AMY, BEN, CAT, fay])
    assert line.says("fay", "VISIT 45 12 High St").startswith("Not understood.")
    assert line.says("fay", "HOME 45").startswith("Not understood.")
    assert line.visits("fay") == []


@pytest.mark.parametrize("body", ["\x00OK\x00", "O\u200bK", "\ud83d", "x" * 5000, "\u202eSOS"])
def test_bodies_no_database_would_take_are_answered(line: Line, body: str) -> None:
    with line.app.app_context():
        assert take_text("SMx", AMY.mobile, body, "pretend")

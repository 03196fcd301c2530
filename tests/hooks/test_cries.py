"""Contract 6: SOS and HELP, in any words, and never a second alarm for the same trouble."""

import pytest

from shared.states import AlarmKind
from tests.hooks.conftest import NewLine
from tests.hooks.line import Line
from tests.support.people import AMY, BEN, CAT, Somebody, settle

TAKEN = "We have your SOS and are telling people now. If you can, ring 999."
FAY = Somebody("fay", "Fay Moss", "+447700900106", roles=())


@pytest.mark.parametrize("words", ["SOS", "sos!!", "S O S", "please help me", "\U0001f198", "999"])
def test_a_cry_for_help_is_told_at_once(line: Line, words: str) -> None:
    assert line.says("amy", words) == TAKEN
    assert line.kinds("amy") == [AlarmKind.SOS]
    assert line.new("ben")[0].startswith("SOS from Amy Okafor, 14:00")
    assert len(line.new("cat")) == 1


def test_an_sos_is_about_the_visit_she_is_at(line: Line) -> None:
    line.says("amy", "VISIT 45 12 High St")
    line.forward(minutes=3)
    line.says("amy", "SOS")
    assert line.new("ben") == [
        "SOS from Amy Okafor at 12 High St, 14:03, last heard 14:00. Ring her on 07700 900101."
        " No answer: 999. Reply 1 to take charge."
    ]


def test_what_she_wrote_with_it_is_told_as_far_as_there_is_room(line: Line) -> None:
    line.says("amy", "sos he has a knife")
    assert line.new("ben")[0].startswith('SOS from Amy Okafor, 14:00: "he has a knife". Ring her')


def test_a_team_that_shows_no_place_shows_no_words_that_may_name_one(new_line: NewLine) -> None:
    line = new_line(policy={"text_shows_place": False})
    line.says("amy", "VISIT 45 12 High St")
    line.says("amy", "SOS at 12 High St")
    assert "High" not in line.new("ben")[0]


def test_another_cry_is_news_and_no_second_alarm(line: Line) -> None:
    line.says("amy", "SOS")
    line.new("ben"), line.new("cat")
    line.forward(seconds=20)
    for words in ("SOS", "sos in the kitchen", "HELP"):
        assert line.says("amy", words) == (
            "We have this too (14:00) and pass it on. If you can, ring 999."
        )
    assert line.kinds("amy") == [AlarmKind.SOS]
    assert line.new("ben") == [
        "Amy Okafor texted at 14:00: SOS",
        "Amy Okafor texted at 14:00: sos in the kitchen",
        "Amy Okafor texted at 14:00: HELP",
    ]


def test_a_pin_in_a_cry_is_masked_for_everybody(line: Line) -> None:
    line.says("amy", "SOS pin 4821")
    line.says("amy", "sos 4821")
    sent = [*line.new("ben"), *line.new("cat"), *(row.body for row in line.kept())]
    assert sent
    assert not any("4821" in text for text in sent)


def test_with_nobody_to_tell_she_is_sent_to_999(new_line: NewLine) -> None:
    line = new_line(people=[Somebody("amy", "Amy Okafor", AMY.mobile)])
    assert line.says("amy", "SOS") == (
        "We have your SOS, but there is nobody we can tell. Ring 999 now."
    )
    assert line.kinds("amy") == [AlarmKind.SOS]


def test_help_from_somebody_told_with_no_visit_of_his_own_explains(line: Line) -> None:
    line.says("amy", "SOS")
    assert line.says("ben", "help?") == (
        "1 takes charge, 2 passes it on. Once you know: SAFE or FALSE and your own PIN."
        " If there are several, add the letter: 1 B."
    )
    assert line.kinds("ben") == []


def test_help_from_somebody_told_who_is_on_a_visit_is_an_sos(line: Line) -> None:
    line.says("ben", "VISIT 45 The Willows")
    line.says("amy", "SOS")
    assert line.says("ben", "HELP") == TAKEN
    assert line.kinds("ben") == [AlarmKind.SOS]


def test_sos_from_somebody_told_is_an_sos(line: Line) -> None:
    line.says("amy", "SOS")
    assert line.says("ben", "SOS") == TAKEN


def test_999_from_somebody_told_is_advice(line: Line) -> None:
    line.says("amy", "SOS")
    line.says("ben", "999")
    assert line.kinds("ben") == []


def test_help_from_a_manager_told_of_nothing_explains(line: Line) -> None:
    assert line.says("cat", "HELP").startswith("Not understood. 1 takes charge,")
    assert line.kinds("cat") == []


def test_sos_goes_to_every_organisation_of_that_number(line: Line) -> None:
    other = settle(line.app, line.clock, [AMY, BEN, CAT], slug="lakeside")
    riverside, line.org = line.org, other
    assert line.says("amy", "SOS") == TAKEN
    assert line.kinds("amy") == [AlarmKind.SOS]
    line.org = riverside
    assert line.kinds("amy") == [AlarmKind.SOS]


def test_sos_from_an_unknown_number_is_sent_to_999(line: Line) -> None:
    assert "ring 999" in line.says("+447700900555", "SOS")

"""Contract 6: VISIT, HOME, OK, MORE and DONE, as a worker texts them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from server.hooks.texting import take_text
from server.store import visits
from server.store.people import Person
from shared.gsm7 import segments
from shared.states import AlarmKind, ClosedHow
from tests.hooks.conftest import NewLine
from tests.hooks.line import Line
from tests.support.people import AMY, BEN, CAT, Somebody, reading, writing

NO_PINS = Somebody("amy", "Amy Okafor", AMY.mobile, buddies=("ben", "cat"))
HOW_LONG = "How long at 12 High St? Send VISIT, the minutes and the place: VISIT 45 12 High St."


def overdue(line: Line) -> None:
    """Amy's visit at 12 High St has been raised and Ben told."""
    line.says("amy", "VISIT 20 12 High St")
    line.forward(minutes=31)
    assert line.kinds("amy") == ["overdue"]
    assert len(line.new("ben")) == 1
    line.new("amy")


def test_a_visit_of_minutes(line: Line) -> None:
    assert line.says("amy", "VISIT 45 12 High St") == (
        "12 High St until 14:45. Then DONE and your PIN, or MORE 15 and your PIN."
        " If we hear nothing, we tell Ben Hughes at 14:55."
    )
    (visit,) = line.visits("amy")
    assert (visit.place, visit.ends_at) == (
        "12 High St",
        datetime(2026, 3, 10, 14, 45, tzinfo=UTC),
    )


def test_a_visit_until_a_time_leads_with_it(line: Line) -> None:
    answer = line.says("amy", "VISIT 14:30 12 High St")
    assert answer.startswith("Until 14:30 at 12 High St. ")
    assert [visit.place for visit in line.visits("amy")] == ["12 High St"]


def test_a_visit_without_a_number_asks(line: Line) -> None:
    assert line.says("amy", "visit 12 High St") == HOW_LONG
    assert line.visits("amy") == []


def test_a_visit_without_a_place_is_watched_all_the_same(line: Line) -> None:
    assert line.says("amy", "VISIT 45").startswith("Your visit until 14:45.")
    assert len(line.visits("amy")) == 1


def test_a_time_just_gone_is_not_taken_for_this_evening(line: Line) -> None:
    answer = line.says("amy", "VISIT 1:55 12 High St")
    assert answer.startswith("That would be Wed 01:55, more than 6 hours ahead.")
    assert line.visits("amy") == []
    assert line.says("amy", "VISIT 2:15 12 High St").startswith("Until 14:15")


def test_a_time_that_would_be_tomorrows_is_refused(line: Line) -> None:
    answer = line.says("amy", "VISIT 13:00 12 High St")
    assert answer.startswith("That would be Wed 13:00, more than 12 hours ahead.")
    assert line.visits("amy") == []


@pytest.mark.parametrize("minutes", ["0", "721", "999"])
def test_minutes_out_of_bounds_start_nothing(line: Line, minutes: str) -> None:
    line.says("amy", f"VISIT {minutes} 12 High St")
    assert line.visits("amy") == []


def test_the_same_words_within_ten_minutes_are_answered_with_the_existing_visit(
    line: Line,
) -> None:
    first = line.says("amy", "VISIT 45 12 High St")
    line.forward(minutes=9)
    assert line.says("amy", "visit 45  12 HIGH st") == first
    assert len(line.visits("amy")) == 1


def test_the_same_words_later_are_another_visit_and_need_the_pin(line: Line) -> None:
    line.says("amy", "VISIT 45 12 High St")
    line.forward(minutes=11)
    answer = line.says("amy", "VISIT 45 12 High St")
    assert answer == ("12 High St is still open. Send DONE and your PIN first, then this again.")


def test_the_same_words_after_it_was_finished_are_another_visit(line: Line) -> None:
    line.says("amy", "VISIT 45 12 High St")
    line.says("amy", "DONE 4821")
    line.forward(minutes=5)
    assert line.says("amy", "VISIT 45 12 High St").startswith("12 High St until 14:50.")


def test_a_visit_on_top_of_another_with_the_pin_moves_on(line: Line) -> None:
    line.says("amy", "VISIT 45 12 High St")
    assert line.says("amy", "VISIT 30 The Willows pin 4821").startswith("The Willows until 14:30.")
    assert [visit.place for visit in line.visits("amy")] == ["The Willows"]


def test_a_doubtful_visit_ends_no_other(new_line: NewLine) -> None:
    line = new_line(policy={"pin": "never"})
    line.says("amy", "VISIT 45 12 High St")
    line.says("amy", "not sure, visit 30 The Willows")
    assert [visit.place for visit in line.visits("amy")] == ["12 High St"]


def test_where_nobody_can_be_told_the_answer_says_so(new_line: NewLine) -> None:
    line = new_line(people=[Somebody("amy", "Amy Okafor", AMY.mobile, pin="4821")])
    answer = line.says("amy", "VISIT 45 12 High St")
    assert "NOT covered: nobody but you can be told" in answer
    assert len(line.visits("amy")) == 1


def test_while_no_engine_runs_the_answer_says_so(line: Line) -> None:
    line.clock.forward(minutes=5)
    answer = line.text("amy", "VISIT 45 12 High St").get_data(as_text=True)
    assert "NOT covered: our service is in trouble just now" in answer


def test_a_rehearsal_says_so_in_every_answer(new_line: NewLine) -> None:
    rehearsal = new_line(pretend=True, demo=False)
    with rehearsal.app.app_context():
        answer = take_text("PI1", AMY.mobile, "VISIT 45 12 High St", "pretend")
    assert answer.startswith("REHEARSAL: nobody will be told. 12 High St until 14:45.")


def test_home_begins_and_ends_the_way_home(line: Line) -> None:
    answer = line.says("amy", "HOME 60")
    assert answer.startswith("On the way home until 15:00. Then HOME and your PIN,")
    assert line.says("amy", "home 4821") == "Home at 14:00. Thank you."
    assert line.visits("amy") == []


def test_home_again_is_answered_with_the_one_that_is_open(line: Line) -> None:
    line.says("amy", "HOME 60")
    line.forward(minutes=20)
    assert line.says("amy", "HOME 60").startswith("You are on the way home until 15:00.")
    assert len(line.visits("amy")) == 1


def test_home_with_nothing_open_says_how(line: Line) -> None:
    assert line.says("amy", "HOME") == (
        "To set out send HOME 60, with your minutes. When there: HOME and your PIN."
    )


def test_home_stands_beside_a_visit_and_done_names_the_one_due_first(line: Line) -> None:
    line.says("amy", "VISIT 45 12 High St")
    line.says("amy", "HOME 120")
    assert line.says("amy", "DONE 4821") == (
        "12 High St: finished at 14:00. Thank you. Still open: On the way home until 16:00."
    )


def test_done_asks_for_the_pin_and_takes_it(line: Line) -> None:
    line.says("amy", "VISIT 45 12 High St")
    assert line.says("amy", "Done.") == "Please add your PIN: DONE and your PIN."
    assert len(line.visits("amy")) == 1
    line.forward(minutes=10)
    assert line.says("amy", "done 4821 thanks") == "12 High St: finished at 14:10. Thank you."
    assert line.visits("amy") == []
    line.forward(minutes=60)
    assert line.new("ben") == []


def test_a_team_may_ask_for_no_pin(new_line: NewLine) -> None:
    line = new_line(policy={"pin": "never"})
    answer = line.says("amy", "VISIT 45 12 High St")
    assert "Then DONE, or MORE 15." in answer
    assert line.says("amy", "MORE 15") == "12 High St: now until 15:00."
    assert line.says("amy", "DONE").startswith("12 High St: finished")


def test_a_wrong_pin_closes_nothing_even_where_none_is_asked(new_line: NewLine) -> None:
    line = new_line(policy={"pin": "never"})
    line.says("amy", "VISIT 45 12 High St")
    assert line.says("amy", "DONE 1111").startswith("That PIN is not right. Nothing has changed")
    assert len(line.visits("amy")) == 1
    assert line.somebody("amy").wrong_pins == 1


def test_done_with_a_pin_when_none_is_set_for_her(new_line: NewLine) -> None:
    line = new_line(people=[NO_PINS, BEN, CAT])
    line.says("amy", "VISIT 45 12 High St")
    for _ in range(6):
        assert line.says("amy", "DONE 4821") == (
            "There is no PIN for you here, so nothing has changed. Send just DONE, and ask the"
            " office for a PIN."
        )
    assert len(line.visits("amy")) == 1
    assert line.kinds("amy") == []
    assert line.says("amy", "DONE").startswith("12 High St: finished")


def test_after_a_raise_a_person_without_pins_is_rung(new_line: NewLine) -> None:
    line = new_line(people=[NO_PINS, BEN, CAT])
    overdue(line)
    for words in ("DONE", "DONE 4821", "OK", "SAFE 4821"):
        assert line.says("amy", words) == (
            "Thank you, noted. Somebody will ring you: please answer."
        )
    assert line.kinds("amy") == ["overdue"]


def test_done_with_nothing_open(line: Line) -> None:
    assert line.says("amy", "DONE") == "You have nothing open. To begin, send VISIT 45 12 High St."
    assert line.says("amy", "DONE 1111").startswith("That PIN is not right.")


def test_more_moves_the_end(line: Line) -> None:
    line.says("amy", "VISIT 45 12 High St")
    assert line.says("amy", "MORE 15") == "Please add your PIN: MORE 15 and your PIN."
    assert line.says("amy", "more 15 min 4821") == "12 High St: now until 15:00."


@pytest.mark.parametrize("words", ["MORE", "MORE 4821", "more 7390", "MORE 48210"])
def test_more_without_minutes_asks_and_is_no_pin_try(line: Line, words: str) -> None:
    line.says("amy", "VISIT 45 12 High St")
    assert line.says("amy", words) == "How many minutes? Send MORE 15 and your PIN."
    assert line.somebody("amy").wrong_pins == 0
    assert line.visits("amy")[0].ends_at.hour == 14


def test_more_never_beyond_the_longest(line: Line) -> None:
    line.says("amy", "VISIT 720 12 High St")
    assert line.says("amy", "MORE 15 4821") == (
        "This visit is at its longest. Close it and start another."
    )


def test_ok_before_the_end_changes_no_end(line: Line) -> None:
    line.says("amy", "VISIT 45 12 High St")
    line.forward(minutes=5)
    assert line.says("amy", "ok") == "Thank you. 12 High St until 14:45."


def test_ok_for_all_her_open_visits(new_line: NewLine) -> None:
    line = new_line(policy={"check_in_every_s": {"standard": 1200, "high": 600}})
    line.says("amy", "VISIT 45 12 High St")
    line.says("amy", "HOME 120")
    line.forward(minutes=10)
    assert line.says("amy", "OK") == (
        "Thank you. 12 High St: OK again by 14:30. Thank you. On the way home: OK again by 14:30."
    )


def test_ok_in_grace_gives_one_more_and_then_no_more(line: Line) -> None:
    line.says("amy", "VISIT 20 12 High St")
    line.forward(minutes=25)
    ways = "DONE and your PIN or MORE 15 and your PIN by 14:40."
    assert line.says("amy", "OK") == f"Thank you. 12 High St: send {ways}"
    assert line.says("amy", "OK") == f"12 High St: OK adds no more time. Send {ways}"
    line.forward(minutes=14)
    assert line.new("ben") == []
    line.forward(minutes=2)
    assert line.kinds("amy") == ["overdue"]


def test_p4_after_a_raise_ok_stops_nothing_and_those_told_hear_of_it(line: Line) -> None:
    overdue(line)
    assert line.says("amy", "OK") == (
        "Thank you, noted: whoever was told hears it. To stop it, send DONE and your PIN."
    )
    assert line.new("ben") == [
        "Amy Okafor's phone says she is all right at 14:31, no PIN: speak to her."
    ]
    assert line.kinds("amy") == ["overdue"]


def test_p4_after_a_raise_done_without_a_pin_is_news_whatever_the_setting(
    new_line: NewLine,
) -> None:
    line = new_line(policy={"pin": "never"})
    overdue(line)
    assert line.says("amy", "DONE").endswith("To stop it, send DONE and your PIN.")
    assert line.says("amy", "MORE 15").endswith("To stop it, send MORE 15 and your PIN.")
    assert line.kinds("amy") == ["overdue"]
    assert line.new("ben") == [
        "Amy Okafor's phone says she is finished at 14:31, no PIN: speak to her.",
        "Amy Okafor's phone says she needs 15 min more at 14:31, no PIN: speak to her.",
    ]


def test_p2_after_a_raise_done_with_the_pin_stands_everybody_down(line: Line) -> None:
    overdue(line)
    assert line.says("amy", "DONE 4821") == "12 High St: finished at 14:31. Thank you."
    assert line.kinds("amy") == []
    assert line.new("ben") == [
        "All clear: Amy Okafor is safe (Amy Okafor, 14:31). Thank you. Nothing more to do."
    ]
    line.forward(minutes=60)
    assert [line.new(who) for who in ("ben", "cat", "dan")] == [[], [], []]


def test_p4_five_wrong_pins_over_texts_raise_what_stays_hidden(line: Line) -> None:
    line.says("amy", "VISIT 45 12 High St")
    answers = {line.says("amy", f"DONE 111{n}") for n in range(5)}
    assert len(answers) == 1
    assert line.kinds("amy") == [AlarmKind.DURESS]
    assert line.says("amy", "DONE 4821") == "12 High St: finished at 14:00. Thank you."
    assert [visit.closed_how for visit in line.visits("amy")] == [None]
    assert line.new("amy") == []


def test_p4_five_wrong_pins_are_counted_over_texts_and_the_app_together(line: Line) -> None:
    line.says("amy", "VISIT 45 12 High St")
    (visit,) = line.visits("amy")
    for n in range(3):
        line.says("amy", f"DONE 111{n}")
    client = line.app.test_client()
    for n in range(2):
        assert line.kinds("amy") == []
        answer = client.post(
            f"/api/v1/visits/{visit.id}/close",
            json={"id": str(uuid4()), "pin": f"222{n}"},
            headers=line.org["amy"].headers,
        )
        assert answer.status_code == 403
    assert line.kinds("amy") == [AlarmKind.DURESS]


def test_the_same_wrong_pin_sent_again_by_the_gateway_counts_once(line: Line) -> None:
    line.says("amy", "VISIT 45 12 High St")
    for _ in range(6):
        line.says("amy", "DONE 1111", sid="SMsame")
    assert line.somebody("amy").wrong_pins == 1


def test_times_are_the_teams_and_the_repeated_hour_is_named(new_line: NewLine) -> None:
    line = new_line()
    line.clock.move_to(datetime(2026, 10, 25, 0, 20, tzinfo=UTC))
    line.town.round()
    assert line.says("amy", "VISIT 30 12 High St").startswith("12 High St until 01:50 BST.")
    line.says("amy", "DONE 4821")
    line.clock.move_to(datetime(2026, 10, 25, 0, 50, tzinfo=UTC))
    line.town.round()
    assert line.says("amy", "VISIT 30 12 High St").startswith("12 High St until 01:20 GMT.")


def test_in_summer_texts_say_summer_time(new_line: NewLine) -> None:
    line = new_line()
    line.clock.move_to(datetime(2026, 7, 1, 13, 0, tzinfo=UTC))
    line.town.round()
    assert line.says("amy", "VISIT 14:30 12 High St").startswith("Until 14:30 at 12 High St.")
    assert line.visits("amy")[0].ends_at == datetime(2026, 7, 1, 13, 30, tzinfo=UTC)


def test_long_places_and_letters_of_other_alphabets_stay_one_text(line: Line) -> None:
    place = (
        "T\u0177 Gwyn \U0001f3e0 "
        + "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch " * 2
    )
    for words in (f"VISIT 45 {place}", "OK", "MORE 15 4821", "DONE 4821"):
        answer = line.says("amy", words)
        assert segments(answer) == 1, answer
        assert "Ty Gwyn" in answer


def leave(line: Line, who: str) -> None:
    """She is no longer in the organisation."""

    def go(session: object) -> None:
        session.get_one(Person, line.org[who].id).left_at = line.clock.now()  # type: ignore[attr-defined]

    writing(line.app, go)


def test_somebody_who_left_is_unknown(line: Line) -> None:
    leave(line, "amy")
    assert line.says("amy", "VISIT 45 12 High St").startswith("This number is not known")
    assert line.visits("amy") == []


@pytest.mark.parametrize("pin", ["4821", "7390"])
def test_somebody_who_left_while_out_may_still_finish_her_visit(line: Line, pin: str) -> None:
    line.says("amy", "VISIT 45 12 High St")
    leave(line, "amy")
    assert line.says("amy", f"DONE {pin}") == "12 High St: finished at 14:00. Thank you."
    assert line.says("amy", "STATUS").startswith("This number is not known")


def test_a_visit_closed_by_text_says_how(line: Line) -> None:
    line.says("amy", "VISIT 45 12 High St")
    (visit,) = line.visits("amy")
    line.says("amy", "DONE 4821")
    closed = reading(line.app, lambda session: visits.visit(session, visit.id))
    assert closed.closed_how == ClosedHow.WORKER


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("VISIT 25:00 12 High St", "There is no such time, so nothing has begun. For help send "),
        ("VISIT 0 x", "How long? Send VISIT, the minutes and the place: VISIT 45 12 High St."),
        ("VISIT 0 The Willows", "How long at The Willows? Send VISIT, the minutes "),
    ],
)
def test_a_length_that_is_none_is_asked_about(line: Line, words: str, asks: str) -> None:
    assert line.says("amy", words).startswith(asks)
    assert line.visits("amy") == []


@pytest.mark.parametrize("place", ["12 High St", "12 high  st"])
def test_a_visit_told_by_text_and_then_by_the_app_is_one(line: Line, place: str) -> None:
    """Her phone had no data, so she texted; later what waited in it is sent too."""
    begun = line.clock.now()
    line.forward(minutes=1)
    line.says("amy", f"VISIT 45 {place}")
    line.forward(minutes=2)
    started = app_starts(line, "12 High St", 45, begun)
    assert [str(visit.id) for visit in line.visits("amy")] == [started["id"]]
    app_asks(line, f"visits/{started['id']}/close", pin=AMY.pin)
    line.forward(minutes=60)
    assert line.kinds("amy") == []


def test_another_place_or_a_much_longer_stay_is_another_visit(line: Line) -> None:
    begun = line.clock.now()
    line.forward(minutes=1)
    line.says("amy", "VISIT 45 12 High St")
    line.forward(minutes=2)
    app_starts(line, "12 High St", 90, begun)
    app_starts(line, "3 Mill Lane", 45, begun - timedelta(minutes=1))
    assert [visit.status for visit in line.visits("amy")] == ["open"] * 3


def app_starts(line: Line, place: str, minutes: int, at: datetime) -> dict[str, Any]:
    """Her app sends the start that waited in it."""
    return app_asks(line, "visits", place=place, minutes=minutes, at=at.isoformat())


def app_asks(line: Line, path: str, **body: Any) -> dict[str, Any]:
    answer = line.app.test_client().post(
        f"/api/v1/{path}", json={"id": str(uuid4()), **body}, headers=line.org["amy"].headers
    )
    assert answer.status_code in (200, 201), answer.text
    return dict(answer.json or {})

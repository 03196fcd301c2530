"""Contract 6: `1`, `2`, SAFE and FALSE from people who were told of an alarm."""

from uuid import uuid4

import pytest

from server.acts import drilling
from server.acts.base import Turn
from server.store import alarms, people
from server.store.alarms import Alarm
from server.store.db import Session
from server.store.people import Team
from shared.states import AlarmKind, AlarmOutcome, AlarmStatus, Means
from tests.hooks.conftest import NewLine
from tests.hooks.line import Line
from tests.support.people import AMY, BEN, CAT, Somebody, reading, running_in, writing

EVE = Somebody("eve", "Eve Shah", "+447700900105", buddies=("ben",), pin="5173", duress_pin="6048")
NONE_TOLD = "Nothing is open that you were told of."


@pytest.fixture
def told(line: Line) -> Line:
    """Amy is overdue at 12 High St, and Ben has been told."""
    line.says("amy", "VISIT 20 12 High St")
    line.forward(minutes=31)
    line.new("ben"), line.new("amy")
    return line


def resolved(line: Line, who: str) -> list[tuple[str, str | None]]:
    """How her alarms ended, oldest first."""
    worker = line.org[who].id

    def find(session: object) -> list[tuple[str, str | None]]:
        rows = session.query(alarms.Alarm).filter_by(worker_id=worker)  # type: ignore[attr-defined]
        return [(a.status, a.outcome) for a in rows.order_by(alarms.Alarm.raised_at)]

    return reading(line.app, find)


def test_1_takes_charge_and_says_what_to_do(told: Line) -> None:
    assert told.says("ben", " 1. ") == (
        "You have charge of Amy Okafor's alarm. Ring her on 07700 900101. No answer: 999."
        " Once you know: SAFE or FALSE and your PIN."
    )
    (alarm,) = told.alarms("amy")
    assert (alarm.status, alarm.owner_id) == (AlarmStatus.OWNED, told.org["ben"].id)
    assert told.new("amy") == ["Ben Hughes has your 14:20 booking in hand."]
    told.forward(minutes=4)
    assert told.new("cat") == []


def test_1_again_keeps_charge(told: Line) -> None:
    told.says("ben", "1")
    told.forward(minutes=6)
    told.new("ben")
    assert told.says("ben", "1").startswith(
        "Thank you. You keep charge of Amy Okafor's alarm; we ask again by 14:47."
    )


def test_a_second_owner_hears_who_has_it(told: Line) -> None:
    told.forward(minutes=4)
    told.says("cat", "1")
    assert told.says("ben", "1") == (
        "Cat Lin has charge of Amy Okafor's alarm. Nothing for you to do unless we text again."
    )
    assert told.alarms("amy")[0].owner_id == told.org["cat"].id


def test_p4_a_forged_1_from_the_subject_herself_takes_no_charge(told: Line) -> None:
    for words in ("1", "1 A", "2", "2 A"):
        answer = told.says("amy", words)
        assert answer in (NONE_TOLD, "Nothing you were told of has the letter A.")
    (alarm,) = told.alarms("amy")
    assert (alarm.status, alarm.owner_id) == (AlarmStatus.RAISED, None)


@pytest.mark.parametrize("words", ["1", "1 A", "2", "SAFE 3691", "FALSE A 3691", "1 a"])
def test_p7_whoever_was_not_told_can_do_nothing(told: Line, words: str) -> None:
    answer = told.says("dan", words)
    assert "Amy" not in answer
    (alarm,) = told.alarms("amy")
    assert (alarm.status, alarm.owner_id) == (AlarmStatus.RAISED, None)


@pytest.mark.parametrize(
    "words", ["1 sec", "1 ok", "one moment", "not 1", "1?!? what", "ok 1", "1 2", "10"]
)
def test_what_only_looks_like_a_1_takes_no_charge(told: Line, words: str) -> None:
    told.says("ben", words)
    assert told.alarms("amy")[0].owner_id is None


def test_2_passes_to_the_next_person_at_once(told: Line) -> None:
    assert told.says("ben", "2") == "Thank you. Amy Okafor's alarm goes to the next person now."
    assert len(told.new("cat")) == 1
    assert told.says("cat", "1").startswith("You have charge of Amy Okafor's alarm.")


def test_2_from_the_owner_gives_it_back(told: Line) -> None:
    told.says("ben", "1")
    told.says("ben", "2")
    assert told.alarms("amy")[0].status == AlarmStatus.RAISED
    assert len(told.new("cat")) == 1


def test_2_in_a_broadcast_means_quiet_while_somebody_else_remains(told: Line) -> None:
    told.forward(minutes=11)
    told.new("dan"), told.new("cat")
    assert told.says("dan", "2") == (
        "Thank you. No more about Amy Okafor for 30 min, as long as somebody else can be asked."
    )
    told.forward(minutes=15)
    assert told.new("dan") == []
    assert told.new("cat")


def test_ok_never_owns_and_says_what_does(told: Line) -> None:
    assert told.says("ben", "OK") == "To take charge of Amy Okafor reply 1."
    assert told.alarms("amy")[0].owner_id is None


def test_ok_from_somebody_with_a_visit_of_his_own_does_both(told: Line) -> None:
    told.says("ben", "VISIT 60 The Willows")
    assert told.says("ben", "ok") == (
        "Thank you. The Willows until 15:31. To take charge of Amy Okafor reply 1."
    )


def test_ok_where_somebody_has_charge(told: Line) -> None:
    told.forward(minutes=4)
    told.says("cat", "1")
    assert told.says("ben", "OK").startswith("Cat Lin has charge of Amy Okafor's alarm.")


def test_ok_from_the_owner_keeps_nothing_and_says_what_does(told: Line) -> None:
    told.says("ben", "1")
    until = told.alarms("amy")[0].owner_until
    told.forward(minutes=2)
    assert told.says("ben", "OK") == (
        "You have charge of Amy Okafor's alarm until 14:41. To keep it reply 1."
        " Once you know: SAFE or FALSE and your PIN."
    )
    assert told.alarms("amy")[0].owner_until == until


def test_she_hears_who_ended_it_in_words_that_tell_a_stranger_nothing(told: Line) -> None:
    told.says("ben", "SAFE 1357")
    assert told.new("amy") == [
        "Ben Hughes has closed your 14:20 booking (14:31). Not right? Ring the office."
    ]
    told.says("amy", "SOS")
    told.says("ben", "SAFE B 1357")
    assert told.new("amy") == [
        "Ben Hughes has closed your message (14:31). Still need us? Send SOS."
    ]


def test_a_text_nobody_understands_is_passed_on_and_she_is_told_so(told: Line) -> None:
    assert told.says("amy", "i am on my way now") == (
        "Not understood. Passed on to whoever was told. To stop it, send DONE and your PIN."
        " Worse? Send SOS."
    )
    assert told.new("ben") == ["Amy Okafor texted at 14:31: i am on my way now"]


def test_one_false_ends_all_that_she_raised_with_one_text_to_each(line: Line) -> None:
    line.says("amy", "VISIT 20 12 High St")
    for _ in range(3):
        cry(line)
        writing(line.app, lambda session: session.query(Alarm).update({"unverified": True}))
    line.forward(minutes=1)
    line.new("ben"), line.new("cat")
    assert len(line.kinds("amy")) == 3
    assert line.says("amy", "FALSE 4821").startswith("Thank you. Ended at 14:01;")
    assert line.kinds("amy") == []
    all_clear = (
        "All clear: Amy Okafor is safe, it was a false alarm (Amy Okafor, 14:01). Thank you."
        " Her visit is watched until 14:20."
    )
    assert (line.new("ben"), line.new("cat")) == ([all_clear], [all_clear])


def cry(line: Line) -> None:
    """Her app's SOS, each time with an id of its own."""
    answer = line.app.test_client().post(
        "/api/v1/alarms",
        json={"id": str(uuid4()), "kind": "sos"},
        headers=line.org["amy"].headers,
    )
    assert answer.status_code == 201


@pytest.mark.parametrize(("word", "outcome", "how"), [
    ("SAFE", AlarmOutcome.SAFE, "as safe"), ("FALSE", AlarmOutcome.FALSE_ALARM, "as a false alarm"),
])  # fmt: skip
def test_safe_and_false_with_ones_own_pin_resolve(
    told: Line, word: str, outcome: AlarmOutcome, how: str
) -> None:
    told.says("ben", "1")
    assert told.says("ben", f"{word} 1357") == (
        f"Thank you. Amy Okafor's alarm is ended at 14:31 {how}. Everyone told hears of it."
    )
    assert resolved(told, "amy") == [(AlarmStatus.RESOLVED, outcome)]
    assert told.visits("amy") == []
    told.forward(minutes=60)
    assert told.new("cat") == []


@pytest.mark.parametrize("words", ["SAFE", "FALSE", "SAFE A", "SAFE 9999", "SAFE 4821"])
def test_a_number_can_be_forged_so_without_ones_own_pin_nothing_ends(
    told: Line, words: str
) -> None:
    answer = told.says("ben", words)
    assert answer.startswith(("Please add your own PIN: ", "That PIN is not right."))
    assert told.kinds("amy") == ["overdue"]


def test_a_resolver_without_pins_is_sent_to_the_app(new_line: NewLine) -> None:
    ben = Somebody("ben", "Ben Hughes", BEN.mobile, buddies=("amy",))
    line = new_line(people=[AMY, ben, CAT])
    line.says("amy", "VISIT 20 12 High St")
    line.forward(minutes=31)
    assert line.says("ben", "SAFE 1357") == (
        "There is no PIN for you here, so this cannot be ended by text. Use the app."
    )
    assert line.kinds("amy") == ["overdue"]


def test_nothing_open_says_who_closed_it(told: Line) -> None:
    told.says("amy", "DONE 4821")
    assert told.says("ben", "1") == (
        "Amy Okafor's alarm was ended by Amy Okafor at 14:31: she is safe."
    )
    told.forward(minutes=45)
    assert told.says("ben", "1 A").startswith("Amy Okafor's alarm was ended by Amy Okafor")


def test_whoever_ended_it_herself_hears_that(told: Line) -> None:
    told.says("ben", "SAFE 1357")
    assert told.says("ben", "1") == "You ended Amy Okafor's alarm at 14:31: she is safe."


def both(line: Line) -> None:
    """Amy and Eve are overdue, and Ben was told of both."""
    line.says("amy", "VISIT 20 12 High St")
    line.forward(minutes=1)
    line.says("eve", "VISIT 20 The Willows")
    line.forward(minutes=31)
    line.new("ben")


def test_two_alarms_are_told_apart_by_letters(new_line: NewLine) -> None:
    line = new_line(people=[AMY, BEN, CAT, EVE])
    line.says("amy", "VISIT 20 12 High St")
    line.forward(minutes=1)
    line.says("eve", "VISIT 20 The Willows")
    line.forward(minutes=30)
    (first, second) = line.new("ben")
    assert "Reply 1 to take charge." in first
    assert "Reply 1 B to take charge." in second
    assert line.says("ben", "1") == (
        "Please reply 1 A for Amy Okafor (14:30); 1 B for Eve Shah (14:31)."
    )
    assert line.says("ben", "OK") == "To take charge reply 1 A (Amy Okafor), 1 B (Eve Shah)."
    assert line.says("ben", "SAFE 1357") == (
        "Please reply SAFE A and your PIN for Amy Okafor (14:30);"
        " SAFE B and your PIN for Eve Shah (14:31)."
    )
    assert line.kinds("amy") == line.kinds("eve") == ["overdue"]
    assert line.says("ben", "1b").startswith("You have charge of Eve Shah's alarm.")
    assert line.says("ben", "safe b 1357").startswith("Thank you. Eve Shah's alarm is ended")
    assert (line.kinds("amy"), line.kinds("eve")) == (["overdue"], [])


def test_bare_1_is_unclear_for_30_minutes_after_another_ended(new_line: NewLine) -> None:
    line = new_line(people=[AMY, BEN, CAT, EVE])
    both(line)
    line.says("ben", "SAFE A 1357")
    line.forward(minutes=20)
    assert line.says("ben", "1") == "Please reply 1 B for Eve Shah (14:31)."
    line.forward(minutes=11)
    assert line.says("ben", "1").startswith("You have charge of Eve Shah's alarm.")


def test_letters_rest_for_seven_days(new_line: NewLine) -> None:
    line = new_line(people=[AMY, BEN, CAT, EVE])
    both(line)
    line.says("ben", "SAFE A 1357")
    line.says("ben", "SAFE B 1357")
    line.new("ben")
    line.forward(minutes=60)
    line.says("amy", "SOS")
    assert "Reply 1 to take charge." in line.new("ben")[0]
    assert line.says("ben", "1 A").startswith("You ended Amy Okafor's alarm at 14:32")
    assert line.says("ben", "1 C").startswith("You have charge of Amy Okafor's alarm.")
    line.says("ben", "SAFE C 1357")
    line.clock.forward(minutes=8 * 24 * 60)
    line.town.round()
    line.new("ben")
    line.says("amy", "SOS")
    assert line.says("ben", "1 A").startswith("You have charge of Amy Okafor's alarm.")


def test_a_letter_nobody_gave(told: Line) -> None:
    assert told.says("ben", "1 Z") == (
        "Nothing you were told of has the letter Z. Please reply 1 A for Amy Okafor (14:30)."
    )


def test_letters_never_run_out(new_line: NewLine) -> None:
    crowd = [
        Somebody(f"w{n}", f"Worker {n}", f"+4477009002{n:02}", buddies=("ben",)) for n in range(45)
    ]
    ben = Somebody("ben", "Ben Hughes", BEN.mobile)
    line = new_line(people=[ben, CAT, *crowd])
    for somebody in crowd:
        line.text(somebody.ref, "SOS")
        line.clock.forward(seconds=0.1)
    assert all(line.kinds(somebody.ref) == ["sos"] for somebody in crowd)
    line.town.round()
    assert line.says("ben", "1 A").startswith("You have charge of Worker 0's alarm.")
    assert line.says("ben", "1 A").startswith(("You have charge", "Thank you. You keep charge"))


def test_under_duress_charge_is_taken_hands_off(line: Line) -> None:
    line.says("amy", "VISIT 20 12 High St")
    line.says("amy", "DONE 7390")
    assert line.new("ben")[0].startswith("DO NOT RING OR TEXT HER. Amy Okafor may be under threat")
    answer = line.says("ben", "1")
    assert answer == (
        "DO NOT RING OR TEXT HER. You have charge of Amy Okafor's alarm. Ring 999 now."
        " Once over: SAFE or FALSE and your PIN."
    )
    assert line.new("amy") == []
    assert line.says("ben", "SAFE 1357").startswith("Thank you. Amy Okafor's alarm is ended")
    assert line.kinds("amy") == []


def test_from_the_worker_in_trouble_safe_is_a_stand_down(told: Line) -> None:
    assert told.says("amy", "SAFE") == "Please add your PIN: SAFE and your PIN."
    assert told.says("amy", "SAFE 9999").startswith("That PIN is not right.")
    assert told.says("amy", "SAFE 4821") == (
        "Thank you. Ended at 14:31; everyone who was told hears that you are well."
    )
    assert resolved(told, "amy") == [(AlarmStatus.RESOLVED, AlarmOutcome.FALSE_ALARM)]
    assert told.new("ben") == [
        "All clear: Amy Okafor is safe, it was a false alarm (Amy Okafor, 14:31)."
        " Thank you. Nothing more to do."
    ]


def test_a_mistaken_sos_is_stood_down_and_the_visit_goes_on(line: Line) -> None:
    line.says("amy", "VISIT 45 12 High St")
    line.says("amy", "SOS")
    assert line.says("amy", "DONE 4821") == (
        "12 High St: finished at 14:00. Thank you."
        " Your SOS goes on: to end it, send SAFE and your PIN."
    )
    assert line.kinds("amy") == [AlarmKind.SOS]
    line.says("amy", "VISIT 45 The Willows")
    assert line.says("amy", "FALSE 4821") == (
        "Thank you. Ended at 14:00; everyone who was told hears that you are well."
        " Still open: The Willows until 14:45."
    )
    assert line.kinds("amy") == []
    assert len(line.visits("amy")) == 1


def test_one_alarm_never_hides_another(line: Line) -> None:
    """P5: the end of one is no all-clear while another about her is open."""
    line.says("amy", "VISIT 20 12 High St")
    line.says("amy", "SOS")
    line.forward(minutes=31)
    assert line.kinds("amy") == ["sos", "overdue"]
    line.new("ben")
    line.says("ben", "SAFE A 1357")
    line.forward(minutes=1)
    assert not any("All clear" in text for text in [*line.new("cat"), *line.new("dan")])


def drilled(line: Line) -> None:
    """Cat holds a drill; Ben's phone has its text."""

    def hold(session: Session) -> None:
        now, desk = line.clock.now(), running_in(line.app).desk
        cat = people.person(session, line.org["cat"].id)
        turn = Turn(session, desk, now, now, Means.PAGE, cat)
        drilling.start(turn, session.get_one(Team, line.org.teams["ot-north"]))

    writing(line.app, hold)
    line.forward(minutes=1)


def test_1_with_no_alarm_open_answers_a_drill(line: Line) -> None:
    drilled(line)
    assert line.new("ben") == [
        "DRILL, practice only, no emergency. Cat Lin asks Ot North: would a call for help reach"
        " you? Reply 1."
    ]
    said = "Thank you: answered after 1 min. This was a drill of Cat Lin's; nothing more to do."
    assert line.says("ben", "1") == said
    line.forward(minutes=5)
    assert line.says("ben", "1") == NONE_TOLD


def test_an_alarm_comes_before_a_drill(line: Line) -> None:
    drilled(line)
    line.says("amy", "VISIT 20 12 High St")
    line.forward(minutes=31)
    assert line.says("ben", "1").startswith("You have charge of Amy Okafor's alarm.")
    line.says("ben", f"SAFE {BEN.pin}")
    assert line.says("ben", "1").startswith("Thank you: answered after 32 min.")

"""What people answer when several alarms about one worker are open, or one of them is over (P5)."""

import pytest

from shared.states import AlarmKind
from tests.hooks.conftest import NewLine
from tests.hooks.line import Line

HANDS_OFF = "DO NOT RING OR TEXT HER."
BOTH = "One alarm about Amy Okafor is over"


@pytest.fixture
def line(new_small_line: NewLine) -> Line:
    """Amy is overdue and everybody was told, Dan by the broadcast alone."""
    line = new_small_line()
    line.says("amy", "VISIT 20 12 High St")
    line.forward(minutes=41)
    for who in ("ben", "cat", "dan"):
        line.new(who)
    return line


def test_whoever_is_told_that_another_is_open_takes_charge_of_it(line: Line) -> None:
    line.says("amy", "SOS")
    answer = line.says("cat", "SAFE A 2468")
    assert answer == (
        "You ended Amy Okafor's alarm at 14:41. ANOTHER IS STILL OPEN. Reply 1 B to take charge."
    )
    assert line.new("dan")[-1].endswith("ANOTHER IS STILL OPEN: go on. Reply 1 B to take charge.")
    status = line.says("dan", "STATUS")
    assert status.startswith(
        "Open: B: Amy Okafor at 12 High St since 14:41, nobody has charge yet."
    )
    assert line.says("dan", "1") == "Please reply 1 B for Amy Okafor (14:41)."
    assert line.says("dan", "1 A") == (
        "Amy Okafor's alarm was ended by Cat Lin at 14:41. ANOTHER IS STILL OPEN."
        " Reply 1 B to take charge."
    )
    assert line.says("dan", "1 B").startswith("You have charge of Amy Okafor's alarm.")
    (sos,) = line.alarms("amy")
    assert (sos.kind, sos.owner_id) == (AlarmKind.SOS, line.org["dan"].id)


def test_a_1_to_what_is_over_never_says_she_is_safe_while_she_cries_out(line: Line) -> None:
    """The SOS came after the end, and its ladder has not come to Dan: it is not his to see."""
    line.says("cat", "SAFE 2468")
    line.says("amy", "SOS")
    assert line.says("dan", "1") == "Amy Okafor's alarm was ended by Cat Lin at 14:41."
    assert "Please reply 1 B" in line.says("ben", "1")
    assert "safe" not in line.says("ben", "1 A")


def test_a_watcher_who_was_not_told_yet_is_told_by_that_answer(line: Line) -> None:
    line.says("dan", "1")
    line.says("dan", "SAFE 3691")
    line.says("ben", "AWAY 18:00")
    line.says("amy", "SOS")
    line.new("ben")
    answer = line.says("ben", "1 A")
    assert answer == (
        "Amy Okafor's alarm was ended by Dan Price at 14:41. ANOTHER IS STILL OPEN."
        " Reply 1 B to take charge."
    )
    assert line.says("ben", "1 B").startswith("You have charge of Amy Okafor's alarm.")


def test_every_answer_about_her_says_hands_off_while_her_duress_is_open(line: Line) -> None:
    assert line.says("dan", "1").startswith("You have charge")
    line.says("amy", "DONE 7390")
    assert line.new("dan")[-1].startswith(HANDS_OFF)
    assert line.says("dan", "STATUS").count(HANDS_OFF[:-1]) == 2
    for words in ("1 A", "2 B", "1 B"):
        assert line.says("dan", words).startswith(HANDS_OFF), words
    assert HANDS_OFF[:-1] in line.says("dan", "1")
    assert line.says("dan", "OK").startswith(HANDS_OFF)
    assert line.says("ben", "1 A").startswith(HANDS_OFF)
    line.says("dan", "SAFE A 3691")
    assert line.new("ben")[-1].startswith(f"{HANDS_OFF} {BOTH}")
    assert line.says("ben", "1 A").startswith(f"{HANDS_OFF} Amy Okafor's alarm was ended by Dan")
    assert not any("HER" in text for text in line.new("amy"))


def test_after_the_last_has_ended_it_says_so(line: Line) -> None:
    line.says("amy", "SOS")
    line.says("cat", "SAFE A 2468")
    line.says("cat", "SAFE B 2468")
    assert line.says("dan", "1 B").endswith("at 14:41: she is safe.")
    assert line.kinds("amy") == []

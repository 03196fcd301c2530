"""P4: the duress PIN gets, byte for byte, what the safe PIN gets: in the answer, and in every
answer and text after it, in whatever role; and whoever should know hears of it."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.gateways.base import Fate, Handover
from shared.states import AlarmKind
from tests.hooks.conftest import NewLine
from tests.hooks.line import Line

Step = str | float
"""A text of hers, in which PIN stands for one of hers; 'ben: text'; or minutes that pass."""

CALM = {"broadcast_every_s": 1800, "nudges": 1}
"""Less goes on, and all of it is still compared."""

AFTERWARDS: Sequence[Step] = (
    *("STATUS", "OK", "DONE", "MORE 15", "1", "SAFE", "what was that", 3, "VISIT 15 The Willows"),
    *("VISIT 15 The Willows", 17, "OK", 19, "OK", "STATUS", "MORE 15", "DONE 4821", "STATUS"),
    *("HOME 30", "HOME 4821", "OK"),
)
UNTIL_RAISED: Sequence[Step] = ("VISIT 20 12 High St", 31)
CASES: dict[str, Sequence[Step]] = {
    "done": ("VISIT 45 12 High St", "DONE PIN"),
    "done after a raise": (*UNTIL_RAISED, "DONE PIN"),
    "done twice": ("VISIT 45 12 High St", "DONE PIN", "DONE PIN"),
    "done with nothing open": ("DONE PIN",),
    "more": ("VISIT 45 12 High St", "MORE 15 PIN"),
    "more after a raise": (*UNTIL_RAISED, "MORE 15 PIN"),
    "more beyond the longest": ("VISIT 720 12 High St", "MORE 15 PIN"),
    "safe after a raise": (*UNTIL_RAISED, "SAFE PIN"),
    "false after an sos": ("SOS", "FALSE PIN"),
    "safe after an sos on a visit": ("VISIT 45 12 High St", 1, "SOS", 1, "SAFE PIN"),
    "done during an sos": ("VISIT 45 12 High St", "SOS", "DONE PIN", "SAFE PIN"),
    "home": ("HOME 30", "HOME PIN"),
    "home with nothing open": ("HOME PIN",),
    "on to the next": ("VISIT 45 12 High St", "VISIT 30 The Lodge pin PIN"),
    "on to the next after a raise": (*UNTIL_RAISED, "VISIT 30 The Lodge pin PIN"),
    "safe with nothing open": ("SAFE PIN",),
    "not understood": ("VISIT 45 12 High St", "please DONE it PIN now"),
}


ADDRESS = re.compile(r"/a/[\w-]+")


def play(line: Line, who: str, steps: Sequence[Step], pin: str) -> list[str]:
    """What this phone is answered and sent, in order and with its times, while the steps go by."""
    heard: list[str] = []
    for step in steps:
        if isinstance(step, str):
            speaker, _, words = step.rpartition(": ")
            answer = line.says(speaker or who, words.replace("PIN", pin))
            heard += [f"> {step}", answer] if not speaker or speaker == who else []
        else:
            line.forward(minutes=step)
        # Every address has a secret of its own, with either PIN.
        heard += [ADDRESS.sub("/a/...", one) for one in line.new_at(who)]
    return heard


@pytest.fixture
def twins(new_line: NewLine) -> tuple[Line, Line]:
    """Two houses that are the same in everything."""
    return new_line(policy=CALM), new_line(policy=CALM)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_p4_the_duress_pin_looks_like_the_safe_one(new_small_line: NewLine, case: str) -> None:
    safe, duress = new_small_line(policy=CALM), new_small_line(policy=CALM)
    steps = [*CASES[case], *AFTERWARDS]
    expected = play(safe, "amy", steps, "4821")
    assert play(duress, "amy", steps, "7390") == expected
    assert AlarmKind.DURESS not in safe.kinds("amy")
    assert AlarmKind.DURESS in duress.kinds("amy")
    told = duress.postbox.texts_to(duress.number("ben"))
    assert any(text.startswith("DO NOT RING OR TEXT HER. Amy Okafor") for text in told)


@pytest.mark.parametrize("case", ["done", "safe after a raise", "more after a raise", "home"])
def test_p4_nor_does_it_show_in_any_other_role_of_hers(twins: tuple[Line, Line], case: str) -> None:
    """She is Ben's buddy: what she is told of him, and answers, is the same too."""
    safe, duress = twins
    role: list[Step] = ["ben: SOS", 0.5, "OK", "STATUS", "1", "1 A", "1", 6, "1 A", "2"]
    role += ["SAFE A 4821", "1", "STATUS", 2]
    expected = play(safe, "amy", [*CASES[case], *role], "4821")
    assert play(duress, "amy", [*CASES[case], *role], "7390") == expected


@pytest.mark.parametrize("took_charge", [True, False])
@pytest.mark.parametrize("word", ["SAFE", "FALSE"])
def test_p4_a_resolver_under_duress_ends_nothing_and_cannot_tell(
    twins: tuple[Line, Line], word: str, took_charge: bool
) -> None:
    safe, duress = twins
    steps: list[Step] = ["amy: VISIT 20 12 High St", 31]
    steps += ["1"] if took_charge else []
    steps += [f"{word} PIN", "1", "1 A", "STATUS", "OK", "2", f"{word} A 1357", "HELP", 5]
    steps[-2] = "what"
    steps += ["1", 27, "1", "STATUS", "VISIT 15 The Willows", 17, "OK", 19, "OK", "DONE 1357"]
    expected = play(safe, "ben", steps, "1357")
    assert play(duress, "ben", steps, "8642") == expected
    assert safe.kinds("amy") == []
    assert duress.kinds("amy") == ["overdue"]
    assert duress.kinds("ben") == [AlarmKind.DURESS]
    assert any("DO NOT RING OR TEXT HER. Ben" in text for text in duress.new("amy"))


def test_p4_what_was_not_yet_sent_to_a_resolver_is_called_off_for_him_too(
    twins: tuple[Line, Line], may_log: set[str]
) -> None:
    may_log.add("audit")
    safe, duress = twins
    for line, pin in ((safe, "1357"), (duress, "8642")):
        play(line, "ben", ["amy: VISIT 20 12 High St", 31], "")
        line.postbox.answer = Handover(Fate.TEMPORARY, None, "20503", "out of service")
        line.forward(minutes=4)
        line.says("ben", f"SAFE {pin}")
        line.postbox.answer = None
        line.forward(minutes=4)
        assert line.new("ben") == []
    assert (safe.kinds("amy"), duress.kinds("amy")) == ([], ["overdue"])


def test_p4_after_five_wrong_pins_a_right_one_is_answered_as_ever(
    twins: tuple[Line, Line],
) -> None:
    four, five = twins
    wrong: list[Step] = ["VISIT 45 12 High St", *["DONE 1111"] * 4]
    extra = play(five, "amy", wrong, "")
    assert play(four, "amy", wrong, "") == extra
    assert five.says("amy", "DONE 1111") == extra[-1]
    assert (four.kinds("amy"), five.kinds("amy")) == ([], [AlarmKind.DURESS])
    then: list[Step] = ["DONE 4821", *AFTERWARDS]
    assert play(five, "amy", then, "") == play(four, "amy", then, "")
    assert AlarmKind.DURESS in five.kinds("amy")


def test_p4_it_ends_only_by_another_person_and_then_everything_shows(line: Line) -> None:
    line.says("amy", "VISIT 45 12 High St")
    line.says("amy", "DONE 7390")
    for words in ("DONE 4821", "SAFE 4821", "FALSE A 4821", "1"):
        line.says("amy", words)
    assert line.kinds("amy") == [AlarmKind.DURESS]
    line.says("ben", "SAFE 1357")
    assert line.kinds("amy") == []
    assert line.says("amy", "STATUS").startswith("12 High St until 14:45.")
    assert line.says("amy", "DONE 4821").startswith("12 High St: finished")


def test_p4_what_she_texts_under_duress_asks_nobody_to_ring_her(line: Line) -> None:
    line.says("amy", "VISIT 45 12 High St")
    line.says("amy", "SOS")
    line.says("amy", "DONE 7390")
    line.new("ben"), line.new("cat")
    line.forward(seconds=10)
    for words in ("OK", "SOS", "what", "please"):
        line.says("amy", words)
    line.forward(minutes=5)
    for text in [*line.new("ben"), *line.new("cat"), *line.new("dan")]:
        assert text.startswith("DO NOT RING OR TEXT HER."), text


WITH_PIN = ["DONE PIN", "MORE 15 PIN", "SAFE PIN", "FALSE PIN", "HOME PIN", "not ok PIN"]
BEGINNINGS = ["VISIT 15 A", "VISIT 20 B", "VISIT 15 C pin PIN", "HOME 20", "SOS", "ben: VISIT 9 D"]
OTHERS = ["DONE", "OK", "MORE 15", "STATUS", "HELP", "1", "1 A", "2", "SAFE", "HOME", "BACK", "hm"]
MORE = ["AWAY 18:00", "DONE 4821", "SAFE 4821", "MORE 5 4821", "ben: OK", "DONE 1111", "dan: SOS"]
TEXTS = st.sampled_from([*WITH_PIN, *BEGINNINGS, *OTHERS, *MORE])
STEPS = st.lists(st.one_of(TEXTS, st.sampled_from([1.0, 6.0, 16.0])), min_size=3, max_size=14)


@pytest.mark.slow
@pytest.mark.timeout(600)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_p4_whatever_she_texts_the_two_pins_look_the_same(
    steps: list[Step], sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("twins")
    heard = []
    for pin in ("4821", "7390"):
        path = folder / f"{pin}.db"
        path.write_bytes(sqlite_template.read_bytes())
        line = Line(f"sqlite:///{path}", folder, policy=CALM)
        heard.append(play(line, "amy", steps, pin))
        line.end()
    assert heard[1] == heard[0]

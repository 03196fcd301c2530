"""The headline's sentences, as they read."""

import pytest

from server.pages.phones import sentences
from shared.states import AlarmKind, AlarmOutcome


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["Amy"], "Amy"),
        (["Amy", "Ben"], "Amy and Ben"),
        (["Amy", "Ben", "Cat"], "Amy, Ben and Cat"),
    ],
)
def test_names_are_listed_as_people_say_them(names: list[str], said: str) -> None:
    assert sentences.listed(names) == said


def test_many_names_are_cut_short() -> None:
    names = [f"P{n}" for n in range(30)]
    assert sentences.few(names) == "P0, P1, P2 and 27 others"
    assert sentences.few(names[:4]) == "P0, P1, P2 and P3"


def test_who_was_told() -> None:
    assert sentences.told([]) == "Nobody has been texted yet."
    assert sentences.told([("Ben", "14:40")]) == "Ben was texted at 14:40."
    two = [("Ben", "14:40"), ("Cat", "14:43")]
    assert sentences.told(two) == "Ben was texted at 14:40, Cat at 14:43."
    many = [(f"P{n}", "14:50") for n in range(9)]
    assert sentences.told(many).endswith("P4 at 14:50, then 4 others.")


def test_who_is_out() -> None:
    assert sentences.out([("Amy", "14:20"), ("Ben", "14:13")]) == (
        "Amy is out until 14:20, Ben until 14:13."
    )


@pytest.mark.parametrize("kind", list(AlarmKind))
def test_every_alarm_has_its_beginning(kind: AlarmKind) -> None:
    said = sentences.begins(kind, "Dee", "14:30", "14:40")
    assert said.startswith("Dee")
    assert said.endswith(".")
    assert "14:" in said


@pytest.mark.parametrize("outcome", list(AlarmOutcome))
def test_every_alarm_has_its_end(outcome: AlarmOutcome) -> None:
    said = sentences.ended("Dee", "14:50", outcome, "Ben")
    assert said.startswith("Dee's alarm ended at 14:50: ")
    assert "(Ben says so)" in said
    assert "says so" not in sentences.ended("Dee", "14:50", outcome, None)

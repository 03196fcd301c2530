"""What is wrong is said when it begins, when it changes and once a minute."""

from server.engine.audit import Voice

AWAY = ["no way out works"]


def test_the_same_fault_is_said_once_a_minute() -> None:
    voice = Voice()
    said = [at for at in range(130) if voice.is_wanted(AWAY, 1000.0 + at)]
    assert said == [0, 60, 120]


def test_a_fault_is_said_when_it_changes_and_when_it_comes_back() -> None:
    voice = Voice()
    rounds = [[], AWAY, [*AWAY, "more"], AWAY, [], AWAY, AWAY]
    assert [voice.is_wanted(found, 5.0) for found in rounds] == [
        *(False, True, True, True, False, True, False)
    ]

"""The day as it plays: left alone, and with somebody who types."""

from datetime import timedelta

import pytest

from server.demo import player
from tests.demo.stage import Stage

OVERDUE = "Dee Marsh is overdue"


def is_told(stage: Stage, ref: str) -> bool:
    return any(OVERDUE in text for text in stage.texts(ref))


def test_left_alone_it_comes_to_its_end_and_begins_again(stage: Stage) -> None:
    day = stage.player.began
    for ref in ("ben", "cat", "eve"):
        stage.until(lambda ref=ref: is_told(stage, ref), f"{ref} is told")  # type: ignore[misc]
    assert stage.demo.pace.speed == 4
    assert any("finished at" in text for text in stage.texts("ben"))
    assert stage.texts("amy")[-1] == "Taps Done"
    stage.until(lambda: any("All clear" in t for t in stage.texts("cat")), "all clear")
    assert any("Eve Costa has taken charge" in text for text in stage.texts("cat"))
    assert not any("All clear" in text for text in stage.texts("amy"))
    stage.step()
    assert stage.demo.pace.speed == 30
    assert stage.player.outlook == player.AFTER
    stage.until(lambda: stage.player.began > day, "a second day")
    assert stage.now.strftime("%H:%M") == "14:00"
    stage.until(lambda: stage.texts("dee"), "Dee is out again")
    stage.until(lambda: is_told(stage, "ben"), "Ben is told again")
    assert any("Reply 1 to take charge" in text for text in stage.texts("ben"))


def test_whoever_types_takes_the_story_over(stage: Stage) -> None:
    stage.until(lambda: is_told(stage, "cat"), "Cat is told")
    stage.says("ben", "1")
    stage.step()
    assert any("Ben Hughes has taken charge" in text for text in stage.texts("cat"))
    for _ in range(100):
        stage.step()
    assert stage.texts("eve") == []
    stage.says("ben", "SAFE 1357")
    stage.step()
    assert any("All clear: Dee Marsh is safe" in text for text in stage.texts("cat"))


def test_dee_may_be_brought_home_before_anybody_hears(stage: Stage) -> None:
    stage.until(lambda: stage.texts("dee"), "Dee is out")
    stage.says("dee", "DONE 5937")
    day = stage.player.began
    stage.until(lambda: stage.player.began > day, "a second day")
    assert stage.entries("overdue_raised") == 0


def test_the_script_leaves_a_phone_alone_on_which_somebody_types(stage: Stage) -> None:
    stage.until(lambda: stage.texts("ben"), "Ben is out")
    stage.demo.pace.run_at(60)
    stage.until(lambda: stage.now.minute >= 4, "four minutes past")
    stage.says("ben", "STATUS")
    stage.until(lambda: stage.now.minute >= 8, "eight minutes past")
    assert "MORE 7 ****" not in stage.texts("ben")


def test_what_no_longer_fits_is_left_out(stage: Stage) -> None:
    stage.until(lambda: stage.texts("ben"), "Ben is out")
    stage.says("ben", "DONE 1357")
    before = len(stage.texts("ben"))
    for _ in range(34):
        stage.step()
    assert stage.now.minute >= 17
    assert len(stage.texts("ben")) == before


@pytest.mark.parametrize("alarm", ["SOS", "DONE 2604"])
def test_it_begins_again_when_asked_whatever_is_open(stage: Stage, alarm: str) -> None:
    stage.until(lambda: stage.texts("dee"), "Dee is out")
    stage.says("dee", alarm)
    stage.step()
    assert stage.demo.pace.speed == 4
    day = stage.player.began
    stage.player.start_again()
    assert stage.player.outlook == player.TIDYING
    stage.until(lambda: stage.player.began > day, "a second day")
    assert stage.player.began.date() - day.date() == timedelta(days=1)
    stage.step()
    assert stage.demo.pace.speed == 30


def test_the_manager_waits_while_somebody_plays(stage: Stage) -> None:
    stage.until(lambda: is_told(stage, "eve"), "Eve is told")
    for _ in range(4):
        stage.says("cat", "STATUS")
        for _ in range(10):
            stage.step(2)
    assert not any("taken charge" in text for text in stage.texts("cat"))
    stage.until(lambda: "1" in stage.texts("eve"), "Eve answers")

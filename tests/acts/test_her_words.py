"""What a worker texts while her alarm is open reaches everybody told, whatever else is on its way
(contract 6: shown to whoever watches while an alarm is open)."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from server.acts.base import Turn, perform
from server.acts.crying_out import cry_out
from server.acts.news import tell_words
from server.gateways.base import Fate, Handover
from server.store import alarms
from shared.states import Means
from tests.support.clock import ManualClock
from tests.support.people import open_app, running_in, settle
from tests.support.postbox import Postbox
from tests.support.town import Town

BUSY = Handover(Fate.TEMPORARY, None, None, "away")


class Scene:
    """Amy has cried out; `said` is what she texts next, before anything else can happen."""

    def __init__(self, url: str, folder: Path) -> None:
        self.clock = ManualClock()
        self.postbox = Postbox(self.clock.now)
        self.app = open_app(url, folder, self.clock, ways_out=[self.postbox])
        self.org = settle(self.app, self.clock)
        self.town = Town(self.app, self.clock)

    def cries_out(self) -> None:
        def act(turn: Turn) -> None:
            assert turn.actor is not None
            cry_out(turn, turn.actor)

        self._act(act)

    def says(self, words: str) -> None:
        def act(turn: Turn) -> None:
            raised = alarms.open_alarms(turn.session, self.org["amy"].id)
            tell_words(turn, raised, "unclear", words, f"words:{uuid4()}")

        self._act(act)

    def _act(self, act: Callable[[Turn], None]) -> None:
        with self.app.app_context():
            perform(
                running_in(self.app).desk,
                act,
                now=self.clock.now(),
                by=Means.TEXT,
                actor_id=self.org["amy"].id,
            )

    def ben_read(self, *words: str) -> bool:
        texts = self.postbox.texts_to(self.org["ben"].mobile)
        return all(any(word in text for text in texts) for word in words)


def test_words_straight_after_an_sos_reach_those_who_are_just_being_told(
    database_url: str, tmp_path: Path
) -> None:
    scene = Scene(database_url, tmp_path)
    scene.cries_out()
    scene.says("first floor flat 3")
    scene.town.round()
    assert scene.ben_read("SOS from Amy Okafor", "first floor flat 3")


def test_two_texts_in_a_moment_are_both_passed_on(database_url: str, tmp_path: Path) -> None:
    scene = Scene(database_url, tmp_path)
    scene.cries_out()
    scene.town.round()
    scene.says("blue car outside")
    scene.says("he has gone in the kitchen")
    scene.town.round()
    assert scene.ben_read("blue car outside", "he has gone in the kitchen")


def test_her_words_outlast_an_outage_and_do_not_replace_the_alarm(
    database_url: str, tmp_path: Path
) -> None:
    scene = Scene(database_url, tmp_path)
    scene.postbox.answer = BUSY
    scene.cries_out()
    scene.says("back door is open")
    scene.town.forward(minutes=2)
    scene.postbox.answer = None
    scene.town.forward(minutes=1)
    assert scene.ben_read("SOS from Amy Okafor", "back door is open")

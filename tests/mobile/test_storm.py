"""Whatever the network does in whatever order: nothing lost, nothing doubled, order kept."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from mobile.core.database import Database
from tests.mobile.hands import Hands
from tests.mobile.house import House, Served
from tests.mobile.phone import Line

FAULTS = ["500", "html", "html404", "nothing", "cut", "lost", "busy", "redirect", "liar", "empty"]
STORM = st.lists(
    st.one_of(
        st.tuples(st.just("do"), st.sampled_from(["a", "b"])),
        st.tuples(st.just("sos"), st.just("")),
        st.tuples(st.just("fault"), st.sampled_from(FAULTS)),
        st.tuples(st.just("round"), st.just("")),
        st.tuples(st.just("restart"), st.sampled_from(["app", "phone"])),
    ),
    max_size=25,
)


class Play:
    """One phone, one house and a storm between them."""

    def __init__(self, folder: Path) -> None:
        self.hands = Hands(wall_off_s=-86_400)
        # Two visits at once: what belongs to one is sent in order, whatever happens to the other.
        self.house = House(now=self.hands.true_now, moves_on=False)
        self.served = Served(self.house)
        self.path = folder / "phone.sqlite3"
        self.open()
        self.visits = {name: self.line.start(name, 5) for name in "ab"}
        self.wanted: dict[str, list[int]] = {"a": [], "b": []}
        self.cries: list[str] = []

    def open(self) -> None:
        self.db = Database(self.path)
        self.line = Line(self.db, self.hands, self.served.url)

    def close(self) -> None:
        self.line.close()
        self.db.close()

    def do(self, name: str) -> None:
        self.wanted[name].append(len(self.wanted[name]) + 1)
        self.line.do(self.visits[name], "extend", minutes=self.wanted[name][-1])

    def sos(self, _: str) -> None:
        self.cries.append(self.line.sos(self.visits["a"]))

    def fault(self, name: str) -> None:
        self.house.faults.append(name)

    def round(self, _: str) -> None:
        self.line.sync.send_sos()
        self.line.round(screen_on=True)
        self.hands.passes(11)

    def restart(self, what: str) -> None:
        self.close()
        if what == "phone":
            self.hands.restart()
        self.open()


@settings(deadline=None, max_examples=15)
@given(storm=STORM)
def test_nothing_is_lost_doubled_or_out_of_order(storm: list[tuple[str, str]]) -> None:
    with TemporaryDirectory() as folder:
        play = Play(Path(folder))
        try:
            for step, what in storm:
                getattr(play, step)(what)
            play.house.faults.clear()
            play.hands.passes(100)
            for _ in range(3):
                play.round("")
            check(play)
        finally:
            play.close()
            play.served.close()


def check(play: Play) -> None:
    """The house has everything, once, in order; the phone has nothing left."""
    assert play.line.sync.outbox.waiting() == []
    assert play.line.sync.outbox.refused() == []
    for name, visit in play.visits.items():
        paths = [
            (path, body) for path, body in play.house.done if visit in (body["id"], path[8:44])
        ]
        assert paths[0][0] == "/visits"
        assert [body["minutes"] for _, body in paths[1:]] == play.wanted[name]
    cried = [body["id"] for path, body in play.house.done if path == "/alarms"]
    assert sorted(cried) == sorted(play.cries)

"""P6 on the phone: nothing is lost, nothing is doubled, nothing overtakes but an SOS."""

import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobile.core.database import Database, NotKept
from mobile.core.outbox import Act, Entry, Outbox
from mobile.core.statements import LEASE_S, LEASE_SOS_S, MOST_POSITIONS, POSITION, SOS
from mobile.platform.fake import FakeSecrets
from tests.mobile.hands import Hands

ROOT = Path(__file__).parents[2]


class Desk:
    """An outbox with a clock turned by hand."""

    def __init__(self, db: Database, owner: str = "amy") -> None:
        self.db = db
        self.hands = Hands()
        self.clock = self.hands.clock()
        self.secrets = FakeSecrets()
        self.box = Outbox(db, self.secrets, self.clock.ticks, owner)

    def put(self, stream: str, kind: str = "extend", pin: str | None = None) -> str:
        act = Act(kind, stream, f"/visits/{stream}/{kind}", {})
        self.box.put(act, self.clock.stamp(), pin)
        return act.key

    def claim(self) -> Entry:
        found = self.box.claim()
        assert found is not None
        return found


@pytest.fixture
def desk(db: Database) -> Desk:
    return Desk(db)


def test_a_row_keeps_its_key_and_its_body_through_every_try(desk: Desk) -> None:
    key = desk.put("a")
    first = desk.claim()
    assert desk.box.fix(first, {"id": key, "at": "12:00"}) == {"id": key, "at": "12:00"}
    desk.box.retry(first, "silent")
    desk.hands.passes(2)
    second = desk.claim()
    assert (second.act.key, second.tries) == (key, 2)
    assert desk.box.fix(second, {"id": key, "at": "13:00"}) == {"id": key, "at": "12:00"}


def test_a_visits_events_wait_for_each_other_and_other_visits_do_not(desk: Desk) -> None:
    first = desk.put("a")
    desk.put("a", "close")
    other = desk.put("b")
    assert desk.claim().act.key == first
    assert desk.claim().act.key == other
    assert desk.box.claim() is None


def test_an_sos_overtakes_everything_and_its_stand_down_waits_for_it(desk: Desk) -> None:
    for _ in range(3):
        desk.put("a")
    sos = desk.put("alarm", SOS)
    desk.put("alarm", "stand_down")
    entry = desk.claim()
    assert entry.act.key == sos
    assert desk.claim().kind == "extend"
    assert desk.box.claim() is None
    desk.box.settle(entry, sent=True, verdict="done")
    assert desk.claim().kind == "stand_down"


def test_a_position_waits_for_its_visit_and_nothing_waits_for_a_position(desk: Desk) -> None:
    start = desk.put("a", "start")
    desk.put("a", POSITION)
    close = desk.put("a", "close")
    entry = desk.claim()
    assert entry.act.key == start
    assert desk.box.claim() is None
    desk.box.settle(entry, sent=True, verdict="done")
    assert desk.claim().kind == POSITION
    assert desk.claim().act.key == close


def test_positions_are_thinned_and_events_never(desk: Desk) -> None:
    for _ in range(MOST_POSITIONS + 20):
        desk.put("a", POSITION)
        desk.put("a", "check_in")
    kinds = Counter(entry.kind for entry in desk.box.waiting())
    assert kinds == {POSITION: MOST_POSITIONS, "check_in": MOST_POSITIONS + 20}


@pytest.mark.parametrize(
    ("kind", "waits"), [("close", [2, 4, 8, 16, 32, 60, 60]), (SOS, [2, 4, 5, 5, 5, 5, 5])]
)
def test_it_backs_off(desk: Desk, kind: str, waits: list[float]) -> None:
    desk.put("a", kind)
    seen = []
    for _ in waits:
        entry = desk.claim()
        seen.append(desk.box.retry(entry, "silent"))
        desk.hands.passes(seen[-1] - 0.5)
        assert desk.box.claim() is None
        assert desk.box.wait_s() == pytest.approx(0.5)
        desk.hands.passes(0.5)
    assert seen == waits


def test_a_server_that_asks_for_patience_gets_it_but_not_from_an_sos(desk: Desk) -> None:
    desk.put("a")
    desk.put("b", SOS)
    assert desk.box.retry(desk.claim(), "later", 40) == 2
    assert desk.box.retry(desk.claim(), "later", 40) == 40


def test_when_signal_returns_nothing_waits_any_longer_but_what_may_be_undone(desk: Desk) -> None:
    tried = desk.put("a")
    desk.box.retry(desk.claim(), "silent", 50)
    act = Act("close", "b", "/visits/b/close", {})
    desk.box.put(act, desk.clock.stamp(), wait_s=5)
    desk.box.wake()
    assert desk.claim().act.key == tried
    assert desk.box.claim() is None
    assert desk.box.wait_s() == 5
    desk.hands.passes(5)
    assert desk.claim().act.key == act.key


def test_what_was_not_tried_can_be_taken_back_and_what_was_cannot(desk: Desk) -> None:
    desk.put("a", "close", pin="4821")
    key = desk.put("a", "close", pin="4821")
    entry = desk.claim()
    assert not desk.box.take_back(entry.act.key)
    assert desk.box.take_back(key)
    assert [each.act.key for each in desk.box.waiting()] == [entry.act.key]
    found = desk.box.find(key)
    assert found is not None
    assert not found.has_pin


@pytest.mark.parametrize(("kind", "lease_s"), [("close", LEASE_S), (SOS, LEASE_SOS_S)])
def test_a_killed_process_holds_a_row_only_as_long_as_its_lease(
    desk: Desk, kind: str, lease_s: float
) -> None:
    key = desk.put("a", kind)
    desk.claim()
    desk.hands.passes(lease_s - 1)
    assert desk.box.claim() is None
    assert desk.box.wait_s() == pytest.approx(1)
    desk.hands.passes(1)
    assert desk.claim().act.key == key


def test_a_restart_of_the_phone_frees_every_lease_and_wait(desk: Desk) -> None:
    desk.put("a")
    desk.put("b")
    desk.box.retry(desk.claim(), "silent", 60)
    desk.claim()
    desk.hands.restart()
    assert {desk.claim().act.stream, desk.claim().act.stream} == {"a", "b"}


def test_a_late_loser_of_a_lease_cannot_put_the_row_off_but_its_answer_counts(desk: Desk) -> None:
    desk.put("a")
    late = desk.claim()
    desk.hands.passes(LEASE_S)
    second = desk.claim()
    desk.box.retry(late, "silent")
    assert desk.box.claim() is None
    desk.box.settle(late, sent=True, verdict="done")
    desk.box.retry(second, "silent")
    assert desk.box.waiting() == []
    desk.box.settle(second, sent=False, verdict="conflict")
    found = desk.box.find(second.act.key)
    assert found is not None
    assert found.state == "sent"


def test_a_refused_row_is_shown_until_it_was_seen(desk: Desk) -> None:
    key = desk.put("a")
    desk.box.settle(desk.claim(), sent=False, verdict="invalid", detail="Give a number.")
    assert [(e.act.key, e.detail) for e in desk.box.refused()] == [(key, "Give a number.")]
    desk.box.dismiss(key)
    assert desk.box.refused() == []
    assert desk.box.find(key) is not None


def test_a_pin_is_sealed_and_forgotten_with_the_answer(desk: Desk, tmp_path: Path) -> None:
    desk.put("a", "close", pin="482193")
    entry = desk.claim()
    assert desk.box.pin_of(entry) == "482193"
    desk.box.retry(entry, "silent")
    assert desk.box.pin_of(entry) == "482193"
    desk.box.settle(entry, sent=False, verdict="pin-wrong")
    assert desk.box.pin_of(entry) is None
    desk.db.close()
    for path in tmp_path.iterdir():
        assert b"482193" not in path.read_bytes()


def test_a_lost_key_loses_the_pin_and_not_the_row(desk: Desk) -> None:
    desk.put("a", "close", pin="4821")
    desk.secrets.lose_key()
    assert desk.box.pin_of(desk.claim()) is None


def test_signed_out_keeps_everything_and_sends_nothing_but_an_sos(desk: Desk) -> None:
    keys = [desk.put("a"), desk.put("b")]
    desk.box.hold()
    desk.hands.passes(1000)
    assert desk.box.claim() is None
    sos = desk.put("c", SOS)
    desk.put("d", "close")
    assert desk.claim().act.key == sos
    assert desk.box.claim(sos_only=True) is None
    desk.box.hold()
    keys += [entry.act.key for entry in desk.box.waiting()][2:]
    assert [entry.act.key for entry in desk.box.waiting()] == keys
    desk.box.release()
    assert {desk.claim().act.key for _ in range(3)} == set(keys) - {sos}


def test_what_one_person_did_is_never_sent_as_anothers(desk: Desk) -> None:
    key = desk.put("a")
    desk.box.owner = "ben"
    assert desk.box.claim() is None
    assert desk.box.waiting() == []
    assert desk.box.stranded() == 1
    desk.box.owner = "amy"
    assert desk.claim().act.key == key


def test_an_upgrade_or_restart_of_the_app_keeps_the_queue(tmp_path: Path) -> None:
    first = Database(tmp_path / "x.sqlite3")
    key = Desk(first).put("a")
    first.close()
    again = Database(tmp_path / "x.sqlite3")
    assert Desk(again).claim().act.key == key
    again.close()


def test_a_broken_file_is_put_aside_and_said(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    path.write_bytes(b"no database at all, " * 300)
    db = Database(path)
    assert db.was_broken
    Desk(db).put("a")
    assert (tmp_path / "x.sqlite3.broken-1").read_bytes().startswith(b"no database")
    db.close()


def test_what_cannot_be_stored_is_said_and_leaves_nothing(desk: Desk) -> None:
    with desk.db.write() as sql:
        sql.execute("PRAGMA max_page_count = 1")
    with pytest.raises(NotKept):
        fill(desk)
    with desk.db.write() as sql:
        sql.execute("PRAGMA max_page_count = 1000000")
    kept = len(desk.box.waiting())
    desk.put("b")
    assert len(desk.box.waiting()) == kept + 1


def fill(desk: Desk) -> None:
    for _ in range(1000):
        desk.put("a" * 1000)


def test_only_what_is_done_is_ever_pruned(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mobile.core.outbox.KEPT_SENT", 2)
    keys = [desk.put(str(n)) for n in range(8)]
    for n in range(6):
        desk.box.settle(desk.claim(), sent=n != 0, verdict="x")
    box = Outbox(desk.db, desk.secrets, desk.clock.ticks, "amy")
    assert [key for key in keys if box.find(key)] == [keys[0], *keys[4:]]


def test_the_file_is_as_safe_as_it_gets(desk: Desk) -> None:
    with desk.db.write() as sql:
        assert sql.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert sql.execute("PRAGMA synchronous").fetchone()[0] == 2


def test_half_of_a_change_is_none_of_it(desk: Desk) -> None:
    def half() -> None:
        with desk.db.write() as sql:
            desk.put("a")
            sql.execute("DELETE FROM kept")
            raise KeyError

    with pytest.raises(KeyError):
        half()
    assert desk.box.waiting() == []


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from("abc"), st.sampled_from(["extend", SOS])),
        st.tuples(st.just("claim"), st.just(""), st.just("")),
        st.tuples(st.sampled_from(["sent", "refused", "retry", "lose"]), st.just(""), st.just("")),
        st.tuples(st.sampled_from(["wait", "restart", "wake"]), st.just(""), st.just("")),
    ),
    max_size=60,
)


@settings(deadline=None, max_examples=40)
@given(steps=STEPS)
def test_whatever_happens_order_holds_and_nothing_is_lost(
    steps: list[tuple[str, str, str]],
) -> None:
    with TemporaryDirectory() as folder:
        db = Database(Path(folder) / "x.sqlite3")
        try:
            play(Desk(db), steps)
        finally:
            db.close()


def play(desk: Desk, steps: list[tuple[str, str, str]]) -> None:
    """Do as told and compare with a plain model."""
    model = Model(desk)
    for name, stream, kind in steps:
        if name == "put":
            model.put(stream, kind)
        else:
            getattr(model, name)()
    assert all(desk.box.find(key) for key in model.put_all)
    waiting = {entry.act.key for entry in desk.box.waiting()}
    assert waiting == {key for line in model.lines.values() for key in line}
    desk.hands.passes(100)
    assert set(drain(desk)) == waiting


class Model:
    """What an outbox is, as a list for each stream."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.put_all: list[str] = []
        self.lines: dict[str, list[str]] = {"a": [], "b": [], "c": []}
        self.out: list[Entry] = []
        self.wake = desk.box.wake
        self.restart = desk.hands.restart

    def put(self, stream: str, kind: str) -> None:
        self.put_all.append(self.desk.put(stream, kind))
        self.lines[stream].append(self.put_all[-1])

    def claim(self) -> None:
        entry = self.desk.box.claim()
        if entry:
            assert entry.kind == SOS or self.lines[entry.act.stream][0] == entry.act.key
            self.out.append(entry)

    def sent(self, state: str = "sent") -> None:
        if self.out:
            entry = self.out.pop()
            self.desk.box.settle(entry, sent=state == "sent", verdict="x")
            line = self.lines[entry.act.stream]
            line[:] = [key for key in line if key != entry.act.key]

    def refused(self) -> None:
        self.sent("refused")

    def retry(self) -> None:
        if self.out:
            self.desk.box.retry(self.out.pop(), "silent")

    def lose(self) -> None:
        if self.out:
            self.out.pop()

    def wait(self) -> None:
        self.desk.hands.passes(20)


def drain(desk: Desk) -> list[str]:
    """Send all there is, with a server that takes everything."""
    done = []
    while entry := desk.box.claim():
        desk.box.settle(entry, sent=True, verdict="done")
        done.append(entry.act.key)
    return done


WORKER = """
import sys
from pathlib import Path
from mobile.core.database import Database
from mobile.core.outbox import Outbox
from mobile.core.clock import boot_ticks
from mobile.platform.fake import FakeSecrets
box = Outbox(Database(Path(sys.argv[1])), FakeSecrets(), boot_ticks, "amy")
print("ready", flush=True)
sys.stdin.readline()
while box.waiting():
    entry = box.claim()
    if entry:
        print(entry.act.key, flush=True)
        box.settle(entry, sent=True, verdict="done")
"""


def test_two_processes_send_every_row_once_and_in_order(tmp_path: Path) -> None:
    path = tmp_path / "phone.sqlite3"
    db = Database(path)
    desk = Desk(db)
    keys = [desk.put(stream) for stream in "abcd" for _ in range(50)]
    command = [sys.executable, "-c", WORKER, str(path)]
    pipes = [
        subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for pipe in pipes:
        assert pipe.stdout is not None
        assert pipe.stdout.readline() == "ready\n"
    said = []
    for pipe in pipes:
        assert pipe.stdin is not None
        pipe.stdin.write("\n")
        pipe.stdin.flush()
    for pipe in pipes:
        out, _ = pipe.communicate(timeout=30)
        assert pipe.returncode == 0
        said.append(out.split())
    assert Counter(said[0] + said[1]) == Counter(keys)
    for each in said:
        places = [keys.index(key) for key in each]
        for stream in range(4):
            mine = [place for place in places if place // 50 == stream]
            assert mine == sorted(mine)
    db.close()

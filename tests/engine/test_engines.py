"""Several engines over one database, one after the other and at the same moment: the outcome is
that of one (P1, I10); and whoever is closing a visit never meets its alarm half-way (P2)."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import select

from server.acts import closing
from server.acts.base import perform
from server.engine.round import Rounds
from server.store import visits
from server.store.alarms import Alarm
from server.store.visits import Visit
from shared.states import AlarmKind, AlarmStatus, ClosedHow, Means, Role
from tests.engine.fixtures import NewNight
from tests.engine.night import Night
from tests.support.people import BEN, CAT, Somebody, reading, running_in

POLICY = {"broadcast_every_s": 600, "pin": "never"}
WORKERS = 6


def crowd(workers: int = WORKERS) -> list[Somebody]:
    """So many workers, all of whom Ben and Cat watch over."""
    some = [
        Somebody(f"w{n}", f"Worker {n}", f"+4477009002{n:02d}", (Role.WORKER,), ("ben", "cat"))
        for n in range(workers)
    ]
    return [replace(BEN, buddies=()), CAT, *some]


class Several:
    """Engines that a town drives as if they were one."""

    def __init__(self, engines: list[Rounds], *, at_once: bool) -> None:
        self.engines, self._at_once = engines, at_once
        self.faults: list[BaseException] = []

    @property
    def busy(self) -> bool:
        return any(engine.busy for engine in self.engines)

    def seen_at(self, instant: datetime) -> None:
        for engine in self.engines:
            engine.seen_at(instant)

    def stop(self, timeout_s: float) -> None:
        for engine in self.engines:
            engine.stop(timeout_s)

    def go_round(self) -> None:
        if not self._at_once:
            for engine in self.engines:
                engine.go_round()
            return
        start = threading.Barrier(len(self.engines))
        threads = [threading.Thread(target=self._one, args=(e, start)) for e in self.engines]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert self.faults == []

    def _one(self, engine: Rounds, start: threading.Barrier) -> None:
        try:
            start.wait()
            engine.go_round()
        except BaseException as fault:  # noqa: BLE001 - told in the test's own thread
            self.faults.append(fault)


def play(night: Night) -> None:
    """Everybody is silent; some are stopped on the way up, one alarm is owned and lapses."""
    for n in range(WORKERS):
        night.start(f"w{n}", 20 + n // 2)
    night.forward(minutes=31)
    night.close("w3", night.org["w3"].pin or None)
    night.forward(minutes=4)
    night.own("ben", night.alarms("w0")[0].id)
    night.forward(minutes=20)


def outcome(night: Night) -> dict[str, object]:
    """What happened, without ids and without the order of what happened at the same moment."""
    return {
        "texts": Counter((p.to, p.at, p.body.split(" Reply 1")[0]) for p in night.postbox.posted),
        "alarms": Counter((a.worker_id, a.raised_at, a.status) for a in night.alarms()),
        "log": Counter((e.what, e.received_at) for e in night.log() if e.what != "gap"),
        "gaps": len(night.log("gap")),
    }


def with_others(night: Night, engines: int, *, at_once: bool) -> Night:
    """The same house with so many engines."""
    more = [Rounds(night.app, running_in(night.app)) for _ in range(engines - 1)]
    night.town.rounds = cast(Rounds, Several([night.town.rounds, *more], at_once=at_once))
    return night


def test_several_engines_do_what_one_does(new_night: NewNight) -> None:
    nights = [new_night(people=crowd(), policy=POLICY) for _ in range(3)]
    play(nights[0])
    alone = outcome(nights[0])
    for night in (
        with_others(nights[1], 2, at_once=False),
        with_others(nights[2], 3, at_once=True),
    ):
        play(night)
        assert outcome(night) == alone


def test_an_engine_that_was_away_finds_no_gap_where_another_was_there(new_night: NewNight) -> None:
    night = new_night(people=crowd(), policy=POLICY)
    sleeper = Rounds(night.app, running_in(night.app))
    sleeper.go_round()
    night.start("w0", 45)
    night.forward(minutes=55)
    sleeper.go_round()
    assert night.log("gap") == []
    assert len(night.alarms()) == 1
    sleeper.stop(0.0)


class Closers:
    """People who close their visits from several threads while the engine raises them."""

    def __init__(self, night: Night, whose: list[str], threads: int = 4) -> None:
        self._night = night
        self._visits = [night.visit(who).id for who in whose]
        self._threads = [
            threading.Thread(target=self._close_all, args=(self._visits[n::threads],))
            for n in range(threads)
        ]

    def _close_all(self, mine: list[UUID]) -> None:
        with self._night.app.app_context():
            for visit_id in mine:
                self._close(visit_id)

    def _close(self, visit_id: UUID) -> None:
        worker_id = self._night.visit(visit_id).worker_id
        perform(
            self._night.running.desk,
            lambda turn: closing.close(turn, visits.visit(turn.session, visit_id)),
            now=self._night.now,
            by=Means.APP,
            actor_id=worker_id,
            lock=lambda _: {worker_id},
        )

    def __enter__(self) -> None:
        for thread in self._threads:
            thread.start()

    def __exit__(self, *_: object) -> None:
        for thread in self._threads:
            thread.join()


def test_a_close_that_races_the_raise_has_one_winner(new_night: NewNight) -> None:
    """40 visits fall due while their workers close them: each ends closed and quiet, or raised and
    still open."""
    night = new_night(people=crowd(40), policy=POLICY | {"grace_s": 0, "warn_before_s": 0})
    whose = [f"w{n}" for n in range(40)]
    night.rounds_follow = False
    for who in whose:
        night.start(who, 20)
    night.clock.forward(minutes=20)
    with Closers(night, whose):
        for _ in range(10):
            night.town.rounds.go_round()
    night.town.round()
    assert [who for who in whose if not _settled(night, night.visit(who))] == []
    assert night.postbox.tries <= 2 * len(night.alarms())


def _settled(night: Night, visit: Visit) -> bool:
    query = select(Alarm).where(Alarm.visit_id == visit.id, Alarm.kind == AlarmKind.OVERDUE.value)
    found = reading(night.app, lambda s: s.scalars(query).unique().all())
    if visit.closed_how == ClosedHow.WORKER:
        return found == []
    return [alarm.status for alarm in found] == [AlarmStatus.RAISED]


Deed = Callable[[], object]


def at_the_same_time(*deeds: Deed) -> Iterator[object]:
    """Do them all at once; gives back what each raised."""
    start, raised = threading.Barrier(len(deeds)), []

    def one(deed: Deed) -> None:
        start.wait()
        try:
            deed()
        except Exception as fault:  # noqa: BLE001 - compared by the test
            raised.append(fault)

    threads = [threading.Thread(target=one, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    yield from raised


def test_of_two_who_take_charge_at_the_same_moment_one_is_refused(new_night: NewNight) -> None:
    night = new_night()
    night.start("amy", 45)
    night.forward(minutes=55)
    night.rounds_follow = False
    raised = list(at_the_same_time(lambda: night.own("ben"), lambda: night.own("cat")))
    assert [getattr(fault, "kind", fault) for fault in raised] == ["alarm-owned"]
    assert len(night.log("owned")) == 1

"""A whole Wayhome as its users meet it: real processes, real HTTP, a gateway outside, and its time.

    house = House(tmp_path, database_url, world).open()
    amy, ben = house["amy"], house["ben"]
    visit = ok(amy.app.start("12 High St", minutes=10), 201)
    house.forward(minutes=12)
    ben.phone.expects_text("Amy Okafor is overdue")
    ben.phone.replies("1")
    house.check()

On SQLite it is one `serve`; on PostgreSQL `webs` and `engines` of their own. Nothing falls due
unless the test moves time on.
"""

import json
import os
import socket
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from tests.support.clock import A_TUESDAY
from tests.support.clock_file import CREEP, ClockFile
from tests.support.copies import beside, copy_over
from tests.support.gateway import Gateway, Text
from tests.support.member import Member
from tests.support.peek import Peek
from tests.support.processes import Process, read_log, run
from tests.support.riverside import riverside

STEP_S = 14.0
"""A step of 15 s or more is an outage to the engine (server.engine.gap)."""
PATIENCE_S = 10.0
LOOK_EVERY_S = 0.002
SECRET = "a secret key that only the journeys know, 0123456789"
LONGEST_SHOWN = 400
BAD_LEVELS = ("error", "critical", "exception")

_imported: dict[str, tuple[str, dict[str, Any]]] = {}
"""Import files that this run has read before: where what they made is kept, and the summary."""
_kept_files = TemporaryDirectory(prefix="wayhome-kept-")


def _kept_in(url: str) -> str:
    """The server, or for a file a folder that outlives its test."""
    return f"sqlite:///{_kept_files.name}/-" if url.startswith("sqlite") else url


def free_port() -> int:
    """A port that nobody listens on."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_until(condition: Callable[[], object], why: str, within: float = PATIENCE_S) -> None:
    """Wait until it holds, in real seconds; fails saying `why`."""
    pause = threading.Event()
    for _ in range(int(within / LOOK_EVERY_S)):
        if condition():
            return
        pause.wait(LOOK_EVERY_S)
    raise AssertionError(f"not within {within:g} s: {why}")


@dataclass
class House:
    """One installation. `file` is what is imported; `settings` are laid over its environment."""

    folder: Path
    database_url: str
    world: Gateway
    file: dict[str, Any] = field(default_factory=riverside)
    start: datetime = A_TUESDAY
    rate: float = CREEP
    webs: int = 2
    engines: int = 2
    settings: dict[str, str] = field(default_factory=dict)
    public_url: str | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.clock = ClockFile.make(self.folder, self.start, self.rate)
        self.is_sqlite = self.database_url.startswith("sqlite")
        self.ports = [free_port() for _ in range(1 if self.is_sqlite else self.webs)]
        self.urls = [f"http://127.0.0.1:{port}" for port in self.ports]
        self.world.now = self.clock.now
        self.world.webhook_url = self.public_url or self.urls[0]
        self.world.deliver_to = self.urls[0]
        self.processes: list[Process] = []
        self.members: dict[str, Member] = {}
        self.expected_errors: list[str] = []
        self.hole = self.checked = False
        self._engines_before: set[int] = set()
        self.waits_for_texts = True
        self.summary: dict[str, Any] = {}

    def __getitem__(self, ref: str) -> Member:
        return self.members.setdefault(ref, Member(self, ref))

    def people(self, *refs: str) -> tuple[Member, ...]:
        """These people, in this order."""
        return tuple(self[ref] for ref in refs)

    @property
    def url(self) -> str:
        """Where (the first web of) it serves."""
        return self.urls[0]

    @property
    def environment(self) -> dict[str, str]:
        """Every setting of its processes."""
        return {
            "WAYHOME_DATABASE_URL": self.database_url.replace("+psycopg", ""),
            "WAYHOME_DATA_DIR": str(self.folder / "data"),
            "WAYHOME_SECRET_KEY": SECRET,
            "WAYHOME_PUBLIC_URL": self.public_url or self.urls[0],
            "WAYHOME_SENDERS": "8",
            **self.world.environment(),
            **self.settings,
        }

    def row_of(self, ref: str) -> dict[str, Any]:
        """What the import said of one person."""
        found: dict[str, Any]
        (found,) = (row for row in self.summary["people"] if row["ref"] == ref)
        return found

    def command(self, *arguments: str, within_s: float = 60.0) -> tuple[int, str, str]:
        """Run one `wayhome` command beside the house: exit code, stdout, stderr."""
        return run(self.folder, arguments, self.environment, within_s)

    def open(self) -> Self:
        """Import the people and start everything."""
        self.import_people()
        self.start_up()
        return self

    def import_people(self) -> None:
        """`wayhome migrate` and `wayhome import FILE --enrol`, once for each file and start."""
        (self.folder / "data").mkdir(exist_ok=True)
        where = _kept_in(self.database_url)
        key = json.dumps([beside(where, ""), self.file, self.start.isoformat()])
        if key in _imported:
            kept, self.summary = _imported[key]
            copy_over(kept, self.database_url)
            return
        self.summary = self._import()
        kept = beside(where, f"wayhome_kept_{os.getpid()}_{len(_imported)}")
        copy_over(self.database_url, kept)
        _imported[key] = kept, self.summary

    def _import(self) -> dict[str, Any]:
        file = self.folder / "import.json"
        file.write_text(json.dumps(self.file), encoding="utf-8")
        self._must("migrate")
        found: dict[str, Any] = json.loads(
            self._must("import", str(file), "--trust-numbers", "--enrol")
        )
        return found

    def _must(self, *arguments: str) -> str:
        code, out, errors = self.command(*arguments)
        assert code == 0, f"wayhome {arguments[0]}: exit {code}: {errors}"
        return out

    def start_up(self) -> None:
        """Start whatever is not running, and wait until it serves and an engine goes round."""
        self.start_processes()
        wait_until(
            lambda: len(self.clock.rounds_by_process()) >= self._engines, "an engine's round"
        )
        self.settle()

    def start_processes(self) -> None:
        """Start whatever is not running, and wait until each says that it is ready."""
        for arguments in self._wanted():
            self.processes.append(Process(self.folder, arguments, self.environment))
        for process in self.processes:
            process.wait_ready()

    @property
    def _engines(self) -> int:
        return 1 if self.is_sqlite else self.engines

    def _wanted(self) -> list[list[str]]:
        if self.is_sqlite:
            every = [["serve", "--port", str(self.ports[0])]]
        else:
            every = [["web", "--workers", "1", "--port", str(port)] for port in self.ports]
            every += [["engine"] for _ in range(self.engines)]
        running = [process.arguments for process in self.processes]
        for arguments in running:
            every.remove(arguments)
        return every

    def now(self) -> datetime:
        """What the house's clock shows."""
        return self.clock.now()

    def forward(self, seconds: float = 0.0, *, minutes: float = 0.0) -> None:
        """Let time pass with everything at work, in steps that no engine takes for an outage."""
        left = seconds + 60.0 * minutes
        if self.rate == 0:
            # It is compared with another: what was just set going belongs to this instant.
            self.settle()
        while left > 0:
            step = min(STEP_S, left)
            self.clock.pass_time(step)
            left -= step
            self.settle()

    def away(self, seconds: float = 0.0, *, minutes: float = 0.0) -> None:
        """Let time pass at one stroke: nobody is at work, or the machine was asleep."""
        self.clock.pass_time(seconds + 60.0 * minutes)

    def step_wall(self, seconds: float) -> None:
        """Set the wall clock, as an administrator or a bad time server does."""
        self.clock.step_wall(seconds)
        self.settle()

    def settle(self) -> None:
        """Wait until every engine has looked at what is due and every text has gone through."""
        self.rounds(2)
        if self.waits_for_texts and self.clock.rounds_by_process():
            wait_until(self._is_through, "every text handed over and its fate heard")

    def _is_through(self) -> bool:
        """Where it is compared with another, nothing may be left to an engine either: one passes
        over what somebody else holds just then, and shows that for a moment in `lag_s`."""
        self.world.wait_idle()
        now = self.now()
        compared = self.rate == 0
        if self.peek.in_hand(now) == 0 and not (compared and self.peek.overdue(now)):
            return True
        self.rounds(1)
        return False

    def rounds(self, more: int) -> None:
        """Wait until each engine that lives has finished so many more rounds; rings for each."""
        for _ in range(more):
            self._one_round_more()

    def _one_round_more(self) -> None:
        before = self.clock.rounds_by_process()
        self.clock.ring()

        def done() -> bool:
            found = self.clock.rounds_by_process()
            late = [one for one, count in before.items() if found.get(one, count) == count]
            return not [one for one in late if one in found and self._still_lives()]

        wait_until(done, "one round more")

    def _still_lives(self) -> bool:
        """True; but a process that was killed is reaped by asking after it, and then is gone."""
        return bool([process.lives for process in list(self.processes)])

    @cached_property
    def peek(self) -> Peek:
        """Looks into the database."""
        return Peek(self.database_url)

    def kill(self, moment: str) -> None:
        """Arm a kill: the first process that comes to this moment dies there, once."""
        self._engines_before = set(self.clock.rounds_by_process())
        kill = self.folder / "kill.new"
        kill.write_text(moment)
        kill.rename(self.folder / "kill")

    def wait_killed(self) -> None:
        """Wait until an armed kill has struck and somebody has taken the dead one's place: the
        master of `serve`, or for an engine of its own, this."""
        wait_until(lambda: not (self.folder / "kill").exists(), "a kill to strike", within=30)
        if not self.is_sqlite:
            wait_until(lambda: any(not one.lives for one in self.processes), "an engine to be gone")
            for process in [one for one in self.processes if not one.lives]:
                process.wait_gone()
                self.processes.remove(process)
            self.start_up()

        def replaced() -> bool:
            found = set(self.clock.rounds_by_process())
            return len(found) >= self._engines and bool(found - self._engines_before)

        wait_until(replaced, "an engine in place of the one that was killed", within=30)

    def kill_now(self, name: str | None = None) -> None:
        """SIGKILL for every process, or for the first one of that name."""
        for process in [p for p in self.processes if name in (None, p.name)][: 1 if name else None]:
            process.kill()
            self.processes.remove(process)

    def stop(self) -> None:
        """SIGTERM for every process, as at the end of a day."""
        self._hang_up()
        for process in self.processes:
            process.ask_to_stop()
        for process in self.processes:
            process.wait_gone()
        self.processes.clear()

    def _hang_up(self) -> None:
        """Close every connection kept open from outside: a graceful stop would wait for them."""
        self.world.hooks.close()
        for member in self.members.values():
            if "app" in vars(member):
                member.app.close_connections()

    def restart(self) -> None:
        """Whatever was killed or stopped is started again, as a supervisor does."""
        self.start_up()

    def errors(self) -> list[str]:
        """The error lines in the log that no test expects."""
        found = []
        for path in self.folder.glob("*.log"):
            for line in read_log(path):
                written = json.dumps(line)
                bad = str(line.get("level", "")).lower() in BAD_LEVELS or "Traceback" in written
                if bad and not any(words in written for words in self.expected_errors):
                    found.append(f"{written[:LONGEST_SHOWN]} ... {written[-LONGEST_SHOWN:]}")
        return found

    def expects_error(self, *words: str) -> None:
        """Log lines holding any of these words are no fault in this test."""
        self.expected_errors += words

    def told(self, refs: str, *fragments: str) -> list[Text]:
        """Each of these people ("ben dan") has been sent a text with all these fragments, which is
        then read."""
        return [self[ref].phone.expects_text(*fragments, within=2.0) for ref in refs.split()]

    def only_told(self, refs: str, *fragments: str) -> list[Text]:
        """The same, and now nobody has a text that no test has expected."""
        texts = self.told(refs, *fragments)
        self.world.assert_quiet()
        return texts

    def check(self) -> None:
        """What every journey ends with: nothing unexpected, nothing broken, a log that verifies.

        `hole` says that the test leaves something unsent or unraised on purpose.
        """
        self.checked = True
        self.settle()
        self.world.assert_quiet()
        broken = [] if self.hole else self.peek.broken(self.now())
        assert not broken, "\n".join(broken)
        self.stop()
        assert not self.errors(), "\n".join(self.errors())
        code, out, errors = self.command("verify-log")
        assert code == 0, f"verify-log: exit {code}: {out}{errors}"

    def close(self) -> None:
        """End whatever is left; to be called whatever happened."""
        for process in self.processes:
            process.thaw()
            process.kill()
        self.processes.clear()
        self._hang_up()
        if "peek" in vars(self):
            self.peek.close()

    def copy_from(self, other: "House") -> None:
        """Take over the people of another house that is not open, ids and all."""
        (self.folder / "data").mkdir(exist_ok=True)
        self.summary = other.summary
        copy_over(other.database_url, self.database_url)

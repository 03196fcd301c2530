"""Takes in what the server says: keeps it with the time it was true, and notes what to read again.

The time is that at which it was asked for, the earliest at which it can have been true; without the
server's time nothing can be dated, so until then answers are only noted as to be read again.
"""

from collections.abc import Callable
from typing import Any

from mobile.core.clock import PhoneClock, Stamp
from mobile.core.memory import Memory
from mobile.core.outbox import Entry
from mobile.core.statements import SOS
from mobile.core.things import Unreadable, read_alarm, read_me, read_moment, read_visit
from mobile.core.verdict import DONE, Answer, Verdict
from shared.states import VisitKind, VisitStatus

VISITS = "/visits?status=open,planned"
ALARMS = "/alarms"
WATCHING = "/watching"
LISTS = frozenset({VISITS, ALARMS, WATCHING})
WATCHERS = frozenset({"buddy", "cover", "manager", "admin"})
STARTS = frozenset({"start", "start_planned"})
UNFINISHED = frozenset({"open", "planned", "raised", "owned"})
READERS: dict[str, Callable[[Any], Any]] = {"visit": read_visit, "alarm": read_alarm}
UNMOVED = "unmoved"
KIND_OF_PATH = {"visits": "visit", "alarms": "alarm"}


class Learning:
    """What a process does with answers."""

    def __init__(self, memory: Memory, clock: PhoneClock) -> None:
        self._memory = memory
        self._clock = clock

    def take_bearing(self) -> None:
        """Know the server's time as the other process, or the app's last run, has left it."""
        known = self._memory.get("clock")
        if known is not None and isinstance(known.value, dict):
            self._clock.take_bearing(known.value)

    def learn_time(self, answer: Answer) -> bool:
        """Follow the server's time in an answer that carries it."""
        try:
            server_time = read_moment(answer.body.get("server_time"))
        except Unreadable:
            return False
        if self._clock.discipline(server_time, answer.sent_ticks, answer.heard_ticks):
            self._memory.keep("clock", "", self._clock.bearing())
        return True

    def learn_me(self, answer: Answer, asked: Stamp) -> bool:
        """Keep GET /me. False, and nothing is kept, where it cannot be read."""
        try:
            read_me(answer.body)
        except Unreadable:
            return False
        self.learn_time(answer)
        self._memory.keep("me", "", answer.body, self._dated(asked))
        return True

    def lists(self) -> list[str]:
        """The lists that this person's phone looks at."""
        known = self._memory.get("me")
        roles = known.value.get("roles") if known else None
        watches = WATCHERS & set(roles if isinstance(roles, list) else [])
        return [VISITS, ALARMS, *([WATCHING] if watches else [])]

    def learn_list(self, path: str, items: list[Any], asked: Stamp) -> None:
        """Keep a list; what should be in it and is not is read again: it has come to an end."""
        at = self._dated(asked)
        if at is None:
            return
        with self._memory.db.write():
            if path == WATCHING:
                self._memory.keep("watching", "", items, at)
                return
            kind = "visit" if path == VISITS else "alarm"
            found = {each["id"] for each in items if self._keep(kind, each, at)}
            for name, known in self._memory.all(kind).items():
                if known.value.get("status") in UNFINISHED and name not in found:
                    self.read_again(kind, name)

    def learn_from(self, entry: Entry, answer: Answer, asked: Stamp) -> None:
        """Take in the answer to something that was sent."""
        at, path = self._dated(asked), entry.act.path
        kind = KIND_OF_PATH.get(path.split("/")[1], "")
        fresh = answer.verdict is Verdict.DONE and at is not None
        if kind and not (fresh and at and self._keep(kind, answer.body, at)):
            self._keep_as_it_was(kind, entry, answer)
            self.read_again(kind, entry.act.stream)
        if entry.kind in STARTS and fresh:
            self._read_others_again(entry.act.stream)
        if entry.kind == "start" and answer.verdict in DONE:
            self._remember_where(entry)
        if path.startswith(WATCHING):
            self._memory.keep("again", WATCHING, True)
        if kind == "alarm" and self._is_hers(entry, answer):
            self.read_again("visit", answer.body["visit"])

    def added_nothing(self, entry: Entry, answer: Answer) -> str:
        """`UNMOVED` where more time was asked for and the visit ends when it did before: after an
        alarm the server passes it on to whoever was told, and moves nothing without a PIN."""
        if entry.kind != "extend" or answer.verdict is not Verdict.DONE:
            return ""
        known = self._memory.get("visit", entry.act.stream)
        before = known.value.get("ends_at") if known else None
        return UNMOVED if before is not None and answer.body.get("ends_at") == before else ""

    def _remember_where(self, entry: Entry) -> None:
        """Offer her the place again: only one that the server has taken."""
        body = entry.act.body
        about = {"place": body["place"], "minutes": body["minutes"]}
        if body.get("kind", VisitKind.VISIT.value) != VisitKind.VISIT.value:
            # Kept apart: how long the way takes says nothing of how long she stays.
            self._memory.keep("journey", body["kind"], about)
            return
        known = self._memory.get("place", body["place"])
        about["times"] = known.value["times"] + 1 if known else 1
        about["last_at"] = self._clock.now().timestamp()
        self._memory.keep("place", body["place"], about)

    def _is_hers(self, entry: Entry, answer: Answer) -> bool:
        """Whether an alarm is about a visit of her own. Somebody else's visit is never kept among
        hers: it would be shown as if she were out."""
        worker, me = answer.body.get("worker"), self._memory.get("me")
        person = me.value.get("person", {}) if me else {}
        about = worker.get("id") if isinstance(worker, dict) else None
        hers = entry.kind == SOS or (about is not None and about == person.get("id"))
        return hers and isinstance(answer.body.get("visit"), str)

    def _read_others_again(self, started: str) -> None:
        """A start may have ended what she was at before."""
        for name, known in self._memory.all("visit").items():
            if known.value.get("status") == "open" and name != started:
                self.read_again("visit", name)

    def _keep(self, kind: str, value: Any, at: float) -> bool:
        try:
            READERS[kind](value)
        except Unreadable:
            return False
        self._memory.keep(kind, value["id"], value, at)
        return True

    def _keep_as_it_was(self, kind: str, entry: Entry, answer: Answer) -> None:
        """An answer given again is of no earlier than the act, and all there is until it is read
        anew: without it the screen would know nothing of what the server has taken."""
        began, name = self._clock.resolve(entry.stamp), answer.body.get("id")
        if answer.verdict is not Verdict.DONE_BEFORE or began is None or not isinstance(name, str):
            return
        known = self._memory.get(kind, name)
        planned = known is not None and known.value.get("status") == VisitStatus.PLANNED.value
        if known is None or known.known_at <= began.timestamp() or planned:
            self._keep(kind, answer.body, began.timestamp())

    def read_again(self, kind: str, name: str) -> None:
        """Have this read at the next chance."""
        self._memory.keep("again", f"/{kind}s/{name}", True)

    def to_read_again(self) -> list[str]:
        """The paths to be read."""
        return list(self._memory.all("again"))

    def learn_again(self, path: str, answer: Answer, asked: Stamp) -> None:
        """Take in what was read again; what is not there (any more) is forgotten."""
        _, plural, name = path.split("/", 2)
        kind, at = KIND_OF_PATH[plural], self._dated(asked)
        with self._memory.db.write():
            if answer.verdict in DONE and at is not None:
                self._keep(kind, answer.body, at)
            elif answer.verdict is Verdict.NOT_FOUND:
                self._memory.forget(kind, name)
            self._memory.forget("again", path)

    def forget_again(self, path: str) -> None:
        """It has been read."""
        self._memory.forget("again", path)

    def forget_others(self, person: str) -> None:
        """Keep nothing of anybody but her: this phone was signed out, and may be in any hand."""
        with self._memory.db.write():
            self._memory.forget("watching")
            for name, known in self._memory.all("alarm").items():
                worker = known.value.get("worker")
                if not isinstance(worker, dict) or worker.get("id") != person:
                    self._memory.forget("alarm", name)

    def _dated(self, asked: Stamp) -> float | None:
        found = self._clock.resolve(asked) if self._clock.sure else None
        return found.timestamp() if found is not None else None

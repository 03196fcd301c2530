"""Sends what waits, learns what the server knows, and says what became of each thing sent.

Rounds may be run by the app and by its background service at once. An SOS is sent on a line of its
own (`send_sos`), so that nothing slow stands before it.
"""

import threading
from collections.abc import Callable
from threading import Thread
from typing import Any
from urllib.parse import quote

from mobile.core.clock import PhoneClock, Stamp
from mobile.core.database import Database
from mobile.core.identity import Identities, Identity
from mobile.core.learning import LISTS, Learning
from mobile.core.lines import Lines
from mobile.core.memory import Memory
from mobile.core.outbox import Entry, Outbox
from mobile.core.points import reach
from mobile.core.statements import SOS
from mobile.core.texted import Texted
from mobile.core.timing import TIMELESS, when
from mobile.core.verdict import DONE, NOT_YET, UNREACHED, Answer, News, Verdict
from mobile.ports import Secrets

POLL_S = 10.0
ASK_S = 15.0
ASK_SOS_S = 10.0
LOOK_S = 8.0
SLOW_S = 4.0
LONGEST_QUIET_S = 60.0


class Sync:
    """One process's line to the server. `tell` is called, from the thread that sends, after each
    thing sent and after whatever changed what is known (then with None)."""

    def __init__(
        self,
        db: Database,
        clock: PhoneClock,
        secrets: Secrets,
        tell: Callable[[News | None], None] = lambda _: None,
    ) -> None:
        self.memory = Memory(db)
        self.identities = Identities(self.memory, secrets)
        self.clock = clock
        self.outbox = Outbox(db, secrets, clock.ticks)
        self.learning = Learning(self.memory, clock)
        self.texted = Texted(self.memory, self.outbox, self.learning)
        self._db = db
        self._tell = tell
        self._rounds = threading.Lock()
        self._lines = Lines(clock.ticks)
        self._polled: float | None = None
        self._quiet_until = 0.0
        self._silences = 0
        self._slow = False

    def identity(self) -> Identity | None:
        """Whose phone it is; the outbox is hers from then on."""
        found = self.identities.current()
        self.outbox.owner = found.person if found else ""
        return found

    def round(self, *, screen_on: bool, wanted: bool = False) -> None:
        """Send what is due, read again what has to be, and, while the screen is on, look every
        10 s how things stand; at once where `wanted`."""
        with self._rounds:
            identity = self.identity()
            if identity is None:
                return
            self.learning.take_bearing()
            if identity.signed_out_at is not None:
                self.outbox.hold()
                return
            if self.clock.ticks() >= self._quiet_until:
                self._send_all(identity)
            if self._may_look(screen_on, wanted):
                self._look(identity)

    def _may_look(self, screen_on: bool, wanted: bool) -> bool:
        since_s = None if self._polled is None else self.clock.ticks() - self._polled
        stale = since_s is None or not 0 <= since_s < POLL_S
        return wanted or (screen_on and stale)

    def wait_s(self, *, screen_on: bool) -> float:
        """Seconds until the next round has something to do; a minute at the most."""
        now = self.clock.ticks()
        waits = [LONGEST_QUIET_S]
        due_s = self.outbox.wait_s()
        if due_s is not None:
            waits.append(max(due_s, self._quiet_until - now))
        if screen_on:
            waits.append(0.0 if self._polled is None else self._polled + POLL_S - now)
        return max(0.0, min(waits))

    def wake(self) -> None:
        """Signal is back: try everything at once, and look how things stand."""
        self._polled = None
        self._silences, self._quiet_until = 0, 0.0
        self.outbox.wake()

    def send_sos(self) -> bool:
        """Send whatever SOS is due, on a line of its own; False where none went out."""
        identity = self.identity()
        if identity is None:
            return False
        self.learning.take_bearing()
        sent = False
        while ready := self._next(sos_only=True):
            sent = self._send(identity, *ready, "sos") in DONE or sent
        return sent

    def sos_wait_s(self, most_s: float) -> float:
        """Seconds until an SOS may be tried; `most_s` where none waits."""
        due_s = self.outbox.wait_s(sos_only=True)
        return most_s if due_s is None else min(due_s, most_s)

    def _send_all(self, identity: Identity) -> None:
        if not self._knows_the_time(identity):
            self._heard_nothing()
            return
        while ready := self._next():
            verdict = self._came_by_text(identity, ready[0]) or self._send(identity, *ready, "rest")
            if verdict in UNREACHED:
                self._heard_nothing()
                return
            if verdict is Verdict.SIGNED_OUT:
                return
        self._read_again(identity)

    def _came_by_text(self, identity: Identity, entry: Entry) -> Verdict | None:
        def look() -> Answer:
            return self._ask(identity, "GET", f"/visits/{entry.act.stream}", within_s=LOOK_S)

        return self.texted.weigh(entry, look, self.clock.stamp())

    def _knows_the_time(self, identity: Identity) -> bool:
        """Ask for the time before the first thing that carries one. False: nobody is there."""
        if self.clock.sure or self.outbox.wait_s() is None:
            return True
        return self._learn_me(identity).verdict not in UNREACHED

    def _next(self, *, sos_only: bool = False) -> tuple[Entry, dict[str, Any]] | None:
        """The next row, leased, with the body that is sent now and whenever it is sent again."""
        with self._db.write():
            entry = self.outbox.claim(sos_only=sos_only)
            return (entry, self._final(entry)) if entry else None

    def _heard_nothing(self) -> None:
        self._silences += 1
        wait_s = min(2.0**self._silences, LONGEST_QUIET_S)
        self._quiet_until = self.clock.ticks() + wait_s

    def _send(self, identity: Identity, entry: Entry, body: dict[str, Any], line: str) -> Verdict:
        pin = self.outbox.pin_of(entry) if entry.has_pin else None
        asked = self.clock.stamp()
        reach("sending")
        answer = self._ask(
            identity,
            "POST",
            entry.act.path,
            body if pin is None else {**body, "pin": pin},
            within_s=ASK_SOS_S if entry.kind == SOS else ASK_S,
            line=line,
        )
        self._conclude(identity, entry, answer, asked)
        if entry.kind in TIMELESS and answer.verdict in DONE:
            # It is told with all else about her, so that is asked for again.
            self._polled = None
        reach("settled")
        self._tell(News(entry.act.key, entry.kind, entry.act.stream, answer.verdict, answer.detail))
        return answer.verdict

    def _final(self, entry: Entry) -> dict[str, Any]:
        if entry.final is not None:
            return entry.final
        body = {**entry.act.body, "id": entry.act.key, **when(self.clock, entry)}
        # An SOS is never refused for having changed: its time may still become known.
        return body if entry.kind == SOS else self.outbox.fix(entry, body)

    def _conclude(self, identity: Identity, entry: Entry, answer: Answer, asked: Stamp) -> None:
        verdict = answer.verdict
        if verdict in NOT_YET or (entry.kind == SOS and not _settles_sos(verdict)):
            self.outbox.retry(entry, verdict, answer.wait_s)
            return
        with self._db.write():
            if verdict is Verdict.SIGNED_OUT:
                self._signed_out(identity, entry)
                return
            detail = answer.detail or self.learning.added_nothing(entry, answer)
            self.outbox.settle(entry, sent=verdict in DONE, verdict=verdict, detail=detail)
            self.learning.learn_from(entry, answer, asked)

    def _signed_out(self, identity: Identity, entry: Entry | None = None) -> None:
        self.identities.sign_out(identity.token, self.clock.now().timestamp())
        self.learning.forget_others(identity.person)
        if entry is not None and entry.kind == SOS:
            self.outbox.settle(entry, sent=False, verdict=Verdict.SIGNED_OUT)
        self.outbox.hold()

    def _look(self, identity: Identity) -> None:
        """Where answers are slow, what does not say whether she is covered is asked for on a line
        beside, so that she is not told 'last known' only because one thing waits for another."""
        begun = self._polled = self.clock.ticks()
        if not self._slow:
            self._look_at(identity)
        else:
            others = self.learning.lists()[1:]
            beside = Thread(target=self._learn_lists, args=(identity, others, "beside"))
            beside.start()
            self._look_at(identity, most=1)
            beside.join()
        self._slow = self.clock.ticks() - begun > SLOW_S

    def _look_at(self, identity: Identity, most: int | None = None) -> None:
        if self._learn_me(identity).verdict not in DONE:
            return
        if self._silences:
            self.wake()
            self._polled = self.clock.ticks()
            self._send_all(identity)
        if self._learn_lists(identity, self.learning.lists()[:most]):
            self._read_again(identity)

    def _learn_lists(self, identity: Identity, paths: list[str], line: str = "rest") -> bool:
        return all(self._learn_list(identity, path, line) for path in paths)

    def _learn_me(self, identity: Identity) -> Answer:
        asked = self.clock.stamp()
        answer = self._ask(identity, "GET", "/me", within_s=LOOK_S)
        if answer.verdict in DONE:
            self.learning.learn_me(answer, asked)
        elif answer.verdict is Verdict.SIGNED_OUT:
            self._signed_out(identity)
        self._tell(None)
        return answer

    def _learn_list(self, identity: Identity, path: str, line: str = "rest") -> bool:
        asked = self.clock.stamp()
        items: list[Any] = []
        following: object = ""
        while isinstance(following, str):
            sign = "&" if "?" in path else "?"
            page = f"{sign}cursor={quote(following, safe='')}" if following else ""
            answer = self._ask(identity, "GET", path + page, within_s=LOOK_S, line=line)
            if answer.verdict not in DONE or not isinstance(answer.body.get("items"), list):
                return False
            items += answer.body["items"]
            following = answer.body.get("next")
        self.learning.learn_list(path, items, asked)
        self._tell(None)
        return True

    def _read_again(self, identity: Identity) -> None:
        for path in self.learning.to_read_again():
            if path in LISTS:
                if self._learn_list(identity, path):
                    self.learning.forget_again(path)
                continue
            asked = self.clock.stamp()
            answer = self._ask(identity, "GET", path, within_s=LOOK_S)
            if answer.verdict in NOT_YET or answer.verdict is Verdict.SIGNED_OUT:
                return
            self.learning.learn_again(path, answer, asked)
            self._tell(None)

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        """Ask now, for what only makes sense while she waits: PINs, history, signing out."""
        identity = self.identity()
        if identity is None:
            return Answer(Verdict.SIGNED_OUT)
        return self._ask(identity, method, path, body, line=f"asked-{threading.get_ident()}")

    def _ask(
        self,
        identity: Identity,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        within_s: float = ASK_S,
        line: str = "rest",
    ) -> Answer:
        return self._lines.ask(identity, method, path, body, within_s, line)

    def close(self) -> None:
        """Hang up all lines."""
        self._lines.close()


def _settles_sos(verdict: Verdict) -> bool:
    """An SOS is tried until it is taken or this phone is known to be signed out."""
    return verdict in DONE or verdict is Verdict.SIGNED_OUT

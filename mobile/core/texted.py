"""More time that she asked for by text because the phone could not: it must not count twice.

A close or a call for help may come twice; more time would be added twice, and her alarm would go
later than she thinks. So once she has opened the text, what waited then is sent only after a look
at the visit: where its end has moved, the text was quicker.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from mobile.core.clock import Stamp
from mobile.core.learning import Learning
from mobile.core.memory import Memory
from mobile.core.outbox import Entry, Outbox
from mobile.core.statements import OPENED
from mobile.core.things import Unreadable, Visit, read_moment, read_visit
from mobile.core.verdict import DONE, NOT_YET, Answer, Verdict

KIND = "texted"
EXTEND = "extend"


class Texted:
    """What is known of texts she has opened."""

    def __init__(self, memory: Memory, outbox: Outbox, learning: Learning) -> None:
        self._memory = memory
        self._outbox = outbox
        self._learning = learning

    def note(self, visit: Visit, waiting: Sequence[Entry], now: datetime) -> None:
        """She has opened the text that does the same as what waits for this visit."""
        self._memory.forget(OPENED)
        for entry in waiting:
            if entry.act.stream != visit.id:
                continue
            self._memory.keep(OPENED, entry.act.key, True, now.timestamp())
            if entry.kind == EXTEND:
                note = {"visit": visit.id, "ends_at": visit.ends_at.isoformat()}
                self._memory.keep(KIND, entry.act.key, note)

    def weigh(self, entry: Entry, look: Callable[[], Answer], asked: Stamp) -> Verdict | None:
        """What became of it, where the text was quicker; None where it has to be sent."""
        before = self._memory.get(KIND, entry.act.key)
        if before is None or entry.kind != EXTEND:
            return None
        answer = look()
        if answer.verdict in NOT_YET:
            self._outbox.retry(entry, answer.verdict, answer.wait_s)
            return answer.verdict
        if answer.verdict not in DONE or not _has_moved(answer, str(before.value["ends_at"])):
            self._forget_all(entry.act.stream)
            return None
        self._memory.forget(KIND, entry.act.key)
        self._outbox.settle(entry, sent=True, verdict=Verdict.DONE_BEFORE, detail="by text")
        self._learning.learn_again(f"/visits/{entry.act.stream}", answer, asked)
        return Verdict.DONE_BEFORE

    def _forget_all(self, visit: str) -> None:
        """The text has brought none of it: from now on its end moves by what is sent."""
        for key, known in self._memory.all(KIND).items():
            if known.value["visit"] == visit:
                self._memory.forget(KIND, key)


def _has_moved(answer: Answer, before: str) -> bool:
    try:
        return read_visit(answer.body).ends_at > read_moment(before)
    except Unreadable:
        return False

"""How the messages of the weeks before the demo reached people, or did not."""

from datetime import timedelta

from sqlalchemy.orm import Session

from server.acts.base import Desk, Turn
from server.acts.fates import report_fate
from server.store.messages import Fate, Message
from shared.states import Means

REACHED = timedelta(seconds=3)
UNREACHABLE = "30003", "The phone is switched off or out of reach."


def hand_over(session: Session, desk: Desk, message: Message, number: int, *, failed: bool) -> None:
    """Hand one over, and hear what became of it; `failed`: that phone is off."""
    message.status, message.rank = Fate.ACCEPTED.value, 1
    message.provider, message.sid = "pretend", f"PAST{number:06}"
    message.handed_at, message.tries = message.decided_at, 1
    session.flush()
    now = message.decided_at + REACHED
    code, why = UNREACHABLE if failed else (None, "")
    report_fate(
        Turn(session, desk, now, now, Means.GATEWAY), message, rank=3, final=True, failed=failed,
        permanent=failed, code=code, why=why, opted_out=False,
    )  # fmt: skip

"""What a safety chain says before anything else, where it does not hold (P8)."""

from datetime import datetime

from shared.ladder import Circle, Step, reaches_anyone

REHEARSAL = "REHEARSAL: nobody will be told"
NOBODY = "NOT covered: nobody but you can be told. Tell somebody before you go in."
UNPROVEN = "NOT covered: no number around you is proven yet. Ask your buddy to text Wayhome STATUS."
NO_TEAM = "NOT covered: you are in no team yet. Ask your manager to add you to one."


def doubt(circle: Circle, *, rehearsal: bool) -> str | None:
    """Why this circle does not cover its worker; None where it does."""
    if rehearsal:
        return REHEARSAL
    if not reaches_anyone(circle):
        return NOBODY
    return None if covers_anyone(circle) else UNPROVEN


def covers_anyone(circle: Circle) -> bool:
    """Whether somebody other than her can be told by a number that is known to work.

    Unproven numbers get every alarm as if proven, but are not counted as cover (contract 4).
    """
    return any(p.ways and p.sure and p.id != circle.worker_id for p in circle.everyone)


def warning(at: datetime, sentence: str) -> Step:
    """The line that comes first in a chain that does not hold."""
    return Step(at, "nobody", "", sentence)

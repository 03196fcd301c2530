"""Whether somebody has been asked for new PINs and has not chosen them yet."""

from datetime import datetime

from server.store import alarms, asked
from server.store.db import Session
from server.store.people import Person


def are_pins_asked(
    session: Session, person: Person, viewer: Person | None = None
) -> datetime | None:
    """Since when; None where nobody asks, or she has chosen.

    PINs she chose under duress count for her own eyes alone, and only while it lasts (P4).
    """
    hers = viewer is not None and viewer.id == person.id
    seems = hers and alarms.in_duress(session, person.id)
    return asked.pins_asked_since(session, person.id, seems_chosen_counts=seems)

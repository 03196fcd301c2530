"""The page of one person."""

from uuid import UUID

from server.acts import looking_after
from server.acts.teams import person_to_manage, roster_for
from server.pages.forms import Form
from server.pages.people.pins import are_pins_asked
from server.pages.people.rows import row_of
from server.pages.render import render
from server.pages.route import MANAGER
from server.pages.visitor import me
from server.running import running
from server.store import db, devices, sheets
from server.store.db import Session


def show(person_id: UUID, form: Form | None = None) -> str:
    """How she is reached, who watches her, her phones; `form`: her absence, as it was refused."""
    here, seen = running(), me()
    now = here.clock.now()

    def look(session: Session) -> dict[str, object]:
        roster = roster_for(session, seen.person)
        found = person_to_manage(roster, seen.person, person_id)
        mine = devices.live_devices(session, found.id)
        watched = [other for other in roster.present if found in roster.watchers_of(other)]
        return {
            "row": row_of(found, roster, {found.id: len(mine)}, now),
            "teams": [t for t in roster.teams.values() if t.id in roster.places.get(found.id, {})],
            "home": roster.home_of(found),
            "devices": mine,
            "codes": devices.last_codes(session, found.id, now),
            "watches": [] if found.left_at else watched,
            "asked_at": are_pins_asked(session, found),
            "sheet": sheets.last_change(session, found.id),
            "may_change": seen.is_admin or not found.is_admin,
            "may_let_in": looking_after.may_let_in(session, seen.person, found),
        }

    return render(
        "people/person.html",
        form=form or Form(),
        is_me=person_id == seen.person.id,
        may_write_sheet=MANAGER.may(seen),
        **db.read(look),
    )

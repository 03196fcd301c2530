"""The own page: what she likes, when she is away, her PINs and phones."""

from uuid import UUID

from server.acts import enrolling, self_care
from server.acts.base import Turn
from server.acts.offering import LONGEST_MIN
from server.domain.refusals import NotYours
from server.pages.forms import Form
from server.pages.moments import read_moment
from server.pages.own import visiting
from server.pages.own.doing import page_with, send
from server.pages.own.routes import page
from server.pages.route import SIGNED_IN, Answer
from server.store import devices
from server.store.people import Person
from shared.states import Way

__all__ = ["page", "visiting"]

WAYS = ("", *(way.value for way in Way))
TAKEN = {
    "time": "Kept. That many minutes are suggested from now on; change them each time as you like.",
    "reminder": "Kept. You are reminded once more before anybody else is told.",
    "nothing": "Nothing is changed.",
}
MINUTES_WANTED = "Give whole minutes, from 1 to 720."


@page.get("/me", who=SIGNED_IN)
def own() -> Answer:
    """Her page."""
    return page_with()


@page.post("/me/preferences", who=SIGNED_IN)
def prefer() -> Answer:
    """How she would rather be reached."""
    form = Form.read()
    chosen = form.choice("prefers", WAYS, "Choose one of these.")
    usual = _usual(form)
    if form.faults:
        return page_with(form, "prefer"), 400
    wanted = self_care.Preferences(
        prefers=Way(chosen) if chosen else None,
        no_calls=form.ticked("no_calls"),
        more_reminders=form.ticked("more_reminders"),
        usual_minutes=usual,
    )
    return send(
        form,
        "prefer",
        lambda turn, person: self_care.set_preferences(turn, person, wanted),
        said="Kept. It counts from now on.",
    )


def _usual(form: Form) -> int | None:
    if not form.values.get("usual_minutes", "").strip():
        return None
    return form.whole("usual_minutes", 1, LONGEST_MIN, MINUTES_WANTED)


@page.post("/me/offer", who=SIGNED_IN)
def answer_offer() -> Answer:
    """What she takes of the offer after several false alarms: more time, a reminder, or nothing."""
    form = Form.read()
    taken = form.choice("take", TAKEN, "Choose one of these.")
    minutes = form.whole("usual", 1, LONGEST_MIN, MINUTES_WANTED) if taken == "time" else None
    if form.faults:
        return page_with(form, "offer"), 400
    return send(
        form,
        "offer",
        lambda turn, person: self_care.answer_offer(
            turn, person, usual_minutes=minutes, more_reminders=taken == "reminder"
        ),
        said=TAKEN[taken],
    )


@page.post("/me/away", who=SIGNED_IN)
def away() -> Answer:
    """Absent until then."""
    form = Form.read()
    given = form.values.get("from", "").strip()
    start = read_moment(form, "from", "Give a day and time, or leave it empty.") if given else None
    until = read_moment(form, "until", "Give the day and time you are back.")
    if until is None or form.faults:
        return page_with(form, "away"), 400
    return send(
        form,
        "away",
        lambda turn, person: self_care.go_away(turn, person, start, until),
        said="Your absence is kept: others are told in your place.",
    )


@page.post("/me/back", who=SIGNED_IN)
def back() -> Answer:
    """There again."""
    return send(Form.read(), "back", self_care.come_back, said="Welcome back.")


PINS_KEPT = "Your new PINs work from now on."
EASY = " Your PIN is one of the first that anybody would try: better choose another."


@page.post("/me/pins", who=SIGNED_IN)
def set_pins() -> Answer:
    """Choose both PINs, knowing the present one where there is one."""
    form = Form.read()
    old = form.values.pop("old", "").strip() or None
    pin = form.secret("pin", "A PIN has 4 to 6 digits.", longest=6)
    duress_pin = form.secret("duress_pin", "A PIN has 4 to 6 digits.", longest=6)
    if form.faults:
        return page_with(form, "pins"), 400
    return send(
        form,
        "pins",
        lambda turn, person: self_care.change_pins(turn, person, old, pin, duress_pin),
        said=PINS_KEPT + (EASY if self_care.is_easily_guessed(pin) else ""),
    )


@page.post("/me/phones/<uuid:device_id>/end", who=SIGNED_IN)
def end_phone(device_id: UUID) -> Answer:
    """Sign one of her phones out."""

    def work(turn: Turn, person: Person) -> None:
        mine = devices.live_devices(turn.session, person.id)
        wanted = [one for one in mine if one.id == device_id]
        if not wanted:
            raise NotYours("phone")
        enrolling.sign_out(turn, wanted[0])

    return send(Form.read(), "phones", work, said="That phone is signed out.", anchor="phones")

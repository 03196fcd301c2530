"""The own page: a day from a browser without an app, by the rules of the phone's API."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from server.gateways.base import Fate, Handover
from server.store.alarms import Alarm
from server.store.people import Device, Person
from server.store.providers import note_failure
from server.store.visits import Visit
from tests.pages.conftest import SignIn
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only
from tests.support.people import Org, reading, running_in, writing
from tests.support.postbox import Postbox
from tests.support.town import Town
from tests.support.visitor import Visitor, faults, tree

pytestmark = sqlite_only


def visits(app: Flask, org: Org, ref: str) -> list[Visit]:
    query = select(Visit).where(Visit.worker_id == org[ref].id).order_by(Visit.starts_at)
    return list(reading(app, lambda session: session.scalars(query).unique().all()))


def starts(visitor: Visitor, place: str = "12 High St", **fields: Any) -> Any:
    return visitor.fills("/me", "/me/visits", **{"place": place, "minutes": "30", **fields})


def test_a_day_without_an_app(app: Flask, org: Org, signed_in: SignIn, town: Town) -> None:
    town.round()
    amy = signed_in("amy")
    assert starts(amy).status_code == 303
    page = amy.page("/me")
    assert page.one(class_="said").text == "12 High St: watched until 14:30."
    (visit,) = visits(app, org, "amy")
    path = f"/me/visits/{visit.id}"
    town.forward(minutes=10)
    assert amy.fills("/me", f"{path}/extend", minutes="20").status_code == 303
    assert "watched until 14:50" in amy.page("/me").one(class_="said").text
    assert amy.fills("/me", f"{path}/check-in").status_code == 303
    assert amy.fills("/me", f"{path}/close", outcome="uneasy").status_code == 303
    (visit,) = visits(app, org, "amy")
    assert (visit.status, visit.closed_how, visit.close_outcome) == ("closed", "worker", "uneasy")
    assert "you felt uneasy" in amy.page("/me").one("table").text


@pytest.mark.parametrize(
    ("lasts", "planned", "until"),
    [
        ("15:10", "", "15:10"),
        ("1510", "", "15:10"),
        ("3.10", "", "15:10"),
        ("1 h 30", "", "15:30"),
        ("1h30", "", "15:30"),
        ("2h", "", "16:00"),
        ("1.5 h", "", "15:30"),
        ("90 min", "", "15:30"),
        ("half an hour", "", "14:30"),
        ("01:30", "", "01:30"),
        ("17:00", "2026-03-10T16:00", "17:00"),
    ],
)
def test_how_long_may_be_said_as_a_time(
    app: Flask, org: Org, signed_in: SignIn, lasts: str, planned: str, until: str
) -> None:
    assert starts(signed_in("amy"), minutes=lasts, starts_at=planned).status_code == 303
    (visit,) = visits(app, org, "amy")
    assert f"{visit.ends_at:%H:%M}" == until


def test_whoever_has_no_app_is_not_told_to_use_it(
    app: Flask, org: Org, signed_in: SignIn, clock: ManualClock
) -> None:
    amy = signed_in("amy")
    assert "In trouble? Hold the SOS bar in the app." in amy.page("/me").one("main").text
    writing(app, lambda session: session.execute(update(Device).values(revoked_at=clock.now())))
    said = amy.page("/me").one("main").text
    assert "In trouble? Ring Ben Hughes , or somebody else who can come." in said


def test_nobody_is_said_to_watch_where_nobody_could_be_told(
    app: Flask, org: Org, signed_in: SignIn, town: Town, clock: ManualClock
) -> None:
    """P8: for whoever has no app this page is her phone."""
    town.round()
    amy, ben = signed_in("amy"), signed_in("ben")
    (postbox,) = running_in(app).gateways
    assert isinstance(postbox, Postbox)
    postbox.answer = Handover(Fate.TEMPORARY, None, "20503", "out of service")
    writing(app, lambda s: note_failure(s, "postbox", clock.now(), account_wide=True, why="503"))
    assert starts(amy).status_code == 303
    page = amy.page("/me")
    assert page.one(class_="said").text == (
        "12 High St: written down until 14:30, but NOT covered: see why below."
    )
    assert page.one(class_="uncovered").text == (
        "NOT covered: Wayhome can send no messages just now. Tell somebody where you are and when"
        " you will be out. In danger ring 999."
    )
    town.forward(minutes=41)
    said = amy.page("/me").one("main").text
    assert "People are being told" not in said
    assert "Nobody can be told just now: ring somebody who can come. In danger now: 999." in said
    (alarm,) = reading(app, lambda session: session.scalars(select(Alarm)).unique().all())
    page = ben.page(f"/alarms/{alarm.id}")
    assert "No text or call can leave now." in page.one(class_="health").text
    assert "Told: Ben Hughes by text. Not gone out so far: Ben Hughes" in page.one("main").text


def test_a_visit_is_planned_begun_and_called_off(app: Flask, org: Org, signed_in: SignIn) -> None:
    amy = signed_in("amy")
    starts(amy, starts_at="2026-03-10T16:00")
    starts(amy, "Elsewhere", starts_at="2026-03-10T18:00")
    first, second = visits(app, org, "amy")
    assert first.status == "planned"
    amy.presses("/me", "Start it now")
    assert visits(app, org, "amy")[0].status == "open"
    amy.fills("/me", f"/me/visits/{second.id}/cancel")
    assert {visit.status for visit in visits(app, org, "amy")} == {"open", "cancelled"}


def test_a_second_start_is_no_word_that_the_first_went_well(
    app: Flask, org: Org, signed_in: SignIn, town: Town
) -> None:
    town.round()
    amy = signed_in("amy")
    starts(amy)
    assert "Starting another ends 12 High St" in amy.page("/me").text
    town.forward(minutes=1)
    starts(amy, "3 Mill Lane")
    first, _ = visits(app, org, "amy")
    assert (first.closed_how, first.close_outcome) == ("moved_on", None)
    assert "you went on to the next" in amy.page("/me").one("table").text


def test_a_planned_visit_says_that_nobody_watches_it_yet(
    app: Flask, org: Org, signed_in: SignIn, town: Town
) -> None:
    town.round()
    amy = signed_in("amy")
    starts(amy, starts_at="2026-03-10T14:10")
    assert "Nobody watches over it until you start it." in amy.page("/me").text
    assert "Not started yet." not in amy.page("/me").text
    town.forward(minutes=11)
    for page in (amy.page("/me"), signed_in("cat").page("/")):
        assert "Not started yet" in page.text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"place": ""}, "Say where you are going."),
        ({"minutes": "0"}, "Give whole minutes, from 1 to 720, or a time such as 14:30."),
        ({"minutes": "soon"}, "Give whole minutes, from 1 to 720, or a time such as 14:30."),
        (
            {"minutes": "13:59"},
            "That would be Wed 13:59, more than 12 h away. Give whole minutes, from 1 to 720, or a"
            " time such as 14:30.",
        ),
        (
            {"minutes": "1:30", "starts_at": "2026-03-10T15:00"},
            "That would be Wed 01:30, more than 6 h away. Give whole minutes, from 1 to 720, or a"
            " time such as 14:30.",
        ),
        ({"minutes": "14h30"}, "Give whole minutes, from 1 to 720, or a time such as 14:30."),
        ({"starts_at": "soon"}, "Give a day and time."),
        (
            {"starts_at": "2026-03-10T10:00"},
            "That time has passed. Give a later one; leave it empty for now.",
        ),
        ({"starts_at": "2027-03-10T10:00"}, "Give a time within the next 31 days."),
        ({"pin": "0000"}, "That PIN is not right. Nothing was changed."),
    ],
)
def test_what_is_wrong_is_said_and_kept(
    app: Flask, org: Org, signed_in: SignIn, fields: dict[str, str], sentence: str
) -> None:
    answer = starts(signed_in("amy"), **{"note": "two dogs", **fields})
    page = tree(answer, answer.status_code)
    assert answer.status_code in (400, 403)
    assert faults(page) == [sentence]
    (link,) = page.one(class_="nhsuk-error-summary").all("a")
    assert page.one(id=link.attributes["href"].removeprefix("#")).tag == "input"
    assert page.one(id="start-note").attributes["value"] == "two dogs"
    assert page.one(id="start-pin").attributes["value"] == ""
    assert visits(app, org, "amy") == []


def test_after_a_raise_only_her_pin_closes(
    app: Flask, org: Org, signed_in: SignIn, town: Town
) -> None:
    """P4, as for the API: without it the close is kept as news and the climb goes on."""
    amy = signed_in("amy")
    starts(amy)
    (visit,) = visits(app, org, "amy")
    town.forward(minutes=41)
    close = f"/me/visits/{visit.id}/close"
    assert amy.fills("/me", close).status_code == 303
    assert "Only your PIN ends it" in amy.page("/me").one(class_="said").text
    assert visits(app, org, "amy")[0].status == "open"
    wrong = amy.fills("/me", close, pin="0000")
    assert faults(tree(wrong, 403)) == ["That PIN is not right. Nothing was changed."]
    assert amy.fills("/me", close, pin=org["amy"].pin).status_code == 303
    assert visits(app, org, "amy")[0].status == "closed"
    alarm = reading(app, lambda session: session.scalars(select(Alarm)).unique().one())
    assert alarm.outcome == "safe"


def test_a_wrong_pin_counts_once_for_each_sending(app: Flask, org: Org, signed_in: SignIn) -> None:
    """The very same form again counts no more; another PIN in it does, or one form would do to
    guess them all."""
    amy = signed_in("amy")
    starts(amy)
    (visit,) = visits(app, org, "amy")
    path = f"/me/visits/{visit.id}/close"
    form = amy.page("/me").one("form", action=path)
    for _ in range(3):
        assert amy.send(path, form, {"pin": "0000"}).status_code == 403

    def counted() -> int:
        return reading(app, lambda session: session.get_one(Person, org["amy"].id)).wrong_pins

    assert counted() == 1
    amy.fills("/me", path, pin="0000")
    assert counted() == 2
    for guess in ("0001", "0002", "0003"):
        assert amy.send(path, form, {"pin": guess}).status_code == 403
    assert counted() == 5
    assert reading(app, lambda session: session.get_one(Person, org["amy"].id)).pins_jammed


@pytest.mark.parametrize("who", ["cat", "amy"])
def test_a_wrong_pin_about_an_alarm_counts_once_for_each_sending(
    app: Flask, org: Org, signed_in: SignIn, town: Town, who: str
) -> None:
    starts(signed_in("amy"))
    town.forward(minutes=41)
    (alarm,) = reading(app, lambda session: session.scalars(select(Alarm)).unique().all())
    path = f"/alarms/{alarm.id}"
    act = f"{path}/stand-down" if who == "amy" else f"{path}/resolve"
    pin, more = ("own_pin", {}) if who == "amy" else ("pin", {"outcome": "safe"})
    browser = signed_in(who)
    form = browser.page(path).one("form", action=act)
    for guess in ("0000", "0000", "0001"):
        assert browser.send(path, form, {pin: guess, **more}).status_code == 403
    assert reading(app, lambda s: s.get_one(Person, org[who].id)).wrong_pins == 2


def test_what_no_form_of_ours_sends_is_refused(app: Flask, org: Org, signed_in: SignIn) -> None:
    amy = signed_in("amy")
    form = amy.page("/me").one("form", action="/me/visits")
    fields = {"place": "12 High St", "minutes": "30", "kind": "banana"}
    assert faults(tree(amy.send("/me/visits", form, fields), 400)) == ["Choose one of these."]
    assert visits(app, org, "amy") == []


def test_somebody_elses_visit_is_not_on_this_page(
    app: Flask, org: Org, lakeside: Org, signed_in: SignIn
) -> None:
    starts(signed_in("amy"))
    (visit,) = visits(app, org, "amy")
    for act in ("begin", "check-in", "extend", "close", "cancel"):
        for who in (signed_in("ben"), signed_in("cat"), signed_in("amy", lakeside)):
            answer = who.post(f"/me/visits/{visit.id}/{act}", minutes="5", outcome="safe")
            assert answer.status_code == 404
    assert visits(app, org, "amy")[0].status == "open"


def test_preferences_absence_and_pins(app: Flask, org: Org, signed_in: SignIn) -> None:
    amy = signed_in("amy")
    amy.fills("/me", "/me/preferences", prefers="email", no_calls="yes")
    amy.fills("/me", "/me/away", until="2026-07-01T18:00")
    person = reading(app, lambda session: session.get_one(Person, org["amy"].id))
    assert (person.prefers, person.no_calls) == ("email", True)
    assert person.away_until is not None
    amy.presses("/me", "I am back")
    wrong = amy.fills("/me", "/me/away", until="2062-07-01T18:00")
    assert faults(tree(wrong, 400)) == [
        "An absence lasts a year at most. Look at the year you gave."
    ]
    absence = {"from": "2026-07-02T09:00", "until": "2026-07-01T18:00"}
    wrong = amy.fills("/me", "/me/away", **absence)
    assert faults(tree(wrong, 400)) == ["The absence has to begin before it ends."]
    amy.fills("/me", "/me/away", **absence | {"from": "2026-06-20T09:00"})
    said = amy.page("/me").text
    assert "Away from 20 Jun 09:00 until 1 Jul 18:00 : others are told" in said
    amy.presses("/me", "I am back")
    answer = amy.fills("/me", "/me/pins", old="0000", pin="1590", duress_pin="7391")
    assert faults(tree(answer, 403)) == ["That PIN is not right. Nothing was changed."]
    answer = amy.fills("/me", "/me/pins", old=org["amy"].pin, pin="1590", duress_pin="1591")
    assert faults(tree(answer, 400)) == ["The two PINs have to differ in at least two places."]
    answer = amy.fills("/me", "/me/pins", old=org["amy"].pin, pin="1590", duress_pin="7391")
    assert answer.status_code == 303
    after = reading(app, lambda session: session.get_one(Person, org["amy"].id))
    assert after.pin_hash != person.pin_hash
    assert after.away_until is None


def test_a_pin_that_anybody_would_try_is_remarked_on(org: Org, signed_in: SignIn) -> None:
    amy = signed_in("amy")
    amy.fills("/me", "/me/pins", old=org["amy"].pin, pin="2345", duress_pin="7391")
    assert "better choose another" in amy.page("/me").one(class_="said").text
    amy.fills("/me", "/me/pins", old="2345", pin="1590", duress_pin="4444")
    assert amy.page("/me").one(class_="said").text == "Your new PINs work from now on."


def test_one_signs_ones_own_phone_out_and_nobody_elses(
    app: Flask, org: Org, signed_in: SignIn
) -> None:
    amy = signed_in("amy")
    ben_page = signed_in("ben").page("/me")
    theirs = ben_page.one("ul", class_="phones").one("form").attributes["action"]
    assert amy.post(theirs).status_code == 404
    amy.presses("/me", "Sign it out")
    me = app.test_client().get("/api/v1/me", headers=org["amy"].headers)
    assert me.status_code == 401
    them = app.test_client().get("/api/v1/me", headers=org["ben"].headers)
    assert them.status_code == 200


def test_in_an_alarm_there_is_one_way_to_end_it(signed_in: SignIn, town: Town) -> None:
    """Nothing that would stop nothing is offered, and no wording says that it was her fault."""
    amy = signed_in("amy")
    starts(amy)
    assert "I am all right" in amy.page("/me").text
    town.forward(minutes=41)
    page = amy.page("/me")
    assert "People are being told." in page.one("section", class_="alarm").text
    assert page.one("section", class_="alarm").all("form") == []
    assert "I am all right" not in page.text
    assert "false alarm" not in page.text
    ending = page.one("form", class_="do")
    assert ending.one("button").text == "I am safe: end the visit and the alarm"


def test_in_an_alarm_of_hers_it_says_who_has_it_and_who_can_end_it(
    app: Flask, org: Org, signed_in: SignIn, town: Town
) -> None:
    town.round()
    amy = signed_in("amy")
    starts(amy)
    town.forward(minutes=41)
    said = amy.page("/me").one("section", class_="alarm").text
    assert "People are being told." in said
    assert "end it below, with your PIN" in said

    def charge(session: Any) -> None:
        (alarm,) = session.scalars(select(Alarm)).unique().all()
        alarm.status, alarm.owner_id = "owned", org["cat"].id

    writing(app, charge)
    said = amy.page("/me").one("section", class_="alarm").text
    assert "Cat Lin has taken charge." in said

    def without_pins(session: Any) -> None:
        person = session.get_one(Person, org["amy"].id)
        person.pin_hash = person.duress_hash = None

    writing(app, without_pins)
    said = amy.page("/me").one("section", class_="alarm").text
    assert "You have no PIN yet, so only a colleague can end this: ring Ben Hughes." in said

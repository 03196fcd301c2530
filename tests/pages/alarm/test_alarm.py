"""An alarm's page: steps with time and name, the sealed sheet, the end, and the care after it."""

import sqlite3
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.acts import sheets
from server.acts.looking import looks_shown
from server.acts.sheets import Sheet
from server.domain.procedure import DEFAULT, HANDS_OFF
from server.store import people, visits
from server.store.house import Look
from server.store.people import Person
from server.store.visits import Visit
from tests.pages.conftest import SignIn
from tests.pages.rehearsal import Element
from tests.support.clock import ManualClock
from tests.support.database import sqlite_only
from tests.support.day import Day
from tests.support.digits import holds
from tests.support.people import Org, reading
from tests.support.visitor import Visitor, faults, the_form, tree

pytestmark = sqlite_only
KIN = "Mary Okafor, her mother"


@pytest.fixture
def overdue(day: Day) -> str:
    """The address of Amy's alarm: due at 14:10, raised at 14:20; it is 14:21."""
    sheet = Sheet("1.70 m, red coat", "Blue Fabia AB12 CDE", KIN, "01632 960123", "Penicillin")
    day.act("amy", lambda turn, person: sheets.write(turn, person, sheet))
    day.start("amy", 10, note="Second floor")
    day.forward(minutes=21)
    return f"/alarms/{day.alarm_of('amy')}"


def press(browser: Visitor, path: str, button_id: str) -> int:
    """Press one of the buttons that belong to the form outside of what is fetched again."""
    page = browser.page(path)
    button = page.one("button", id=button_id)
    token = page.one("form", id="tap").one("input", name="token").attributes["value"]
    fields = {"token": token, button.attributes["name"]: button.attributes["value"]}
    return browser.client.post(button.attributes["formaction"], data=fields).status_code


def told(page: Element) -> str:
    return " | ".join(one.text for one in page.all("ol", class_="done")[-1].all("li"))


def steps(page: Element) -> list[str]:
    return [one.text for one in page.all("li", class_="step")]


def test_it_says_how_things_stand_and_what_happens_next(overdue: str, signed_in: SignIn) -> None:
    page = signed_in("cat").page(overdue)
    assert page.one("h1").text == "Amy Okafor is overdue"
    assert "Nobody has taken charge yet." in page.one("div", id="standing").text
    ahead, _ = page.all("ol", class_="done")
    assert [li.text for li in ahead.all("li")][:2] == [
        "14:23 Ben Hughes by text: buddy; number proven 10 Mar 2026",
        "14:23 Cat Lin by text: cover; number proven 10 Mar 2026",
    ]
    assert "14:20 The alarm went: Amy Okafor was overdue" in told(page)
    assert "14:20 Told: Ben Hughes by text" in told(page)


def test_a_step_is_ticked_once_with_time_and_name(overdue: str, signed_in: SignIn) -> None:
    cat, ben = signed_in("cat"), signed_in("ben")
    assert len(steps(cat.page(overdue))) == len(DEFAULT)
    second = cat.page(overdue).all("li", class_="step")[1].one("button").attributes["id"]
    stale = cat.page(overdue)
    assert press(cat, overdue, second) == 303
    done = "Ring the worker. Let it ring out, and ring a second time. Done: Cat Lin, 14:21"
    assert [step for step in steps(ben.page(overdue)) if step.startswith(done)]
    button = stale.one("button", id=second)
    token = stale.one("form", id="tap").one("input", name="token").attributes["value"]
    cat.client.post(button.attributes["formaction"], data={"token": token})
    assert told(ben.page(overdue)).count("Cat Lin ticked off") == 1


def test_a_tick_is_taken_back_and_the_log_keeps_both(overdue: str, signed_in: SignIn) -> None:
    cat = signed_in("cat")
    second = cat.page(overdue).all("li", class_="step")[1].one("button").attributes["id"]
    press(cat, overdue, second)
    assert "1 of 9 done." in cat.page(overdue).text
    assert press(cat, overdue, second.replace("step-", "undo-")) == 303
    page = cat.page(overdue)
    assert "0 of 9 done." in page.text
    assert "Cat Lin took a tick back: Ring the worker." in told(page)


def test_taking_charge_is_a_step_that_needs_no_tick(overdue: str, signed_in: SignIn) -> None:
    cat = signed_in("cat")
    press(cat, overdue, "own")
    assert steps(cat.page(overdue))[0].endswith("Done: Cat Lin, 14:21")
    press(cat, overdue, "release")
    assert "Cat Lin" not in steps(cat.page(overdue))[0]


def test_an_alarm_that_is_over_does_not_read_as_one(
    overdue: str, day: Day, signed_in: SignIn
) -> None:
    cat = signed_in("cat")
    heading = cat.page(overdue).one("h1")
    assert (heading.text, "alarm-title" in heading.attributes["class"]) == (
        "Amy Okafor is overdue",
        True,
    )
    assert cat.fills(overdue, f"{overdue}/resolve", outcome="safe").status_code == 303
    page = cat.page(overdue)
    heading = page.one("h1")
    assert (heading.text, "alarm-title" in heading.attributes["class"]) == (
        "Ended: Amy Okafor was overdue",
        False,
    )
    assert page.one("title").text.startswith("Ended: Amy Okafor was overdue")


def test_a_note_and_a_tick_keep_the_charge(
    overdue: str, day: Day, signed_in: SignIn, clock: ManualClock
) -> None:
    cat = signed_in("cat")
    press(cat, overdue, "own")
    for _ in range(3):
        day.forward(minutes=8)
        assert cat.fills(overdue, f"{overdue}/note", note="Rang again.").status_code == 303
    assert "Cat Lin took charge at 14:21." in cat.page(overdue).one("div", id="standing").text
    assert "Cat Lin noted: “Rang again.”" in told(cat.page(overdue))


def test_the_end_says_how_she_is_and_closes_the_visit(
    overdue: str, day: Day, org: Org, signed_in: SignIn
) -> None:
    cat = signed_in("cat")
    refused = cat.fills(overdue, f"{overdue}/resolve", resolve_note="Spoke to her.")
    assert refused.status_code == 400
    assert "Say how it ended." in refused.text
    assert "Spoke to her." in refused.text
    done = cat.fills(
        overdue, f"{overdue}/resolve", outcome="safe", resolve_note="Spoke to her.", pin="2468"
    )
    assert done.status_code == 303
    page = cat.page(overdue)
    assert "Amy Okafor is safe. The alarm ended at 14:21." in page.one("div", id="standing").text
    assert page.all("button", id="own") == []
    assert reading(day.app, lambda s: list(visits.unfinished_visits(s, org["amy"].id))) == []


def test_with_a_time_the_watch_goes_on(overdue: str, day: Day, org: Org, signed_in: SignIn) -> None:
    cat = signed_in("cat")
    bad = cat.fills(overdue, f"{overdue}/resolve", outcome="safe", until="soon")
    assert "or a time such as 14:30" in bad.text
    cat.fills(overdue, f"{overdue}/resolve", outcome="safe", until="15:30")
    (visit,) = reading(day.app, lambda s: visits.unfinished_visits(s, org["amy"].id))
    assert visit.ends_at == day.clock.now().replace(hour=15, minute=30)


def test_a_wrong_pin_ends_nothing_and_is_not_shown_again(
    overdue: str, day: Day, signed_in: SignIn
) -> None:
    cat = signed_in("cat")
    answer = cat.fills(overdue, f"{overdue}/resolve", outcome="safe", pin="1111")
    assert answer.status_code == 403
    assert "That PIN is not right." in answer.text
    assert not holds(answer.text, "1111")
    assert "alarm_resolved" not in day.log(day.alarm_of("amy"))


def test_a_resolver_under_duress_sees_what_she_would_see(
    overdue: str, day: Day, signed_in: SignIn
) -> None:
    """P4: Cat is made to end Amy's alarm. For her it is over; for everybody else it goes on."""
    cat, ben = signed_in("cat"), signed_in("ben")
    done = cat.fills(overdue, f"{overdue}/resolve", outcome="safe", pin="9713")
    assert done.status_code == 303
    day.forward(minutes=1)
    first = ben.page(overdue).all("li", class_="step")[0].one("button").attributes["id"]
    press(ben, overdue, first)
    page = cat.page(overdue)
    assert "Amy Okafor is safe." in page.one("div", id="standing").text
    assert "Done: Ben Hughes" not in page.text
    assert "Nobody has taken charge" in ben.page(overdue).one("div", id="standing").text
    board = cat.page("/")
    assert [c.one("h3").text for c in board.all("article")] == []


def test_what_a_resolver_under_duress_had_done_stays_done(
    overdue: str, day: Day, signed_in: SignIn
) -> None:
    """P4: nobody hears from her, so the others see her charge end; her own page does not move."""
    cat, ben = signed_in("cat"), signed_in("ben")
    press(cat, overdue, "own")
    cat.fills(overdue, f"{overdue}/resolve", outcome="safe", pin="9713")
    before = [step.text for step in cat.page(overdue).all("li", class_="step")]
    assert any("Done: Cat Lin" in step for step in before)
    day.forward(minutes=30)
    assert "Nobody has charge any more" in ben.page(overdue).one("div", id="standing").text
    assert [step.text for step in cat.page(overdue).all("li", class_="step")] == before


def test_five_wrong_pins_are_not_said_to_be_a_signal(day: Day, signed_in: SignIn) -> None:
    """P9: nobody gave the duress PIN; whoever answers has to know that."""
    path = f"/me/visits/{day.start('amy', 30)}/close"
    amy = signed_in("amy")
    for pin in ("1111", "2222", "3333", "4444", "5555", "4821"):
        amy.fills("/me", path, pin=pin)
    said = told(signed_in("cat").page(f"/alarms/{day.alarm_of('amy')}"))
    assert "five wrong PINs in a row were given for Amy Okafor" in said
    assert "One more PIN was given for Amy Okafor; after five wrong ones none is believed" in said
    assert "duress PIN" not in said


@pytest.mark.parametrize("pin", ["2468", "9713"])
def test_what_a_resolver_has_ended_is_over_for_her_whatever_she_tries(
    overdue: str, day: Day, org: Org, signed_in: SignIn, pin: str
) -> None:
    """P4: a tab left open must not end for all what she ended under duress, nor show it to her."""
    cat, ben = signed_in("cat"), signed_in("ben")
    visit_id = reading(day.app, lambda s: s.scalars(select(Visit.id)).one())
    cat.fills(overdue, f"{overdue}/resolve", outcome="safe", pin=pin)
    closed = cat.post(f"/out/{visit_id}/close", outcome="safe", spoke_to_her="yes")
    assert closed.status_code == 303
    assert "closed the visit once more; it was over already" in cat.page(f"/log/{visit_id}").text
    began = cat.fills("/out/start", worker=str(org["amy"].id), place="Bay 4", minutes="30")
    assert began.status_code == 303, began.text
    still = "Nobody has taken charge" in ben.page(overdue).one("div", id="standing").text
    assert still is (pin == "9713")


def test_whoever_is_under_threat_ends_nothing_with_her_bare_word(
    overdue: str, day: Day, signed_in: SignIn
) -> None:
    """P4: her own duress is open; without her safe PIN she may be made to say anything."""
    day.start("dan", 5)
    day.forward(minutes=16)
    cat, ben, dans = signed_in("cat"), signed_in("ben"), f"/alarms/{day.alarm_of('dan')}"
    cat.fills(overdue, f"{overdue}/resolve", outcome="safe", pin="9713")
    assert cat.fills(dans, f"{dans}/resolve", outcome="safe").status_code == 303
    assert "Dan Price is safe." in cat.page(dans).one("div", id="standing").text
    assert "Nobody has taken charge" in ben.page(dans).one("div", id="standing").text


def test_who_looks_on_and_what_is_written_of_it_shows_her_nothing(
    overdue: str, day: Day, org: Org, signed_in: SignIn
) -> None:
    """P4: Cat has ended Amy's alarm under duress. That a colleague opens Amy's sheet, which only an
    open alarm unseals, is not shown to her; afterwards the log says what she was shown alone."""
    cat, ben = signed_in("cat"), signed_in("ben")
    visit_id = reading(day.app, lambda s: s.scalars(select(Visit.id)).one())
    ben.presses(overdue, "Open the sheet")
    cat.fills(overdue, f"{overdue}/resolve", outcome="safe", pin="9713")
    day.forward(minutes=11)
    ben.get(overdue)
    looks = f"/log/{visit_id}", "/access?whose=team"
    before = [cat.page(path).text.count("Ben Hughes") for path in looks]
    day.forward(minutes=11)
    ben.get(overdue)
    assert [cat.page(path).text.count("Ben Hughes") for path in looks] == before
    assert "with a duress PIN" not in cat.page(looks[0]).text
    threat = f"/alarms/{day.alarm_of('cat')}"
    assert "the duress PIN of Cat Lin was used to end the alarm about Amy Okafor" in told(
        ben.page(threat)
    )
    ben.fills(threat, f"{threat}/resolve", outcome="safe", pin="1357")
    page = cat.page(looks[0]).text
    assert "Shown to Cat Lin alone, because of a duress: Cat Lin ended the alarm" in page
    assert "Cat Lin ended it with a duress PIN, or under a duress: it goes on" in page
    assert cat.page(looks[0]).text.count("Ben Hughes") > before[0]


# The sheet


def test_the_sheet_is_sealed_until_it_is_opened_for_an_open_alarm(
    overdue: str, day: Day, org: Org, signed_in: SignIn
) -> None:
    cat, ben = signed_in("cat"), signed_in("ben")
    assert cat.get(f"{overdue}/sheet").status_code == 303
    assert KIN not in cat.page(overdue).text
    assert cat.presses(overdue, "Open the sheet").headers["Location"] == f"{overdue}/sheet"
    sheet = cat.page(f"{overdue}/sheet").text
    for said in (KIN, "Blue Fabia AB12 CDE", "12 High St", "Second floor", "07700 900101"):
        assert said in sheet
    assert ben.get(f"{overdue}/sheet").status_code == 303
    assert "Cat Lin opened the sheet of Amy Okafor" in told(ben.page(overdue))
    assert f"Next of kin: {KIN}, 01632 960123" in cat.page("/board/print").text
    assert KIN not in ben.page("/board/print").text
    cat.fills(overdue, f"{overdue}/resolve", outcome="safe")
    assert cat.get(f"{overdue}/sheet").status_code == 303
    assert KIN not in cat.page("/board/print").text


def test_a_copy_of_the_database_tells_nothing_of_a_sheet(
    overdue: str, day: Day, tmp_path: Path
) -> None:
    (file,) = tmp_path.glob("*.db")
    with sqlite3.connect(file) as connection:
        dump = "\n".join(connection.iterdump())
    assert "person_sheets" in dump
    assert "Mary" not in dump
    assert b"Mary".hex().upper() not in dump


def test_whoever_is_under_duress_does_not_read_that_her_sheet_was_opened(
    day: Day, org: Org, signed_in: SignIn
) -> None:
    day.start("ben", 30)
    day.close("ben", "8642")
    path, cat = f"/alarms/{day.alarm_of('ben')}", signed_in("cat")
    cat.presses(path, "Open the sheet")
    who = reading(day.app, lambda s: people.person(s, org["ben"].id))
    day.clock.forward(minutes=13 * 60)
    assert reading(day.app, lambda s: looking_shown(s, who, day.clock.now())) == []
    cat = signed_in("cat")
    assert cat.page(path).all("li", class_="step")[0].text.startswith(HANDS_OFF[0])
    cat.fills(path, f"{path}/resolve", outcome="safe")
    assert "sheet" in reading(day.app, lambda s: looking_shown(s, who, day.clock.now()))


def looking_shown(session: Session, viewer: Person, now: datetime) -> list[str]:
    """What she may know of who looked at her."""
    found = session.scalars(select(Look).where(Look.subject_id == viewer.id)).all()
    return [look.what for look in looks_shown(session, viewer, found, now)]


def test_her_own_sheet_is_hers_to_read_and_a_managers_only_to_write(
    overdue: str, org: Org, signed_in: SignIn
) -> None:
    amy, cat = signed_in("amy"), signed_in("cat")
    assert amy.page("/sheet").one("input", name="kin").attributes["value"] == KIN
    theirs = f"/sheet/{org['amy'].id}"
    assert KIN not in cat.page(theirs).text
    assert cat.fills(theirs, kin="Joe Okafor").status_code == 303
    hers = amy.page("/sheet")
    assert hers.one("input", name="kin").attributes["value"] == "Joe Okafor"
    assert hers.one("input", name="vehicle").attributes["value"] == "Blue Fabia AB12 CDE"
    assert "by Cat Lin." in hers.text
    assert amy.get(theirs).status_code == 403


def test_a_sheet_is_found_from_the_own_page_and_from_the_persons(
    org: Org, signed_in: SignIn
) -> None:
    amy, cat = signed_in("amy"), signed_in("cat")
    assert "Nothing is on your sheet yet" in amy.page("/me").text
    assert amy.page("/me").one("a", href="/sheet").text == "Fill in my sheet"
    theirs = f"/sheet/{org['amy'].id}"
    person = cat.page(f"/people/{org['amy'].id}")
    assert "no sheet yet" in person.text
    assert person.one("a", href=theirs).text == "Fill it in with Amy Okafor"
    hole = "No sheet for the day they are missed, so nobody could describe Amy Okafor"
    assert hole in cat.page("/people").one("section", class_="holes").text
    amy.fills("/sheet", description="1.70 m, red coat")
    assert "by you." in amy.page("/me").text
    assert hole not in cat.page("/people").text
    assert amy.fills("/sheet", description="").status_code == 303
    assert "Nothing is on your sheet yet" in amy.page("/me").text


def test_the_second_of_two_who_end_it_is_told_and_loses_nothing(
    overdue: str, signed_in: SignIn
) -> None:
    ben, cat = signed_in("ben"), signed_in("cat")
    end = f"{overdue}/resolve"
    first, second = ben.page(overdue), cat.page(overdue)
    said = {"outcome": "safe", "resolve_note": "She is in her car."}
    assert ben.send(end, the_form(first, end), said).status_code == 303
    said = {"outcome": "harmed", "resolve_note": "The ambulance has her."}
    late = cat.send(end, the_form(second, end), said)
    page = tree(late, 409)
    assert faults(page) == [
        "This alarm had ended before, as said here. Your answer changed nothing. "
        "What you wrote waits under 'Add a note'."
    ]
    assert page.one("textarea", name="note").text == "The ambulance has her."
    assert "Amy Okafor is safe" in page.one("div", id="standing").text


# Procedure and aftercare


def test_a_team_writes_its_own_steps_and_nobody_overwrites_them_unseen(
    overdue: str, org: Org, signed_in: SignIn
) -> None:
    cat, other = signed_in("cat"), signed_in("cat")
    path = f"/procedure/{org.teams['ot-north']}"
    mine, theirs = the_form(cat.page(path)), the_form(other.page(path))
    assert (
        other.send(path, theirs, {"steps": "Ring the duty desk.\n\nRing 999."}).status_code == 303
    )
    late = cat.send(path, mine, {"steps": "Something else."})
    assert late.status_code == 409
    assert "Something else." in late.text
    assert "Ring the duty desk." in late.text
    assert steps(cat.page(overdue)) == [
        "Ring the duty desk. Done : Ring the duty desk.",
        "Ring 999. Done : Ring 999.",
    ]
    assert faults(cat.page(path)) == []


def test_aftercare_stands_on_the_board_until_it_is_done(
    overdue: str, org: Org, signed_in: SignIn
) -> None:
    cat, ben, amy = signed_in("cat"), signed_in("ben"), signed_in("amy")
    cat.fills(overdue, f"{overdue}/resolve", outcome="harmed")
    care = {"what": "Ring her tomorrow.", "owed_by": str(org["ben"].id)}
    assert cat.fills(overdue, f"{overdue}/aftercare", **care).status_code == 303
    assert "owed by you" in ben.page("/").one("li", class_="debt").text
    assert "owed by Ben Hughes" in cat.page("/").one("li", class_="debt").text
    assert amy.page("/").all("li", class_="debt") == []
    assert amy.post(_done(cat.page("/"))).status_code == 404
    assert ben.post(_done(ben.page("/"))).status_code == 303
    assert cat.page("/").all("li", class_="debt") == []
    assert "Done at 14:21 by Ben Hughes" in cat.page(overdue).text


def _done(board: Element) -> str:
    return board.one("li", class_="debt").one("button").attributes["formaction"]


def test_aftercare_is_owed_only_by_those_who_know(
    overdue: str, org: Org, signed_in: SignIn
) -> None:
    cat = signed_in("cat")
    cat.fills(overdue, f"{overdue}/resolve", outcome="safe")
    care = {"what": "Ring her.", "owed_by": str(org["dan"].id)}
    answer = cat.fills(overdue, f"{overdue}/aftercare", **care)
    assert answer.status_code == 400
    assert "Choose somebody who was told of this alarm" in answer.text


# Hers


def test_she_stands_her_own_alarm_down_with_her_pin_alone(
    overdue: str, day: Day, signed_in: SignIn
) -> None:
    amy = signed_in("amy")
    assert amy.page(overdue).all("button", id="own") == []
    wrong = amy.fills(overdue, f"{overdue}/stand-down", own_pin="1111")
    assert wrong.status_code == 403
    assert amy.fills(overdue, f"{overdue}/stand-down", own_pin="4821").status_code == 303
    assert "It was a false alarm." in amy.page(overdue).one("div", id="standing").text


def test_her_duress_pin_gets_the_same_page(day: Day, signed_in: SignIn) -> None:
    pages = []
    for pin in ("4821", "7390"):
        path, amy = f"/alarms/{day.sos('amy')}", signed_in("amy")
        amy.fills(path, f"{path}/stand-down", own_pin=pin)
        amy.page("/account")
        pages.append(amy.page(path).one("main").text)
    assert pages[0] == pages[1]


@pytest.mark.parametrize("until", ["14:20", "03:00", "banana"])
def test_a_time_that_has_just_passed_is_a_slip_and_not_tomorrows(
    overdue: str, day: Day, signed_in: SignIn, until: str
) -> None:
    """It is 14:21: 'watch on until 14:20' would be 24 hours without an alarm."""
    cat = signed_in("cat")
    answer = cat.fills(overdue, f"{overdue}/resolve", outcome="safe", until=until)
    assert answer.status_code == 400
    assert "or a time such as 14:30" in answer.text
    assert "alarm_resolved" not in day.log(day.alarm_of("amy"))


def test_before_a_duress_is_resolved_the_page_says_what_that_shows(
    day: Day, signed_in: SignIn
) -> None:
    """P4: the phone may still be in the hands of whoever threatens her."""
    day.start("amy", 40)
    day.close("amy", "7390")
    day.forward(minutes=1)
    path, cat = f"/alarms/{day.alarm_of('amy')}", signed_in("cat")
    resolving = cat.page(path).one("section", class_="resolve").text
    assert "Amy's phone shows it." in resolving
    assert "Resolve it once Amy is away from the threat." in resolving
    cat.fills(path, f"{path}/resolve", outcome="harmed")
    standing = cat.page(path).one("div", id="standing")
    assert "The visit at 12 High St goes on and is watched." in standing.text
    (link,) = standing.all("a")
    assert "Close the visit" in cat.page(link.attributes["href"]).one("main").text


def test_an_sos_without_a_visit_leaves_nothing_open(day: Day, signed_in: SignIn) -> None:
    path, cat = f"/alarms/{day.sos('amy')}", signed_in("cat")
    assert "goes on" not in cat.page(path).one("section", class_="resolve").text
    cat.fills(path, f"{path}/resolve", outcome="safe")
    assert cat.page(path).one("div", id="standing").all("a") == []


def test_her_other_open_alarm_stands_on_the_page_before_and_after_this_one_ends(
    overdue: str, day: Day, signed_in: SignIn
) -> None:
    """P5: a manager who works from this page must not go home."""
    day.close("amy", "7390")
    day.forward(minutes=1)
    cat = signed_in("cat")
    for ends in (True, False):
        standing = cat.page(overdue).one("div", id="standing")
        said = "Also open: Amy Okafor may be under threat. Nobody has taken charge yet."
        assert said in standing.one("p", class_="also").text
        (link,) = standing.one("p", class_="also").all("a")
        assert "may be under threat" in cat.page(link.attributes["href"]).one("h1").text
        if ends:
            cat.fills(overdue, f"{overdue}/resolve", outcome="safe")
    assert "Also open" not in signed_in("amy").page(overdue).one("main").text


def test_whoever_gave_an_alarm_back_can_take_it_again(
    overdue: str, day: Day, org: Org, signed_in: SignIn
) -> None:
    """A tap on what looks the same is no repeat of the one before (P5, P6)."""
    cat = signed_in("cat")
    for _ in range(3):
        assert press(cat, overdue, "own") == 303
        assert "Cat Lin took charge" in cat.page(overdue).one("p", class_="charge").text
        assert press(cat, overdue, "release") == 303
        assert "Nobody has charge any more" in cat.page(overdue).one("p", class_="charge").text
        day.forward(minutes=1)


def test_each_i_am_still_with_it_keeps_the_charge(
    overdue: str, day: Day, signed_in: SignIn
) -> None:
    """The charge must not lapse under the hands of somebody who presses it (P5)."""
    cat = signed_in("cat")
    assert press(cat, overdue, "own") == 303
    for _ in range(6):
        day.forward(minutes=8)
        assert press(cat, overdue, "own") == 303
    assert "Cat Lin took charge" in cat.page(overdue).one("p", class_="charge").text
    assert "ownership_lapsed" not in day.log(day.alarm_of("amy"))


def test_whose_charge_has_lapsed_is_told_that_she_has_it_no_longer(
    overdue: str, day: Day, signed_in: SignIn
) -> None:
    cat, ben = signed_in("cat"), signed_in("ben")
    assert press(cat, overdue, "own") == 303
    day.forward(minutes=25)
    assert "ownership_lapsed" in day.log(day.alarm_of("amy"))
    assert "You no longer have charge" in cat.page(overdue).text
    said = ben.page(overdue)
    assert "You no longer have charge" not in said.text
    assert "Nobody has charge any more." in said.one("p", class_="charge").text
    assert press(cat, overdue, "own") == 303
    assert press(cat, overdue, "release") == 303
    assert "You no longer have charge" not in cat.page(overdue).text

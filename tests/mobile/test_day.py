"""A day on the phone: enrolling, two taps, choosing, watching over others, history, herself."""

import threading
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from mobile.core.account import Scanned, pins_fault, read_code
from mobile.core.cover import CoverState
from mobile.core.show_day import LONGEST_NOTE, LONGEST_PLACE
from mobile.core.show_watch import show_leaving
from mobile.core.state import EnrolState
from mobile.core.transport import BadAddress, read_address
from mobile.core.words import chain_line, countdown, minutes_left
from mobile.platform.fake import FakeDevice
from mobile.ports import Fix, Signal
from shared.states import Risk
from shared.wire.bodies import LONGEST_NOTE as SERVERS_LONGEST_NOTE
from shared.wire.bodies import LONGEST_PLACE as SERVERS_LONGEST
from shared.wire.bodies import (
    ActSchema,
    BodySchema,
    CheckInSchema,
    CloseSchema,
    ExtendSchema,
    GoAwaySchema,
    NoteSchema,
    OwnSchema,
    ReportPositionSchema,
    ResolveSchema,
    StandDownSchema,
    StartPlannedSchema,
    StartVisitSchema,
)
from tests.mobile.hands import NOON, Hands
from tests.mobile.house import BEN, House, Served
from tests.mobile.phone import Pocket


def test_enrolling_makes_it_hers_and_sets_the_clock(
    tmp_path: Path, house: House, served: Served
) -> None:
    hands = Hands(wall_off_s=86_400)
    house.now = hands.true_now
    pocket = Pocket(tmp_path, hands, served.url)
    assert pocket.phone.sync.identity() is None
    assert pocket.enrol().done
    assert pocket.phone.enrolled
    assert pocket.phone.clock.sure
    assert pocket.phone.clock.now() == NOON
    pocket.close()
    assert all(b"amys-token" not in path.read_bytes() for path in tmp_path.iterdir())


@pytest.mark.parametrize("fault", ["500", "html", "nothing"])
def test_an_enrolment_that_fails_says_so_and_changes_nothing(
    tmp_path: Path, hands: Hands, house: House, served: Served, fault: str
) -> None:
    house.always = fault
    pocket = Pocket(tmp_path, hands, served.url)
    found = pocket.enrol()
    assert not found.done
    assert found.words
    assert not pocket.phone.enrolled
    pocket.close()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (" K7-QX ", Scanned("", "K7-QX")),
        ("https://w.example.org/e#K7QX", Scanned("https://w.example.org", "K7QX")),
        ("https://w.example.org:8443/?code=K7QX", Scanned("https://w.example.org:8443", "K7QX")),
    ],
)
def test_codes_are_read_as_typed_or_scanned(typed: str, found: Scanned) -> None:
    assert read_code(typed) == found


def test_the_picture_on_the_page_of_phones_is_read() -> None:
    from server.pages.people.phones import enrolment_link

    link = enrolment_link("https://w.example.org", "7KQ2-M9XF")
    assert read_code(link) == Scanned("https://w.example.org", "7KQ2-M9XF")


def test_a_token_goes_nowhere_unencrypted_but_to_this_machine() -> None:
    assert str(read_address("wayhome.example.org/")) == "https://wayhome.example.org:443"
    assert read_address("http://127.0.0.1:8080").port == 8080
    assert read_address("http://[::1]:8080").host == "::1"
    for bad in ("http://192.168.1.5:8080", "ftp://x", "https://", "https://u:p@x", "https://x:y"):
        with pytest.raises(BadAddress):
            read_address(bad)
    assert read_address("http://192.168.1.5:8080", plain_ok=True).port == 8080


def test_a_visit_starts_in_two_taps_with_its_remembered_length(
    pocket: Pocket, house: House
) -> None:
    pocket.phone.acts.start("12 High St", 25)
    pocket.sync()
    pocket.phone.visit.close()
    pocket.hands.passes(6)
    pocket.sync()
    choice = pocket.today().recent[0]
    assert (choice.place, choice.button) == ("12 High St", "Start 25 min")
    pocket.hands.passes(60)
    pocket.phone.today.start(choice.place, choice.minutes)
    pocket.phone.today.start(choice.place, choice.minutes)
    pocket.sync()
    assert [v["status"] for v in house.visits.values()] == ["closed", "open"]
    assert pocket.today().running


@pytest.mark.parametrize("text_arrives", [True, False])
def test_more_time_that_a_text_brought_is_not_added_again(
    pocket: Pocket, house: House, text_arrives: bool
) -> None:
    """Twice would put her alarm later than she thinks; a text that got lost must lose nothing."""
    pocket.phone.acts.start("12 High St", 30)
    pocket.sync()
    (visit,) = house.visits.values()
    before = datetime.fromisoformat(visit["ends_at"])
    house.always = "nothing"
    pocket.device.net.becomes(Signal.TEXTS_ONLY)
    pocket.phone.visit.extend(15)
    pocket.passes(2)
    pocket.phone.visit.extend(15)
    pocket.sync()
    pocket.phone.visit.as_text()
    if text_arrives:
        house.extend(visit, {"minutes": 30})
    house.always = ""
    pocket.hands.passes(90)
    pocket.device.net.becomes(Signal.DATA)
    pocket.sync()
    pocket.sync()
    assert datetime.fromisoformat(visit["ends_at"]) - before == timedelta(minutes=30)
    assert pocket.phone.sync.outbox.waiting() == []
    shown = pocket.phone.facts().visit(visit["id"])
    assert shown is not None
    assert shown.value.ends_at == before + timedelta(minutes=30)


def test_the_length_she_chose_for_her_visits_is_suggested(pocket: Pocket, house: House) -> None:
    """After alarms because she stayed longer she may take more time: everywhere, or what she was
    offered would spare her nothing at the places she knows."""
    pocket.phone.acts.start("12 High St", 25)
    pocket.phone.visit.close()
    house.usual_minutes = 45
    pocket.hands.passes(6)
    pocket.sync()
    assert pocket.today().recent[0].button == "Start 45 min"
    pocket.phone.starting.choose(place="12 High St")
    state = pocket.phone.starting.update(pocket.phone.facts())
    assert [pick.words for pick in state.lengths if pick.chosen] == ["45 min"]
    assert state.longer == "45 min, as you chose for your visits"
    pocket.phone.starting.choose(minutes=25)
    state = pocket.phone.starting.update(pocket.phone.facts())
    assert state.longer == ""
    assert [pick.words for pick in state.lengths if pick.chosen] == ["25 min"]


def test_a_planned_visit_starts_in_two_taps_and_keeps_its_length(
    pocket: Pocket, house: House
) -> None:
    visit = house.start({"id": str(uuid4()), "place": "Clinic", "minutes": 40})
    house.visits[visit["id"]] = visit
    visit["status"] = "planned"
    pocket.sync()
    choice = pocket.today().planned[0]
    assert (choice.place, choice.minutes, choice.when) == ("Clinic", 40, "12:00")
    house.always = "nothing"
    pocket.hands.passes(600)
    pocket.phone.today.start_planned(choice.visit or "")
    assert pocket.today().planned == ()
    assert pocket.visit().until == "Until 12:50"


def test_a_plan_for_another_day_says_that_a_start_now_is_one_visit_more(
    pocket: Pocket, house: House
) -> None:
    house.now = lambda: pocket.hands.true_now() + timedelta(days=1)
    tomorrow = house.start({"id": str(uuid4()), "place": "Clinic", "minutes": 40})
    house.now = pocket.hands.true_now
    tomorrow["status"] = "planned"
    pocket.sync()
    (choice,) = pocket.today().planned
    assert choice.keeps == (
        "This is planned for Wed 12:00. A visit started now is one more: the plan stays"
    )


def test_before_a_start_the_chain_is_said_by_the_shared_ladder(
    pocket: Pocket, house: House
) -> None:
    pocket.sync()
    house.always = "nothing"
    model = pocket.phone.starting
    assert not model.start()
    model.choose(place="12 High St", minutes=30)
    state = model.update(pocket.phone.facts())
    assert (state.button, state.until) == ("Start 30 min", "Until 12:30")
    assert [pick.words for pick in state.lengths if pick.chosen] == ["30 min"]
    assert [pick.words for pick in state.watchers if pick.chosen] == ["Ben Hughes"]
    assert [line.words for line in state.chain] == [
        "12:40 Ben Hughes gets a text",
        "12:43 Ben Hughes gets a text",
        "12:43 Cat Lin gets a text and is rung",
        "12:45 Ben Hughes, Cat Lin are told in every way, until somebody acts",
    ]
    model.choose(risk=Risk.HIGH.value)
    assert model.update(pocket.phone.facts()).chain[0].words == "12:35 Ben Hughes gets a text"
    assert model.start()
    assert pocket.visit().place == "12 High St"


def test_she_accepts_and_declines_what_she_is_asked_to_watch(pocket: Pocket, house: House) -> None:
    visit = house.start({"id": str(uuid4()), "place": "Mill Lane", "minutes": 40})
    house.watching = [
        {"worker": BEN, "part": "buddy", "answer": None, "visit": visit, "alarms": []}
    ]
    pocket.sync()
    model = pocket.phone.watching
    item = model.update(pocket.phone.facts()).visits[0]
    assert (item.name, item.place, item.part, item.answer) == (
        "Ben Hughes",
        "Mill Lane",
        "buddy",
        "",
    )
    asked = "Ben Hughes is on a visit until 12:40 and asks you to watch over it. Can you?"
    assert pocket.today().strip.asked == asked
    notice = pocket.device.notifier.shown["asked"]
    assert (notice.title, notice.urgent) == ("A colleague has a question", False)
    model.accept(item.visit)
    assert pocket.today().strip.asked == ""
    assert "asked" not in pocket.device.notifier.shown
    assert model.update(pocket.phone.facts()).visits[0].pending == "Not accepted yet: sending"
    house.watching[0]["answer"] = "accepted"
    pocket.sync(screen_on=False)
    assert model.update(pocket.phone.facts()).visits[0].answer == "accepted"


def test_a_colleagues_cry_without_a_visit_says_where_she_was_last(
    pocket: Pocket, house: House
) -> None:
    alarm = house.raise_alarm(str(uuid4()), "sos", None)
    alarm |= {"worker": BEN, "place": "12 High St (last visit)"}
    pocket.sync()
    (seen,) = pocket.phone.watching.update(pocket.phone.facts()).alarms
    assert (seen.name, seen.place) == ("Ben Hughes", "12 High St (last visit)")


def test_a_no_can_be_taken_back_for_5_s(pocket: Pocket, house: House) -> None:
    visit = house.start({"id": str(uuid4()), "place": "Mill Lane", "minutes": 40})
    house.watching = [
        {"worker": BEN, "part": "buddy", "answer": None, "visit": visit, "alarms": []}
    ]
    pocket.sync()
    model = pocket.phone.watching
    model.decline(visit["id"])
    pocket.sync()
    assert model.update(pocket.phone.facts()).visits[0].undo_s == 5
    assert model.undo(visit["id"])
    pocket.hands.passes(60)
    pocket.sync()
    assert house.done == []
    model.decline(visit["id"])
    pocket.hands.passes(6)
    pocket.sync()
    assert [path for path, _ in house.done] == [f"/watching/{visit['id']}/decline"]


def test_a_place_that_is_too_long_is_not_thrown_back_but_said(pocket: Pocket, house: House) -> None:
    pocket.sync()
    model = pocket.phone.starting
    model.choose(place="x" * (LONGEST_PLACE + 1))
    assert not model.start()
    state = model.update(pocket.phone.facts())
    assert state.message == "Keep the place to 200 characters."
    assert state.place == "x" * 201
    assert (LONGEST_PLACE, house.done) == (SERVERS_LONGEST, [])
    model.choose(place="12 High St", note="x" * (LONGEST_NOTE + 1))
    assert not model.start()
    state = model.update(pocket.phone.facts())
    assert (state.wrong, state.message) == ("note", "Keep the note to 500 characters.")
    assert (LONGEST_NOTE, house.done) == (SERVERS_LONGEST_NOTE, [])
    model.choose(place="")
    assert model.update(pocket.phone.facts()).message == "Say where you are going first."


def test_pins_are_looked_at_before_they_are_sent(pocket: Pocket) -> None:
    assert pins_fault("4821", "7390") == ""
    assert pins_fault("4821", "4822") == "The two PINs have to differ in at least two places."
    assert pins_fault("48a1", "7390") == "A PIN has 4 to 6 digits."
    assert pocket.phone.account.set_pins("4821", "4821").done is False


def test_history_comes_from_the_server_and_says_where_it_could_not(
    pocket: Pocket, house: House
) -> None:
    visit = house.start({"id": str(uuid4()), "place": "Mill Lane", "minutes": 40})
    house.visits[visit["id"]] = visit | {"status": "closed", "closed_how": "worker"}
    items, found = pocket.phone.account.history()
    assert found.done
    assert items is not None
    assert len(items) == 1
    house.always = "nothing"
    assert pocket.phone.account.history()[0] is None


def test_preferences_and_checks_are_kept_and_said(pocket: Pocket) -> None:
    pocket.sync()
    pocket.phone.prefer("text_scale", 1.5)
    pocket.device.notifier.is_allowed = False
    state = pocket.phone.me.update(pocket.phone.facts())
    assert state.text_scale == 1.5
    assert (state.team, state.has_pins) == ("OT North", True)
    checks = {line.words: line.done for line in state.checks}
    assert checks["Notifications are shown"] is False
    assert checks["Wayhome has been heard"] is True


def test_reminders_are_armed_until_the_close_is_confirmed(pocket: Pocket, house: House) -> None:
    pocket.phone.today.start("12 High St", 30)
    pocket.sync()
    armed = pocket.device.alarms.armed
    assert [each.in_s for each in armed] == [1500, 1800, 2100]
    assert all("High St" not in each.title + each.text for each in armed)
    house.always = "nothing"
    pocket.phone.visit.close()
    pocket.hands.passes(6)
    pocket.sync()
    assert pocket.device.alarms.armed == armed
    house.always = ""
    pocket.hands.passes(30)
    pocket.sync()
    assert pocket.device.alarms.armed == []


def test_the_notification_has_the_three_acts_and_tells_a_bystander_nothing(
    pocket: Pocket, house: House
) -> None:
    shown = pocket.device.notifier.shown
    pocket.phone.today.start("12 High St", 30)
    pocket.sync()
    notice = shown["visit"]
    assert notice.actions == ("extend", "safe", "sos")
    assert (notice.title, notice.text) == ("Until 12:30", "Connected 12:00")
    house.raise_alarm(str(uuid4()), "overdue", pocket.visit().visit)
    pocket.hands.passes(11)
    pocket.sync()
    assert shown["visit"].urgent
    said = shown["visit"].title + shown["visit"].text
    assert not any(word in said.lower() for word in ("alarm", "safety", "client", "high st"))
    pocket.phone.visit.close(pin="4821")
    pocket.hands.passes(11)
    pocket.sync()
    assert shown == {}


def test_somebody_elses_phone_shows_and_sends_nothing_of_hers(
    pocket: Pocket, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    pocket.phone.today.start("12 High St", 30)
    pocket.sync()
    house.always = "nothing"
    pocket.phone.visit.extend()
    pocket.sync()
    house.always = ""
    monkeypatch.setattr("tests.mobile.house.AMY", BEN)
    house.visits.clear()
    asked = len(house.done)
    assert pocket.enrol().done
    pocket.hands.passes(60)
    pocket.sync()
    today = pocket.today()
    assert (today.running, today.recent, len(house.done)) == ((), (), asked)
    assert today.strip.notice.startswith("1 of somebody else's waiting here.")


def test_signing_out_forgets_her_and_keeps_what_was_not_sent(pocket: Pocket, house: House) -> None:
    pocket.phone.today.start("12 High St", 30)
    pocket.sync()
    house.always = "nothing"
    pocket.phone.visit.extend()
    pocket.sync()
    house.always = ""
    leaving = show_leaving(pocket.phone.facts())
    assert leaving.open == ("12 High St stays watched. End it first, or by text.",)
    assert leaving.waiting.startswith("1 thing has not been sent.")
    assert pocket.phone.account.sign_out().done
    assert not pocket.phone.enrolled
    today = pocket.today()
    assert (today.running, today.recent, today.planned) == ((), (), ())
    pocket.hands.passes(60)
    pocket.sync()
    assert not any(path.endswith("/extend") for path, _ in house.done)
    house.token = "amys-token"
    assert pocket.enrol().done
    assert pocket.today().strip.signed_out == ""
    pocket.sync()
    assert house.done[-1][0].endswith("/extend")
    assert [visit["status"] for visit in house.visits.values()] == ["open"]


def test_without_an_answer_she_stays_signed_in(pocket: Pocket, house: House) -> None:
    house.always = "nothing"
    found = pocket.phone.account.sign_out()
    assert (found.done, found.words[:23]) == (False, "No answer from Wayhome.")
    assert pocket.phone.enrolled
    assert pocket.today().strip.signed_out == ""


SCHEMAS: dict[str, type[BodySchema]] = {
    "start": StartVisitSchema,
    "start_planned": StartPlannedSchema,
    "cancel": ActSchema,
    "check_in": CheckInSchema,
    "extend": ExtendSchema,
    "close": CloseSchema,
    "stand_down": StandDownSchema,
    "own": OwnSchema,
    "release": ActSchema,
    "note": NoteSchema,
    "resolve": ResolveSchema,
    "accept": ActSchema,
    "decline": ActSchema,
    "away": GoAwaySchema,
    "position": ReportPositionSchema,
}


def test_every_body_it_sends_is_one_the_server_reads(pocket: Pocket, house: House) -> None:
    acts, visit = pocket.phone.acts, str(uuid4())
    fix = Fix(51.5, -0.1, None, NOON)
    pocket.device.location.fix = fix
    acts.start("12 High St", 30, risk="high", note="dog", buddy=BEN["id"], pin="4821")
    acts.start_planned(visit, pin="4821")
    acts.cancel(visit)
    acts.check_in(visit)
    acts.extend(visit, 15, pin="4821")
    acts.close(visit, pin="4821", outcome="uneasy", note="x")
    acts.stand_down(visit, "4821")
    acts.own(visit, take_over=True)
    acts.release(visit)
    acts.note(visit, "Rang her")
    acts.resolve(visit, "safe", pin="4821", note="fine")
    acts.accept(visit)
    acts.decline(visit)
    acts.away(NOON)
    acts.position(visit, fix)
    acts.sos()
    kinds = {entry.act.key: entry.kind for entry in pocket.phone.sync.outbox.waiting()}
    pocket.hands.passes(6)
    for _ in range(3):
        pocket.sync()
        pocket.hands.passes(60)
    bodies = [body for method, _, body in house.asked if method == "POST" and "id" in body]
    assert {kinds[body["id"]] for body in bodies} == {*SCHEMAS, "sos"}
    for body in bodies:
        schema = SCHEMAS.get(kinds[body["id"]])
        if schema:
            schema().load(body)


def test_enrolling_and_history_leave_the_face_moving(
    tmp_path: Path, hands: Hands, house: House, served: Served
) -> None:
    pocket = Pocket(tmp_path, hands, served.url)
    shown: list[bool] = []
    told = threading.Event()

    def show(state: EnrolState) -> None:
        shown.append(state.busy)
        if state.done:
            told.set()

    pocket.phone.enrolling.subscribe(show)
    pocket.phone.enrolling.enrol("", f"{served.url}/#ABCD", "Amy's phone")
    assert told.wait(10)
    assert shown == [False, True, False]
    visit = house.start({"id": str(uuid4()), "place": "Mill Lane", "minutes": 40})
    closed = {"status": "closed", "closed_how": "worker", "closed_at": NOON.isoformat()}
    house.visits[visit["id"]] = visit | closed
    done = threading.Event()
    pocket.sync()
    pocket.phone.history.subscribe(lambda state: done.set() if state.items else None)
    pocket.phone.history.open()
    assert done.wait(10)
    item = pocket.phone.history.state.items[0]
    assert (item.place, item.when, item.how) == ("Mill Lane", "12:00 to 12:00", "closed by you")
    pocket.close()


def test_the_threads_send_what_is_done_and_end(
    tmp_path: Path, hands: Hands, house: House, served: Served
) -> None:
    watched, heard = threading.Event(), threading.Event()
    pocket = Pocket(tmp_path, hands, served.url, FakeDevice())
    pocket.enrol()
    covered = CoverState.COVERED
    pocket.phone.visit.subscribe(
        lambda state: watched.set() if state and state.cover.state is covered else None
    )
    pocket.phone.help.subscribe(lambda state: heard.set() if state.phase == "office" else None)
    pocket.phone.worker.start()
    pocket.phone.set_screen(True)
    pocket.phone.today.start("12 High St", 30)
    pocket.phone.help.sos()
    assert heard.wait(10)
    assert watched.wait(10)
    pocket.close()
    assert len(house.visits) == 1
    assert len(house.alarms) == 1


def test_small_words() -> None:
    assert [countdown(s) for s in (2530, 3900, 9, -200)] == ["42:10", "1:05:00", "0:09", "-3:20"]
    assert [minutes_left(s) for s in (779, 60, 59, -8, -119, -120)] == [
        "12 minutes left",
        "1 minute left",
        "Less than a minute left",
        "Less than a minute over",
        "1 minute over",
        "2 minutes over",
    ]
    assert chain_line("14:40", "you", "text") == "14:40 You are reminded"
    assert chain_line("14:40", "Ben", "text and call") == "14:40 Ben gets a text and is rung"


def test_a_place_that_the_server_refused_is_not_offered_again(pocket: Pocket, house: House) -> None:
    pocket.sync()
    house.faults.append("refuse")
    pocket.phone.today.start("12 High St", 45)
    pocket.sync()
    assert pocket.today().strip.problems
    assert pocket.today().recent == ()
    pocket.phone.today.start("7 Orchard Way", 45)
    pocket.sync()
    assert [choice.place for choice in pocket.today().recent] == ["7 Orchard Way"]


def test_a_clock_that_is_behind_keeps_no_old_news(
    tmp_path: Path, hands: Hands, house: House, served: Served
) -> None:
    first = Pocket(tmp_path, hands, served.url)
    assert first.enrol().done
    first.phone.acts.start("12 High St", 30)
    first.sync()
    first.phone.visit.close()
    first.passes(6)
    first.sync()
    assert first.today().ended == "12 High St: closed 12:00. The watch is over"
    first.close()
    house.always = "nothing"
    hands.wall_off_s = -26 * 3600
    hands.restart(took_s=25 * 3600)
    second = Pocket(tmp_path, hands, served.url)
    assert second.today().ended == ""
    second.close()

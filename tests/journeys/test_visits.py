"""A worker's day when nothing is wrong: whoever comes back in time alarms nobody (P2, P6, P10)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from tests.support.house import House
from tests.support.houses import NewHouse, on_both
from tests.support.phone_app import ok
from tests.support.riverside import riverside


def test_a_visit_closed_in_time_tells_nobody(house: House) -> None:
    """P2: nothing is decided about a visit that was closed."""
    amy = house["amy"]
    visit = ok(amy.app.start("12 High St", minutes=10), 201)
    assert (visit["status"], visit["due_at"]) == ("open", visit["ends_at"])
    house.forward(minutes=8)
    closed = ok(amy.app.close(visit))
    assert (closed["status"], closed["closed_how"], closed["alarms"]) == ("closed", "worker", [])
    house.forward(minutes=15)
    house.world.assert_quiet()
    assert amy.app.log_of(visit) == ["started", "closed"]


def test_more_time_moves_the_end(house: House) -> None:
    """P2: an extension moves the warning, the nudges and the raise with it."""
    amy = house["amy"]
    visit = ok(amy.app.start("12 High St", minutes=10), 201)
    house.forward(minutes=8)
    longer = ok(amy.app.extend(visit, 10))
    assert longer["ends_at"] > visit["ends_at"]
    house.forward(minutes=10)
    house.world.assert_quiet()
    house.forward(minutes=1)
    house.only_told("amy", "14:20 booking is up in 1 min")
    ok(amy.app.close(visit))
    house.forward(minutes=10)
    assert amy.app.log_of(visit) == ["started", "extended", "warn", "closed"]


def test_late_but_in_grace_only_she_is_reminded(house: House) -> None:
    """P2: the warning and both nudges go to her alone, and a close in grace ends it."""
    amy = house["amy"]
    visit = ok(amy.app.start("12 High St", minutes=10), 201)
    house.forward(minutes=9)
    house.only_told("amy", "14:10 booking is up in 1 min")
    house.forward(minutes=1)
    house.only_told("amy", "14:10 booking is up.")
    house.forward(minutes=1)
    house.only_told("amy", "14:10 booking is up.")
    house.forward(seconds=55)
    ok(amy.app.close(visit))
    house.forward(minutes=15)
    house.world.assert_quiet()
    assert amy.app.visit(visit)["alarms"] == []


def test_a_check_in_after_the_end_gives_one_more_grace_once(house: House) -> None:
    """Contract 5: one more grace for each end, and then the alarm goes all the same (P1)."""
    amy = house["amy"]
    visit = ok(amy.app.start("12 High St", minutes=5), 201)
    house.forward(minutes=6)
    amy.phone.reads_all()
    first = ok(amy.app.check_in(visit))
    assert first["raise_at"] > visit["raise_at"]
    house.forward(seconds=30)
    assert ok(amy.app.check_in(visit))["raise_at"] == first["raise_at"]
    house.forward(minutes=3)
    amy.phone.reads_all()
    house.only_told("ben", "Amy Okafor is overdue")
    amy.app.close(visit, pin=amy.pin)
    house.forward(seconds=1)
    house.only_told("ben", "All clear")


def test_the_next_visit_closes_the_one_before(house: House) -> None:
    """Contract 5: one visit at a time; the first is left as `moved_on` and raises nothing (P2)."""
    amy = house["amy"]
    first = ok(amy.app.start("12 High St", minutes=5), 201)
    house.forward(minutes=3)
    second = ok(amy.app.start("3 Mill Lane", minutes=10), 201)
    left = amy.app.visit(first)
    assert (left["status"], left["closed_how"]) == ("closed", "moved_on")
    house.forward(minutes=8)
    house.world.assert_quiet()
    ok(amy.app.close(second))


def test_where_a_close_needs_a_pin_the_next_visit_does_too(new_house: NewHouse) -> None:
    """Contract 5 and P4: 409 names the open visit; with the right PIN both things happen."""
    house = new_house(file=riverside(policy={"pin": "always"})).open()
    amy = house["amy"]
    first = ok(amy.app.start("12 High St", minutes=5), 201)
    refused = amy.app.start("3 Mill Lane", minutes=10)
    assert (refused.status_code, refused.json()["visit"]) == (409, first["id"])
    assert amy.app.visit(first)["status"] == "open"
    assert amy.app.start("3 Mill Lane", minutes=10, pin="0000").status_code == 403
    second = ok(amy.app.start("3 Mill Lane", minutes=10, pin=amy.pin), 201)
    assert amy.app.visit(first)["closed_how"] == "moved_on"
    assert amy.app.close(second).status_code == 403
    ok(amy.app.close(second, pin=amy.pin))


def test_a_start_made_offline_arrives_after_its_own_end(house: House) -> None:
    """P10: accepted, nudged first, and raised no earlier than 60 s after it was first heard of."""
    amy = house["amy"]
    made = house.now()
    house.forward(minutes=40)
    visit = ok(amy.app.start("12 High St", minutes=20, at=made), 201)
    assert visit["status"] == "open"
    house.forward(seconds=50)
    house.only_told("amy", "14:20 booking is up.")
    house.forward(seconds=12)
    house.only_told("ben", "Amy Okafor is overdue", "due 14:20")
    ok(amy.app.close(visit, pin=amy.pin))
    house.forward(seconds=1)
    house.only_told("ben", "All clear")


def test_a_whole_visit_made_offline_arrives_in_any_order(house: House) -> None:
    """P10: what would stop an alarm now stops it; older news is logged and changes nothing."""
    amy = house["amy"]
    began = house.now()
    house.forward(minutes=30)
    visit = ok(amy.app.start("12 High St", minutes=45, at=began), 201)
    ok(amy.app.close(visit, at=began + timedelta(minutes=25)))
    late = ok(amy.app.check_in(visit, at=began + timedelta(minutes=10)))
    assert late["status"] == "closed"
    ok(amy.app.extend(visit, 30, at=began + timedelta(minutes=12)))
    ok(amy.app.close(visit, at=began + timedelta(minutes=20)))
    after = amy.app.check_in(visit, at=began + timedelta(minutes=29))
    assert after.status_code == 409
    house.forward(minutes=60)
    house.world.assert_quiet()
    seen = amy.app.visit(visit)
    assert (seen["status"], seen["alarms"]) == ("closed", [])
    assert [what for what in amy.app.log_of(visit) if what == "late_news"] == ["late_news"] * 2


def test_late_news_does_not_stop_an_alarm_but_is_told(house: House) -> None:
    """P10 and P4: a check-in made before the end and heard after the raise is news, no more."""
    amy = house["amy"]
    visit = ok(amy.app.start("12 High St", minutes=5), 201)
    alive = house.now() + timedelta(minutes=4)
    house.forward(minutes=7)
    amy.phone.reads_all()
    house.only_told("ben", "overdue")
    ok(amy.app.check_in(visit, at=alive))
    house.forward(seconds=1)
    house.only_told("ben", "phone says", "14:04", "speak to her")
    assert amy.app.visit(visit)["status"] == "open"
    house.forward(minutes=1)
    house.told("dan", "overdue", "last heard 14:04")
    house.only_told("dan", "phone says", "14:04", "speak to her")
    ok(amy.app.close(visit, pin=amy.pin))
    house.forward(seconds=1)
    house.only_told("ben dan", "All clear")


@on_both
def test_a_day_by_text_only(house: House) -> None:
    """Contract 6: without the app: started, extended and closed by text, and watched the same."""
    amy = house["amy"]
    started = amy.phone.replies("VISIT 10 12 High St")
    assert "12 High St" in started
    assert "14:10" in started
    assert amy.phone.replies("visit 10 12 high st").startswith(started[:3])
    house.forward(minutes=9)
    house.only_told("amy", "14:10 booking is up in 1 min")
    assert "14:25" in amy.phone.replies(f"MORE 15 {amy.pin}")
    house.forward(minutes=15)
    house.only_told("amy", "14:25 booking is up in 1 min")
    assert "12 High St" in amy.phone.replies("STATUS")
    assert "PIN" in amy.phone.replies("DONE")
    assert "12 High St" in amy.phone.replies(f"DONE {amy.pin}")
    house.forward(minutes=10)
    house.world.assert_quiet()
    (visit,) = ok(amy.app.get("/visits"))["items"]
    assert (visit["status"], visit["closed_how"]) == ("closed", "worker")
    assert {entry["by"] for entry in visit["log"] if entry["by_whom"]} == {"text"}


@on_both
def test_the_same_request_twenty_times_at_once_has_one_effect(house: House) -> None:
    """P6: one visit, one extension, one SOS, however often a phone in a dead spot asks."""
    amy = house["amy"]
    first = amy.app.start("12 High St", minutes=10)
    visit = ok(first, 201)

    def twenty(answer_to: object) -> list[tuple[int, bytes]]:
        with ThreadPoolExecutor(20) as pool:
            asked = [pool.submit(amy.app.again, answer_to) for _ in range(20)]  # type: ignore[arg-type]
            answers = [one.result() for one in asked]
        assert {answer.headers.get("Wayhome-Replay") for answer in answers} == {"1"}
        return [(answer.status_code, answer.content) for answer in answers]

    assert set(twenty(first)) == {(201, first.content)}
    longer = amy.app.extend(visit, 5)
    assert set(twenty(longer)) == {(200, longer.content)}
    assert amy.app.visit(visit)["ends_at"] == ok(longer)["ends_at"]
    assert len(ok(amy.app.get("/visits"))["items"]) == 1
    assert amy.app.log_of(visit) == ["started", "extended"]


@on_both
def test_twenty_phones_at_once_with_one_new_request(house: House) -> None:
    """P6: also where none of the twenty was answered before."""
    amy = house["amy"]
    body = {"id": amy.app.new_id(), "kind": "sos"}
    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(amy.app.ask, "POST", "/alarms", body) for _ in range(20)]
        answers = [one.result() for one in asked]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    house.forward(seconds=1)
    house.only_told("ben dan", "SOS from Amy Okafor")
    ok(amy.app.stand_down(answers[0].json(), pin=amy.pin))
    house.forward(seconds=1)
    house.only_told("ben dan", "false alarm")

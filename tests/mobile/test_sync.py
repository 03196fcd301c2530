"""P6, P10 over a real line: every answer has one meaning, nothing is lost, nothing doubled."""

import pytest

from mobile.core import sync as syncing
from mobile.core.database import Database
from mobile.core.verdict import Verdict
from tests.mobile.hands import NOON, Hands
from tests.mobile.house import House, Served
from tests.mobile.phone import Line

DAY_S = 86_400.0
SOMEBODY_ELSES = ["html", "html404", "redirect", "liar", "empty", "no_content"]
"""Answers of a network in the way."""


def paths(house: House, method: str = "POST") -> list[str]:
    return [path for asked, path, _ in house.asked if asked == method]


def test_what_was_done_is_sent_in_order_and_once(line: Line, house: House) -> None:
    visit = line.start()
    line.do(visit, "extend", minutes=15)
    line.do(visit, "close")
    line.round()
    line.round()
    assert [path for path, _ in house.done] == [
        "/visits",
        f"/visits/{visit}/extend",
        f"/visits/{visit}/close",
    ]
    assert line.verdicts() == [Verdict.DONE] * 3
    known = line.sync.memory.get("visit", visit)
    assert known is not None
    assert known.value["status"] == "closed"


def test_through_a_tunnel_every_event_keeps_its_own_time(line: Line, house: House) -> None:
    house.always = "nothing"
    visit = line.start(minutes=30)
    line.round()
    line.hands.passes(600)
    line.do(visit, "extend", minutes=15)
    line.round()
    line.hands.passes(600)
    line.do(visit, "close")
    line.round()
    assert house.done == []
    house.always = ""
    line.hands.passes(600)
    line.sync.wake()
    line.round()
    stay = house.visits[visit]
    assert stay["starts_at"] == NOON.isoformat()
    assert stay["ends_at"] == "2026-03-10T12:45:00+00:00"
    assert stay["closed_at"] == "2026-03-10T12:20:00+00:00"
    assert len(house.done) == 3


@pytest.mark.parametrize("wrong_s", [-DAY_S, DAY_S])
def test_a_clock_a_day_wrong_changes_no_time(
    db: Database, served: Served, house: House, wrong_s: float
) -> None:
    hands = Hands(wall_off_s=wrong_s)
    house.now = hands.true_now
    line = Line(db, hands, served.url)
    house.faults.append("nothing")
    visit = line.start()
    line.round()
    hands.passes(1200)
    line.round()
    assert house.visits[visit]["starts_at"] == NOON.isoformat()
    line.close()


def test_an_unknown_time_is_left_out_and_not_made_up(
    db: Database, served: Served, house: House
) -> None:
    hands = Hands(wall_off_s=-DAY_S)
    house.now = hands.true_now
    line = Line(db, hands, served.url)
    house.faults.append("500")
    line.start()
    line.round()
    assert "at" not in house.done[0][1]
    line.close()


def test_a_cry_on_a_phone_without_a_time_says_how_long_ago_it_was(
    db: Database, served: Served, house: House
) -> None:
    """It goes at once when there is a line, before the time is asked for."""
    hands = Hands(wall_off_s=-DAY_S)
    house.now = hands.true_now
    line = Line(db, hands, served.url)
    line.sos()
    house.always = "nothing"
    line.sync.send_sos()
    hands.passes(180)
    house.always = ""
    line.sync.send_sos()
    ((_, body),) = house.done
    assert (body["age_s"], "at" in body) == (180.0, False)
    line.close()


@pytest.mark.parametrize("fault", [*SOMEBODY_ELSES, "500", "nothing", "cut", "lost", "busy"])
def test_an_answer_that_is_none_is_tried_again_with_the_same_id(
    line: Line, house: House, fault: str
) -> None:
    line.round(wanted=True)
    # A line that was open is tried once more at once: it may have been hung up on long ago.
    house.faults.extend([fault] * (2 if fault in ("nothing", "lost") else 1))
    visit = line.start()
    line.round()
    assert [entry.act.key for entry in line.sync.outbox.waiting()] == [visit]
    line.hands.passes(10)
    line.round()
    assert line.sync.outbox.waiting() == []
    assert [path for path, _ in house.done] == ["/visits"]
    bodies = [body for method, _, body in house.asked if method == "POST"]
    assert all(body == bodies[0] for body in bodies)


def test_a_slow_server_is_given_up_in_time(
    line: Line, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syncing, "ASK_S", 0.3)
    line.round(wanted=True)
    house.faults.append("slow")
    line.start()
    line.round()
    assert line.verdicts() == [Verdict.SILENT]


def test_a_repeated_answer_makes_it_read_the_visit_again(line: Line, house: House) -> None:
    line.round(wanted=True)
    house.faults.append("cut")
    visit = line.start()
    line.round()
    house.extend(house.visits[visit], {"minutes": 60})
    line.hands.passes(10)
    line.round()
    assert line.verdicts()[-1] is Verdict.DONE_BEFORE
    known = line.sync.memory.get("visit", visit)
    assert known is not None
    assert known.value["ends_at"] == house.visits[visit]["ends_at"]


def test_a_revoked_phone_keeps_everything_and_says_so(line: Line, house: House) -> None:
    visit = line.start()
    house.token = "another"
    line.round()
    identity = line.sync.identity()
    assert identity is not None
    assert identity.signed_out_at == NOON.timestamp()
    line.do(visit, "close")
    asked = len(house.asked)
    line.round(screen_on=True)
    assert len(house.asked) == asked
    assert [entry.kind for entry in line.sync.outbox.waiting()] == ["start", "close"]
    house.token = "amys-token"
    line.sync.identities.enrol(identity.__class__(identity.person, "Amy", identity.address,
                                                  "amys-token"))  # fmt: skip
    line.sync.outbox.release()
    line.round()
    assert [path for path, _ in house.done] == ["/visits", f"/visits/{visit}/close"]


def test_an_sos_from_a_signed_out_phone_is_tried_all_the_same(line: Line, house: House) -> None:
    house.token = "another"
    line.round(wanted=True)
    sos = line.sos()
    line.sync.send_sos()
    assert paths(house) == ["/alarms"]
    found = line.sync.outbox.find(sos)
    assert found is not None
    assert (found.state, found.verdict) == ("refused", "signed-out")


@pytest.mark.parametrize(
    ("pin", "verdict"), [(None, Verdict.PIN_REQUIRED), ("1111", Verdict.PIN_WRONG)]
)
def test_a_refused_pin_is_shown_forgotten_and_the_visit_is_as_it_was(
    line: Line, house: House, pin: str | None, verdict: Verdict
) -> None:
    house.asks_pin = True
    visit = line.start()
    line.round()
    key = line.do(visit, "close", pin)
    line.round()
    assert line.verdicts()[-1] is verdict
    assert [(e.act.key, e.verdict, e.has_pin) for e in line.sync.outbox.refused()] == [
        (key, verdict.value, False)
    ]
    line.do(visit, "close", "4821")
    line.round()
    assert house.visits[visit]["status"] == "closed"


def test_the_pin_goes_over_the_line_and_into_no_kept_body(line: Line, house: House) -> None:
    visit = line.start()
    key = line.do(visit, "close", "4821")
    line.round()
    assert house.asked[-1][2]["pin"] == "4821" or house.done[-1][1]["pin"] == "4821"
    found = line.sync.outbox.find(key)
    assert found is not None
    assert found.final is not None
    assert "pin" not in found.final


def test_what_is_not_there_and_what_cannot_be_is_refused_with_its_sentence(
    line: Line, house: House
) -> None:
    line.do("99999999-1111-4111-8111-111111111111", "close")
    visit = line.start()
    line.do(visit, "close")
    line.do(visit, "extend", minutes=5)
    line.round()
    assert [(e.verdict, e.detail) for e in line.sync.outbox.refused()] == [
        ("not-found", "There is no such visit."),
        ("conflict", "The visit is over."),
    ]
    assert len(house.done) == 2


def test_silence_is_met_with_patience_and_an_answer_ends_it(line: Line, house: House) -> None:
    line.round(wanted=True)
    house.always = "nothing"
    for _ in range(3):
        line.start()
    line.round()
    asked = len(house.asked)
    assert line.sync.wait_s(screen_on=False) == pytest.approx(2)
    line.round()
    assert len(house.asked) == asked
    house.always = ""
    line.hands.passes(10)
    line.round(screen_on=True)
    assert len(house.done) == 3


def test_an_sos_goes_first_and_within_5_s_of_the_networks_return(line: Line, house: House) -> None:
    line.round(wanted=True)
    house.always = "nothing"
    for _ in range(5):
        line.start()
    line.sos()
    for _ in range(20):
        line.round()
        line.sync.send_sos()
        line.hands.passes(30)
    house.always = ""
    line.sync.send_sos()
    line.hands.passes(5)
    line.sync.send_sos()
    assert [path for path, _ in house.done] == ["/alarms"]
    assert house.done[0][1]["at"] == NOON.isoformat()
    line.sync.wake()
    line.round()
    assert len(house.done) == 6


def test_an_sos_is_tried_until_it_is_taken_whatever_is_answered(line: Line, house: House) -> None:
    house.faults.extend(["500", "html404", "busy", "redirect", "refuse"])
    sos = line.sos()
    for _ in range(6):
        line.sync.send_sos()
        line.hands.passes(5)
    assert list(house.alarms) == [sos]
    assert line.sync.outbox.waiting() == []


def test_it_looks_every_10_s_while_the_screen_is_on_and_never_while_it_is_off(
    line: Line, house: House
) -> None:
    for _ in range(60):
        line.round(screen_on=False)
        line.hands.passes(1)
    assert house.asked == []
    for _ in range(60):
        line.round(screen_on=True)
        line.hands.passes(1)
    assert paths(house, "GET").count("/me") == 6
    assert 0 <= line.sync.wait_s(screen_on=True) <= 10
    assert line.sync.wait_s(screen_on=False) == 60


def test_a_visit_that_has_left_the_list_is_read_to_its_end(line: Line, house: House) -> None:
    visit = line.start()
    line.round(screen_on=True)
    line.hands.passes(20)
    house.close(house.visits[visit], {})
    line.round(screen_on=True)
    known = line.sync.memory.get("visit", visit)
    assert known is not None
    assert known.value["status"] == "closed"
    del house.visits[visit]
    line.sync.learning.read_again("visit", visit)
    line.hands.passes(20)
    line.round(screen_on=True)
    assert line.sync.memory.get("visit", visit) is None


def test_200_queued_events_all_arrive_in_order(line: Line, house: House) -> None:
    house.always, house.moves_on = "nothing", False
    visits = [line.start(f"Place {n}") for n in range(20)]
    for n in range(9):
        for visit in visits:
            line.do(visit, "extend", minutes=n + 1)
            line.hands.passes(1)
    line.round()
    house.always = ""
    line.sync.wake()
    line.round()
    assert len(house.done) == 200
    for visit in visits:
        mine = [body["minutes"] for path, body in house.done if path == f"/visits/{visit}/extend"]
        assert mine == list(range(1, 10))


def test_an_older_answer_never_replaces_a_newer_one(line: Line) -> None:
    memory = line.sync.memory
    memory.keep("visit", "a", {"n": 2}, 1000.0)
    memory.keep("visit", "a", {"n": 1}, 999.0)
    known = memory.get("visit", "a")
    assert known is not None
    assert (known.value, known.known_at) == ({"n": 2}, 1000.0)


def test_a_server_that_is_not_there_is_silence(db: Database, hands: Hands, served: Served) -> None:
    line = Line(db, hands, "http://127.0.0.1:9")
    line.start()
    line.round(screen_on=True)
    assert line.sync.wait_s(screen_on=False) == pytest.approx(2)
    assert len(line.sync.outbox.waiting()) == 1

"""SOS: never refused, never put off, ended only by a person who knows (P2, P4, P5)."""

from datetime import timedelta
from uuid import uuid4

from tests.support.house import House
from tests.support.houses import on_both
from tests.support.phone_app import ok
from tests.support.riverside import RUNG_S


@on_both
def test_an_sos_without_a_visit_reaches_people_at_once(house: House) -> None:
    """P1, P5: no grace; buddy and cover together, then the managers, then everybody."""
    amy, cat = house.people("amy", "cat")
    alarm = ok(amy.app.sos(), 201)
    assert (alarm["kind"], alarm["status"], alarm["visit"]) == ("sos", "raised", None)
    house.settle()
    house.only_told("ben dan", "SOS from Amy Okafor", "07700 900101", "Reply 1")
    house.forward(seconds=RUNG_S)
    house.only_told("cat", "SOS from Amy Okafor")
    house.forward(seconds=RUNG_S)
    house.only_told("ben cat dan eve fay", "SOS from Amy Okafor")
    cat.phone.replies("1")
    house.forward(seconds=1)
    house.told("amy", "Cat Lin has your message in hand")
    house.only_told("ben dan eve fay", "Cat Lin has taken charge")
    ok(cat.app.resolve(alarm, "emergency_services", note="Ambulance called."))
    house.forward(seconds=1)
    house.told("amy", "Cat Lin has closed your message")
    house.only_told("ben dan eve fay", "emergency services", "Amy Okafor")
    house.forward(minutes=10)
    house.world.assert_quiet()
    assert amy.app.alarm(alarm)["outcome"] == "emergency_services"


def test_an_sos_on_a_visit_names_the_place_and_leaves_it_watched(house: House) -> None:
    """Contract 5: closing a visit never ends an SOS; resolving an SOS leaves an open visit open."""
    amy, ben = house.people("amy", "ben")
    visit = ok(amy.app.start("12 High St", minutes=30), 201)
    position = {"lat": 51.5, "lon": -0.12, "accuracy_m": 10.0}
    alarm = ok(amy.app.sos(visit=visit["id"], position=position), 201)
    house.settle()
    house.only_told("ben dan", "SOS from Amy Okafor", "12 High St")
    ben.phone.replies("1")
    house.settle()
    house.told("amy", "Ben Hughes has your")
    house.only_told("dan", "has taken charge")
    ok(ben.app.resolve(alarm))
    house.settle()
    house.told("amy", "Ben Hughes has closed your message")
    house.only_told("dan", "All clear", "Her visit is watched until 14:30")
    assert amy.app.visit(visit)["status"] == "open"
    second = ok(amy.app.sos(), 201)
    assert second["visit"] == visit["id"]
    house.settle()
    house.only_told("ben dan", "SOS from Amy Okafor", "12 High St")
    ok(amy.app.close(visit, pin=amy.pin))
    house.forward(seconds=RUNG_S)
    house.only_told("cat", "SOS from Amy Okafor")
    assert ben.app.alarm(second)["status"] == "raised"
    ok(amy.app.stand_down(second, pin=amy.pin))
    house.settle()
    house.only_told("ben cat dan", "false alarm")


def test_an_sos_for_a_visit_the_server_never_heard_of(house: House) -> None:
    """Contract 5: an unknown visit, unknown fields and a broken position make an alarm and a note
    of what was unreadable; the snapshot says where she was."""
    amy, ben = house.people("amy", "ben")
    alarm = ok(
        amy.app.sos(
            visit=str(uuid4()),
            visit_snapshot={"place": "The Old Mill", "ends_at": "whenever"},
            position={"lat": "north"},
            battery=3,
        ),
        201,
    )
    house.settle()
    house.only_told("ben dan", "SOS from Amy Okafor", "The Old Mill")
    ok(amy.app.stand_down(alarm, pin=amy.pin))
    house.settle()
    house.only_told("ben dan", "false alarm")
    assert ben.app.alarms() == []


def test_an_sos_made_before_a_close_and_heard_after_it_is_raised(house: House) -> None:
    """P2: the close does not swallow it."""
    amy = house["amy"]
    visit = ok(amy.app.start("12 High St", minutes=30), 201)
    house.forward(minutes=5)
    cried = house.now()
    house.forward(minutes=5)
    ok(amy.app.close(visit))
    alarm = ok(amy.app.sos(visit=visit["id"], at=cried), 201)
    house.settle()
    house.only_told("ben dan", "SOS from Amy Okafor", "14:05")
    assert alarm["status"] == "raised"
    ok(amy.app.stand_down(alarm, pin=amy.pin))
    house.settle()
    house.only_told("ben dan", "All clear")


def test_a_mistaken_sos_is_stood_down_by_pin_only(house: House) -> None:
    """P4: no PIN and wrong PINs stand nothing down; the safe one does, and the visit goes on."""
    amy, ben = house.people("amy", "ben")
    visit = ok(amy.app.start("12 High St", minutes=30), 201)
    alarm = ok(amy.app.sos(), 201)
    house.settle()
    house.only_told("ben dan", "SOS")
    missing = amy.app.stand_down(alarm)
    assert missing.status_code in (403, 422)
    assert amy.app.stand_down(alarm, pin="1111").status_code == 403
    assert ben.app.alarm(alarm)["status"] == "raised"
    done = ok(amy.app.stand_down(alarm, pin=amy.pin))
    assert (done["status"], done["outcome"]) == ("resolved", "false_alarm")
    house.settle()
    house.only_told("ben dan", "All clear", "false alarm")
    assert amy.app.visit(visit)["status"] == "open"
    house.forward(minutes=29)
    house.only_told("amy", "14:30 booking is up in 1 min")
    ok(amy.app.close(visit))


@on_both
def test_an_sos_by_text_and_its_end_by_text(house: House) -> None:
    """Contract 6: SOS and HELP from a worker raise; SAFE with her own PIN stands down (P4)."""
    amy, ben = house.people("amy", "ben")
    amy.phone.replies("Help me please!!")
    house.settle()
    house.only_told("ben dan", "SOS from Amy Okafor")
    ben.phone.replies("1")
    house.settle()
    house.told("amy", "Ben Hughes has your message in hand")
    house.only_told("dan", "Ben Hughes has taken charge")
    amy.phone.replies("OK")
    house.settle()
    house.only_told("ben dan", "phone says", "speak to her")
    assert len(ben.app.alarms()) == 1
    amy.phone.replies(f"FALSE {amy.pin}")
    house.settle()
    house.only_told("ben dan", "All clear", "false alarm")
    assert ben.app.alarms() == []


def test_an_old_sos_with_an_expired_phone_is_taken_and_marked(house: House) -> None:
    """Contract 5: a token that expired within 90 days gets 202 and an alarm marked unverified."""
    amy, ben = house.people("amy", "ben")
    ok(amy.app.get("/me"))
    house.stop()
    house.away(minutes=366 * 24 * 60)
    house.restart()
    assert amy.app.get("/me").status_code == 401
    answer = amy.app.sos()
    assert answer.status_code == 202
    house.settle()
    house.only_told("ben dan", "SOS from Amy Okafor", "not verified")
    ben.phone.replies("1")
    house.settle()
    house.told("amy", "Ben Hughes has your message in hand")
    house.only_told("dan", "has taken charge")
    ben.phone.replies(f"SAFE {ben.pin}")
    house.settle()
    house.told("amy", "Ben Hughes has closed your message")
    house.only_told("dan", "All clear")


def test_an_sos_from_a_revoked_phone_is_refused_and_the_managers_hear_of_it(house: House) -> None:
    """Contract 5: 401, and the managers are told."""
    amy = house["amy"]
    ok(amy.app.get("/me"))
    code, _, errors = house.command("revoke", "amy")
    assert code == 0, errors
    assert amy.app.sos().status_code == 401
    house.settle()
    house.only_told("cat", "Amy Okafor")


def test_a_position_a_day_old_does_not_replace_a_newer_one(house: House) -> None:
    """P10: an older position is kept in the log and changes nothing."""
    amy = house["amy"]
    visit = ok(amy.app.start("12 High St", minutes=30), 201)
    here = {"lat": 51.5, "lon": -0.12}
    assert amy.app.position(visit, at=house.now(), position=here).status_code == 204
    there = {"lat": 52.5, "lon": -1.12}
    old = house.now() - timedelta(hours=20)
    assert amy.app.position(visit, at=old, position=there).status_code == 204
    ((lat,),) = house.peek.rows("SELECT lat FROM visits")
    assert lat == here["lat"]
    ok(amy.app.close(visit))

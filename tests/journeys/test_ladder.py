"""A worker goes quiet: who is told, in what order, and what ends it (P1, P3, P4, P5)."""

from datetime import timedelta

from tests.support.house import House
from tests.support.houses import NewHouse, on_both
from tests.support.member import Member
from tests.support.phone_app import ok
from tests.support.riverside import BROADCAST_EVERY_S, OWNER_QUIET_S, RUNG_S, riverside

TOLD_BY_BROADCAST = "ben cat dan eve fay"
MINUTES = 5
"""A visit of five minutes from 14:00: due 14:05, raised 14:07."""


def overdue(house: House, who: Member, place: str = "12 High St") -> dict[str, object]:
    """A visit of hers that has just been raised; her own reminders are read."""
    visit = ok(who.app.start(place, minutes=MINUTES), 201)
    house.forward(minutes=MINUTES + 2)
    texts = who.phone.reads_all()
    assert [text[:13] for text in texts] == ["Your 14:05 boo"[:13]] * 3
    return visit


@on_both
def test_a_silent_worker_is_missed_by_one_after_another(house: House) -> None:
    """P1, P3, P4, P5: the whole ladder, text by text, to the all-clear."""
    amy, ben, cat = house.people("amy", "ben", "cat")
    visit = overdue(house, amy)
    (text,) = house.only_told("ben", "Amy Okafor is overdue", "12 High St", "due 14:05", "Reply 1")
    assert "07700 900101" in text
    house.forward(seconds=RUNG_S - 1)
    house.world.assert_quiet()
    house.forward(seconds=1)
    house.only_told("dan", "Amy Okafor is overdue", "12 High St")
    house.forward(seconds=RUNG_S)
    house.only_told("cat", "Amy Okafor is overdue")
    assert "Amy Okafor" in cat.phone.replies("1")
    house.forward(seconds=1)
    house.told("amy", "Cat Lin has your 14:05 booking in hand")
    house.only_told("ben dan", "Cat Lin has taken charge of Amy Okafor's alarm")
    house.forward(seconds=50)
    house.world.assert_quiet()
    (alarm,) = cat.app.alarms()
    assert (alarm["status"], alarm["owner"]["name"]) == ("owned", "Cat Lin")
    assert "Amy Okafor" in cat.phone.replies(f"SAFE {cat.pin}")
    house.forward(seconds=1)
    house.told("amy", "Cat Lin has closed your 14:05 booking")
    house.only_told("ben dan", "All clear: Amy Okafor is safe", "Cat Lin")
    house.forward(minutes=20)
    house.world.assert_quiet()
    seen = ben.app.visit(visit)
    assert (seen["status"], seen["closed_how"]) == ("closed", "alarm_resolved")
    assert (seen["alarms"][0]["status"], seen["alarms"][0]["outcome"]) == ("resolved", "safe")
    wanted = [
        "started", "warn", "nudge", "nudge", "overdue_raised", "told", "told", "told", "owned",
        "alarm_resolved", "closed",
    ]  # fmt: skip
    assert [what for what in ben.app.log_of(visit) if what in wanted] == wanted


@on_both
def test_an_owner_who_goes_quiet_loses_it_and_the_climb_goes_on(house: House) -> None:
    """P5: asked at half of owner_quiet_s, lapsed at the whole; the next unfired rung at once."""
    amy, ben, dan = house.people("amy", "ben", "dan")
    visit = overdue(house, amy)
    house.only_told("ben", "overdue")
    ben.phone.replies("1")
    house.forward(seconds=1)
    house.only_told("amy", "in hand")
    house.forward(seconds=OWNER_QUIET_S / 2)
    house.only_told("ben", "Are you still with Amy Okafor's alarm?", "Reply 1")
    ben.phone.replies("1")
    house.forward(seconds=OWNER_QUIET_S / 2 + 1)
    house.only_told("ben", "Are you still with")
    house.world.assert_quiet()
    house.forward(seconds=OWNER_QUIET_S / 2)
    house.told("ben", "You no longer have charge")
    house.only_told("dan", "Amy Okafor is overdue")
    house.forward(seconds=RUNG_S)
    house.only_told("cat", "Amy Okafor is overdue")
    dan.phone.replies("1")
    house.forward(seconds=1)
    house.told("amy", "Dan Price has your 14:05 booking in hand")
    house.only_told("ben cat", "Dan Price has taken charge")
    dan.phone.replies(f"SAFE {dan.pin}")
    house.forward(seconds=1)
    house.told("amy", "Dan Price has closed your 14:05 booking")
    house.only_told("ben cat", "All clear")
    assert "ownership_lapsed" in ben.app.log_of(visit)


@on_both
def test_a_ladder_used_up_becomes_a_broadcast_until_somebody_answers(house: House) -> None:
    """P5: no silent end; everybody, again and again, and only a person stops it (P4)."""
    amy, eve = house.people("amy", "eve")
    overdue(house, amy)
    house.only_told("ben", "overdue")
    house.forward(seconds=RUNG_S)
    house.only_told("dan", "overdue")
    house.forward(seconds=RUNG_S)
    house.only_told("cat", "overdue")
    house.forward(seconds=60)
    house.only_told(TOLD_BY_BROADCAST, "Amy Okafor is overdue")
    for _ in range(3):
        house.forward(seconds=BROADCAST_EVERY_S - 1)
        house.world.assert_quiet()
        house.forward(seconds=1)
        house.only_told(TOLD_BY_BROADCAST, "Amy Okafor is overdue")
    eve.phone.replies("1")
    house.forward(seconds=1)
    house.told("amy", "Eve Shah has your 14:05 booking in hand")
    house.only_told("ben cat dan fay", "Eve Shah has taken charge")
    eve.phone.replies(f"SAFE {eve.pin}")
    house.forward(seconds=1)
    house.told("amy", "Eve Shah has closed your 14:05 booking")
    house.only_told("ben cat dan fay", "All clear")
    house.forward(seconds=2 * BROADCAST_EVERY_S)
    house.world.assert_quiet()


def test_passing_it_on_reaches_the_next_at_once(house: House) -> None:
    """Contract 6, `2`: no wait for somebody who said no; the others keep their spacing."""
    amy, ben, dan = house.people("amy", "ben", "dan")
    overdue(house, amy)
    house.only_told("ben", "overdue")
    ben.phone.replies("2")
    house.forward(seconds=1)
    house.only_told("dan", "overdue")
    house.forward(seconds=RUNG_S - 2)
    house.world.assert_quiet()
    house.forward(seconds=2)
    house.only_told("cat", "overdue")
    dan.phone.replies("1")
    house.forward(seconds=1)
    house.told("amy", "in hand")
    house.only_told("ben cat", "Dan Price has taken charge")
    dan.phone.replies(f"SAFE {dan.pin}")
    house.forward(seconds=1)
    house.told("amy", "Dan Price has closed your 14:05 booking")
    house.only_told("ben cat", "All clear")


def test_an_alarm_owned_for_long_goes_to_the_managers(house: House) -> None:
    """P5: owned and unresolved for 1,800 s, whoever owns it; they too are stood down."""
    amy, ben, cat = house.people("amy", "ben", "cat")
    overdue(house, amy)
    house.only_told("ben", "overdue")
    ben.phone.replies("1")
    house.forward(seconds=1)
    house.only_told("amy", "in hand")
    for _ in range(35):
        house.forward(seconds=50)
        ben.phone.replies("1")
    house.world.assert_quiet()
    house.forward(seconds=50)
    house.only_told("cat", "Amy Okafor's alarm is open since 14:07", "Ben Hughes", "charge")
    assert "Ben Hughes" in cat.phone.replies("1")
    ben.phone.replies(f"SAFE {ben.pin}")
    house.forward(seconds=1)
    house.told("amy", "Ben Hughes has closed your 14:05 booking")
    house.only_told("cat", "All clear")


def test_two_alarms_for_one_worker_at_once(house: House) -> None:
    """P5: one alarm never hides another; each has its letter and its own end."""
    amy, ben, dan = house.people("amy", "ben", "dan")
    visit = overdue(house, amy)
    house.only_told("ben", "overdue", "Reply 1 to")
    sos = ok(amy.app.sos(visit=visit["id"]), 201)
    house.forward(seconds=1)
    letter = house.only_told("ben dan", "SOS from Amy Okafor")[0]
    assert "Reply 1 B" in letter
    both = ben.phone.replies("1")
    assert "1 A" in both
    assert "1 B" in both
    assert [alarm["status"] for alarm in ben.app.alarms()] == ["raised", "raised"]
    ben.phone.replies("1 B")
    house.forward(seconds=1)
    house.told("amy", "Ben Hughes has")
    house.only_told("dan", "Ben Hughes has taken charge")
    house.forward(seconds=RUNG_S)
    house.told("ben", "Are you still with", "Reply 1 B")
    house.only_told("dan", "Amy Okafor is overdue")
    ben.phone.replies("1 B")
    dan.phone.replies("1 B")
    house.forward(seconds=1)
    house.told("amy", "Dan Price has your 14:05 booking in hand")
    house.only_told("ben", "Dan Price has taken charge")
    ok(amy.app.close(visit, pin=amy.pin))
    house.forward(seconds=1)
    house.only_told("ben dan", "One alarm about Amy Okafor is over", "ANOTHER IS STILL OPEN")
    (left,) = ben.app.alarms()
    assert (left["id"], left["kind"], left["status"]) == (sos["id"], "sos", "owned")
    ben.phone.replies(f"SAFE B {ben.pin}")
    house.forward(seconds=1)
    house.told("amy", "Ben Hughes has closed your message")
    house.only_told("dan", "All clear")
    assert ben.app.alarms() == []


def test_a_close_without_pin_after_the_raise_stops_nothing(house: House) -> None:
    """P4: 200, logged, told to whoever was alarmed; the climb goes on until the safe PIN."""
    amy, ben = house.people("amy", "ben")
    visit = overdue(house, amy)
    house.only_told("ben", "overdue")
    answer = ok(amy.app.close(visit))
    assert answer["status"] == "open"
    house.forward(seconds=1)
    house.only_told("ben", "Amy Okafor's phone says", "14:07", "no PIN: speak to her")
    house.forward(seconds=RUNG_S)
    house.told("dan", "Amy Okafor is overdue")
    house.only_told("dan", "Amy Okafor's phone says", "14:07", "no PIN: speak to her")
    ben.phone.replies("1")
    house.forward(seconds=1)
    house.told("amy", "in hand")
    house.only_told("dan", "has taken charge")
    said = amy.phone.replies("OK")
    assert "PIN" in said
    ok(amy.app.extend(visit, 15))
    house.forward(seconds=1)
    heard = ben.phone.reads_all()
    assert len(heard) == 2
    assert all("speak to her" in text for text in heard)
    assert len(house["dan"].phone.reads_all()) == 2
    wrong = amy.app.close(visit, pin="0000")
    assert (wrong.status_code, wrong.json()["type"].rsplit("/")[-1]) == (403, "pin-wrong")
    closed = ok(amy.app.close(visit, pin=amy.pin))
    assert closed["status"] == "closed"
    house.forward(seconds=1)
    house.only_told("ben dan", "All clear")
    house.forward(minutes=10)
    house.world.assert_quiet()


def test_resolved_by_her_buddy_the_visit_is_closed_and_stays_quiet(house: House) -> None:
    """Contract 5: resolving an overdue closes its visit in the same transaction."""
    amy, ben = house.people("amy", "ben")
    visit = overdue(house, amy)
    house.only_told("ben", "overdue")
    (alarm,) = ben.app.alarms()
    ok(ben.app.own(alarm))
    house.forward(seconds=1)
    house.only_told("amy", "Ben Hughes has your 14:05 booking in hand")
    done = ok(ben.app.resolve(alarm, note="Spoke to her, battery flat."))
    assert (done["status"], done["outcome"]) == ("resolved", "safe")
    house.forward(seconds=1)
    house.only_told("amy", "Ben Hughes has closed your 14:05 booking (14:07)")
    house.forward(minutes=30)
    house.world.assert_quiet()
    seen = amy.app.visit(visit)
    assert (seen["status"], seen["closed_how"]) == ("closed", "alarm_resolved")
    late = amy.app.close(visit)
    assert (late.status_code, late.json()["closed_how"]) == (200, "alarm_resolved")


def test_resolved_until_later_it_is_watched_on(house: House) -> None:
    """Contract 5: with `until` the visit goes on, and missed again it is raised again (P1)."""
    amy, ben = house.people("amy", "ben")
    visit = overdue(house, amy)
    house.only_told("ben", "overdue")
    (alarm,) = ben.app.alarms()
    ok(ben.app.own(alarm))
    house.forward(seconds=1)
    house.only_told("amy", "in hand")
    until = house.now() + timedelta(minutes=10)
    ok(ben.app.resolve(alarm, until=until))
    house.forward(seconds=1)
    house.only_told("amy", "Ben Hughes spoke for your 14:05 booking: it is up at 14:17 now")
    seen = amy.app.visit(visit)
    assert (seen["status"], seen["alarms"][0]["status"]) == ("open", "resolved")
    house.forward(minutes=9)
    house.only_told("amy", "14:17 booking is up in 1 min")
    house.forward(minutes=3)
    assert len(amy.phone.reads_all()) == 2
    house.only_told("ben", "Amy Okafor is overdue", "due 14:17")
    ok(amy.app.close(visit, pin=amy.pin))
    house.forward(seconds=1)
    house.only_told("ben", "All clear")


def test_each_others_buddies_both_overdue(house: House) -> None:
    """Contract 4: somebody in trouble is told last and never waited for; nobody of her own."""
    amy, ben, dan = house.people("amy", "ben", "dan")
    hers = ok(amy.app.start("12 High St", minutes=MINUTES), 201)
    his = ok(ben.app.start("3 Mill Lane", minutes=MINUTES), 201)
    house.forward(minutes=MINUTES + 2)
    amy.phone.reads_all()
    ben.phone.reads_all()
    texts = dan.phone.reads_all()
    assert sorted(text.split(" is overdue")[0] for text in texts) == ["Amy Okafor", "Ben Hughes"]
    assert len({text.split("Reply 1")[1][:2] for text in texts}) == 2
    listed = dan.phone.replies("1")
    assert "Amy" in listed
    assert "Ben" in listed
    letters = {text.split(" is overdue")[0]: text.split("Reply 1")[1].split()[0] for text in texts}
    letters = {name: code if len(code) == 1 else "A" for name, code in letters.items()}
    dan.phone.replies(f"1 {letters['Amy Okafor']}")
    dan.phone.replies(f"1 {letters['Ben Hughes']}")
    house.forward(seconds=1)
    house.told("amy ben", "Dan Price has your 14:05 booking in hand")
    # Whoever was raised a moment later had still been told of the other.
    assert all("Dan Price has taken charge" in text for text in ben.phone.reads_all())
    house.world.assert_quiet()
    for who, visit in ((amy, hers), (ben, his)):
        ok(who.app.close(visit, pin=who.pin))
    house.forward(seconds=1)
    house.told("dan", "All clear: Amy Okafor")
    house.told("dan", "All clear: Ben Hughes")
    assert all("All clear: Amy Okafor" in text for text in ben.phone.reads_all())
    house.forward(minutes=10)
    house.world.assert_quiet()


def test_both_overdue_and_nobody_else_answers_they_are_told_of_each_other(house: House) -> None:
    """P5: a broadcast leaves nobody out, and nobody ever hears of her own alarm."""
    amy, ben = house.people("amy", "ben")
    hers = ok(amy.app.start("12 High St", minutes=MINUTES), 201)
    his = ok(ben.app.start("3 Mill Lane", minutes=MINUTES), 201)
    house.forward(minutes=MINUTES + 2 + 4)
    of_her = [text for text in ben.phone.reads_all() if "is overdue" in text]
    of_him = [text for text in amy.phone.reads_all() if "is overdue" in text]
    assert of_her
    assert of_him
    assert all(text.startswith("Amy Okafor") for text in of_her)
    assert all(text.startswith("Ben Hughes") for text in of_him)
    for who, visit in ((amy, hers), (ben, his)):
        ok(who.app.close(visit, pin=who.pin))
    house.forward(seconds=1)
    for ref in [*TOLD_BY_BROADCAST.split(), "amy"]:
        texts = house[ref].phone.reads_all()
        assert sum("All clear" in text for text in texts) == (1 if ref in ("amy", "ben") else 2)


def test_the_contracts_own_ladder(new_house: NewHouse) -> None:
    """Contract 4: the default policy, where calls are texts as long as only texts are set up."""
    file = riverside()
    file["teams"][0]["policy"] = {}
    house = new_house(file=file).open()
    amy, ben = house.people("amy", "ben")
    visit = ok(amy.app.start("12 High St", minutes=10), 201)
    planned = [(step["who"], step["at"][14:16]) for step in visit["safety_chain"]]
    house.forward(minutes=20)
    assert len(amy.phone.reads_all()) == 3
    house.only_told("ben", "overdue")
    house.forward(seconds=180)
    house.told("ben", "overdue")
    house.only_told("dan", "overdue")
    house.forward(seconds=120)
    house.only_told("dan", "overdue")
    house.forward(seconds=180)
    house.only_told("cat", "overdue")
    house.forward(seconds=120)
    house.only_told(TOLD_BY_BROADCAST, "overdue")
    ben.phone.replies("1")
    house.forward(seconds=1)
    amy.phone.reads_all()
    house.only_told("cat dan eve fay", "has taken charge")
    ok(ben.app.resolve(ben.app.alarms()[0]))
    house.forward(seconds=1)
    house.told("amy", "Ben Hughes has closed your")
    house.only_told("cat dan eve fay", "All clear")
    assert planned[3:6] == [("Ben Hughes", "20"), ("Ben Hughes", "23"), ("Dan Price", "23")]

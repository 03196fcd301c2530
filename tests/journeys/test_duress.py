"""Under duress nothing gives her away (P4): each story is told twice, in two houses on one clock
with the same people, once with the safe PIN and once with the duress PIN. Whatever her devices and
her number were answered and sent, in every role she has, has to be the same, byte for byte.
"""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest

from tests.support.gateway import Gateway
from tests.support.house import House
from tests.support.houses import NewHouse, kinds
from tests.support.member import Member
from tests.support.phone_app import ok
from tests.support.riverside import RUNG_S, riverside

AN_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
INNOCENT_HEADERS = ("date", "connection", "server")
EVERY_ROLE = riverside(
    people={"amy": {"roles": ["worker", "buddy", "manager", "admin"]}},
)
WATCHED = ("ben", "dan")

Story = Callable[[House, Member, str], None]
"""What happens, to `amy`, who uses this PIN throughout."""


def look_around(amy: Member) -> None:
    """Everything a phone of hers can ask, and every word she can text without a PIN."""
    app = amy.app
    found = ok(app.get("/visits"))["items"]
    paths = [f"/visits/{visit['id']}" for visit in found]
    paths += [f"/alarms/{alarm['id']}" for visit in found for alarm in visit["alarms"]]
    paths += ["/me", "/watching", "/visits?status=open", "/visits?status=closed"]
    paths += ["/alarms", "/alarms?status=raised", "/alarms?status=resolved"]
    for path in paths:
        app.get(path)
    for item in ok(app.get("/watching"))["items"]:
        if item["visit"]:
            app.get(f"/visits/{item['visit']['id']}")
    for alarm in ok(app.get("/alarms"))["items"]:
        app.get(f"/alarms/{alarm['id']}")
    for words in ("STATUS", "what now?", "1", "2"):
        amy.phone.texts(words)
    amy.house.settle()


def pass_time_looking(house: House, amy: Member, minutes: int) -> None:
    """Looking at everything every three minutes, and at the end."""
    while minutes > 0:
        house.forward(minutes=min(3, minutes))
        look_around(amy)
        minutes -= 3


def closed_by_app(house: House, amy: Member, pin: str) -> None:
    """A close in good time, looked at from all sides, and asked for again."""
    ben = house["ben"]
    ok(ben.app.start("3 Mill Lane", minutes=6), 201)
    visit = ok(amy.app.start("12 High St", minutes=10), 201)
    house.forward(minutes=4)
    closed = amy.app.close(visit, pin=pin, note="Went well.")
    assert ok(closed)["status"] == "closed"
    house.forward(seconds=1)
    look_around(amy)
    amy.app.again(closed)
    amy.app.close(visit, pin=pin)
    amy.app.close(visit)
    amy.app.check_in(visit)
    amy.app.check_in(visit, at=house.now() - timedelta(minutes=2))
    amy.app.extend(visit, 15, pin=pin)
    amy.app.position(visit, at=house.now(), position={"lat": 51.5, "lon": -0.1})
    amy.app.post(f"/visits/{visit['id']}/cancel")
    pass_time_looking(house, amy, 12)
    amy.phone.texts(f"SAFE {pin}")
    house.forward(seconds=1)
    look_around(amy)


def closed_by_app_after_the_raise(house: House, amy: Member, pin: str) -> None:
    """Her buddy has it in hand when she closes with a PIN."""
    visit = ok(amy.app.start("12 High St", minutes=5), 201)
    house.forward(minutes=7, seconds=10)
    house["ben"].phone.texts("1")
    house.forward(seconds=10)
    amy.app.close(visit)
    house.forward(seconds=10)
    look_around(amy)
    assert ok(amy.app.close(visit, pin=pin))["status"] == "closed"
    house.forward(seconds=1)
    look_around(amy)
    pass_time_looking(house, amy, 6)


def extended_by_app_after_the_raise(house: House, amy: Member, pin: str) -> None:
    """More time with a PIN ends the alarm, as far as she can see, and moves the end."""
    visit = ok(amy.app.start("12 High St", minutes=5), 201)
    house.forward(minutes=7, seconds=10)
    ok(amy.app.extend(visit, 20, pin=pin))
    house.forward(seconds=1)
    look_around(amy)
    pass_time_looking(house, amy, 3)
    ok(amy.app.close(visit, pin=pin))
    pass_time_looking(house, amy, 2)


def closed_by_text(house: House, amy: Member, pin: str) -> None:
    """The same by text, with everything else she can text before and after."""
    amy.phone.texts("VISIT 10 12 High St")
    house.forward(minutes=3)
    amy.phone.texts(f"DONE {pin}")
    house.forward(seconds=1)
    for words in ("OK", f"DONE {pin}", "DONE", f"MORE 15 {pin}", "MORE 15", f"SAFE {pin}", "HELLO"):
        amy.phone.texts(words)
        house.forward(seconds=1)
    look_around(amy)
    pass_time_looking(house, amy, 6)
    amy.phone.texts("HOME 30")
    house.forward(minutes=1)
    look_around(amy)
    amy.phone.texts(f"HOME {pin}")
    pass_time_looking(house, amy, 2)


def closed_by_text_after_the_raise(house: House, amy: Member, pin: str) -> None:
    """DONE with a PIN while everybody has been told."""
    amy.phone.texts("VISIT 5 12 High St")
    house.forward(minutes=7)
    pass_time_looking(house, amy, 4)
    amy.phone.texts("DONE")
    amy.phone.texts(f"DONE {pin}")
    house.forward(seconds=1)
    look_around(amy)
    pass_time_looking(house, amy, 4)


def an_sos_stood_down(house: House, amy: Member, pin: str) -> None:
    """A mistaken SOS, once by app and once by text, on a visit that goes on."""
    visit = ok(amy.app.start("12 High St", minutes=30), 201)
    sos = ok(amy.app.sos(), 201)
    house.forward(seconds=5)
    assert ok(amy.app.stand_down(sos, pin=pin))["status"] == "resolved"
    house.forward(seconds=1)
    look_around(amy)
    pass_time_looking(house, amy, 3)
    ok(amy.app.close(visit, pin=pin))
    pass_time_looking(house, amy, 3)


def an_sos_stood_down_by_text(house: House, amy: Member, pin: str) -> None:
    """SOS and FALSE by text, without any visit."""
    amy.phone.texts("SOS")
    house.forward(seconds=30)
    house["ben"].phone.texts("1")
    house.forward(seconds=1)
    amy.phone.texts(f"FALSE {pin}")
    house.forward(seconds=1)
    look_around(amy)
    pass_time_looking(house, amy, 5)


def as_her_buddys_buddy(house: House, amy: Member, pin: str) -> None:
    """While hers is hidden, Ben's alarm reaches her: she owns it and ends it with a PIN."""
    ben = house["ben"]
    ok(ben.app.start("3 Mill Lane", minutes=8), 201)
    visit = ok(amy.app.start("12 High St", minutes=10), 201)
    house.forward(minutes=2)
    ok(amy.app.close(visit, pin=pin))
    pass_time_looking(house, amy, 8)
    amy.phone.texts("1")
    house.forward(seconds=5)
    look_around(amy)
    amy.phone.texts(f"SAFE {pin}")
    house.forward(seconds=1)
    look_around(amy)
    pass_time_looking(house, amy, 3)


def resolving_by_app(house: House, amy: Member, pin: str) -> None:
    """The PIN is given while resolving somebody else's alarm: it is about the resolver then."""
    ben = house["ben"]
    ok(ben.app.start("3 Mill Lane", minutes=5), 201)
    house.forward(minutes=7)
    (alarm,) = amy.app.alarms()
    ok(amy.app.own(alarm))
    house.forward(seconds=5)
    assert ok(amy.app.resolve(alarm, pin=pin))["status"] == "resolved"
    house.forward(seconds=1)
    look_around(amy)
    amy.app.note(alarm, "He was in the garden.")
    amy.app.release(alarm)
    amy.app.own(alarm)
    pass_time_looking(house, amy, 6)


def the_next_visit(house: House, amy: Member, pin: str) -> None:
    """She goes on working under somebody's eyes: another visit, in time, with her PIN."""
    first = ok(amy.app.start("12 High St", minutes=10), 201)
    house.forward(minutes=2)
    ok(amy.app.close(first, pin=pin))
    house.forward(minutes=1)
    second = ok(amy.app.start("3 Mill Lane", minutes=10), 201)
    pass_time_looking(house, amy, 3)
    ok(amy.app.check_in(second))
    ok(amy.app.extend(second, 5, pin=pin))
    ok(amy.app.close(second, pin=pin))
    pass_time_looking(house, amy, 3)
    third = ok(amy.app.start("1 Quay", minutes=5), 201)
    house.forward(minutes=1)
    fourth = ok(amy.app.start("2 Quay", minutes=5, pin=pin), 201)
    look_around(amy)
    amy.app.close(third, pin=pin)
    ok(amy.app.close(fourth, pin=pin))
    pass_time_looking(house, amy, 3)


def the_next_visit_missed(house: House, amy: Member, pin: str) -> None:
    """Another visit, of which nothing more is heard."""
    first = ok(amy.app.start("12 High St", minutes=10), 201)
    house.forward(minutes=2)
    ok(amy.app.close(first, pin=pin))
    house.forward(minutes=1)
    ok(amy.app.start("3 Mill Lane", minutes=5), 201)
    pass_time_looking(house, amy, 12)


def everything_else_of_hers(house: House, amy: Member, pin: str) -> None:
    """What else she may do meanwhile: away, back, watching others, planning ahead."""
    ben = house["ben"]
    visit = ok(amy.app.start("12 High St", minutes=10), 201)
    house.forward(minutes=2)
    ok(amy.app.close(visit, pin=pin))
    house.forward(seconds=1)
    his = ok(ben.app.start("3 Mill Lane", minutes=30), 201)
    amy.app.post(f"/watching/{his['id']}/accept")
    look_around(amy)
    amy.phone.texts("AWAY 18:00")
    look_around(amy)
    amy.phone.texts("BACK")
    amy.app.post("/me/away", until=house.now() + timedelta(hours=1))
    planned = amy.app.start("4 Elm Row", minutes=20, starts_at=house.now() + timedelta(hours=1))
    ok(planned, 201)
    look_around(amy)
    amy.app.post(f"/visits/{planned.json()['id']}/cancel")
    amy.app.post(f"/watching/{his['id']}/decline")
    pass_time_looking(house, amy, 3)
    ok(ben.app.close(his))


def her_pins_changed(house: House, amy: Member, pin: str) -> None:
    """Somebody makes her change her PINs, and tries the new one."""
    visit = ok(amy.app.start("12 High St", minutes=30), 201)
    house.forward(minutes=1)
    changed = amy.app.post("/me/pins", old=pin, pin="9021", duress_pin="1357")
    assert changed.status_code == 204
    house.forward(seconds=1)
    look_around(amy)
    amy.app.close(visit, pin="0000")
    amy.app.close(visit, pin="9021")
    house.forward(seconds=1)
    look_around(amy)
    amy.phone.texts("VISIT 5 3 Mill Lane")
    amy.phone.texts("DONE 9021")
    pass_time_looking(house, amy, 3)


STORIES: list[Story] = [
    closed_by_app,
    closed_by_app_after_the_raise,
    extended_by_app_after_the_raise,
    closed_by_text,
    closed_by_text_after_the_raise,
    an_sos_stood_down,
    an_sos_stood_down_by_text,
    as_her_buddys_buddy,
    resolving_by_app,
    the_next_visit,
    the_next_visit_missed,
    everything_else_of_hers,
    her_pins_changed,
]
ON_POSTGRESQL = (closed_by_text,)


@pytest.fixture
def pair(new_house: NewHouse) -> Iterator[Callable[[str], tuple[House, House]]]:
    """Two houses that differ in nothing, each with a gateway of its own."""
    with ExitStack() as worlds:

        def make(kind: str) -> tuple[House, House]:
            first, second = (
                new_house(
                    kind, world=worlds.enter_context(Gateway()), file=EVERY_ROLE, rate=0.0
                )
                for _ in range(2)
            )  # fmt: skip
            first.import_people()
            second.copy_from(first)
            return first, second

        yield make


def tell(story: Story, house: House, under_duress: bool) -> list[str]:
    """Everything her devices and her number got, instant by instant, in one house."""
    house.start_up()
    amy = house["amy"]
    for ref in ("amy", "ben", "dan"):
        assert house[ref].app.token
    story(house, amy, amy.duress_pin if under_duress else amy.pin)
    answers = [_answer(one) for one in amy.app.answers]
    texts = [f"{text.at:%H:%M:%S.%f} {text.via}: {text}" for text in amy.phone.inbox]
    # Which of two comes first in one instant is a race between threads, with either PIN.
    return _with_numbers_for_ids(answers + sorted(texts))


def _answer(answer: Any) -> str:
    headers = sorted(
        f"{name}: {value}"
        for name, value in answer.headers.items()
        if name.lower() not in INNOCENT_HEADERS
    )
    asked = f"{answer.request.method} {answer.request.path_url}"
    return f"{asked} -> {answer.status_code} {headers} {answer.text}"


def _with_numbers_for_ids(lines: list[str]) -> list[str]:
    """The ids of alarms are made at random, which is innocent: only their sameness counts."""
    names: dict[str, str] = {}
    return [
        AN_ID.sub(lambda found: names.setdefault(found[0], f"id-{len(names)}"), line)
        for line in lines
    ]


def differences(safe: list[str], duress: list[str]) -> str:
    """Every line that is not the same, one under the other."""
    length = max(len(safe), len(duress))
    pairs = zip(
        safe + [""] * (length - len(safe)), duress + [""] * (length - len(duress)), strict=True
    )
    return "\n".join(f"\n  safe:   {a}\n  duress: {b}" for a, b in pairs if a != b)


def _tell_both(story: Story, pair: Callable[[str], tuple[House, House]], kind: str) -> House:
    houses = pair(kind)
    with ThreadPoolExecutor(2) as pool:
        told = [
            pool.submit(tell, story, house, under_duress)
            for house, under_duress in zip(houses, (False, True), strict=True)
        ]
        safe, duress = (one.result() for one in told)
    found = differences(safe, duress)
    for house in houses:
        _read_everything(house)
    assert not found, found
    return houses[1]


def _read_everything(house: House) -> None:
    for phone in house.world.phones:
        phone.reads_all()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_her_devices_cannot_tell(story: Story, pair: Callable[[str], tuple[House, House]]) -> None:
    """P4: the same answers and texts with either PIN; and the others know."""
    _the_others_know(_tell_both(story, pair, "sqlite"))


@pytest.mark.pg
@pytest.mark.parametrize("story", ON_POSTGRESQL, ids=lambda story: story.__name__)
def test_her_devices_cannot_tell_on_several_machines(
    story: Story, pair: Callable[[str], tuple[House, House]]
) -> None:
    """P4, over PostgreSQL."""
    _the_others_know(_tell_both(story, pair, "postgresql"))


def _the_others_know(house: House) -> None:
    """Ben and Dan were told not to ring her, see an open duress alarm, and can end it."""
    amy, ben = house.people("amy", "ben")
    for ref in WATCHED:
        texts = [text for text in house[ref].phone.inbox if text.via == "message"]
        assert any(text.startswith("DO NOT RING OR TEXT HER") for text in texts), texts
    assert not any("DO NOT RING" in text for text in amy.phone.inbox)
    (alarm,) = [found for found in ben.app.alarms() if found["kind"] == "duress"]
    if alarm["visit"] and (seen := ben.app.visit(alarm["visit"]))["closed_how"] is None:
        assert seen["status"] == "open"
    ok(ben.app.own(alarm, take_over=True))
    house.forward(seconds=5)
    _read_everything(house)
    ok(ben.app.resolve(alarm, note="Police are with her."))
    house.forward(seconds=5)
    assert [found["kind"] for found in ok(amy.app.get("/alarms?status=resolved"))["items"]].count(
        "duress"
    ) == 1
    _settle_the_rest(house)


def _settle_the_rest(house: House) -> None:
    ben = house["ben"]
    for alarm in ben.app.alarms():
        if alarm["worker"]["name"] != ben.name:
            ok(ben.app.resolve(alarm))
    house.forward(seconds=5)
    _read_everything(house)


@kinds
def test_five_wrong_pins_raise_a_hidden_alarm(new_house: NewHouse, kind: str) -> None:
    """Contract 4: from then on no PIN stands anything down, and every answer looks as ever."""
    house = new_house(kind).open()
    amy, ben = house.people("amy", "ben")
    visit = ok(amy.app.start("12 High St", minutes=30), 201)
    answers = [amy.app.close(visit, pin=f"111{n}") for n in range(3)]
    answers.append(amy.app.again(answers[-1]))
    house.settle()
    house.world.assert_quiet()
    answers.append(amy.app.close(visit, pin="1114"))
    assert "1115" not in amy.phone.replies("DONE 1115")
    assert {(one.status_code, one.json()["type"]) for one in answers} == {
        (403, answers[0].json()["type"])
    }
    house.settle()
    house.only_told("ben dan", "DO NOT RING OR TEXT HER", "Amy Okafor", "12 High St")
    assert ok(amy.app.close(visit, pin=amy.pin))["status"] == "closed"
    assert amy.app.visit(visit)["alarms"] == []
    assert ben.app.visit(visit)["status"] == "open"
    house.forward(seconds=RUNG_S)
    house.only_told("cat", "DO NOT RING OR TEXT HER")
    (alarm,) = ben.app.alarms()
    ok(ben.app.resolve(alarm))
    house.settle()
    house.told("amy", "Your 14:30 booking is open again (Ben Hughes): reply DONE")
    house.only_told("cat dan", "All clear", "Her visit is watched until 14:30")
    assert ben.app.visit(visit)["status"] == "open"
    ok(amy.app.close(visit, pin=amy.pin))
    assert ben.app.visit(visit)["status"] == "closed"


def test_a_duress_alarm_asked_for_shows_nowhere_on_her_phone(house: House) -> None:
    """P4: `kind: duress` by app is answered, and is in no list and under no address of hers."""
    amy, ben = house.people("amy", "ben")
    answer = ok(amy.app.sos(kind="duress"), 201)
    house.settle()
    house.only_told("ben dan", "DO NOT RING OR TEXT HER")
    assert amy.app.alarms() == []
    assert amy.app.get(f"/alarms/{answer['id']}").status_code == 404
    assert amy.app.stand_down(answer, pin=amy.pin).status_code == 404
    ben.phone.replies("1")
    house.settle()
    house.only_told("dan", "has taken charge")
    (alarm,) = ben.app.alarms()
    assert (alarm["kind"], alarm["status"]) == ("duress", "owned")
    ok(ben.app.resolve(alarm))
    house.settle()
    house.only_told("dan", "All clear")
    assert ok(amy.app.get("/alarms?status=resolved"))["items"][0]["kind"] == "duress"


def test_pins_changed_under_duress_are_hers_no_more_when_it_is_over(house: House) -> None:
    """P4: the new PIN ends nothing while the alarm is hidden; afterwards the old ones count."""
    amy, ben = house.people("amy", "ben")
    visit = ok(amy.app.start("12 High St", minutes=30), 201)
    forced = {"old": amy.duress_pin, "pin": "9021", "duress_pin": "1357"}
    assert amy.app.post("/me/pins", **forced).status_code == 204
    house.settle()
    house.only_told("ben dan", "DO NOT RING OR TEXT HER")
    assert ok(amy.app.close(visit, pin="9021"))["status"] == "closed"
    assert ben.app.visit(visit)["status"] == "open"
    (alarm,) = ben.app.alarms()
    ok(ben.app.resolve(alarm))
    house.settle()
    house.told("amy", "Your 14:30 booking is open again (Ben Hughes)")
    house.told("amy", "were not kept: those from before count again")
    house.only_told("dan", "All clear")
    assert amy.app.close(visit, pin="9021").status_code == 403
    assert ok(amy.app.close(visit, pin=amy.pin))["status"] == "closed"
    assert ben.app.visit(visit)["status"] == "closed"

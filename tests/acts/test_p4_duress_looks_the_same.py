"""P4: the duress PIN gets byte for byte the safe PIN's answer, and so does everything that any
number or screen of hers gets in the 24 hours after, in every role she has."""

from collections.abc import Callable
from typing import Any

import pytest

from server.store.messages import Purpose
from shared.states import AlarmKind, Role
from tests.engine.fixtures import NewNight
from tests.engine.mirror import Mirror, first_difference
from tests.engine.night import Night, bodies
from tests.support.people import AMY, BEN, CAT, DAN, Somebody

SAFE, DURESS = AMY.pin, AMY.duress_pin
assert SAFE is not None
assert DURESS is not None
POLICY = {"broadcast_every_s": 1800}


@pytest.fixture
def database_kind() -> str:
    """What people see is decided above the database."""
    return "sqlite"


Script = Callable[[Night, Mirror, str], None]


def assert_the_same(
    new_night: NewNight, script: Script, policy: dict[str, Any] | None = None, **wanted: Any
) -> Night:
    """Play it with the safe PIN and with the duress PIN, and compare; the night under duress."""
    recordings = []
    for pin in (SAFE, DURESS):
        assert pin is not None
        night = new_night(policy=POLICY | (policy or {}), asks_after_silence=False, **wanted)
        mirror = Mirror(night)
        script(night, mirror, pin)
        recordings.append(mirror.done())
    assert first_difference(*recordings) == ""
    return night


def everybody_else_knows(night: Night) -> None:
    """A duress alarm is open; whoever was told of it was told to keep her hands off."""
    duress = next(alarm for alarm in night.alarms("amy") if alarm.kind == AlarmKind.DURESS)
    assert duress.is_open
    told = night.messages(None, Purpose.ALARM, Purpose.BROADCAST)
    about_her = [m for m in told if m.alarm_id == duress.id]
    assert about_her
    assert all(m.body.startswith("DO NOT RING OR TEXT HER") for m in about_her)
    since = duress.raised_at
    later = [m.body for m in night.messages() if m.decided_at >= since and "Amy" in m.body]
    assert bodies(later, "Ring her") == []
    assert bodies(later, "speak to her") == []


def close_before_the_end(night: Night, mirror: Mirror, pin: str) -> None:
    night.start("amy", 45)
    night.forward(minutes=30)
    mirror.tries(lambda: night.close("amy", pin, note="Quiet today."))
    mirror.tries(lambda: night.close("amy", pin))
    mirror.tries(lambda: night.close("amy"))
    mirror.tries(lambda: night.check_in("amy"))
    mirror.tries(lambda: night.extend("amy", 10, pin))
    mirror.tries(lambda: night.cancel("amy"))


def close_in_grace(night: Night, mirror: Mirror, pin: str) -> None:
    night.start("amy", 45)
    night.forward(minutes=47)
    mirror.tries(lambda: night.close("amy", pin))


def close_after_the_raise(night: Night, mirror: Mirror, pin: str) -> None:
    night.start("amy", 45)
    night.forward(minutes=57)
    mirror.tries(lambda: night.close("amy"))
    night.forward(seconds=10)
    mirror.tries(lambda: night.close("amy", pin))


def close_after_somebody_took_charge(night: Night, mirror: Mirror, pin: str) -> None:
    night.start("amy", 45)
    night.forward(minutes=57)
    night.own("ben")
    mirror.look()
    mirror.tries(lambda: night.close("amy", pin))


def extend_before_the_end(night: Night, mirror: Mirror, pin: str) -> None:
    night.start("amy", 45)
    night.forward(minutes=30)
    mirror.tries(lambda: night.extend("amy", 30, pin))


def extend_after_the_raise(night: Night, mirror: Mirror, pin: str) -> None:
    night.start("amy", 45)
    night.forward(minutes=57)
    mirror.tries(lambda: night.extend("amy", 30, pin))
    night.forward(minutes=60)
    mirror.tries(lambda: night.check_in("amy"))
    mirror.tries(lambda: night.close("amy"))


def extend_beyond_the_longest(night: Night, mirror: Mirror, pin: str) -> None:
    night.start("amy", 720)
    mirror.tries(lambda: night.extend("amy", 30, pin))


def stand_an_sos_down(night: Night, mirror: Mirror, pin: str) -> None:
    night.start("amy", 45)
    night.forward(minutes=30)
    mirror.tries(lambda: night.sos("amy"))
    night.forward(minutes=2)
    mirror.tries(lambda: night.stand_down("amy", pin))
    mirror.tries(lambda: night.stand_down("amy", pin))


def stand_two_down(night: Night, mirror: Mirror, pin: str) -> None:
    night.start("amy", 45)
    first = night.sos("amy")
    night.forward(seconds=10)
    second = night.sos("amy")
    night.forward(seconds=10)
    mirror.tries(lambda: night.stand_down("amy", pin, first))
    night.forward(minutes=2)
    mirror.tries(lambda: night.stand_down("amy", pin, second))


def stand_an_overdue_down(night: Night, mirror: Mirror, pin: str) -> None:
    night.start("amy", 45)
    night.forward(minutes=57)
    mirror.tries(lambda: night.stand_down("amy", pin))


def move_on(night: Night, mirror: Mirror, pin: str) -> None:
    night.start("amy", 45)
    night.forward(minutes=30)
    mirror.tries(lambda: night.start("amy", 20, place="3 Low St", pin=pin))


def move_on_after_the_raise(night: Night, mirror: Mirror, pin: str) -> None:
    night.start("amy", 45)
    night.forward(minutes=57)
    mirror.tries(lambda: night.start("amy", 20, place="3 Low St"))
    mirror.tries(lambda: night.start("amy", 20, place="3 Low St", pin=pin))


def cry_out_afterwards(night: Night, mirror: Mirror, pin: str) -> None:
    visit = night.start("amy", 45)
    night.forward(minutes=30)
    mirror.tries(lambda: night.close("amy", pin))
    mirror.tries(lambda: night.sos("amy"))
    night.forward(minutes=1)
    mirror.tries(lambda: night.sos("amy", visit_ref=visit))
    night.forward(minutes=1)
    night.own("ben", night.alarms("amy", hidden=False)[0].id)
    mirror.look()


def go_on_working(night: Night, mirror: Mirror, pin: str) -> None:
    """Her day goes on: the next visit is started, forgotten, extended, and closed with her PIN."""
    night.start("amy", 45)
    night.forward(minutes=30)
    mirror.tries(lambda: night.close("amy", pin))
    night.forward(minutes=10)
    mirror.tries(lambda: night.start("amy", 30, place="3 Low St"))
    night.forward(minutes=35)
    mirror.tries(lambda: night.extend("amy", 10))
    night.forward(minutes=30)
    mirror.tries(lambda: night.extend("amy", 10))
    mirror.tries(lambda: night.close("amy"))
    mirror.tries(lambda: night.close("amy", SAFE))


def others_end_what_she_sees(night: Night, mirror: Mirror, pin: str) -> None:
    """Her SOS at the next visit is ended by Ben: that she hears, whatever is hidden behind it."""
    night.start("amy", 45)
    night.forward(minutes=30)
    mirror.tries(lambda: night.close("amy", pin))
    mirror.tries(lambda: night.start("amy", 60, place="3 Low St"))
    mirror.tries(lambda: night.sos("amy"))
    night.forward(minutes=1)
    night.resolve("ben", alarm=night.alarms("amy", hidden=False)[0].id)
    mirror.look()


def change_pins(night: Night, mirror: Mirror, pin: str) -> None:
    from server.acts import self_care

    night.start("amy", 45)
    mirror.tries(
        lambda: night.on_self("amy", lambda t, p: self_care.change_pins(t, p, pin, "1111", "2222"))
    )


A_DAY = [close_before_the_end]
AN_EVENING = [
    extend_before_the_end,
    move_on,
    close_in_grace,
    close_after_the_raise,
    close_after_somebody_took_charge,
    extend_after_the_raise,
    extend_beyond_the_longest,
    stand_an_sos_down,
    stand_two_down,
    stand_an_overdue_down,
    move_on_after_the_raise,
    cry_out_afterwards,
    go_on_working,
    others_end_what_she_sees,
    change_pins,
]


@pytest.mark.parametrize(
    ("script", "hours"), [*((s, 23) for s in A_DAY), *((s, 2) for s in AN_EVENING)]
)
def test_she_cannot_tell_the_duress_pin_from_the_safe_one(
    new_night: NewNight, script: Script, hours: int
) -> None:
    def day(night: Night, mirror: Mirror, pin: str) -> None:
        script(night, mirror, pin)
        mirror.wait(hours=1, every_minutes=6)
        mirror.wait(hours=hours, every_minutes=60)

    everybody_else_knows(assert_the_same(new_night, day))


AMY_MANAGES = Somebody(
    AMY.ref, AMY.name, AMY.mobile, (Role.WORKER, Role.BUDDY, Role.MANAGER), AMY.buddies, AMY.pin,
    AMY.duress_pin,
)  # fmt: skip
BEN_WITH_AMY_AS_COVER = Somebody(
    BEN.ref, BEN.name, BEN.mobile, buddies=("dan", "amy"), pin=BEN.pin, duress_pin=BEN.duress_pin
)


@pytest.mark.parametrize(
    "people",
    [
        pytest.param((AMY, BEN, CAT, DAN), id="buddy"),
        pytest.param((AMY, BEN_WITH_AMY_AS_COVER, CAT, DAN), id="cover"),
        pytest.param((AMY_MANAGES, BEN, CAT, DAN), id="manager"),
    ],
)
@pytest.mark.parametrize("silent_first", [True, False])
def test_whatever_she_is_to_somebody_else_in_trouble(
    new_night: NewNight, people: tuple[Somebody, ...], silent_first: bool
) -> None:
    """Ben goes overdue before or after; his ladder and everything Amy hears of it is the same."""

    def script(night: Night, mirror: Mirror, pin: str) -> None:
        night.start("amy", 60)
        night.start("ben", 20 if silent_first else 60)
        night.forward(minutes=35)
        mirror.tries(lambda: night.close("amy", pin))
        mirror.wait(hours=0.6, every_minutes=3)
        night.pass_on("amy", night.alarm("ben").id)
        mirror.look()
        night.forward(minutes=2)
        night.own("amy", night.alarm("ben").id)
        mirror.wait(hours=0.5, every_minutes=5)
        night.resolve("cat", alarm=night.alarm("ben").id)
        mirror.wait(hours=1, every_minutes=30)

    everybody_else_knows(assert_the_same(new_night, script, people=people))

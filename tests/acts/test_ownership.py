"""Taking charge: said once, asked after, renewed, taken over, passed on; what nobody has charge of
goes on climbing, and what is open for long goes to the managers (P4, P5)."""

from collections.abc import Callable
from typing import Any

import pytest

from server.domain.refusals import AlreadyOwned, Conflict, Forbidden
from server.store.messages import Purpose
from shared.states import AlarmKind
from tests.engine.fixtures import NewNight
from tests.engine.night import Night, bodies

CHARGE = "Ben Hughes has taken charge of Amy Okafor's alarm (14:55). Please keep your phone on."
OPEN_AT = 55 * 60.0


def overdue(night: Night) -> None:
    """Amy was due at 14:45 and is raised at 14:55; Ben has been told, and all is read."""
    night.start("amy", 45)
    night.forward(minutes=55)
    night.forget()


def at(night: Night) -> float:
    """Seconds since the alarm was raised."""
    return (night.now - night.alarm("amy").raised_at).total_seconds()


def told_at(night: Night, who: str, *words: str) -> list[float]:
    """When somebody was handed texts with these words, in seconds after the raise."""
    raised = night.alarms("amy")[0].raised_at
    number = night.number(who)
    return [
        (p.at - raised).total_seconds()
        for p in night.postbox.posted
        if p.to == number and all(word in p.body for word in words)
    ]


def test_it_is_said_once_to_everybody_told_and_to_the_worker(night: Night) -> None:
    overdue(night)
    night.forward(seconds=185)
    night.forget()
    night.own("ben")
    night.own("ben")
    assert night.new("cat") == [CHARGE.replace("14:55", "14:58")]
    assert night.new("amy") == ["Ben Hughes has your 14:45 booking in hand."]
    assert night.new("ben") == []
    assert night.new("dan") == []


def test_whoever_was_not_told_of_the_alarm_is_not_told_who_has_charge(night: Night) -> None:
    overdue(night)
    night.own("ben")
    assert night.new("cat") + night.new("dan") == []


def test_the_worker_is_not_told_who_has_charge_of_her_duress(night: Night) -> None:
    night.start("amy", 45)
    night.forward(minutes=5)
    night.close("amy", "7390")
    night.own("ben", night.alarm("amy").id)
    night.forward(minutes=30)
    assert night.texts("amy") == []


def test_the_climb_pauses_while_somebody_has_charge(night: Night) -> None:
    overdue(night)
    night.own("ben")
    for _ in range(6):
        night.forward(minutes=4)
        night.note("ben")
    assert night.new("cat") == []


def test_the_owner_is_asked_at_half_of_the_quiet_time_and_loses_charge_at_its_end(
    night: Night,
) -> None:
    overdue(night)
    night.own("ben")
    night.forward(seconds=299)
    assert night.new("ben") == []
    night.forward(seconds=1)
    assert night.new("ben") == [
        "Are you still with Amy Okafor's alarm? Reply 1 A to keep it."
        " If not, it goes to the next person at 15:05."
    ]
    night.forward(seconds=299)
    assert night.alarm().status == "owned"
    night.forward(seconds=1)
    assert night.alarm().status == "raised"


@pytest.mark.parametrize("quiet_s", [1, 2, 1800])
def test_the_quiet_time_at_its_bounds(new_night: NewNight, quiet_s: int) -> None:
    night = new_night(policy={"owner_quiet_s": quiet_s})
    overdue(night)
    night.own("ben")
    night.forward(seconds=quiet_s)
    assert told_at(night, "ben", "still with") == [quiet_s / 2]
    assert night.alarm().status == "raised"


ACTS: list[Callable[[Night], Any]] = [
    lambda night: night.own("ben"),
    lambda night: night.note("ben", "At her door."),
]


@pytest.mark.parametrize("act", ACTS, ids=["own", "note"])
def test_any_act_of_the_owner_renews_her_charge(night: Night, act: Callable[[Night], Any]) -> None:
    overdue(night)
    night.own("ben")
    night.forward(seconds=450)
    act(night)
    night.forward(seconds=299)
    assert len(told_at(night, "ben", "still with")) == 1
    night.forward(seconds=1)
    assert told_at(night, "ben", "still with") == [300, 750]
    night.forward(seconds=299)
    assert night.alarm().status == "owned"


def test_somebody_elses_note_renews_nothing(night: Night) -> None:
    overdue(night)
    night.own("ben")
    night.forward(seconds=450)
    night.note("cat")
    night.forward(seconds=150)
    assert night.alarm().status == "raised"


@pytest.mark.parametrize("how", ["lapse", "release"])
def test_the_next_unfired_rung_goes_at_once_and_the_rest_keep_their_spacing(
    night: Night, how: str
) -> None:
    """Rungs at 0, 180 (Ben), 180, 300 (Cat), 480 (managers) and a broadcast 120 s later; owned at
    200, after the third, and given back at 800."""
    overdue(night)
    night.forward(seconds=200)
    night.own("ben")
    night.forward(seconds=599)
    if how == "release":
        night.release("ben")
    night.forward(seconds=1)
    back = at(night) - (how == "release")
    night.forward(seconds=700)
    rungs = {(s.rung, s.round): s.fired_at for s in night.steps()}
    raised = night.alarm().raised_at
    fired = [(rungs[key] - raised).total_seconds() for key in [(3, 0), (4, 0), (5, 1), (5, 2)]]
    assert fired == [back, back + 180, back + 300, back + 600]


def test_giving_it_back_is_said_to_everybody_told(night: Night) -> None:
    overdue(night)
    night.forward(seconds=200)
    night.own("cat")
    night.forget()
    night.release("cat")
    assert bodies(night.new("ben"), "Cat Lin no longer has charge")
    assert night.alarm().status == "raised"


def test_giving_back_what_one_does_not_have_is_refused(night: Night) -> None:
    overdue(night)
    night.own("ben")
    with pytest.raises(Conflict):
        night.release("cat")
    assert night.alarm().status == "owned"


def test_a_second_owner_is_refused_with_the_name_of_the_first(night: Night) -> None:
    overdue(night)
    night.own("ben")
    with pytest.raises(AlreadyOwned, match="Ben Hughes") as refused:
        night.own("cat")
    assert refused.value.extra == {"owner": str(night.org["ben"].id)}


def test_taking_over_is_said_to_everybody_told_and_to_whoever_had_it(night: Night) -> None:
    overdue(night)
    night.own("cat")
    night.forget()
    night.own("ben", take_over=True)
    assert bodies(night.new("cat"), "Ben Hughes has taken charge")
    assert night.alarm().owner_id == night.org["ben"].id


@pytest.mark.parametrize(
    "act",
    [
        lambda night: night.own("amy"),
        lambda night: night.release("amy"),
        lambda night: night.note("amy"),
        lambda night: night.pass_on("amy"),
        lambda night: night.resolve("amy"),
        lambda night: night.resolve("amy", pin="4821"),
    ],
)
def test_the_subject_neither_owns_nor_ends_her_own_alarm(
    night: Night, act: Callable[[Night], Any]
) -> None:
    overdue(night)
    with pytest.raises(Forbidden):
        act(night)
    assert night.alarm().status == "raised"
    assert night.alarm().owner_id is None


def test_after_half_an_hour_the_managers_hear_of_it_whoever_has_charge(night: Night) -> None:
    overdue(night)
    night.own("ben")
    for _ in range(8):
        night.forward(minutes=4)
        night.note("ben")
    assert told_at(night, "cat", "alarm is open since 14:55", "Ring Ben Hughes") == [1800]


def test_where_the_only_manager_has_charge_herself_everybody_hears_of_it(night: Night) -> None:
    overdue(night)
    night.own("cat")
    for _ in range(8):
        night.forward(minutes=4)
        night.note("cat")
    assert told_at(night, "ben", "alarm is open since", "Ring Cat Lin") == [1800]


def test_an_sos_goes_to_the_managers_after_ten_minutes(night: Night) -> None:
    night.sos("amy")
    night.own("ben")
    for _ in range(4):
        night.forward(minutes=4)
        night.note("ben")
    assert told_at(night, "cat", "alarm is open since", "Ring Ben Hughes") == [600]


def test_a_duress_goes_to_the_managers_after_ten_minutes_and_says_hands_off(night: Night) -> None:
    night.start("amy", 45)
    night.close("amy", "7390")
    duress = night.alarm("amy").id
    night.own("ben", duress)
    for _ in range(4):
        night.forward(minutes=4)
        night.note("ben", alarm=duress)
    assert told_at(night, "cat", "DO NOT RING OR TEXT HER", "Ring Ben Hughes") == [600]


def test_the_managers_hear_of_it_once(night: Night) -> None:
    overdue(night)
    night.own("ben")
    for _ in range(20):
        night.forward(minutes=4)
        night.note("ben")
    assert len(told_at(night, "cat", "alarm is open since")) == 1


def test_whoever_passes_makes_room_for_the_next_at_once(night: Night) -> None:
    overdue(night)
    night.forward(seconds=20)
    night.pass_on("ben")
    assert told_at(night, "cat", "overdue") == [20]
    night.forward(seconds=600)
    assert told_at(night, "ben", "overdue") == [0]


def test_passing_twice_takes_no_time_from_the_next(night: Night) -> None:
    overdue(night)
    night.forward(seconds=20)
    night.pass_on("ben")
    night.forward(seconds=10)
    night.pass_on("ben")
    night.forward(seconds=600)
    assert told_at(night, "cat", "overdue")[:3] == [20, 140, 320]


def test_when_the_last_of_the_ladder_passes_everybody_is_told_at_once(
    new_night: NewNight,
) -> None:
    night = new_night(policy={"broadcast_after_s": 600})
    overdue(night)
    night.forward(seconds=500)
    night.pass_on("cat")
    assert night.steps()[-1].rung == 5
    assert at(night) == 500


def test_an_owner_who_passes_gives_it_back(night: Night) -> None:
    overdue(night)
    night.own("ben")
    night.forward(seconds=30)
    night.pass_on("ben")
    assert night.alarm().status == "raised"
    assert told_at(night, "cat", "overdue") == [30]


def test_in_a_broadcast_whoever_passes_is_left_alone_for_half_an_hour(night: Night) -> None:
    overdue(night)
    night.forward(seconds=610)
    night.pass_on("cat")
    passed = at(night)
    night.forward(minutes=45)
    again = [t for t in told_at(night, "cat", "overdue") if t > passed]
    assert 1800 <= again[0] - passed < 1800 + 300
    assert len([t for t in told_at(night, "ben", "overdue") if t > passed]) == 9


def test_where_nobody_else_remains_passing_does_not_silence_a_broadcast(night: Night) -> None:
    overdue(night)
    night.forward(seconds=610)
    for who in ("ben", "cat", "dan"):
        night.pass_on(who)
    night.forget()
    night.forward(minutes=5)
    assert [bool(night.new(who)) for who in ("ben", "cat", "dan")] == [True] * 3


def test_a_broadcast_goes_on_until_somebody_has_charge_and_again_when_she_lets_go(
    night: Night,
) -> None:
    overdue(night)
    night.forward(minutes=31)
    assert told_at(night, "dan", "overdue") == [600 + 300 * n for n in range(5)]
    night.own("dan")
    night.forward(minutes=10)
    assert night.alarm().status == "raised"
    lapsed = at(night)
    night.forward(minutes=11)
    later = [t for t in told_at(night, "ben", "overdue") if t >= lapsed]
    assert later == [lapsed, lapsed + 300, lapsed + 600]


def test_declining_to_watch_hands_the_visit_to_the_cover_before_anything_happens(
    night: Night,
) -> None:
    visit = night.start("amy", 45)
    night.answer_watch("ben", visit, accepted=False)
    night.forward(minutes=55)
    assert told_at(night, "cat", "overdue") == [0]
    night.forward(seconds=179)
    assert told_at(night, "ben", "overdue") == []


def test_declining_while_the_alarm_is_open_hands_it_over_at_once(night: Night) -> None:
    visit = night.start("amy", 45)
    night.forward(minutes=55, seconds=30)
    night.answer_watch("ben", visit, accepted=False)
    assert told_at(night, "cat", "overdue") == [30]


def test_saying_yes_or_nothing_changes_no_ladder(night: Night) -> None:
    visit = night.start("amy", 45)
    night.answer_watch("ben", visit, accepted=True)
    night.forward(minutes=58)
    assert told_at(night, "ben", "overdue") == [0, 180]


def test_one_alarm_never_hides_another(night: Night) -> None:
    overdue(night)
    night.own("ben")
    sos = night.sos("amy")
    assert {alarm.kind for alarm in night.alarms("amy")} == {AlarmKind.OVERDUE, AlarmKind.SOS}
    assert bodies(night.new("ben"), "SOS from Amy Okafor", "Reply 1 B")
    night.forward(minutes=4)
    night.note("ben", alarm=night.alarms("amy")[0].id)
    assert night.steps(sos)[-1].rung == 2
    assert len(night.messages("ben", Purpose.OWNED)) == 0

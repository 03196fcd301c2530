"""P2, P5: after a genuine close nothing new is decided about that visit; an alarm ends once, for
everybody who was told of it and for nobody else, and what it leaves open is watched on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from server.domain.refusals import BadField, Conflict
from server.gateways.base import Fate, Handover
from server.store.messages import Purpose
from shared.states import AlarmKind, AlarmOutcome, ClosedHow
from tests.engine.fixtures import NewNight
from tests.engine.night import Night, bodies

SAFE = "4821"
NOBODY = Handover(Fate.TEMPORARY, None, None, "nobody answers")


def climbed(night: Night) -> None:
    """Amy is overdue; Ben and Cat have been told, Dan has not."""
    night.start("amy", 45)
    night.forward(minutes=58, seconds=5)
    night.forget()


ENDS: list[Callable[[Night], Any]] = [
    lambda night: night.close("amy", SAFE),
    lambda night: night.extend("amy", 600, SAFE),
    lambda night: night.stand_down("amy", SAFE),
    lambda night: night.close("amy", by_whom="ben", spoke_to_her=True),
    lambda night: night.resolve("ben"),
    lambda night: night.resolve("ben", until=night.now + timedelta(hours=9)),
]
NAMES = ["close", "extend", "stand-down", "on her behalf", "resolve", "resolve with until"]


@pytest.mark.parametrize("end", ENDS, ids=NAMES)
def test_everybody_told_is_stood_down_exactly_once_and_nobody_else(
    night: Night, end: Callable[[Night], Any]
) -> None:
    climbed(night)
    end(night)
    night.forward(minutes=60)
    all_clear = [m.person.ref for m in night.messages(None, Purpose.STAND_DOWN)]
    actor = ["ben"] if night.alarm().resolved_by_id == night.org["ben"].id else []
    assert sorted([*all_clear, *actor]) == ["ben", "cat"]
    assert len(bodies(night.new("cat"), "All clear: Amy Okafor is safe")) == 1
    assert night.texts("dan") == []
    assert len(night.alarms()) == 1


@pytest.mark.parametrize("end", ENDS, ids=NAMES)
def test_nothing_is_decided_any_more_about_the_alarm_that_ended(
    night: Night, end: Callable[[Night], Any]
) -> None:
    climbed(night)
    end(night)
    steps = len(night.steps())
    night.forward(minutes=60)
    assert len(night.steps()) == steps


def test_whoever_was_never_handed_the_alarm_is_not_stood_down(night: Night) -> None:
    night.start("amy", 45)
    night.forward(minutes=54)
    night.gateway(NOBODY)
    night.forward(minutes=5)
    assert night.messages("ben", Purpose.ALARM) != []
    night.close("amy", SAFE)
    night.gateway(None)
    night.forward(minutes=30)
    assert night.texts("ben") + night.texts("cat") == []
    night.may_log |= {"audit"}


def test_whoever_may_have_been_handed_it_is_stood_down_to_be_sure(night: Night) -> None:
    night.start("amy", 45)
    night.forward(minutes=54)
    night.gateway(Handover(Fate.AMBIGUOUS, None, None, "no answer came"), keeps=True)
    night.forward(minutes=1)
    night.gateway(None)
    night.close("amy", SAFE)
    night.forward(minutes=5)
    assert ["overdue" in text for text in night.texts("ben")] == [True, False]


def test_whoever_had_charge_hears_that_it_is_over_though_she_was_sent_nothing(
    night: Night,
) -> None:
    night.start("amy", 45)
    night.forward(minutes=56)
    night.own("dan")
    night.close("amy", SAFE)
    assert bodies(night.texts("dan"), "All clear")


def test_managers_told_after_half_an_hour_hear_that_it_is_over(night: Night) -> None:
    night.start("amy", 45)
    night.forward(minutes=56)
    night.own("ben")
    for _ in range(8):
        night.forward(minutes=4)
        night.note("ben")
    night.forget()
    night.close("amy", SAFE)
    assert bodies(night.new("cat"), "All clear")


def test_an_alarm_that_ends_while_the_next_text_is_on_its_way_sends_no_more(
    night: Night,
) -> None:
    climbed(night)
    night.rounds_follow = False
    night.clock.forward(minutes=2)
    night.close("amy", SAFE)
    night.forward(minutes=30)
    assert bodies(night.new("cat"), "overdue") == []


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (AlarmOutcome.SAFE, "All clear: Amy Okafor is safe ("),
        (AlarmOutcome.FALSE_ALARM, "All clear: Amy Okafor is safe, it was a false alarm"),
        (AlarmOutcome.HARMED, "Amy Okafor has been found and needs care"),
        (AlarmOutcome.EMERGENCY_SERVICES, "The emergency services have taken over"),
    ],
)
def test_the_all_clear_says_how_it_ended(night: Night, outcome: AlarmOutcome, words: str) -> None:
    climbed(night)
    night.resolve("ben", outcome)
    assert bodies(night.new("cat"), words)


def test_resolving_an_overdue_closes_its_visit_in_the_same_moment(night: Night) -> None:
    climbed(night)
    night.resolve("ben")
    visit = night.visit("amy")
    assert (visit.status, visit.closed_how) == ("closed", ClosedHow.ALARM_RESOLVED)
    assert visit.closed_at == night.alarm().resolved_at
    night.forward(minutes=120)
    (said,) = night.new("amy")
    assert said.startswith("Ben Hughes has closed your 14:45 booking")


def test_resolved_until_the_watch_goes_on_from_there(night: Night) -> None:
    climbed(night)
    until = night.now + timedelta(minutes=30)
    night.resolve("ben", until=until)
    visit = night.visit("amy")
    assert (visit.status, visit.ends_at, visit.due_at) == ("open", until, until)
    night.forward(minutes=39)
    assert len(night.alarms()) == 1
    said, *reminders = night.new("amy")
    assert said.startswith("Ben Hughes spoke for your 14:45 booking")
    assert len(reminders) == 3
    night.forward(minutes=1)
    assert len(night.alarms()) == 2


def test_until_has_to_lie_ahead(night: Night) -> None:
    climbed(night)
    with pytest.raises(BadField, match="ahead"):
        night.resolve("ben", until=night.now)
    assert night.alarm().is_open


@pytest.mark.parametrize("kind", [AlarmKind.SOS, AlarmKind.DURESS])
@pytest.mark.parametrize(("after_min", "due_in_min"), [(10, 35), (44, 10), (50, 10)])
def test_after_an_sos_or_a_duress_an_open_visit_is_due_no_earlier_than_one_grace_from_now(
    night: Night, kind: AlarmKind, after_min: int, due_in_min: int
) -> None:
    night.start("amy", 45)
    night.forward(minutes=after_min)
    night.sos("amy", kind=kind)
    night.resolve("ben")
    visit = night.visit("amy")
    assert visit.status == "open"
    assert visit.due_at - night.now == timedelta(minutes=due_in_min)
    night.forward(minutes=due_in_min + 9, seconds=59)
    assert len(night.alarms()) == 1
    night.forward(seconds=1)
    assert len(night.alarms()) == 2


def test_while_another_alarm_of_the_visit_is_open_it_is_not_put_off(night: Night) -> None:
    night.start("amy", 45)
    night.forward(minutes=57)
    night.sos("amy")
    due = night.visit("amy").due_at
    night.resolve("ben", alarm=night.alarm().id)
    assert night.visit("amy").due_at == due
    assert night.alarms()[0].is_open
    assert bodies(night.texts("cat"), "ANOTHER IS STILL OPEN")


def test_an_sos_made_before_a_close_and_arriving_after_it_is_raised_all_the_same(
    night: Night,
) -> None:
    visit = night.start("amy", 45)
    night.forward(minutes=20)
    made = night.now
    night.forward(minutes=2)
    night.close("amy")
    night.sos("amy", at=made, visit_ref=visit)
    alarm = night.alarm()
    assert (alarm.kind, alarm.at, alarm.visit_id) == (AlarmKind.SOS, made, visit)
    assert bodies(night.texts("ben"), "SOS from Amy Okafor", "12 High St", "14:20")


def test_an_alarm_that_is_over_is_over_for_everybody(night: Night) -> None:
    climbed(night)
    night.resolve("ben")
    alarm = night.alarm().id
    acts: tuple[Callable[[], object], ...] = (
        lambda: night.own("cat", alarm),
        lambda: night.release("ben", alarm),
        lambda: night.pass_on("cat", alarm),
        lambda: night.resolve("cat", alarm=alarm),
        lambda: night.stand_down("amy", SAFE, alarm),
    )
    for act in acts:
        with pytest.raises(Conflict):
            act()


def test_on_her_behalf_only_by_whoever_spoke_to_her_and_she_is_told(night: Night) -> None:
    night.start("amy", 45)
    night.forward(minutes=57)
    with pytest.raises(BadField, match="Ring first"):
        night.close("amy", by_whom="ben")
    night.forget()
    night.close("amy", by_whom="ben", spoke_to_her=True)
    assert night.visit("amy").closed_how == ClosedHow.ON_BEHALF
    assert bodies(night.new("amy"), "Ben Hughes closed the visit for you")


def test_a_resolvers_duress_pin_keeps_the_alarm_and_raises_one_about_her(night: Night) -> None:
    climbed(night)
    night.own("ben")
    night.forget()
    night.resolve("ben", pin="8642")
    assert night.alarms("amy")[0].is_open
    assert night.visit("amy").status == "open"
    duress = night.alarm("ben")
    assert duress.kind == AlarmKind.DURESS
    assert bodies(night.new("cat"), "DO NOT RING OR TEXT HER", "Ben Hughes")
    assert night.alarms("amy")[0].status == "raised"
    night.forward(minutes=60)
    assert night.new("ben") == []


def test_the_alarm_she_seemed_to_end_shows_again_when_her_own_is_resolved(night: Night) -> None:
    climbed(night)
    night.resolve("ben", pin="8642")
    night.resolve("cat", alarm=night.alarm("ben").id)
    assert night.alarms("amy")[0].veil is None
    assert night.visit("amy").veil is None
    night.forward(minutes=10)
    assert bodies(night.new("ben"), "overdue")


def test_a_resolver_whose_veil_outlived_the_alarm_loses_it_all_the_same(night: Night) -> None:
    climbed(night)
    night.resolve("ben", pin="8642")
    night.close("amy", SAFE)
    night.resolve("cat", alarm=night.alarm("ben").id)
    assert night.alarms("amy")[0].veil is None


def test_a_planned_visit_that_was_not_begun_is_told_and_ends_when_it_begins(
    new_night: NewNight,
) -> None:
    night = new_night(policy={"watch_not_started": True})
    visit = night.start("amy", 45, starts_at=night.now + timedelta(minutes=30))
    night.forward(minutes=44, seconds=59)
    assert night.alarms() == []
    night.forward(seconds=1)
    assert night.alarm().kind == AlarmKind.NOT_STARTED
    assert bodies(night.texts("ben"), "has not begun her 14:30 visit")
    assert bodies(night.texts("amy"), "Your 14:30 booking has not begun")
    night.start_planned(visit)
    assert not night.alarm().is_open
    assert bodies(night.texts("ben"), "All clear")
    assert night.visit(visit).ends_at == night.now + timedelta(minutes=45)
    night.forward(minutes=55)
    assert night.alarm().kind == AlarmKind.OVERDUE


def test_a_planned_visit_is_not_watched_unless_the_team_asks_for_it(night: Night) -> None:
    night.start("amy", 45, starts_at=night.now + timedelta(minutes=30))
    night.forward(minutes=600)
    assert night.alarms() == []

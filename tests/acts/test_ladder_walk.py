"""The ladder as it is really walked: who is told what, when, by which way, through the database
(contract 4, P5)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from server.acts.climbing import plan_of
from server.acts.policies import change_policy
from server.store import alarms
from server.store.messages import TELLS_OF_ALARM
from server.store.people import Team
from shared.states import Risk, Role, Way
from tests.engine.fixtures import NewNight
from tests.engine.night import Night, bodies
from tests.support.database import sqlite_only
from tests.support.people import AMY, BEN, CAT, DAN, Somebody, reading

pytestmark = sqlite_only

ALL = (Way.TEXT, Way.CALL, Way.EMAIL)
EVE = Somebody("eve", "Eve Marsh", "+447700900105", (Role.MANAGER,), email="eve@example.org")
CAT_ANSWERS = replace(CAT, roles=(Role.BUDDY,), no_calls=False)
TEAM = (AMY, BEN, CAT_ANSWERS, replace(DAN, roles=(Role.WORKER,), buddies=()), EVE)

Line = tuple[float, str, str]


def told(night: Night, since: float = 0) -> list[Line]:
    """(seconds after the raise, who, by what) for every message that tells of Amy's alarm."""
    alarm = night.alarms("amy")[0]
    found = [m for m in night.messages() if m.alarm_id == alarm.id and m.purpose in TELLS_OF_ALARM]
    lines = [((m.decided_at - alarm.raised_at).total_seconds(), m.person.ref, m.way) for m in found]
    order = {way.value: n for n, way in enumerate(ALL)}
    return sorted(
        (ln for ln in lines if ln[0] >= since), key=lambda ln: (ln[0], ln[1], order[ln[2]])
    )


def silent(night: Night, minutes: float = 11, **wanted: Any) -> list[Line]:
    """Amy says nothing for so many minutes after her alarm was raised."""
    night.start("amy", 45, **wanted)
    night.until(night.visit("amy").raise_at)  # type: ignore[arg-type]
    night.forward(minutes=minutes)
    return told(night)


def town(new_night: NewNight, people: Sequence[Somebody] = TEAM, **wanted: Any) -> Night:
    return new_night(people=people, ways=ALL, **wanted)


STANDARD: list[Line] = [
    (0, "ben", "text"),
    (180, "ben", "call"),
    (180, "cat", "text"),
    (300, "cat", "call"),
    (480, "eve", "text"),
    (480, "eve", "call"),
    (480, "eve", "email"),
    (600, "ben", "text"),
    (600, "ben", "call"),
    (600, "cat", "text"),
    (600, "cat", "call"),
    (600, "eve", "text"),
    (600, "eve", "call"),
    (600, "eve", "email"),
]


def test_the_whole_default_ladder(new_night: NewNight) -> None:
    night = town(new_night)
    assert silent(night) == STANDARD
    assert [step.rung for step in night.steps()] == [0, 1, 2, 3, 4, 5]


def test_the_plan_shown_at_the_raise_is_what_then_happens(new_night: NewNight) -> None:
    night = town(new_night)
    night.start("amy", 45)
    night.forward(minutes=55)
    alarm_id = night.alarm().id
    plan = reading(
        night.app,
        lambda s: plan_of(s, night.running.desk, alarms.alarm(s, alarm_id)),
    )
    shown = [((step.at - night.now).total_seconds(), step.who) for step in plan]
    night.forward(minutes=11)
    names = {who.ref: who.name for who in TEAM}
    happened = dict.fromkeys((at, names[who]) for at, who, _ in told(night, since=1) if at < 600)
    assert shown[:-1] == list(happened)
    assert shown[-1] == (600, "Ben Hughes, Cat Lin, Eve Marsh")


def test_high_risk_visits_climb_the_urgent_ladder(new_night: NewNight) -> None:
    lines = silent(town(new_night), minutes=1, risk=Risk.HIGH)
    assert lines == [
        (0, "ben", "text"),
        (0, "ben", "call"),
        (0, "cat", "text"),
        (0, "cat", "call"),
        (60, "eve", "text"),
        (60, "eve", "call"),
    ]


def test_an_sos_climbs_the_urgent_ladder_without_any_grace(new_night: NewNight) -> None:
    night = town(new_night)
    night.sos("amy")
    assert told(night) == [(0, w, by) for w in ("ben", "cat") for by in ("text", "call")]


def test_the_absent_are_skipped_and_told_in_the_broadcast(new_night: NewNight) -> None:
    night = town(new_night)
    night.go_away("ben", 600)
    lines = silent(night)
    assert lines[:2] == [(0, "cat", "text"), (120, "cat", "call")]
    assert [line[0] for line in lines if line[1] == "ben"] == [420, 420]


def test_whoever_is_back_in_time_is_told(new_night: NewNight) -> None:
    night = town(new_night)
    night.go_away("ben", 600)
    night.start("amy", 45)
    night.forward(minutes=54)
    night.come_back("ben")
    night.forward(minutes=1)
    assert told(night) == [(0, "ben", "text")]


def test_a_buddy_on_a_visit_is_texted_not_called_and_holds_nothing_up(new_night: NewNight) -> None:
    night = town(new_night)
    night.start("ben", 600)
    lines = silent(night, minutes=9)
    assert lines[:3] == [(0, "ben", "text"), (0, "cat", "text"), (120, "cat", "call")]
    assert ("ben", "call") not in [line[1:] for line in lines]


def test_somebody_with_an_alarm_of_her_own_is_told_last(new_night: NewNight) -> None:
    night = town(new_night)
    night.sos("ben")
    lines = silent(night)
    assert lines[:1] == [(0, "cat", "text")]
    assert {line[0] for line in lines if line[1] == "ben"} == {420}


def test_whoever_left_is_not_told_at_all(new_night: NewNight) -> None:
    night = town(new_night)
    night.change_person("ben", left_at=night.now)
    lines = silent(night)
    assert lines[:1] == [(0, "cat", "text")]
    assert "ben" not in {line[1] for line in lines}


@pytest.mark.parametrize(
    "without",
    [{"mobile": None}, {"landline": True}, {"unreachable_since": True}, {"no_calls": True}],
    ids=lambda given: next(iter(given)),
)
def test_a_way_that_somebody_lacks_or_refuses_is_replaced_in_the_same_step(
    new_night: NewNight, without: dict[str, Any]
) -> None:
    night = town(new_night, [AMY, replace(BEN, email="ben@example.org"), *TEAM[2:]])
    fields = {
        key: night.now if value is True and "since" in key else value
        for key, value in without.items()
    }
    night.change_person("ben", **fields)
    ben = [line for line in silent(night, minutes=5) if line[1] == "ben"]
    expected = {
        "mobile": [(0, "ben", "email"), (180, "ben", "email")],
        "landline": [(0, "ben", "call"), (180, "ben", "call")],
        "unreachable_since": [(0, "ben", "call"), (180, "ben", "call")],
        "no_calls": [(0, "ben", "text"), (180, "ben", "text")],
    }
    assert ben == expected[next(iter(without))]
    replaced = [t["instead"] for said in night.said("told") for t in said["told"] if t["instead"]]
    assert replaced


def test_a_rung_with_nobody_to_tell_gives_its_wait_away_and_says_so(new_night: NewNight) -> None:
    night = town(new_night, [replace(AMY, buddies=("ben",)), *TEAM[1:]])
    lines = silent(night, minutes=9)
    assert lines[:3] == [(0, "ben", "text"), (180, "ben", "call"), (180, "eve", "text")]
    assert len(night.log("rung_skipped")) == 2


def test_with_neither_buddy_nor_cover_the_managers_are_told_at_once(new_night: NewNight) -> None:
    lines = silent(town(new_night, [replace(AMY, buddies=()), *TEAM[1:]]), minutes=1)
    assert lines == [(0, "eve", by) for by in ("text", "call", "email")]


def test_with_nobody_on_the_ladder_there_is_a_broadcast_at_once(new_night: NewNight) -> None:
    people = [replace(AMY, buddies=()), BEN, replace(EVE, roles=(Role.CONTACT,))]
    night = town(new_night, people)
    lines = silent(night, minutes=6)
    assert {line[1] for line in lines} == {"ben", "eve"}
    assert {line[0] for line in lines} == {0, 300}


def test_with_nobody_at_all_the_admins_hear_of_it_until_one_has_charge(
    new_night: NewNight,
) -> None:
    people = [
        replace(AMY, buddies=()),
        replace(DAN, team="office", roles=(Role.ADMIN,), buddies=()),
    ]
    night = town(new_night, people, admins=["dan"])
    lines = silent(night, minutes=16)
    assert {(line[0], line[1]) for line in lines} == {(t, "dan") for t in (0, 300, 600, 900)}
    night.own("dan")
    night.forward(minutes=9)
    assert max(line[0] for line in told(night)) == 900


def test_an_alarm_that_nobody_but_its_subject_could_hear_of_goes_on_being_tried(
    new_night: NewNight,
) -> None:
    night = town(new_night, [replace(AMY, buddies=())], admins=["amy"])
    assert silent(night, minutes=11) == []
    assert len(night.log("broadcast")) == 3


def test_a_rung_may_name_anybody_in_the_organisation(new_night: NewNight) -> None:
    away = Somebody("zoe", "Zoe Fell", "+447700900109", (Role.MANAGER,), team="office")
    rungs = [{"after_s": 30, "to": ["zoe", "nobody-known", "amy"], "by": ["preferred"]}]
    night = town(new_night, [*TEAM, away], policy={"rungs": rungs})
    assert silent(night, minutes=1) == [(30, "zoe", "text")]


def test_two_buddies_of_each_other_who_both_fall_silent(new_night: NewNight) -> None:
    """Neither waits for the other, and nobody is told of her own alarm."""
    night = town(new_night, [AMY, replace(BEN, buddies=("amy", "cat")), *TEAM[2:]])
    night.start("ben", 45)
    night.start("amy", 45)
    night.forward(minutes=55)
    assert bodies(night.texts("cat"), "Amy Okafor is overdue")
    assert bodies(night.texts("cat"), "Ben Hughes is overdue")
    night.forward(minutes=12)
    assert bodies(night.texts("ben"), "Ben Hughes is overdue") == []
    assert bodies(night.texts("amy"), "Amy Okafor is overdue") == []
    assert bodies(night.texts("ben"), "Amy Okafor is overdue")
    assert bodies(night.texts("amy"), "Ben Hughes is overdue")


def test_a_second_alarm_gives_each_receiver_letters_to_tell_them_apart(
    new_night: NewNight,
) -> None:
    night = town(new_night)
    silent(night, minutes=1)
    night.sos("amy")
    assert bodies(night.texts("ben"), "SOS", "Reply 1 B to take charge")


def test_a_number_that_blocks_texts_is_told_to_the_managers_at_once(new_night: NewNight) -> None:
    night = town(new_night)
    night.stop("ben")
    assert bodies(night.texts("eve"), "Ben Hughes's number blocks our texts since 14:00")
    night.stop("ben")
    assert len(night.texts("eve")) == 1


@pytest.mark.parametrize(
    ("policy", "broadcasts"),
    [
        ({"broadcast_after_s": 0}, [480, 780]),
        ({"broadcast_after_s": 600}, [1080]),
        ({"broadcast_every_s": 1800}, [600]),
    ],
)
def test_the_broadcast_at_the_bounds_of_its_settings(
    new_night: NewNight, policy: dict[str, int], broadcasts: list[float]
) -> None:
    night = town(new_night, policy=policy)
    silent(night, minutes=18)
    raised = night.alarm().raised_at
    steps = [s for s in night.steps() if s.round > 0]
    assert [(s.fired_at - raised).total_seconds() for s in steps][:2] == broadcasts


def test_a_broadcast_every_second_is_one_message_each_at_any_time(new_night: NewNight) -> None:
    rungs = [{"after_s": 0, "to": ["buddy"], "by": ["text"]}]
    night = town(new_night, policy={"rungs": rungs, "broadcast_after_s": 0, "broadcast_every_s": 1})
    silent(night, minutes=0.1)
    assert [s.round for s in night.steps()] == [0, 1, 2, 3, 4, 5, 6, 7]


def test_the_first_rung_may_wait_and_twenty_rungs_are_walked(new_night: NewNight) -> None:
    rungs = [{"after_s": 600 + 10 * n, "to": ["buddy"], "by": ["text"]} for n in range(20)]
    night = town(new_night, policy={"rungs": rungs})
    lines = silent(night, minutes=13.2)
    assert [line[0] for line in lines] == [600 + 10 * n for n in range(20)]


def test_the_ladder_of_an_open_alarm_is_kept_and_people_are_looked_up_afresh(
    new_night: NewNight,
) -> None:
    night = town(new_night)
    silent(night, minutes=1)
    team_id = night.org.teams["ot-north"]
    new = {"rungs": [{"after_s": 0, "to": ["managers"], "by": ["text"]}]}
    night.act(lambda turn: change_policy(turn, turn.session.get_one(Team, team_id), new))
    night.go_away("cat", 60)
    night.forward(minutes=5)
    assert told(night)[:4] == [
        (0, "ben", "text"),
        (180, "ben", "call"),
        (180, "eve", "text"),
        (180, "eve", "call"),
    ]


def test_the_worker_is_told_nothing_of_her_own_alarm_but_who_has_it_in_hand(
    new_night: NewNight,
) -> None:
    night = town(
        new_night, [replace(AMY, roles=(Role.WORKER, Role.MANAGER)), *TEAM[1:]], admins=["amy"]
    )
    silent(night, minutes=30)
    night.own("ben")
    mine = [m.body for m in night.messages("amy") if m.alarm_id is not None]
    assert mine == ["Ben Hughes has your 14:45 booking in hand."]


def test_a_visit_by_a_chosen_buddy_asks_her_first(new_night: NewNight) -> None:
    night = town(new_night)
    lines = silent(night, minutes=4, buddy_id=night.org["cat"].id)
    assert lines == [(0, "cat", "text"), (180, "ben", "text"), (180, "cat", "call")]


def test_it_is_the_time_of_the_raise_that_counts_not_of_raise_at(new_night: NewNight) -> None:
    night = town(new_night)
    night.start("amy", 45)
    night.forward(minutes=46)
    night.away(minutes=30)
    raised = night.alarm().raised_at
    assert raised - night.visit("amy").ends_at == timedelta(minutes=31)
    night.forward(minutes=11)
    assert told(night) == STANDARD

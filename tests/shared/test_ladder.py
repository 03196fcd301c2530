"""The ladder: the plan that is shown is the plan that is run (contract 4, P5)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ladder import (
    Circle,
    Cursor,
    Firing,
    Ladder,
    Party,
    climb,
    ladder_for,
    plan,
    reaches_anyone,
    ways_for,
)
from shared.policy import TARGETS, Policy, Rung
from shared.states import Way

RAISED = datetime(2026, 11, 23, 14, 40, tzinfo=UTC)
TEXT, CALL, EMAIL = Way.TEXT, Way.CALL, Way.EMAIL
STANDARD = ladder_for(Policy(), urgent=False)
FOREVER = timedelta(days=1)


def party(ref: str, *ways: Way, **traits: object) -> Party:
    return Party(ref, ref, ref.title(), ways or (TEXT, CALL), **traits)  # type: ignore[arg-type]


BEN, CAT, DAN = party("ben"), party("cat"), party("dan", TEXT, CALL, EMAIL)


def circle(*watchers: Party, managers: tuple[Party, ...] = (DAN,), **rest: object) -> Circle:
    everyone = (*watchers, *managers)
    return Circle("amy", watchers, managers, everyone=everyone, **rest)  # type: ignore[arg-type]


def walk(around: Circle, ladder: Ladder = STANDARD, **passed: datetime) -> list[Firing]:
    fired, _ = climb(ladder, ladder.start(RAISED), around, RAISED + FOREVER, passed)
    return fired


def told(fired: list[Firing]) -> list[tuple[int, str, str]]:
    """(seconds after the raise, who, by which ways) for everybody told."""
    return [
        (int((f.at - RAISED).total_seconds()), t.party.ref, "+".join(t.ways))
        for f in fired
        for t in f.tellings
    ]


def test_the_default_ladder_tells_buddy_cover_managers_and_then_everyone() -> None:
    assert told(walk(circle(BEN, CAT))) == [
        (0, "ben", "text"),
        (180, "ben", "call"),
        (180, "cat", "text"),
        (300, "cat", "call"),
        (480, "dan", "text+call+email"),
        (600, "ben", "text+call"),
        (600, "cat", "text+call"),
        (600, "dan", "text+call+email"),
    ]


def test_a_rung_with_nobody_to_tell_gives_its_wait_to_the_later_ones() -> None:
    assert told(walk(circle(BEN)))[:3] == [
        (0, "ben", "text"),
        (180, "ben", "call"),
        (180, "dan", "text+call+email"),
    ]


def test_without_buddy_and_cover_the_managers_are_told_at_once() -> None:
    assert told(walk(circle()))[0] == (0, "dan", "text+call+email")


def test_with_nobody_left_on_the_ladder_there_is_a_broadcast_at_once() -> None:
    away = replace(BEN, away_until=RAISED + FOREVER)
    fired = walk(circle(away, managers=()))
    assert fired[-1].broadcast
    assert told(fired) == [(0, "ben", "text+call")]


def test_the_absent_are_skipped_while_another_remains_but_not_in_a_broadcast() -> None:
    away = replace(BEN, away_until=RAISED + FOREVER)
    lines = told(walk(circle(away, CAT)))
    assert lines[0] == (0, "cat", "text")
    assert [line[1] for line in lines].count("ben") == 1
    assert lines[-3][1] == "ben"


def test_an_absence_that_ends_in_time_ends_in_the_plan() -> None:
    back_soon = replace(DAN, away_until=RAISED + timedelta(seconds=100))
    assert told(walk(circle(BEN, CAT, managers=(back_soon,))))[4][1] == "dan"


def test_a_buddy_on_a_visit_is_texted_not_called_and_holds_nothing_up() -> None:
    busy = replace(BEN, on_visit=True)
    assert told(walk(circle(busy, CAT)))[:4] == [
        (0, "ben", "text"),
        (0, "cat", "text"),
        (120, "cat", "call"),
        (300, "dan", "text+call+email"),
    ]


def test_the_cover_is_the_first_free_one() -> None:
    busy = replace(CAT, on_visit=True)
    eve = party("eve")
    lines = told(walk(circle(BEN, busy, eve)))
    assert (180, "eve", "text") in lines
    assert all(line[1] != "cat" for line in lines[:5])


def test_a_cover_on_a_visit_is_texted_where_no_other_is_free_and_holds_nothing_up() -> None:
    busy = replace(CAT, on_visit=True)
    assert told(walk(circle(BEN, busy)))[:4] == [
        (0, "ben", "text"),
        (180, "ben", "call"),
        (180, "cat", "text"),
        (180, "dan", "text+call+email"),
    ]


def test_somebody_with_an_alarm_of_her_own_is_told_last_and_never_waited_for() -> None:
    in_trouble = replace(BEN, in_trouble=True)
    lines = told(walk(circle(in_trouble, CAT)))
    assert lines[0] == (0, "cat", "text")
    assert [line for line in lines if line[1] == "ben"] == [(420, "ben", "text+call")]


def test_a_hidden_alarm_shows_in_no_step_of_anybody_elses_ladder() -> None:
    hidden = replace(BEN, hidden_trouble=True)
    assert told(walk(circle(hidden, CAT))) == told(walk(circle(BEN, CAT)))


def aside(fired: list[Firing]) -> list[tuple[int, str, str]]:
    """(seconds after the raise, who, by which ways) for everybody told out of sight."""
    return told([replace(firing, tellings=firing.aside) for firing in fired])


def test_whoever_comes_after_somebody_under_a_hidden_alarm_is_told_beside_her() -> None:
    hidden = replace(BEN, hidden_trouble=True)
    assert aside(walk(circle(BEN, CAT))) == []
    assert aside(walk(circle(hidden, CAT)))[0] == (0, "cat", "text")
    assert aside(walk(circle(hidden)))[0] == (0, "dan", "text+call+email")


def test_nobody_is_told_beside_her_where_her_rung_reaches_somebody_else() -> None:
    hidden = replace(BEN, hidden_trouble=True)
    urgent = ladder_for(Policy(), urgent=True)
    assert aside(walk(circle(hidden, CAT), urgent)) == []


def test_where_no_later_rung_reaches_anybody_free_everyone_is_told_beside_her() -> None:
    hidden, eve = replace(BEN, hidden_trouble=True), party("eve")
    around = replace(circle(hidden, managers=()), everyone=(hidden, eve))
    assert aside(walk(around))[0] == (0, "eve", "text+call")


def test_whoever_passes_is_left_out_until_the_broadcast() -> None:
    lines = told(walk(circle(BEN, CAT), ben=RAISED - timedelta(minutes=1)))
    assert lines[0] == (0, "cat", "text")
    broadcast = [line for line in lines if line[0] == 420]
    assert [line[1] for line in broadcast] == ["cat", "dan"]


def test_a_broadcast_tells_even_those_who_passed_where_nobody_else_remains() -> None:
    lines = told(walk(circle(BEN, managers=()), ben=RAISED))
    assert lines == [(0, "ben", "text+call")]


def test_a_pass_holds_for_thirty_minutes_in_a_broadcast() -> None:
    cursor = Cursor(len(STANDARD.rungs), RAISED + timedelta(minutes=31))
    fired, _ = climb(STANDARD, cursor, circle(BEN, CAT), cursor.at, {"ben": RAISED})
    assert [t.party.ref for t in fired[0].tellings] == ["ben", "cat", "dan"]


def test_nobody_is_told_of_her_own_alarm() -> None:
    amy = party("amy")
    around = Circle("amy", (amy, BEN), (amy, DAN), everyone=(amy, BEN, DAN))
    assert all(line[1] != "amy" for line in told(walk(around)))


def test_after_an_outage_there_is_one_broadcast_and_the_next_is_an_interval_away() -> None:
    now = RAISED + timedelta(hours=5)
    fired, cursor = climb(STANDARD, STANDARD.start(RAISED), circle(BEN, CAT), now)
    assert sum(firing.broadcast for firing in fired) == 1
    assert cursor == Cursor(5, now + timedelta(seconds=300))


def test_a_broadcast_repeats_at_its_interval() -> None:
    cursor = Cursor(5, RAISED)
    _, following = climb(STANDARD, cursor, circle(BEN), RAISED + timedelta(milliseconds=200))
    assert following == Cursor(5, RAISED + timedelta(seconds=300))


def test_after_a_lapse_the_next_unfired_rung_goes_at_once_and_the_rest_keep_their_spacing() -> None:
    resumed = RAISED + timedelta(minutes=20)
    fired, _ = climb(STANDARD, Cursor(3, resumed), circle(BEN, CAT), resumed + FOREVER)
    assert [f.at - resumed for f in fired] == [timedelta(seconds=s) for s in (0, 180, 300)]


@pytest.mark.parametrize(
    ("asked", "own", "expected", "replaced"),
    [
        (["text"], (TEXT, CALL), [TEXT], []),
        (["call"], (TEXT,), [TEXT], ["call"]),
        (["text", "call", "email"], (TEXT,), [TEXT], ["call", "email"]),
        (["preferred"], (CALL, TEXT), [CALL], []),
        (["call"], (), [], ["call"]),
        (["push"], (EMAIL, TEXT), [EMAIL], ["push"]),
    ],
)
def test_a_way_she_lacks_is_replaced_by_her_next_one(
    asked: list[str], own: tuple[Way, ...], expected: list[Way], replaced: list[str]
) -> None:
    who = Party("x", "x", "X", own)
    assert ways_for(who, asked) == (expected, replaced)


def test_somebody_on_a_visit_who_has_only_a_landline_is_called_all_the_same() -> None:
    assert ways_for(Party("x", "x", "X", (CALL,), on_visit=True), ["text"])[0] == [CALL]


def test_named_people_are_told_by_ref() -> None:
    ladder = Ladder((Rung(0, ("eve",), ("text",)),), 60, 300)
    eve = party("eve")
    lines = told(walk(circle(BEN, by_ref={"eve": eve}), ladder))
    assert lines[0] == (0, "eve", "text")


def test_the_plan_shows_every_step_as_a_sentence() -> None:
    steps = plan(STANDARD, STANDARD.start(RAISED), circle(BEN, CAT))
    assert [(s.who, s.by) for s in steps[:2]] == [("Ben", "text"), ("Ben", "call")]
    assert steps[-1].by == "every way"
    assert "again every 5 min until somebody takes charge" in steps[-1].why


def test_a_worker_with_nobody_is_said_to_have_nobody() -> None:
    alone = circle(managers=())
    assert not reaches_anyone(alone)
    assert plan(STANDARD, STANDARD.start(RAISED), alone)[-1].who == "nobody"


PEOPLE = st.builds(
    Party,
    id=st.sampled_from(["amy", "ben", "cat", "dan", "eve"]),
    ref=st.just("r"),
    name=st.just("N"),
    ways=st.lists(st.sampled_from([TEXT, CALL, EMAIL]), unique=True).map(tuple),
    away_until=st.none() | st.integers(-10, 3000).map(lambda s: RAISED + timedelta(seconds=s)),
    on_visit=st.booleans(),
    in_trouble=st.booleans(),
    hidden_trouble=st.booleans(),
)
GROUPS = st.lists(PEOPLE, max_size=4, unique_by=lambda p: p.id).map(tuple)
LADDERS = st.builds(
    Ladder,
    rungs=st.lists(
        st.builds(
            Rung,
            after_s=st.integers(0, 600),
            to=st.lists(st.sampled_from(TARGETS), min_size=1).map(tuple),
            by=st.lists(
                st.sampled_from(["text", "call", "email", "push", "preferred"]), min_size=1
            ).map(tuple),
        ),
        min_size=1,
        max_size=6,
    ).map(lambda rungs: tuple(sorted(rungs, key=lambda rung: rung.after_s))),
    broadcast_after_s=st.integers(0, 600),
    broadcast_every_s=st.integers(1, 1800),
)


def _around(watchers: tuple[Party, ...], managers: tuple[Party, ...]) -> Circle:
    everyone = tuple({p.id: p for p in (*watchers, *managers) if p.id != "amy"}.values())
    return Circle("amy", watchers, managers, everyone=everyone)


@given(LADDERS, GROUPS, GROUPS)
def test_p5_every_ladder_ends_in_a_broadcast_to_everybody_who_can_be_reached(
    ladder: Ladder, watchers: tuple[Party, ...], managers: tuple[Party, ...]
) -> None:
    around = _around(watchers, managers)
    fired, cursor = climb(ladder, ladder.start(RAISED), around, RAISED + FOREVER)
    assert fired[-1].broadcast
    assert {t.party.id for t in fired[-1].tellings} >= {p.id for p in around.everyone if p.ways} - {
        t.party.id for f in fired[:-1] if f.at == fired[-1].at for t in f.tellings
    }
    assert cursor.rung == len(ladder.rungs)
    assert cursor.at > RAISED + FOREVER


@given(LADDERS, GROUPS, GROUPS)
def test_p4_no_step_ever_tells_the_subject(
    ladder: Ladder, watchers: tuple[Party, ...], managers: tuple[Party, ...]
) -> None:
    fired = walk(_around(watchers, managers), ladder)
    assert all(t.party.id != "amy" for firing in fired for t in firing.tellings)


@given(LADDERS, GROUPS, GROUPS, st.lists(st.integers(0, 4000), max_size=8))
def test_the_plan_shown_is_the_plan_run_however_the_walk_is_cut_up(
    ladder: Ladder, watchers: tuple[Party, ...], managers: tuple[Party, ...], cuts: list[int]
) -> None:
    around = _around(watchers, managers)
    whole = walk(around, ladder)
    cursor = ladder.start(RAISED)
    pieces: list[Firing] = []
    for cut in [*sorted(cuts), 86_400]:
        until = RAISED + timedelta(seconds=cut)
        fired, cursor = climb(ladder, cursor, around, until)
        pieces += fired
        if any(f.broadcast for f in fired):
            break
    assert told(pieces) == told(whole)


@given(LADDERS, GROUPS, GROUPS)
def test_nobody_is_told_twice_by_the_same_way_at_the_same_moment(
    ladder: Ladder, watchers: tuple[Party, ...], managers: tuple[Party, ...]
) -> None:
    fired = walk(_around(watchers, managers), ladder)
    said = [(f.at, t.party.id, way) for f in fired for t in f.tellings for way in t.ways]
    assert len(said) == len(set(said))


@given(LADDERS, GROUPS, GROUPS)
def test_rungs_never_go_later_than_the_policy_says(
    ladder: Ladder, watchers: tuple[Party, ...], managers: tuple[Party, ...]
) -> None:
    for firing in walk(_around(watchers, managers), ladder):
        if not firing.broadcast:
            after = timedelta(seconds=ladder.rungs[firing.rung].after_s)
            assert firing.at <= RAISED + after

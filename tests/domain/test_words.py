"""Every text Wayhome sends, measured with the longest names and places that people really have.

An alarm is one text, and what must be read is whole in it. What goes to the worker herself says
nothing that a stranger who reads over her shoulder must not read.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.acts.tell import BRIEFLY
from server.domain.words import alarms, answers, fit, office, replies, worker
from server.domain.words.alarms import Facts
from server.domain.words.replies import Listed
from shared.grammar import Why, possible_pins
from shared.gsm7 import is_gsm7, segments
from shared.states import AlarmKind, AlarmOutcome

LONG = "Dr Oluwaseun Adebayo-Fitzgerald-Williams"
NAMES = ["Amy Okafor", LONG, "Si\u00e2n \u0174yn-Ffl\u0177r", "\u5c71\u7530\u592a\u90ce", "x" * 100]
PLACE = (
    "Flat 3, The Old Rectory, Ffordd y T\u0177 Gwyn, Llanfairpwllgwyngyllgogerychwyrndrobwllll"
    "antysiliogogogoch \U0001f3e0 LL61 5UJ " + "behind the school and past the second gate " * 3
)[:200]
PLACES = ["12 High St", PLACE, "On the way home", "\U0001f3e0\U0001f44d", "{worker} {place} {}", ""]
TIMES = ["14:30", "Tue 01:30 BST"]
NUMBERS = ["07700 900101", "+1 (202) 555-0123", None]
FORBIDDEN = re.compile(r"alarm|safety|client|danger|duress|threat|emergency", re.IGNORECASE)
DOUBT = (
    "NOT covered: no number around you is proven. Ask them to try it, or tell somebody yourself."
)

GOING = [
    alarms.Going(letters, owner, hands_off)
    for letters, owner in [(("BB",), ""), (("BB", "CC", "DD"), LONG), ((), LONG), ((), alarms.YOU)]
    for hands_off in (False, True)
]
ALARMS = [
    Facts(
        kind, name, number, place, time, time, time if same else "14:05", letter, duress,
        unverified, "he has a knife and is in the kitchen",
    )
    for kind, name, place, time, letter in product(
        AlarmKind, NAMES, [*PLACES, None], TIMES, [None, "B", "BB"]
    )
    for number, same, duress, unverified in [
        (NUMBERS[0], False, False, False),
        (NUMBERS[1], True, False, True),
        (NUMBERS[2], False, False, True),
        (NUMBERS[0], False, True, False),
    ]
]  # fmt: skip


@pytest.mark.parametrize("kind", AlarmKind)
def test_an_alarm_is_one_text_and_what_must_be_read_is_whole(kind: AlarmKind) -> None:
    for facts in (one for one in ALARMS if one.kind is kind):
        text = alarms.alarm(facts)
        assert segments(text) == 1, text
        assert is_gsm7(text)
        letter = f" {facts.letter}" if facts.letter else ""
        assert text.endswith(f"Reply 1{letter} to take charge."), text
        assert "999" in text
        assert fit.plain(facts.worker)[:8] in text
        if not facts.hands_off and facts.number:
            assert f"Ring her on {facts.number}. No answer: 999." in text


def test_an_everyday_alarm_says_everything() -> None:
    facts = Facts(
        AlarmKind.OVERDUE, "Amy Okafor", "07700 900101", "12 High St", "14:30", "14:30", "13:45"
    )
    assert alarms.alarm(facts) == (
        "Amy Okafor is overdue at 12 High St: due 14:30, last heard 13:45."
        " Ring her on 07700 900101. No answer: 999. Reply 1 to take charge."
    )


def test_duress_begins_with_hands_off_and_asks_nobody_to_ring_her() -> None:
    hidden = [facts for facts in ALARMS if facts.hands_off]
    assert {facts.kind for facts in hidden} == set(AlarmKind)
    for facts in hidden:
        text = alarms.alarm(facts)
        assert text.startswith("DO NOT RING OR TEXT HER. ")
        assert "Ring her" not in text
        assert facts.number is None or facts.number not in text


def test_in_a_rehearsal_an_alarm_is_one_text_with_its_name_whole() -> None:
    for facts in ALARMS:
        text = alarms.alarm(replace(facts, lead=BRIEFLY))
        assert text.startswith("REHEARSAL. ")
        assert segments(text) == 1, text
        assert fit.plain(facts.worker)[:8] in text
        assert "999" in text


def test_a_visit_begun_without_a_place_is_just_hers() -> None:
    assert answers.finished(fit.NO_PLACE, "14:30") == "Your visit: finished at 14:30. Thank you."
    assert answers.still(fit.NO_PLACE, "14:30") == "Still open: Your visit until 14:30."
    assert worker.on_behalf("Cat Lin", "closed the visit", fit.NO_PLACE) == (
        "Cat Lin closed the visit for you. Not right? Ring the office."
    )


def test_without_a_place_to_show_none_is_shown() -> None:
    bare = Facts(AlarmKind.OVERDUE, "Amy Okafor", "07700 900101", None, "14:30", "14:30", "13:45")
    assert " at " not in alarms.alarm(bare)


def test_a_long_place_leaves_a_beginning_where_there_is_room() -> None:
    facts = Facts(AlarmKind.SOS, "Amy Okafor", "07700 900101", PLACE, "14:30", "14:31", "14:05")
    assert alarms.alarm(facts).startswith("SOS from Amy Okafor at Flat 3, The Old Rectory")


def test_long_names_and_places_share_the_room() -> None:
    facts = Facts(AlarmKind.OVERDUE, LONG, "07700 900101", "12 High St", "14:30", "14:30", "13:45")
    text = alarms.alarm(facts)
    assert text.startswith("Dr Oluwaseun Adebayo-")
    assert " at 12 High St: due 14:30" in text


def to_people(name: str, other: str, place: str, time: str) -> dict[str, str]:
    """Every other text to people who were told."""
    outcomes = {
        f"stand_down {outcome}": alarms.stand_down(name, time, other, outcome)
        for outcome in AlarmOutcome
    }
    for going in GOING:
        outcomes |= {
            f"still_open {going}": alarms.still_open(name, time, other, going),
            f"over_but_another {going}": replies.over_but_another(name, other, time, going),
            f"resolved {going}": replies.resolved(name, time, AlarmOutcome.SAFE, going),
        }
    for hidden in (False, True):
        hands = " hands off" if hidden else ""
        outcomes |= {
            f"owned which{hands}": alarms.owned(
                name, other, time, f" BB of {time}", under_duress=hidden
            ),
            f"released which{hands}": alarms.released(
                name, other, time, f" BB of {time}", "BB", under_duress=hidden
            ),
            f"released by you{hands}": alarms.released(
                name, alarms.YOU, time, f" BB of {time}", "BB", under_duress=hidden
            ),
        }
    outcomes |= {
        f"stand_down {outcome} watched": alarms.stand_down(
            name, time, other, outcome, watched_until=time
        )
        for outcome in AlarmOutcome
    }
    return outcomes | {
        "owned": alarms.owned(name, other, time),
        "released": alarms.released(name, other, time),
        "ask_owner": alarms.ask_owner(name, time, "BB"),
        "ask_owner hands off": alarms.ask_owner(name, time, "BB", under_duress=True),
        "to_managers": alarms.to_managers(name, other, time),
        "to_managers hands off": alarms.to_managers(name, other, time, under_duress=True),
        "news": alarms.news(name, "she needs 719 min more", time),
        "news hands off": alarms.news(name, "she is all right", time, under_duress=True),
        "wrote": alarms.wrote(name, place, time),
        "wrote hands off": alarms.wrote(name, place, time, under_duress=True),
        "unreachable": alarms.unreachable(name, time),
        "signed_out": office.signed_out(name, time, time),
        "sos_from_ended_phone": office.sos_from_ended_phone(name, time),
        "in_charge": replies.in_charge(name, NUMBERS[1], "BB", hands_off=False),
        "in_charge without number": replies.in_charge(name, None, "BB", hands_off=False),
        "in_charge hands off": replies.in_charge(name, NUMBERS[1], "BB", hands_off=True),
        "keeps_charge": replies.keeps_charge(name, time, "BB"),
        "keeps_charge hands off": replies.keeps_charge(name, time, "BB", hands_off=True),
        "has_charge": replies.has_charge(name, time, "BB"),
        "has_charge hands off": replies.has_charge(name, time, "BB", hands_off=True),
        "taken": replies.taken(other, name),
        "taken hands off": replies.taken(other, name, hands_off=True),
        "passed": replies.passed(name, to_everyone=False),
        "passed hands off": replies.passed(name, to_everyone=True, hands_off=True),
        "passed in a broadcast": replies.passed(name, to_everyone=True),
        "over": replies.over(name, other, time, AlarmOutcome.EMERGENCY_SERVICES),
        "over by you": replies.over(name, "you", time, AlarmOutcome.HARMED),
        "over while another is open": replies.over(name, other, time, None),
        "over by itself": replies.over(name, None, time, AlarmOutcome.SAFE),
        "none_told": replies.none_told(),
        "no_such_letter": replies.no_such_letter("BB"),
        "pin_please": replies.pin_please("FALSE", "BB"),
        "no_pins": replies.no_pins(),
        "resolved": replies.resolved(name, time, AlarmOutcome.FALSE_ALARM),
        "to_take_charge": replies.to_take_charge([Listed("A", name, time)], bare=True),
        "not_understood": replies.not_understood(Why.UNKNOWN),
    }


@pytest.mark.parametrize("time", TIMES)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", NAMES)
def test_every_other_text_to_people_is_one_text_too(name: str, place: str, time: str) -> None:
    for what, text in to_people(name, LONG, place, time).items():
        assert segments(text) == 1, (what, text)
        assert is_gsm7(text), (what, text)
        assert what.startswith("wrote") or not text.endswith("..."), (what, text)


HANDS_OFF_TOO = ["owned which", "released which", "released by you", "ask_owner", "taken", "passed"]
HANDS_OFF_TOO += ["in_charge", "keeps_charge", "has_charge", "news", "to_managers", "wrote"]


@pytest.mark.parametrize("what", HANDS_OFF_TOO)
def test_under_duress_they_begin_with_hands_off(what: str) -> None:
    said = to_people("Amy Okafor", "Ben Hughes", "what now", "14:30")
    assert said[f"{what} hands off"].startswith("DO NOT RING OR TEXT HER. ")
    assert "speak to her" not in said[f"{what} hands off"]


def test_hers_is_not_the_all_clear_while_another_is_open() -> None:
    for going in GOING:
        for text in (
            alarms.still_open("Amy Okafor", "14:30", "Ben Hughes", going),
            replies.over_but_another("Amy Okafor", "Ben Hughes", "14:30", going),
            replies.resolved("Amy Okafor", "14:30", AlarmOutcome.SAFE, going),
        ):
            assert "STILL OPEN" in text
            assert "clear" not in text.lower()
            assert "safe" not in text
            assert text.startswith("DO NOT RING OR TEXT HER. ") == going.hands_off
            assert all(f"1 {letter}" in text for letter in going.letters[:2])


def test_what_is_listed_says_hands_off_beside_the_name() -> None:
    listed = [Listed("A", "Amy Okafor", "14:30", hands_off=True), Listed("B", "Dan Price", "14:31")]
    assert replies.which("1", False, listed) == (
        "Please reply 1 A for Amy Okafor (14:30, DO NOT RING OR TEXT HER);"
        " 1 B for Dan Price (14:31)."
    )
    assert replies.told_of([replies.Standing(listed[0], "", "Ben Hughes", "")]) == (
        "Open: A: Amy Okafor since 14:30, DO NOT RING OR TEXT HER, Ben Hughes has charge."
    )
    assert replies.to_take_charge(listed[:1], bare=True).startswith("DO NOT RING OR TEXT HER. ")
    assert "1 A (Amy Okafor, DO NOT RING" in replies.to_take_charge(listed, bare=False)


def test_what_is_listed_names_everybody_it_offers() -> None:
    listed = [Listed(letter, LONG, "14:30") for letter in "ABCDEFG"]
    text = replies.which("SAFE", True, listed)
    assert text.startswith(f"Please reply SAFE A and your PIN for {LONG} (14:30); SAFE B")
    assert text.endswith("And 2 more.")
    assert is_gsm7(text)
    assert replies.to_take_charge(listed, bare=False).startswith("To take charge reply 1 A (Dr")
    act = replies.next_act("Cat Lin", "text and call", "14:33")
    standing = [replies.Standing(one, "12 High St", None, act) for one in listed]
    assert replies.told_of(standing[:1]) == (
        f"Open: A: {LONG} at 12 High St since 14:30, nobody has charge yet."
        " Next: Cat Lin is texted and rung 14:33."
    )
    for many in range(1, len(standing) + 1):
        assert segments(replies.told_of(standing[:many])) <= 2


def to_her(place: str, time: str, who: str, pin: bool) -> dict[str, str]:
    """Every text and every answer to the worker herself."""
    chain = [f"{time} {who} by text"] * 3
    stop = answers.stop_with("DONE") if pin else None
    begun: Callable[..., str] = answers.begun
    told = {"tells": (who, time), "asks_pin": pin}
    return {
        "warn": worker.warn(time, 60, pin),
        "nudge": worker.nudge(time, pin),
        "nudge_check_in": worker.nudge_check_in(time),
        "not_started": worker.not_started(time),
        "owned": worker.owned(who, time),
        "owned sos": worker.owned(who, None),
        "ended": worker.ended(who, time, time),
        "ended sos": worker.ended(who, None, time),
        "goes_on": worker.goes_on(who, time, time),
        "open_again": worker.open_again(who, time, time, pin),
        "on_behalf": worker.on_behalf(who, "added 15 min to the visit", place),
        "begun": begun(place, time, until_first=False, ok_by=None, **told),
        "begun until": begun(place, time, until_first=True, ok_by=time, **told),
        "begun home": begun(place, time, until_first=False, ok_by=None, ends_with="HOME", **told),
        "begun in doubt": begun(place, time, until_first=True, ok_by=time, doubt=DOUBT, **told),
        "begun untold": begun(place, time, until_first=False, ok_by=time, asks_pin=pin, tells=None),
        "how_long": answers.how_long(place),
        "too_far": answers.too_far(time, 12),
        "still_open": answers.still_open(place, pin),
        "home_open": answers.home_open(time, pin),
        "home_how": answers.home_how(pin),
        "checked_in": answers.checked_in(place, time, None),
        "checked_in again": answers.checked_in(place, time, time),
        "one_more_grace": answers.one_more_grace(place, time, pin),
        "no_more_grace": answers.no_more_grace(place, time, pin),
        "noted": answers.noted(answers.stop_with("MORE 15")),
        "noted without pins": answers.noted(None),
        "extended": answers.extended(place, time, time),
        "how_many": answers.how_many(pin),
        "add_pin": answers.add_pin("MORE 15"),
        "wrong_pin": answers.wrong_pin(),
        "no_pins": answers.no_pins("MORE 15"),
        "finished": answers.finished(place, time),
        "finished_home": answers.finished_home(time),
        "still": answers.still(place, time),
        "nothing_open": answers.nothing_open(),
        "sos": answers.sos(reaches=True),
        "sos untold": answers.sos(reaches=False),
        "sos_again": answers.sos_again(time),
        "sos_goes_on": answers.sos_goes_on(),
        "stood down": answers.ended(time),
        "away": answers.away(time),
        "away_when": answers.away_when(),
        "back": answers.back(),
        "number_back": answers.number_back(),
        "stranger": answers.STRANGER,
        "failed": answers.FAILED,
        "not_watching": answers.not_watching(),
        **{f"not_understood {why.name}": answers.not_understood(why) for why in Why},
        **{f"passed_on {why.name}": answers.passed_on(why, stop) for why in Why},
        "status": answers.watched(place, time, chain, None),
        "status in doubt": answers.watched(place, time, chain, DOUBT),
        "status raised": answers.being_told(place, chain[0], None, answers.stop_with("DONE")),
        "status owned": answers.being_told(place, None, who, None),
        "status of nothing": answers.if_begun_now(chain, None),
    }


@pytest.mark.parametrize("pin", [True, False])
@pytest.mark.parametrize("place", PLACES[:-1])
@pytest.mark.parametrize("who", NAMES)
def test_a_stranger_may_read_every_text_to_her(who: str, place: str, pin: bool) -> None:
    for time in TIMES:
        for what, text in to_her(place, time, who, pin).items():
            assert not FORBIDDEN.search(text), (what, text)
            assert is_gsm7(text) or what.startswith("status"), (what, text)
            assert segments(text) == 1 or what.startswith("status"), (what, text)


def test_where_a_pin_is_asked_every_text_says_so() -> None:
    asked = to_her("12 High St", "14:30", "Ben Hughes", True)
    bare = to_her("12 High St", "14:30", "Ben Hughes", False)
    for what in ("warn", "nudge", "begun", "still_open", "home_open", "one_more_grace", "how_many"):
        assert "and your PIN" in asked[what], what
        assert "PIN" not in bare[what], what


def test_no_text_holds_a_pin_not_even_as_an_example() -> None:
    said = to_her("the lodge", "14:30", "Ben Hughes", True)
    said |= to_people("Amy Okafor", "Ben Hughes", "what now", "14:30")
    assert [
        what for what, text in said.items() if possible_pins(re.sub(r"\d\d:\d\d", "", text))
    ] == []


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=300))
def test_nothing_a_person_types_breaks_a_text(name: str, place: str, said: str) -> None:
    facts = Facts(AlarmKind.SOS, name, "07700 900101", place, "14:30", "14:30", "14:05", said=said)
    text = alarms.alarm(facts)
    assert segments(text) == 1
    assert is_gsm7(text)
    assert text.endswith("Ring her on 07700 900101. No answer: 999. Reply 1 to take charge.")

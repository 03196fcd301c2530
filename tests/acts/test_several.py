"""Several alarms about one worker: one never hides another, and who knows of one hears of a duress
at once (P4, P5)."""

import re

import pytest

from server.gateways.base import Fate as Outcome
from server.gateways.base import Handover
from server.store.messages import Fate, Message, Purpose
from shared.states import AlarmKind
from tests.engine.fixtures import NewNight
from tests.engine.mirror import Mirror
from tests.engine.night import Night, bodies

HANDS_OFF = "DO NOT RING OR TEXT HER. "
LINK = re.compile(r"http\S+$")
AWAY = Handover(Outcome.TEMPORARY, None, "20503", "out of service")


@pytest.fixture
def database_kind() -> str:
    """What people are told is decided above the database."""
    return "sqlite"


def overdue(night: Night, *, everybody: bool = False) -> None:
    """Amy is overdue; Ben was told, or, `everybody`, Dan too, by a broadcast."""
    night.start("amy", 45)
    night.forward(minutes=65.5 if everybody else 55)
    night.forget()


def test_whoever_is_told_that_another_is_open_can_act_on_it(night: Night) -> None:
    overdue(night, everybody=True)
    sos = night.sos("amy")
    night.forget()
    night.resolve("cat", alarm=night.alarms("amy")[0].id)
    assert night.new("dan") == [
        "One alarm about Amy Okafor is over (Cat Lin, 15:05). ANOTHER IS STILL OPEN: go on."
        " Reply 1 B to take charge."
    ]
    night.own("ben", sos)
    assert bodies(night.new("dan"), "Ben Hughes has taken charge of Amy Okafor's alarm (15:05)")
    night.resolve("ben", alarm=sos)
    assert bodies(night.new("dan"), "All clear: Amy Okafor is safe (Ben Hughes, 15:05)")


def test_it_says_who_has_charge_of_the_other_one(night: Night) -> None:
    overdue(night, everybody=True)
    night.own("ben", night.sos("amy"))
    night.forget()
    night.resolve("cat", alarm=night.alarms("amy")[0].id)
    assert bodies(night.new("dan"), "STILL OPEN: go on. Ben Hughes has charge of it.")
    assert bodies(night.new("ben"), "STILL OPEN: go on. You have charge of it.")


def test_of_a_duress_it_says_hands_off_and_nothing_to_her(night: Night) -> None:
    overdue(night)
    night.close("amy", "7390")
    first = night.alarms("amy")[0]
    night.forget()
    night.resolve("cat", alarm=first.id)
    assert night.new("ben") == [
        HANDS_OFF + "One alarm about Amy Okafor is over (Cat Lin, 14:55). ANOTHER IS STILL OPEN:"
        " ring 999. Reply 1 B to take charge."
    ]
    assert bodies(night.texts("amy"), "OPEN") == []


def test_whoever_knows_of_another_alarm_hears_of_a_duress_at_once(night: Night) -> None:
    overdue(night, everybody=True)
    night.own("dan")
    night.forget()
    night.close("amy", "7390")
    (told,) = night.new("dan")
    assert told == night.new("ben")[0]
    assert told.startswith(HANDS_OFF + "Amy Okafor may be under threat")
    assert told.endswith("Ring 999 now and say so. Reply 1 B to take charge.")
    assert [part["told"][0]["who"] for part in night.said("told_too")] == ["Dan Price"]
    assert bodies(night.texts("amy"), "HER") == []


def test_whoever_knows_of_none_hears_of_it_in_the_ladders_time(night: Night) -> None:
    overdue(night)
    night.close("amy", "7390")
    assert night.new("dan") == []
    assert night.said("told_too") == []


def test_while_the_duress_is_open_every_text_about_her_says_hands_off(night: Night) -> None:
    overdue(night, everybody=True)
    first = night.alarm("amy").id
    night.own("dan", first)
    night.close("amy", "7390")
    night.forget()
    night.forward(seconds=301)
    assert bodies(night.new("dan"), HANDS_OFF + "Are you still with Amy Okafor's alarm?")
    night.own("cat", first, take_over=True)
    night.release("cat", first)
    texts = [text for who in ("ben", "cat", "dan") for text in night.new(who)]
    assert bodies(texts, "has taken charge")
    let_go = [m.body for m in night.messages(None, Purpose.OWNED) if "longer" in m.body]
    assert len(let_go) == 3
    assert all(text.startswith(HANDS_OFF) for text in [*texts, *let_go])


def test_what_is_said_of_charge_names_the_alarm_where_there_are_several(night: Night) -> None:
    overdue(night, everybody=True)
    sos = night.sos("amy")
    night.forward(minutes=5)
    night.forget()
    night.own("cat", night.alarms("amy")[0].id)
    assert bodies(night.new("dan"), "charge of Amy Okafor's alarm A of 14:55 (15:10).")
    night.own("cat", sos)
    assert bodies(night.new("dan"), "charge of Amy Okafor's alarm B of 15:05 (15:10).")


def test_who_loses_charge_is_spoken_to_and_told_the_letter(night: Night) -> None:
    overdue(night)
    night.forward(seconds=185)
    sos = night.sos("amy")
    night.own("ben", sos)
    night.forget()
    night.release("ben", sos)
    assert bodies(
        night.new("ben"),
        "You no longer have charge of Amy Okafor's alarm B of 14:58 (14:58). Reply 1 B to take it.",
    )
    (hers,) = [m for m in night.messages("cat", Purpose.OWNED) if "longer" in m.body]
    assert hers.body == (
        "Ben Hughes no longer has charge of Amy Okafor's alarm B of 14:58 (14:58)."
        " Reply 1 B to take it."
    )


def test_alone_it_needs_no_letter(night: Night) -> None:
    overdue(night)
    night.own("ben")
    night.forget()
    night.release("ben")
    (his,) = night.messages("ben", Purpose.OWNED)
    assert his.body == (
        "You no longer have charge of Amy Okafor's alarm (14:55). Reply 1 to take it."
    )


def test_whoever_takes_charge_unasked_has_a_letter_to_keep_it_by(night: Night) -> None:
    overdue(night)
    night.own("cat")
    night.forward(seconds=301)
    assert bodies(night.new("cat"), "Are you still with", "Reply 1 A to keep it.")


def test_nobody_hears_that_another_is_open_when_that_is_over_too(night: Night) -> None:
    """The gateway is away meanwhile: one current text for each, and a true one (P3)."""
    night.may_log.add("audit")
    overdue(night, everybody=True)
    sos = night.sos("amy")
    night.forget()
    night.gateway(AWAY)
    night.resolve("cat", alarm=night.alarms("amy")[0].id)
    night.forward(seconds=0.5)
    night.resolve("cat", alarm=sos)
    night.gateway(None)
    night.forward(minutes=5)
    for who in ("ben", "dan"):
        assert bodies(night.new(who), "All clear") == [
            "All clear: Amy Okafor is safe (Cat Lin, 15:05). Thank you. Nothing more to do."
        ]
        assert bodies(night.texts(who), "STILL OPEN") == []


def test_an_all_clear_does_not_overtake_what_is_being_handed_over(night: Night) -> None:
    overdue(night)
    night.forward(seconds=1)
    sos = night.sos("amy")
    night.rounds_follow = False
    night.resolve("cat", alarm=night.alarms("amy")[0].id)
    (first,) = night.messages("ben", Purpose.STAND_DOWN)
    night.change(lambda s: setattr(s.get(Message, first.id), "status", Fate.SENDING.value))
    night.resolve("cat", alarm=sos)
    first, last = sorted(night.messages("ben", Purpose.STAND_DOWN), key=lambda m: m.next_at)
    assert (first.expires_at, first.status) == (night.now, Fate.SENDING)
    assert last.body.startswith("All clear")
    assert (last.next_at - night.now).total_seconds() == 2
    night.forward(minutes=1)
    assert bodies(night.texts("ben"), "STILL OPEN") == []


def test_an_all_clear_that_waits_is_none_any_more_when_she_cries_out(night: Night) -> None:
    night.may_log.add("audit")
    overdue(night, everybody=True)
    night.gateway(AWAY)
    night.resolve("cat")
    night.forward(seconds=0.5)
    night.sos("amy")
    night.gateway(None)
    night.forward(seconds=40)
    assert bodies(night.texts("dan"), "All clear") == []
    assert bodies(night.new("dan"), "STILL OPEN: go on. Reply 1 B to take charge.")


def test_p4_a_resolver_under_duress_learns_nothing_from_what_comes_after(
    new_night: NewNight,
) -> None:
    """Ben ends Amy's overdue with either PIN while her SOS goes on; then Cat ends that."""
    heard = []
    for pin in ("1357", "8642"):
        night = new_night(policy={"broadcast_every_s": 1800}, asks_after_silence=False)
        mirror = Mirror(night, "ben")
        night.start("amy", 45)
        night.sos("amy")
        night.forward(minutes=56)
        over = next(a.id for a in night.alarms("amy") if a.kind == AlarmKind.OVERDUE)
        mirror.tries(lambda n=night, p=pin, o=over: n.resolve("ben", alarm=o, pin=p))  # type: ignore[misc]
        night.forward(minutes=2)
        night.resolve("cat", alarm=night.alarms("amy")[0].id)
        mirror.look()
        heard.append([LINK.sub("", line["text"]) for line in mirror.done() if "text" in line])
    assert heard[0] == heard[1]
    assert bodies(heard[1], "All clear: Amy Okafor is safe (Cat Lin, 14:58)")

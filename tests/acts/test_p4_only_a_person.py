"""P4: only a person stops the climb; after a raise only the worker's safe PIN, and a PIN means the
same whatever it comes with."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from server.acts import self_care
from server.domain.refusals import Conflict, PinRequired, PinWrong, Refusal
from server.gateways.base import Fate, Handover
from shared.states import AlarmKind, AlarmOutcome, Means
from tests.engine.fixtures import NewNight
from tests.engine.night import Night, bodies
from tests.support.people import CAT

SAFE, DURESS, WRONG = "4821", "7390", "1234"


def raised(night: Night) -> None:
    """Amy is overdue and raised; Ben has been told."""
    night.start("amy", 45)
    night.forward(minutes=57)
    night.forget()


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (lambda night: night.close("amy"), "she is finished"),
        (lambda night: night.extend("amy", 15), "she needs 15 min more"),
        (lambda night: night.check_in("amy"), "she is all right"),
    ],
    ids=["close", "extend", "check-in"],
)
def test_what_comes_without_a_pin_stops_nothing_and_is_told(
    night: Night, act: Callable[[Night], Any], says: str
) -> None:
    raised(night)
    before = night.visit("amy")
    act(night)
    assert night.new("ben") == [f"Amy Okafor's phone says {says} at 14:57, no PIN: speak to her."]
    assert night.new("cat") + night.new("amy") == []
    after = night.visit("amy")
    assert (after.status, after.ends_at, after.due_at) == ("open", before.ends_at, before.due_at)
    night.forward(minutes=2)
    assert bodies(night.new("cat"), "overdue")


def test_whoever_has_not_got_the_alarm_yet_gets_it_brought_up_to_date_and_no_news(
    night: Night,
) -> None:
    night.start("amy", 45)
    night.forward(minutes=54)
    night.gateway(Handover(Fate.TEMPORARY, None, None, "nobody answers"))
    night.forward(minutes=3)
    night.check_in("amy")
    night.gateway(None)
    night.forward(seconds=30)
    assert night.texts("ben") == [
        "Amy Okafor is overdue at 12 High St: due 14:45, last heard 14:57. Ring her on"
        " 07700 900101. No answer: 999. Reply 1 to take charge."
    ]
    night.may_log |= {"audit"}


@pytest.mark.parametrize(
    "act",
    [
        lambda night: night.close("amy", SAFE),
        lambda night: night.extend("amy", 15, SAFE),
        lambda night: night.stand_down("amy", SAFE),
        lambda night: night.start("amy", 20, pin=SAFE),
    ],
    ids=["close", "extend", "stand-down", "move on"],
)
def test_her_safe_pin_ends_an_overdue(night: Night, act: Callable[[Night], Any]) -> None:
    raised(night)
    act(night)
    assert not night.alarms("amy")[0].is_open
    assert bodies(night.new("ben"), "All clear")
    night.forward(minutes=14)
    assert night.new("cat") == []


def test_closing_never_ends_an_sos_and_a_stand_down_does(night: Night) -> None:
    night.start("amy", 45)
    night.sos("amy")
    night.close("amy", SAFE)
    assert night.visit("amy").status == "closed"
    assert night.alarm().is_open
    night.stand_down("amy", SAFE)
    assert night.alarm().outcome == AlarmOutcome.FALSE_ALARM


def test_an_sos_is_not_stood_down_without_a_pin(night: Night) -> None:
    night.sos("amy")
    with pytest.raises(PinRequired):
        night.stand_down("amy", None)
    assert night.alarm().is_open


def test_a_close_without_pin_while_an_sos_is_open_closes_nothing(night: Night) -> None:
    night.start("amy", 45)
    night.sos("amy")
    night.close("amy")
    assert night.visit("amy").status == "open"


def test_delivered_is_good_news_and_stops_nothing(night: Night) -> None:
    """The postbox reports every text as delivered when it is asked."""
    raised(night)
    night.forward(minutes=2)
    assert {m.status for m in night.messages("ben")} == {"delivered"}
    night.forward(minutes=10)
    assert night.new("cat") != []


PIN_RULES = [
    ("never", Means.APP, False),
    ("never", Means.TEXT, False),
    ("text_only", Means.APP, False),
    ("text_only", Means.TEXT, True),
    ("text_only", Means.CALL, True),
    ("always", Means.APP, True),
    ("always", Means.TEXT, True),
]


@pytest.mark.parametrize(("rule", "by", "asked"), PIN_RULES)
@pytest.mark.parametrize("what", ["close", "extend"])
def test_before_a_raise_the_team_decides_whether_a_pin_is_asked_for(
    new_night: NewNight, rule: str, by: Means, asked: bool, what: str
) -> None:
    night = new_night(policy={"pin": rule})
    night.start("amy", 45)

    def act(pin: str | None) -> None:
        night.close("amy", pin, by=by) if what == "close" else night.extend("amy", 5, pin, by=by)

    if asked:
        with pytest.raises(PinRequired):
            act(None)
        assert night.visit("amy").status == "open"
        act(SAFE)
    else:
        act(None)
    assert (night.visit("amy").status == "closed") is (what == "close")


def test_a_person_without_pins_closes_by_text_without_one_before_a_raise_only(
    night: Night,
) -> None:
    night.change_person("amy", pin_hash=None, duress_hash=None)
    night.start("amy", 45)
    night.close("amy", by=Means.TEXT)
    assert night.visit("amy").status == "closed"
    raised(night)
    night.close("amy", by=Means.TEXT)
    assert night.visit("amy").status == "open"


@pytest.mark.parametrize("when", [10, 57])
def test_a_wrong_pin_is_refused_also_where_none_is_asked_for_and_changes_nothing(
    night: Night, when: int
) -> None:
    night.start("amy", 45)
    night.forward(minutes=when)
    night.forget()
    for act in (
        lambda: night.close("amy", WRONG),
        lambda: night.extend("amy", 15, WRONG),
        lambda: night.start("amy", 20, pin=WRONG),
        lambda: night.start("amy", 20, pin=WRONG, starts_at=night.now.replace(hour=20)),
    ):
        with pytest.raises(PinWrong):
            act()
    assert night.person("amy").wrong_pins == 4
    assert night.visit("amy").status == "open"
    assert night.new("ben") == []


def test_the_same_request_counts_once_however_often_it_is_sent(night: Night) -> None:
    night.start("amy", 45)
    for _ in range(7):
        with pytest.raises(PinWrong):
            night.close("amy", WRONG, request="one and the same")
    assert night.person("amy").wrong_pins == 1
    assert night.alarms() == []


def test_a_right_pin_begins_the_count_anew(night: Night) -> None:
    night.start("amy", 45)
    for n in range(4):
        with pytest.raises(PinWrong):
            night.close("amy", WRONG, request=f"first {n}")
    night.extend("amy", 5, SAFE)
    for n in range(4):
        with pytest.raises(PinWrong):
            night.close("amy", WRONG, request=f"second {n}")
    assert night.alarms() == []


def five_wrong(night: Night) -> None:
    """Over all channels and acts: the app, a text, a resolve, a change of PINs, a start."""
    night.start("ben", 45)
    sos = night.sos("ben")
    tries: list[Callable[[], Any]] = [
        lambda: night.close("amy", WRONG, request="1"),
        lambda: night.extend("amy", 15, WRONG, by=Means.TEXT, request="2"),
        lambda: night.resolve("amy", alarm=sos, pin=WRONG, request="3"),
        lambda: night.on_self(
            "amy", lambda t, p: self_care.change_pins(t, p, WRONG, "1111", "2222"), request="4"
        ),
        lambda: night.start("amy", 20, pin=WRONG),
    ]
    answers = []
    for attempt in tries:
        with pytest.raises(PinWrong) as refused:
            attempt()
        answers.append((refused.value.kind, refused.value.sentence, refused.value.extra))
    assert len(set(map(str, answers))) == 1
    night.resolve("cat", alarm=sos)


def test_five_wrong_pins_over_all_channels_raise_a_duress_that_she_never_hears_of(
    night: Night,
) -> None:
    night.start("amy", 45)
    five_wrong(night)
    duress = night.alarm("amy")
    assert (duress.kind, duress.visit_id) == (AlarmKind.DURESS, night.visit("amy").id)
    assert bodies(night.texts("cat"), "DO NOT RING OR TEXT HER", "Amy Okafor")
    night.forward(minutes=30)
    assert bodies(night.texts("amy"), "Amy") == []


def test_jammed_pins_look_right_and_stop_nothing_until_somebody_else_resolves_it(
    night: Night,
) -> None:
    night.start("amy", 45)
    five_wrong(night)
    assert night.person("amy").pins_jammed
    with pytest.raises(PinWrong):
        night.close("amy", WRONG)
    night.close("amy", SAFE)
    assert night.visit("amy").status == "open"
    assert night.alarm("amy").is_open
    night.resolve("ben", alarm=night.alarm("amy").id)
    assert not night.person("amy").pins_jammed
    assert night.person("amy").wrong_pins == 0
    night.close("amy", SAFE)
    assert night.visit("amy").status == "closed"


@pytest.mark.parametrize(
    "act",
    [
        lambda night: night.extend("amy", 15, DURESS),
        lambda night: night.close("amy", DURESS),
        lambda night: night.stand_down("amy", DURESS, night.alarms("amy")[0].id),
        lambda night: night.start("amy", 900, pin=DURESS),
        lambda night: night.start("amy", 20, pin=DURESS, starts_at=night.now.replace(hour=20)),
    ],
    ids=["extend what is over", "close what is over", "stand down", "too long", "plan"],
)
def test_a_duress_pin_is_heard_whatever_the_act_it_came_with_is_answered(
    night: Night, act: Callable[[Night], Any]
) -> None:
    night.sos("amy")
    night.start("amy", 45)
    night.close("amy", SAFE)
    night.stand_down("amy", SAFE)
    with suppress(Refusal):
        act(night)
    assert any(alarm.kind == AlarmKind.DURESS for alarm in night.alarms("amy"))


def test_one_duress_at_a_time(night: Night) -> None:
    night.start("amy", 45)
    night.extend("amy", 5, DURESS)
    night.extend("amy", 5, DURESS)
    night.close("amy", DURESS)
    assert [alarm.kind for alarm in night.alarms("amy")] == [AlarmKind.DURESS]
    assert len(night.log("duress_again")) == 2


def test_while_a_duress_is_open_nobody_else_can_close_or_extend_over_it(night: Night) -> None:
    night.start("amy", 45)
    night.close("amy", DURESS)
    with pytest.raises(Conflict):
        night.close("amy", by_whom="ben", spoke_to_her=True)
    with pytest.raises(Conflict):
        night.extend("amy", 15, by_whom="cat")
    with pytest.raises(Conflict):
        night.check_in("amy", by_whom="ben")
    night.forward(minutes=90)
    assert night.texts("amy") == []


@pytest.mark.parametrize("minutes", [20, 57], ids=["before its end", "after the raise"])
def test_who_may_be_under_threat_closes_nothing_for_another(night: Night, minutes: int) -> None:
    """It looks closed to her, and everybody else goes on watching; its worker hears nothing."""
    night.start("cat", 45)
    night.close("cat", CAT.duress_pin)
    night.start("amy", 45)
    night.forward(minutes=minutes)
    night.forget()
    night.close("amy", by_whom="cat", spoke_to_her=True)
    visit = night.visit("amy")
    assert (visit.status, set(visit.veil or {})) == ("open", {str(night.org["cat"].id)})
    assert night.new("amy") == []
    night.forward(minutes=60)
    assert [alarm.status for alarm in night.alarms("amy")] == ["raised"]
    assert bodies(night.new("ben"), "Amy Okafor", "overdue")
    assert not bodies(night.new("cat"), "Amy Okafor")
    night.resolve("ben", alarm=night.alarms("cat")[0].id)
    assert night.visit("amy").veil is None


@pytest.mark.parametrize("pin", [SAFE, DURESS])
def test_a_pin_given_before_she_cried_out_again_ends_nothing(night: Night, pin: str) -> None:
    """Her take-back waited in the phone while she was attacked: the later cry counts."""
    night.sos("amy")
    before = night.now
    night.forward(minutes=4)
    night.sos("amy", ref=night.new_id())
    with pytest.raises(Conflict, match="sent SOS again"):
        night.stand_down("amy", pin, at=before)
    assert night.alarm("amy", hidden=False).is_open
    night.stand_down("amy", pin)


def test_nobody_waits_for_an_owner_who_ended_it_under_duress(night: Night) -> None:
    """Nothing is sent to her, so her rung is no rung: the next people are told at once, and the log
    says what she did and not that nothing was heard of her."""
    night.start("amy", 45)
    night.forward(minutes=57)
    night.own("cat")
    night.forward(seconds=5)
    night.forget()
    night.resolve("cat", pin=CAT.duress_pin)
    night.forward(seconds=5)
    overdue, of_cat = bodies(night.new("ben"), "Amy Okafor is overdue"), night.alarm("cat")
    assert (len(overdue), of_cat.kind) == (1, AlarmKind.DURESS)
    whats = [entry.what for entry in night.log()]
    assert "not_believed" in whats
    assert "ownership_lapsed" not in whats
    told = {one["who"] for said in night.said("told") for one in said["told"]}
    assert "Cat Lin" not in told
    assert bodies(night.new("cat"), "Amy Okafor") == []


def test_after_the_duress_is_resolved_everybody_sees_the_same_and_she_is_watched_on(
    night: Night,
) -> None:
    night.start("amy", 45)
    night.forward(minutes=40)
    night.close("amy", DURESS)
    night.forward(minutes=20)
    night.forget()
    night.resolve("ben")
    visit = night.visit("amy")
    assert (visit.status, visit.veil) == ("open", None)
    assert (visit.due_at - night.now).total_seconds() == 600
    night.forward(minutes=19)
    said, *reminders = night.new("amy")
    assert said.startswith("Your 14:45 booking is open again (Ben Hughes)")
    assert len(reminders) == 3
    night.forward(minutes=1)
    assert bodies(night.new("ben"), "overdue", "Ring her")


def test_no_text_says_ring_her_once_her_duress_is_open(night: Night) -> None:
    """What was decided before and could not be handed over is put right before it leaves."""
    night.start("amy", 45)
    night.forward(minutes=54)
    night.gateway(Handover(Fate.TEMPORARY, None, None, "nobody answers"))
    night.forward(minutes=3)
    night.check_in("amy")
    night.close("amy", DURESS)
    night.gateway(None)
    night.forward(minutes=30)
    about_her = [text for who in ("ben", "cat", "dan") for text in night.texts(who)]
    assert about_her
    assert all(text.startswith("DO NOT RING OR TEXT HER") for text in about_her)
    night.may_log |= {"audit"}


def test_a_text_that_failed_after_all_is_tried_again_in_the_words_of_now(night: Night) -> None:
    night.start("amy", 45)
    night.forward(minutes=55)
    night.forward(seconds=1)  # what is decided in one instant has no order
    night.close("amy", DURESS)
    first = night.messages("ben")[0]
    assert "Ring her" in first.body
    night.forget()
    night.report_failure(first.id, permanent=False)
    night.forward(seconds=10)
    assert bodies(night.new("ben"), "Ring her") == []

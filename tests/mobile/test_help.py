"""An SOS from this phone: first, always, and honest about where it has got to."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from mobile.core.cover import CoverState
from mobile.core.state import SosState
from mobile.ports import Fix, Signal
from tests.mobile.hands import NOON, Hands
from tests.mobile.house import AMY, BEN, OFFICE_NUMBER, House, Served
from tests.mobile.phone import Pocket


def said(state: SosState) -> list[tuple[str, bool]]:
    return [(line.words, line.done) for line in state.lines]


def test_the_truth_after_sos_line_by_line(pocket: Pocket, house: House) -> None:
    assert pocket.sos().phase == "none"
    pocket.phone.help.sos()
    assert said(pocket.sos()) == [("On this phone 12:00", True), ("Sending to the office", False)]
    pocket.sync()
    assert pocket.sos().phase == "office"
    assert said(pocket.sos()) == [
        ("On this phone 12:00", True),
        ("Office has it 12:00", True),
        ("People are being told. Nobody has answered yet", False),
    ]
    alarm = next(iter(house.alarms.values()))
    alarm |= {"status": "owned", "owner": BEN}
    pocket.hands.passes(11)
    pocket.sync()
    assert pocket.sos().phase == "acting"
    assert said(pocket.sos())[-1] == ("Ben Hughes is acting", True)


def test_without_network_it_waits_says_so_and_offers_other_ways(
    pocket: Pocket, house: House
) -> None:
    pocket.sync()
    house.always = "nothing"
    pocket.device.net.state = Signal.TEXTS_ONLY
    pocket.phone.help.sos()
    pocket.sync()
    state = pocket.sos()
    assert said(state)[-1] == (
        "Not sent yet: waiting for signal. Ring, or send the text",
        False,
    )
    assert state.offers_call
    assert state.text is not None
    assert (state.text.to, state.text.text) == (OFFICE_NUMBER, "SOS")
    house.always = ""
    pocket.hands.passes(5)
    pocket.sync()
    assert pocket.sos().phase == "office"
    assert house.done[0][1]["at"] == NOON.isoformat()


def test_a_call_is_offered_for_as_long_as_it_is_out(pocket: Pocket, house: House) -> None:
    pocket.phone.help.sos()
    assert pocket.sos().offers_call
    pocket.sync()
    assert (pocket.sos().phase, pocket.sos().offers_call) == ("office", True)
    next(iter(house.alarms.values())).update(status="owned", owner=BEN)
    pocket.hands.passes(11)
    pocket.sync()
    assert (pocket.sos().phase, pocket.sos().offers_call) == ("acting", True)


@pytest.mark.parametrize("fault", ["500", "empty", "no_content", "html", "nothing"])
def test_with_signal_and_no_answer_of_wayhomes_it_offers_the_text(
    pocket: Pocket, house: House, fault: str
) -> None:
    house.always = fault
    pocket.phone.help.sos()
    assert pocket.sos().text is None
    pocket.sync()
    state = pocket.sos()
    assert state.phase == "on_phone"
    assert said(state)[-1] == (
        "Not sent yet: no answer, trying again. Ring, or send the text",
        False,
    )
    assert state.text is not None
    assert house.alarms == {}


def test_while_an_answer_is_long_in_coming_it_offers_the_text(pocket: Pocket, house: House) -> None:
    pocket.phone.help.sos()
    pocket.passes(10)
    assert pocket.sos().text is not None


def test_every_screen_says_how_far_it_has_got(pocket: Pocket, house: House) -> None:
    assert pocket.today().strip.sos == ""
    house.always = "nothing"
    pocket.phone.help.sos()
    pocket.sync()
    assert pocket.today().strip.sos == "Your message is not sent yet. See what you can do."
    house.always = ""
    pocket.hands.passes(5)
    pocket.sync()
    assert pocket.today().strip.sos == "Your message is out. See how it stands, or end it."


def test_a_close_that_an_sos_overtook_says_that_the_visit_is_open(
    pocket: Pocket, house: House
) -> None:
    assert pocket.phone.today.start("12 High St", 30)
    pocket.sync()
    house.always = "nothing"
    pocket.phone.visit.close()
    pocket.hands.passes(60)
    pocket.sync()
    pocket.phone.help.sos()
    house.always = ""
    pocket.sync()
    pocket.hands.passes(11)
    pocket.sync()
    state = pocket.visit()
    assert (state.phase, state.asks_pin) == ("open", True)
    assert state.message == (
        "Your message came after you closed this visit, so the visit is still open."
        " Type your PIN to end the visit."
    )


def test_it_carries_the_visit_that_nobody_has_heard_of(pocket: Pocket, house: House) -> None:
    house.always = "nothing"
    pocket.device.location.fix = Fix(51.5, -0.1, 12.0, NOON)
    pocket.phone.today.start("12 High St", 30)
    pocket.sync()
    pocket.phone.help.sos()
    house.always = ""
    pocket.phone.sync.send_sos()
    path, body = house.done[0]
    assert path == "/alarms"
    assert body["visit_snapshot"]["place"] == "12 High St"
    assert body["visit_snapshot"]["ends_at"] == "2026-03-10T12:30:00+00:00"
    assert body["position"] == {"lat": 51.5, "lon": -0.1, "accuracy_m": 12.0}


def test_holding_twice_before_it_is_sent_makes_one(pocket: Pocket, house: House) -> None:
    pocket.phone.help.sos()
    pocket.phone.help.sos()
    pocket.sync()
    assert len(house.alarms) == 1


def test_a_mistake_is_taken_back_with_the_pin_and_any_other_pin_leaves_it(
    pocket: Pocket, house: House
) -> None:
    pocket.phone.help.sos()
    pocket.sync()
    pocket.phone.help.stand_down("1111")
    assert pocket.sos().message == "Not ended yet: sending"
    pocket.sync()
    assert pocket.sos().phase == "office"
    assert pocket.sos().message.startswith("That PIN is not right.")
    pocket.phone.help.stand_down("4821")
    pocket.sync()
    assert pocket.sos().phase == "ended"
    assert said(pocket.sos())[-1] == ("Ended 12:00", True)
    pocket.hands.passes(700)
    pocket.sync()
    assert pocket.sos().phase == "past"
    assert said(pocket.sos()) == [("Your last message was sent 12:00", True)]


def test_taken_back_before_it_was_sent_both_are_sent_in_order(pocket: Pocket, house: House) -> None:
    house.always = "nothing"
    pocket.phone.help.sos()
    pocket.sync()
    pocket.phone.help.stand_down("4821")
    house.always = ""
    pocket.hands.passes(60)
    pocket.sync()
    assert [path.split("/")[-1] for path, _ in house.done] == ["alarms", "stand-down"]
    assert pocket.sos().phase == "ended"


def test_an_sos_after_one_that_was_taken_back_is_never_swallowed(
    pocket: Pocket, house: House
) -> None:
    """No signal: a slip, taken back; four minutes later she is attacked. The take-back has not left
    the phone, so it goes nowhere: no all-clear follows the call."""
    house.always = "nothing"
    pocket.phone.help.sos()
    pocket.phone.help.stand_down("4821")
    pocket.passes(240)
    assert pocket.phone.help.sos()
    state = pocket.sos()
    assert said(state)[0] == ("On this phone 12:04", True)
    assert state.message == ""
    house.always = ""
    pocket.hands.passes(60)
    pocket.sync()
    assert [path.split("/")[-1] for path, _ in house.done] == ["alarms", "alarms"]
    assert all(alarm["status"] == "raised" for alarm in house.alarms.values())


def test_a_bar_held_twice_in_one_fright_is_one_call(pocket: Pocket, house: House) -> None:
    house.always = "nothing"
    pocket.phone.help.sos()
    pocket.passes(5)
    assert pocket.phone.help.sos()
    assert [entry.kind for entry in pocket.phone.facts().waiting] == ["sos"]


def test_a_second_call_that_is_not_sent_is_never_said_to_be_out(
    pocket: Pocket, house: House
) -> None:
    pocket.phone.help.sos()
    pocket.sync()
    house.always = "nothing"
    pocket.device.net.state = Signal.NONE
    pocket.passes(240)
    pocket.phone.help.sos()
    state = pocket.sos()
    assert said(state)[-1] == (
        "Your new message of 12:04: not sent yet: waiting for signal. Ring, or send the text",
        False,
    )
    assert state.text is not None
    assert state.offers_call


def test_somebody_elses_alarm_is_not_hers_and_can_be_owned(pocket: Pocket, house: House) -> None:
    alarm = house.raise_alarm("44444444-1111-4111-8111-111111111111", "sos", None)
    alarm["worker"] = BEN
    pocket.sync()
    assert pocket.sos().phase == "none"
    assert pocket.today().alarms == 1
    model = pocket.phone.watching
    item = model.update(pocket.phone.facts()).alarms[0]
    assert (item.name, item.owner, item.mine) == ("Ben Hughes", "Nobody is acting yet", False)
    model.own(item.alarm)
    item = model.update(pocket.phone.facts()).alarms[0]
    assert item.pending == "Not taken over yet: sending"
    pocket.sync()
    item = model.update(pocket.phone.facts()).alarms[0]
    assert (item.owner, item.mine, item.pending) == (f"{AMY['name']} is acting", True, "")


def watched_by_me(house: House, alarm: dict[str, Any], **visit: Any) -> dict[str, Any]:
    """Ben's visit, which asks to be watched over, and its alarm; both lists tell of that."""
    his = house.start({"id": str(uuid4()), "place": "3 Mill Lane", "minutes": 30, **visit})
    house.others[his["id"]] = house.visits.pop(his["id"])
    alarm |= {"worker": BEN, "visit": his["id"]}
    copy = dict(alarm)
    house.watching = [
        {"worker": BEN, "part": "buddy", "answer": None, "visit": his, "alarms": [copy]}
    ]
    return his


def test_an_alarm_that_she_has_ended_is_over_whatever_an_older_list_says(
    pocket: Pocket, house: House
) -> None:
    """The list of whom she watches was read before: it must not bring the alarm back."""
    alarm = house.raise_alarm("44444444-1111-4111-8111-111111111111", "overdue", None)
    watched_by_me(house, alarm)
    pocket.sync()
    model = pocket.phone.watching
    assert len(model.update(pocket.phone.facts()).alarms) == 1
    model.own(alarm["id"])
    model.resolve(alarm["id"], "safe", "4821")
    pocket.sync(screen_on=False)
    assert model.update(pocket.phone.facts()).alarms == ()
    assert pocket.today().alarms == 0
    assert pocket.today().strip.over == "Ben Hughes: the alarm ended 12:00"


def test_the_alarm_of_a_colleague_says_what_a_text_about_it_says(
    pocket: Pocket, house: House
) -> None:
    alarm = house.raise_alarm("44444444-1111-4111-8111-111111111111", "overdue", None)
    at = NOON.isoformat()
    alarm |= {"due_at": at, "heard_at": at, "said": ["Ben's phone says finished: speak to Ben."]}
    watched_by_me(house, alarm, risk="high")
    pocket.sync()
    (item,) = pocket.phone.watching.update(pocket.phone.facts()).alarms
    assert item.heard == "A visit of high risk. Was due 12:00. Last heard 12:00."
    assert item.said == ("Ben's phone says finished: speak to Ben.",)


@pytest.mark.parametrize("why", ["alarm", "late"])
def test_nobody_is_asked_to_watch_once_that_is_of_no_use(
    pocket: Pocket, house: House, why: str
) -> None:
    alarm = house.raise_alarm("44444444-1111-4111-8111-111111111111", "sos", None)
    watched_by_me(house, alarm)
    if why == "late":
        house.alarms.clear()
        house.watching[0]["alarms"] = []
    pocket.sync()
    if why == "late":
        assert pocket.today().strip.asked
        pocket.passes(31 * 60)
    (item,) = pocket.phone.watching.update(pocket.phone.facts()).visits
    assert (pocket.today().strip.asked, item.asks) == ("", False)


def test_while_a_colleague_may_be_under_threat_no_alarm_of_theirs_offers_to_ring(
    pocket: Pocket, house: House
) -> None:
    """The duress comes first, and what it forbids stands on every screen about Ben."""
    for number, kind in ((4, "duress"), (5, "sos")):
        alarm = house.raise_alarm(f"{number}4444444-1111-4111-8111-111111111111", kind, None)
        alarm |= {"worker": BEN, "ring": "+447700900102"}
        pocket.hands.passes(5)
    pocket.sync()
    first, second = pocket.phone.watching.update(pocket.phone.facts()).alarms
    assert [first.kind, second.kind] == ["Duress", "SOS"]
    assert [(one.silent, one.ring) for one in (first, second)] == [(True, "")] * 2
    assert pocket.today().strip.alarm.startswith("Do not ring or text Ben. Ben Hughes: duress")


def test_while_her_call_is_out_nothing_is_said_aloud(pocket: Pocket, house: House) -> None:
    """Whoever stands beside her would hear of it; what changes is still felt."""
    pocket.phone.today.start("12 High St", 30)
    pocket.phone.help.sos()
    pocket.sync()
    pocket.phone.refresh()
    pocket.device.speech.said.clear()
    house.always = "nothing"
    pocket.device.net.state = Signal.NONE
    pocket.passes(20)
    pocket.phone.refresh()
    assert pocket.visit().cover.state is CoverState.LAST_KNOWN
    assert pocket.device.speech.said == []


def test_a_close_while_her_own_cry_is_out_says_that_it_is(pocket: Pocket) -> None:
    pocket.phone.today.start("12 High St", 30)
    pocket.phone.help.sos()
    pocket.sync()
    pocket.phone.visit.close("4821")
    pocket.passes(6)
    pocket.sync()
    assert pocket.today().ended == (
        "12 High St: closed 12:00. Your message is still out: end it with your PIN too"
    )


def test_what_she_wrote_down_and_that_it_is_over_is_said(pocket: Pocket, house: House) -> None:
    alarm = house.raise_alarm("44444444-1111-4111-8111-111111111111", "sos", None)
    alarm["worker"] = BEN
    pocket.sync()
    model = pocket.phone.watching
    model.own(alarm["id"])
    model.note(alarm["id"], "Rang twice.")
    item = model.update(pocket.phone.facts()).alarms[0]
    assert item.written == ""
    pocket.sync()
    item = model.update(pocket.phone.facts()).alarms[0]
    assert item.written == "Written down 12:00: Rang twice"
    pocket.passes(60)
    model.resolve(alarm["id"], "safe", "4821")
    assert pocket.today().strip.over == ""
    pocket.sync()
    assert pocket.today().strip.over == "Ben Hughes: the alarm ended 12:01"
    pocket.passes(301)
    assert pocket.today().strip.over == ""


def test_the_visit_of_somebody_elses_alarm_is_never_shown_as_hers(
    pocket: Pocket, house: House
) -> None:
    visit = house.start({"id": str(uuid4()), "place": "3 Mill Lane", "minutes": 5})
    house.others[visit["id"]] = house.visits.pop(visit["id"])
    alarm = house.raise_alarm("44444444-1111-4111-8111-111111111111", "overdue", None)
    alarm |= {"worker": BEN, "visit": visit["id"]}
    pocket.sync()
    pocket.phone.watching.own(alarm["id"])
    for _ in range(3):
        pocket.sync()
        pocket.hands.passes(11)
    assert house.alarms[alarm["id"]]["owner"] == AMY
    assert pocket.today().running == ()
    assert pocket.phone.visit.update(pocket.phone.facts()) is None
    assert "visit" not in pocket.device.notifier.shown


def test_an_owned_alarm_says_who_has_it(pocket: Pocket, house: House) -> None:
    alarm = house.raise_alarm("44444444-1111-4111-8111-111111111111", "sos", None)
    alarm |= {"worker": BEN, "owner": BEN, "status": "owned"}
    pocket.sync()
    pocket.phone.watching.own(alarm["id"])
    pocket.sync()
    assert pocket.today().strip.problems[0].words == (
        "Ben Hughes, SOS since 12:00: not taken over. Ben Hughes has charge of it."
    )


def test_an_sos_that_joined_an_open_one_is_that_one(pocket: Pocket, house: House) -> None:
    """The server answers with the alarm that was open already, under another id."""
    open_one = house.raise_alarm("44444444-1111-4111-8111-111111111111", "sos", None)
    pocket.phone.help.sos()
    house.joins = open_one["id"]
    pocket.phone.help.stand_down("1111")
    pocket.sync()
    assert pocket.sos().phase == "office"
    assert pocket.sos().alarm == open_one["id"]
    assert pocket.sos().message.startswith("That PIN is not right.")
    pocket.phone.help.stand_down("4821")
    pocket.sync()
    assert pocket.sos().phase == "ended"


def test_in_a_rehearsal_the_help_screen_says_so_first(pocket: Pocket, house: House) -> None:
    """P8, contract 3: nobody is told, so it is not said that people are."""
    house.notice = "REHEARSAL: nobody will be told."
    pocket.sync()
    pocket.phone.help.sos()
    before = pocket.sos()
    assert before.lines[0].words == "REHEARSAL: nobody will be told."
    pocket.sync()
    pocket.sync()
    state = pocket.sos()
    assert state.phase == "untold"
    said = [line.words for line in state.lines]
    assert said[0] == "REHEARSAL: nobody will be told."
    assert not any("being told" in words for words in said)
    assert state.offers_call


@pytest.mark.parametrize(
    ("hole", "why"),
    [
        ({"way_out": "none"}, "Wayhome can send no messages just now"),
        ({"alive": False}, "Wayhome is not watching just now"),
    ],
)
def test_where_nobody_can_be_told_a_call_for_help_says_so(
    pocket: Pocket, house: House, hole: dict[str, Any], why: str
) -> None:
    """P8: 'people are being told' is said only while they can be."""
    for name, value in hole.items():
        setattr(house, name, value)
    pocket.phone.help.sos()
    pocket.sync()
    pocket.sync()
    state = pocket.sos()
    assert state.phase == "untold"
    assert state.offers_call
    assert said(state)[-1] == (
        f"Nobody can be told: {why}. Ring 999, or somebody who can come",
        False,
    )
    assert pocket.today().strip.sos == "Your message reaches nobody now. See what you can do."
    next(iter(house.alarms.values())).update(status="owned", owner=BEN)
    pocket.hands.passes(11)
    pocket.sync()
    assert pocket.sos().phase == "acting"
    assert pocket.today().strip.sos == "Your message is out. See how it stands, or end it."


def test_where_only_the_urgent_steps_reach_somebody_people_are_being_told(
    pocket: Pocket, house: House
) -> None:
    """A chain that reaches nobody says so, unless the alarm itself knows of a step that does."""
    pocket.phone.help.sos()
    pocket.sync()
    me = pocket.phone.sync.memory.get("me")
    assert me is not None
    alone = {"at": NOON.isoformat(), "who": "nobody", "by": "", "why": "NOT covered: no buddy"}
    pocket.phone.sync.memory.keep("me", "", {**me.value, "safety_chain": [alone]})
    assert said(pocket.sos())[-1][0].startswith("Nobody can be told: Nobody but you can be told.")
    [name] = house.alarms
    told = {"at": NOON.isoformat(), "who": "Cat Lin", "by": "text", "why": "manager"}
    shown = {**house.alarms[name], "next_step": told}
    pocket.phone.sync.memory.keep("alarm", name, shown, NOON.timestamp())
    assert said(pocket.sos())[-1][0] == "People are being told. Nobody has answered yet"


def test_a_refused_call_for_help_says_on_every_screen_what_to_do(
    pocket: Pocket, house: House
) -> None:
    house.token = "another"
    pocket.phone.help.sos()
    pocket.sync()
    [problem] = pocket.today().strip.problems
    assert problem.words == (
        "Your message was not sent. This phone is signed out. Your managers are told."
        " Ring 999 if you can."
    )
    strip = pocket.today().strip
    assert (strip.sos, strip.sos_waits) == ("Your message was not sent. See what you can do.", True)
    pocket.phone.dismiss(problem.key)
    assert pocket.today().strip.sos == ""


def test_a_refused_call_is_not_hidden_by_an_earlier_one_that_is_over(
    pocket: Pocket, house: House
) -> None:
    """P8: the screen would read 'Office has it' of a call that nobody has."""
    pocket.phone.help.sos()
    pocket.sync()
    pocket.phone.help.stand_down(pin="4821")
    pocket.sync()
    assert pocket.sos().phase == "ended"
    assert said(pocket.sos())[-1] == ("Ended 12:00", True)
    house.token = "another"
    pocket.hands.passes(60)
    pocket.phone.help.sos()
    pocket.sync()
    state = pocket.sos()
    assert (state.phase, state.offers_call) == ("refused", True)
    assert state.text is not None
    assert "Office has it" not in str(state.lines)


def test_who_did_not_end_it_is_asked_whether_help_is_still_needed(
    pocket: Pocket, house: House
) -> None:
    pocket.phone.help.sos()
    pocket.sync()
    next(iter(house.alarms.values())).update(status="resolved", resolved_at=NOON.isoformat())
    pocket.hands.passes(11)
    pocket.sync()
    pocket.sync()
    state = pocket.sos()
    assert said(state)[-1] == ("Ended 12:00, not from this phone. Still need help? Hold SOS", False)
    assert state.offers_call


def test_an_end_does_not_hide_that_the_visit_is_overdue(pocket: Pocket, house: House) -> None:
    """P5: one alarm never hides another."""
    pocket.phone.today.start("12 High St", 30)
    pocket.sync()
    visit = next(iter(house.visits))
    pocket.phone.help.sos()
    pocket.sync()
    house.raise_alarm("44444444-1111-4111-8111-111111111111", "overdue", visit)
    pocket.phone.help.stand_down(pin="4821")
    pocket.sync()
    pocket.hands.passes(11)
    pocket.sync()
    assert said(pocket.sos())[-1] == (
        "12 High St is overdue and people are being told: end that with your PIN too",
        False,
    )


def test_a_take_back_waits_for_every_call_made_before_it(pocket: Pocket, house: House) -> None:
    """A call that arrived after its take-back would raise an alarm anew, and nobody would know."""
    pocket.sync()
    house.always = "nothing"
    for _ in range(3):
        pocket.phone.help.sos()
        pocket.passes(11)
    pocket.phone.help.stand_down(pin="4821")
    outbox = pocket.phone.sync.outbox
    first, second, *_ = outbox.waiting()
    assert [entry.kind for entry in outbox.waiting()] == ["sos", "sos", "sos", "stand_down"]
    house.always = ""
    pocket.hands.passes(60)
    later = {"due": pocket.hands.tick_s + 4, "id": second.id}
    with pocket.phone.sync.memory.db.write() as sql:
        sql.execute("UPDATE outbox SET due = :due WHERE id = :id", later)
    pocket.sync()
    assert outbox.waiting()[0].id == second.id
    assert outbox.waiting()[-1].kind == "stand_down"
    pocket.hands.passes(5)
    pocket.sync()
    assert outbox.waiting() == []
    assert first.id < second.id


def lose_the_answer(house: House) -> None:
    """The server takes the next call, its answer is lost, and nothing can be read after it."""
    house.faults.append("lost")
    house.unreadable = True


def test_a_call_of_which_nothing_is_heard_is_shown_as_it_was_then(
    pocket: Pocket, house: House
) -> None:
    """P8: whoever acted when last heard may have stopped, and she waits for nobody."""
    pocket.phone.help.sos()
    pocket.sync()
    next(iter(house.alarms.values())).update(status="owned", owner=BEN)
    pocket.passes(11)
    pocket.sync()
    assert pocket.sos().phase == "acting"
    house.always = "nothing"
    pocket.device.net.state = Signal.NONE
    pocket.passes(60)
    pocket.sync()
    state = pocket.sos()
    assert (state.phase, said(state)[-1]) == (
        "unheard",
        ("No signal since 12:00. Last heard: Ben Hughes is acting", False),
    )
    assert (state.offers_call, state.text is not None) == (True, True)
    strip = pocket.today().strip
    assert (strip.sos_waits, strip.sos) == (
        True,
        "Your message is out, and no answer came since. See what you can do.",
    )
    house.always = ""
    pocket.device.net.becomes(Signal.DATA)
    pocket.sync()
    assert pocket.sos().phase == "acting"


@pytest.mark.parametrize("earlier", [False, True])
def test_an_sos_whose_answer_came_again_is_out_and_not_what_ended_before(
    pocket: Pocket, house: House, earlier: bool
) -> None:
    """P8: the office has it, and that cannot be read anew."""
    pocket.sync()
    if earlier:
        pocket.phone.help.sos()
        pocket.sync()
        pocket.phone.help.stand_down("4821")
        pocket.sync()
        assert pocket.sos().phase == "ended"
        pocket.passes(60)
    lose_the_answer(house)
    pocket.phone.help.sos()
    pocket.sync()
    pocket.passes(5)
    pocket.sync()
    state = pocket.sos()
    assert state.phase == "office"
    assert said(state)[-1] == ("People are being told. Nobody has answered yet", False)
    assert state.can_stand_down
    assert state.offers_call


def test_an_sos_taken_before_the_phone_knew_the_time_is_out(
    pocket: Pocket, house: House, hands: Hands, served: Served, tmp_path: Path
) -> None:
    pocket.sync()
    pocket.close()
    hands.restart()
    again = Pocket(tmp_path, hands, served.url, pocket.device)
    lose_the_answer(house)
    again.phone.help.sos()
    again.sync()
    again.passes(5)
    again.sync()
    state = again.sos()
    again.close()
    assert (state.phase, said(state)[1]) == ("office", ("Office has it", True))
    assert (state.can_stand_down, state.offers_call) == (True, True)


def test_a_refused_call_is_said_beside_an_earlier_one_that_is_open(
    pocket: Pocket, house: House
) -> None:
    pocket.phone.help.sos()
    pocket.sync()
    assert pocket.sos().phase == "office"
    house.token = "another"
    pocket.passes(60)
    pocket.phone.help.sos()
    pocket.sync()
    state = pocket.sos()
    assert said(state)[-1] == (
        "Your new message of 12:01: this phone is signed out. Your managers are told."
        " Ring 999 if you can",
        False,
    )
    assert state.text is not None


def test_what_was_refused_before_a_new_sign_in_is_not_said_to_be_signed_out_still(
    pocket: Pocket, house: House
) -> None:
    house.token = "another"
    pocket.phone.help.sos()
    pocket.sync()
    assert said(pocket.sos())[-1][0].startswith("This phone is signed out.")
    assert pocket.enrol().done
    pocket.sync()
    state = pocket.sos()
    assert said(state)[-1][0] == ("This phone was signed out then. Still need help? Hold SOS")
    assert state.text is not None


def test_a_call_names_the_visit_with_an_address_though_she_looks_at_the_way_home(
    pocket: Pocket, house: House
) -> None:
    visit = pocket.phone.acts.start("Mill Rd 5", 45)
    pocket.sync()
    home = pocket.phone.acts.start("On the way home", 60, kind="home")
    pocket.sync()
    pocket.phone.visit.choose(home)
    pocket.phone.help.sos()
    pocket.sync()
    assert house.done[-1][1]["visit"] == visit


def test_an_alarm_that_she_acts_in_stays_first_on_every_screen(
    pocket: Pocket, house: House
) -> None:
    alarm = house.raise_alarm("44444444-1111-4111-8111-111111111111", "overdue", None)
    watched_by_me(house, alarm)
    pocket.sync()
    strip = pocket.today().strip
    assert (strip.alarm, strip.alarm_mine) == (
        "Ben Hughes: overdue since 12:00. Nobody is acting yet.",
        False,
    )
    house.always = "nothing"
    pocket.device.net.state = Signal.NONE
    pocket.passes(60)
    pocket.phone.watching.own(alarm["id"])
    strip = pocket.today().strip
    assert (strip.alarm, strip.alarm_mine) == (
        "Ben Hughes: overdue since 12:00. Not taken over yet: waiting for signal."
        " No signal since 12:00.",
        True,
    )
    assert "well" not in strip.cover.sentence
    (item,) = pocket.phone.watching.update(pocket.phone.facts()).alarms
    assert item.stale == "No signal since 12:00."
    house.always = ""
    pocket.device.net.becomes(Signal.DATA)
    alarm["owner_until"] = (NOON + timedelta(minutes=16)).isoformat()
    pocket.sync()
    strip = pocket.today().strip
    assert (strip.alarm, strip.alarm_mine) == (
        "Ben Hughes: overdue since 12:00. You are acting.",
        True,
    )
    (item,) = pocket.phone.watching.update(pocket.phone.facts()).alarms
    assert (item.stale, item.kept) == (
        "",
        "Yours until 12:16. Writing down what you do keeps it longer",
    )


def test_what_says_that_all_is_well_is_not_sent_after_a_call(pocket: Pocket, house: House) -> None:
    """Helpers would read that she is finished."""
    pocket.phone.acts.start("12 High St", 30)
    pocket.sync()
    pocket.phone.visit.close()
    pocket.passes(0.3)
    pocket.phone.help.sos()
    pocket.passes(6)
    pocket.sync()
    assert [path for path, _ in house.done] == ["/visits", "/alarms"]
    assert pocket.visit().phase == "open"


def test_somebody_without_a_pin_is_told_who_can_end_it(pocket: Pocket, house: House) -> None:
    house.has_pins = False
    pocket.sync()
    pocket.phone.help.sos()
    pocket.sync()
    state = pocket.sos()
    assert (state.can_stand_down, state.message) == (
        False,
        "You have no PIN yet, so only a colleague can end this. If you are safe, ring Ben Hughes",
    )


def test_without_a_pin_an_overdue_alarm_says_who_can_end_it(pocket: Pocket, house: House) -> None:
    house.has_pins = False
    pocket.phone.acts.start("12 High St", 30)
    pocket.sync()
    visit = next(iter(house.visits))
    house.raise_alarm("44444444-1111-4111-8111-111111111111", "overdue", visit)
    pocket.passes(11)
    pocket.sync()
    assert pocket.visit().message == (
        "You have no PIN yet, so only a colleague can end this. If you are safe, ring Ben Hughes"
    )


def test_that_people_are_told_of_a_visit_not_begun_is_on_her_own_screen(
    pocket: Pocket, house: House
) -> None:
    visit = house.start({"id": str(uuid4()), "place": "Late Rd", "minutes": 40})
    visit["status"] = "planned"
    alarm = house.raise_alarm("44444444-1111-4111-8111-111111111111", "not_started", visit["id"])
    pocket.sync()
    assert pocket.today().strip.not_begun == (
        "Late Rd was to begin 12:00: people are being told. Begin it, or call it off."
    )
    alarm["status"] = "resolved"
    pocket.passes(11)
    pocket.sync()
    assert pocket.today().strip.not_begun == ""

"""An SOS from this phone: first, always, and honest about where it has got to."""

from mobile.core.state import SosState
from mobile.ports import Fix, Signal
from tests.mobile.hands import NOON
from tests.mobile.house import AMY, BEN, OFFICE_NUMBER, House
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
    assert said(state)[-1] == ("Not sent yet: waiting for signal. Ring or text", False)
    assert state.offers_call
    assert state.text is not None
    assert (state.text.to, state.text.text) == (OFFICE_NUMBER, "SOS")
    house.always = ""
    pocket.hands.passes(5)
    pocket.sync()
    assert pocket.sos().phase == "office"
    assert house.done[0][1]["at"] == NOON.isoformat()


def test_with_data_and_no_answer_for_10_s_it_offers_a_call(pocket: Pocket, house: House) -> None:
    house.always = "500"
    pocket.phone.help.sos()
    pocket.sync()
    assert not pocket.sos().offers_call
    pocket.passes(10)
    assert pocket.sos().offers_call


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
    assert pocket.sos().phase == "none"


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


def test_an_owned_alarm_says_who_has_it(pocket: Pocket, house: House) -> None:
    alarm = house.raise_alarm("44444444-1111-4111-8111-111111111111", "sos", None)
    alarm |= {"worker": BEN, "owner": BEN, "status": "owned"}
    pocket.sync()
    pocket.phone.watching.own(alarm["id"])
    pocket.sync()
    assert pocket.today().strip.problems[0].words == (
        "Not taken over. Ben Hughes has charge of it."
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

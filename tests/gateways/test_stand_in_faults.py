"""The gateway's stand-in goes wrong in the ways gateways do, and only as asked."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from twilio.base.exceptions import TwilioException, TwilioRestException

from tests.support.gateway import Fault, Gateway, faults

BEN = "+447700900102"


@pytest.fixture
def world() -> Iterator[Gateway]:
    with Gateway() as world:
        yield world
        assert world.errors == []


def send(world: Gateway, timeout_s: float = 5.0) -> str:
    sent = world.client(timeout_s).messages.create(to=BEN, from_=world.sender, body="Ring her")
    return str(sent.sid)


def listed(world: Gateway) -> list[str]:
    return [str(found.sid) for found in world.client().messages.list(to=BEN)]


@pytest.mark.parametrize(
    ("make", "status", "code"),
    [
        (faults.throttled, 429, 20429),
        (faults.broken, 500, 20500),
        (faults.unavailable, 503, 20503),
        (faults.unauthorised, 401, 20003),
        (faults.trial, 400, 21608),
    ],
)
def test_a_refusal_lasts_as_often_as_asked_and_accepts_nothing(
    world: Gateway, make: Callable[[int], Fault], status: int, code: int
) -> None:
    world.fault = make(2)
    for _ in range(2):
        with pytest.raises(TwilioRestException) as caught:
            send(world)
        assert (caught.value.status, caught.value.code) == (status, code)
    assert world.messages == []
    assert world.faults_met == 2
    send(world)
    assert len(world.messages) == 1


def test_a_fault_without_a_number_lasts_until_cleared(world: Gateway) -> None:
    world.fault = faults.unavailable()
    for _ in range(3):
        with pytest.raises(TwilioRestException):
            send(world)
    world.fault = None
    send(world)
    assert world.faults_met == 3


def test_an_account_refused_is_refused_everywhere(world: Gateway) -> None:
    world.fault = faults.unauthorised()
    with pytest.raises(TwilioRestException, match="401"):
        world.client().balance.fetch()
    with pytest.raises(TwilioException, match="HTTP 401"):
        listed(world)


def test_a_trial_account_can_still_be_asked(world: Gateway) -> None:
    world.fault = faults.trial()
    assert listed(world) == []
    assert world.faults_met == 0


def test_an_outage_refuses_connections_and_ends_on_the_same_port(world: Gateway) -> None:
    client, url = world.client(), world.url
    client.messages.create(to=BEN, from_=world.sender, body="before")
    world.down()
    for _ in range(2):
        with pytest.raises(requests.ConnectionError, match="refused"):
            client.messages.create(to=BEN, from_=world.sender, body="during")
    world.down()
    world.up()
    world.up()
    client.messages.create(to=BEN, from_=world.sender, body="after")
    assert [message.body for message in world.messages] == ["before", "after"]
    assert world.url == url


def test_an_outage_cuts_the_request_under_way(world: Gateway) -> None:
    world.fault = faults.hang(60)
    with ThreadPoolExecutor(1) as worker:
        sending = worker.submit(send, world, 30)
        world.wait_for(lambda: world.faults_met == 1)
        world.down()
        assert isinstance(sending.exception(timeout=5), requests.ConnectionError)


def test_it_may_begin_down() -> None:
    world = Gateway()
    try:
        with pytest.raises(requests.ConnectionError, match="refused"):
            send(world)
        world.start()
        send(world)
    finally:
        world.stop()


def test_an_accepted_message_whose_answer_was_cut_can_be_found(world: Gateway) -> None:
    world.fault = faults.drop_after_accept(times=1)
    with pytest.raises(requests.ConnectionError):
        send(world)
    assert [message.sid for message in world.messages] == listed(world)
    assert world.requests[0].status == 0


def test_a_cut_before_acceptance_leaves_nothing(world: Gateway) -> None:
    world.fault = faults.drop(times=1)
    with pytest.raises(requests.ConnectionError):
        send(world)
    assert world.messages == []
    assert listed(world) == []


@pytest.mark.parametrize(("accepts", "accepted"), [(False, 0), (True, 1)])
def test_a_hang_outlasts_the_clients_patience(world: Gateway, accepts: bool, accepted: int) -> None:
    world.fault = faults.hang(60, accepts=accepts)
    with pytest.raises(requests.ReadTimeout):
        send(world, timeout_s=0.2)
    world.fault = None
    world.wait_idle()
    assert len(world.messages) == accepted


def test_a_hang_that_is_cleared_is_answered_late(world: Gateway) -> None:
    world.fault = faults.hang(60, accepts=True)
    with ThreadPoolExecutor(1) as worker:
        sending = worker.submit(send, world, 30)
        world.wait_for(lambda: world.messages)
        assert not sending.done()
        world.fault = None
        assert sending.result(timeout=5) == world.messages[0].sid


def test_a_web_page_in_place_of_an_answer_is_an_error_without_a_code(world: Gateway) -> None:
    world.fault = faults.html_body(502, times=1)
    with pytest.raises(TwilioRestException) as caught:
        send(world)
    assert (caught.value.status, caught.value.code) == (502, 502)
    assert world.messages == []


def test_a_web_page_that_looks_like_success_cannot_be_read(world: Gateway) -> None:
    world.fault = faults.html_body(201, accepts=True, times=1)
    with pytest.raises(json.JSONDecodeError):
        send(world)
    assert len(world.messages) == 1


def test_half_an_answer_breaks_the_connection(world: Gateway) -> None:
    world.fault = faults.half_body(times=1)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        send(world)
    assert len(world.messages) == 1


def test_a_suspended_account_accepts_what_then_fails(world: Gateway) -> None:
    world.fault = faults.suspended(times=1)
    sid = send(world)
    message = world.client().messages(sid).fetch()
    assert (str(message.status), message.error_code) == ("failed", 30002)
    ben = world.phone(BEN)
    assert (ben.inbox, ben.missed) == ([], ["Ring her"])


def test_lists_alone_may_be_unavailable(world: Gateway) -> None:
    world.list_fault = faults.unavailable()
    world.fault = faults.drop_after_accept(times=1)
    with pytest.raises(requests.ConnectionError):
        send(world)
    with pytest.raises(TwilioException, match="HTTP 503"):
        listed(world)
    sid = send(world)
    assert world.client().messages(sid).fetch().sid == sid
    world.list_fault = None
    assert len(listed(world)) == 2


def test_lists_may_lag(world: Gateway) -> None:
    sid = send(world)
    world.list_lag_s = 60
    assert listed(world) == []
    assert world.client().messages(sid).fetch().sid == sid
    world.list_lag_s = 0
    assert listed(world) == [sid]


def test_every_fault_can_be_named_from_outside() -> None:
    makers = {
        name
        for name, make in vars(faults).items()
        if callable(make) and getattr(make, "__annotations__", {}).get("return") is Fault
    }
    assert set(faults.BY_NAME) == makers

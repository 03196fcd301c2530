"""The gateway's stand-in speaks the vendor's REST dialect, shown with the vendor's own client."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from tests.support.gateway import Gateway
from tests.support.gateway.segments import count_segments
from tests.support.gateway.world import ACCOUNT_SID, AUTH_TOKEN, SENDER

BEN = "+447700900102"
CAT = "+447700900103"
EVENING = datetime(2026, 10, 24, 23, 58, 30, tzinfo=UTC)
SERVICE = "MG" + "0b" * 16
REFUSALS = [
    ({"to": ""}, 21604),
    ({"from_": ""}, 21603),
    ({"body": ""}, 21602),
    ({"to": "07700 900102"}, 21211),
    ({"from_": "+447700900999"}, 21606),
    ({"messaging_service_sid": "MG1"}, 21701),
    ({"body": "x" * 1601}, 21617),
    ({"status_callback": "somewhere"}, 21609),
]


@pytest.fixture
def world() -> Iterator[Gateway]:
    with Gateway() as world:
        yield world
        assert world.errors == []


def send(world: Gateway, to: str = BEN, body: str = "Ring her") -> str:
    sent = world.client().messages.create(to=to, from_=world.sender, body=body)
    return str(sent.sid)


def at(minutes: int) -> Callable[[], datetime]:
    return lambda: EVENING + timedelta(minutes=minutes)


def messages_url(world: Gateway) -> str:
    return f"{world.url}/2010-04-01/Accounts/{world.account.sid}/Messages.json"


def token(world: Gateway) -> tuple[str, str]:
    return world.account.sid, world.account.token


def test_a_created_message_is_answered_in_the_vendors_shape(world: Gateway) -> None:
    world.now = lambda: EVENING
    message = world.client().messages.create(to=BEN, from_=world.sender, body="Ring her")
    assert (str(message.status), str(message.direction)) == ("queued", "outbound-api")
    assert (message.to, message.from_, message.body) == (BEN, world.sender, "Ring her")
    assert message.date_created == EVENING
    assert (message.date_sent, message.error_code, message.num_segments) == (None, None, "1")
    assert message.account_sid == world.account.sid


def test_a_message_by_service_has_no_sender_yet(world: Gateway) -> None:
    message = world.client().messages.create(to=BEN, messaging_service_sid=SERVICE, body="Hi")
    assert (str(message.status), message.from_, message.num_segments) == ("accepted", None, "0")
    assert message.messaging_service_sid == SERVICE


def test_a_message_is_fetched_as_it_stands_by_now(world: Gateway) -> None:
    world.now = lambda: EVENING
    message = world.client().messages(send(world)).fetch()
    assert (str(message.status), message.date_sent) == ("delivered", EVENING)


def test_an_unknown_message_is_not_found(world: Gateway) -> None:
    with pytest.raises(TwilioRestException) as caught:
        world.client().messages("SM" + "0" * 32).fetch()
    assert (caught.value.status, caught.value.code) == (404, 20404)


@pytest.mark.parametrize(("wrong", "code"), REFUSALS)
def test_a_wrong_message_is_refused_by_code(
    world: Gateway, wrong: dict[str, str], code: int
) -> None:
    wishes = {"to": BEN, "from_": world.sender, "body": "Ring her"} | wrong
    with pytest.raises(TwilioRestException) as caught:
        world.client().messages.create(**wishes)
    assert (caught.value.status, caught.value.code) == (400, code)
    assert world.messages == []


@pytest.mark.parametrize("sid", [ACCOUNT_SID, "AC" + "0" * 32])
def test_wrong_credentials_are_refused(world: Gateway, sid: str) -> None:
    client = Client(sid, "not the token", http_client=TwilioHttpClient(timeout=5))
    client.api.base_url = world.url
    with pytest.raises(TwilioRestException) as caught:
        client.messages.create(to=BEN, from_=world.sender, body="Ring her")
    assert (caught.value.status, caught.value.code) == (401, 20003)
    assert world.messages == []


def test_no_credentials_are_refused(world: Gateway) -> None:
    answer = requests.get(messages_url(world), timeout=5)
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


def test_an_unknown_resource_is_not_found(world: Gateway) -> None:
    with pytest.raises(TwilioException, match="20404"):
        world.client().calls.list()


def test_lists_are_filtered_by_receiver_and_sender(world: Gateway) -> None:
    world.senders.add("+447700900001")
    client = world.client()
    client.messages.create(to=BEN, from_=world.sender, body="first")
    client.messages.create(to=CAT, from_=world.sender, body="second")
    client.messages.create(to=BEN, from_="+447700900001", body="third")
    assert [found.body for found in client.messages.list(to=BEN)] == ["third", "first"]
    assert [found.body for found in client.messages.list(from_=world.sender)] == ["second", "first"]
    assert [m.body for m in client.messages.list(to=BEN, from_="+447700900001")] == ["third"]
    assert client.messages.list(to="+447700900104") == []


def test_lists_are_filtered_by_date_to_the_second(world: Gateway) -> None:
    client = world.client()
    for minutes in range(3):
        world.now = at(minutes)
        send(world, body=str(minutes))
    since = client.messages.list(date_sent_after=EVENING + timedelta(minutes=1))
    until = client.messages.list(date_sent_before=EVENING + timedelta(minutes=1))
    assert [found.body for found in since] == ["2", "1"]
    assert [found.body for found in until] == ["1", "0"]


def test_lists_are_filtered_by_day(world: Gateway) -> None:
    for minutes in range(3):
        world.now = at(minutes)
        send(world, body=str(minutes))

    def bodies(dates: dict[str, str]) -> list[str]:
        # Asked without the client, which gives a bare date a time of day.
        found = requests.get(messages_url(world), params=dates, auth=token(world), timeout=5)
        return [message["body"] for message in found.json()["messages"]]

    assert bodies({"DateSent": "2026-10-24"}) == ["1", "0"]
    assert bodies({"DateSent": "2026-10-23"}) == []
    assert bodies({"DateSent>": "2026-10-25"}) == ["2"]
    assert bodies({"DateSent<": "2026-10-24"}) == ["1", "0"]


def test_a_date_that_is_none_is_refused(world: Gateway) -> None:
    found = requests.get(
        messages_url(world), params={"DateSent": "today"}, auth=token(world), timeout=5
    )
    assert found.status_code == 400


def test_lists_may_heed_days_only(world: Gateway) -> None:
    world.list_by_day = True
    world.now = at(0)
    send(world)
    found = world.client().messages.list(date_sent_after=EVENING + timedelta(seconds=1))
    assert len(found) == 1


def test_lists_are_paged_to_their_end(world: Gateway) -> None:
    sent = [send(world, body=str(number)) for number in range(7)]
    client = world.client()
    assert [found.sid for found in client.messages.list(to=BEN, page_size=3)] == sent[::-1]
    assert len(client.messages.list(limit=5)) == 5
    first = client.messages.page(page_size=4)
    assert len(list(first)) == 4
    assert first.next_page_url is not None


def test_a_message_that_comes_between_pages_shifts_nothing(world: Gateway) -> None:
    sent = [send(world, body=str(number)) for number in range(4)]
    first = world.client().messages.page(page_size=2)
    seen = [found.sid for found in first]
    send(world, body="late")
    rest = first.next_page()
    assert rest is not None
    assert seen + [found.sid for found in rest] == sent[::-1]


def test_the_account_shows_itself_its_balance_and_its_numbers(world: Gateway) -> None:
    world.account.kind, world.account.balance = "Trial", "0.40"
    client = world.client()
    account = client.api.v2010.accounts(world.account.sid).fetch()
    assert (str(account.status), str(account.type)) == ("active", "Trial")
    assert client.balance.fetch().balance == "0.40"
    (number,) = client.incoming_phone_numbers.list(phone_number=world.sender)
    assert number.phone_number == world.sender
    assert "'sms': True" in str(number.capabilities)


def test_many_connections_lose_and_double_nothing(world: Gateway) -> None:
    def send_some(worker: int) -> None:
        client = world.client()
        for number in range(5):
            client.messages.create(to=BEN, from_=world.sender, body=f"{worker}/{number}")

    with ThreadPoolExecutor(64) as workers:
        list(workers.map(send_some, range(64)))
    bodies = [message.body for message in world.messages]
    assert sorted(bodies) == sorted(f"{w}/{n}" for w in range(64) for n in range(5))
    assert len({message.sid for message in world.messages}) == len(bodies)


@pytest.mark.parametrize(
    ("body", "segments"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ŵ" * 70, 1),
        ("ŵ" * 71, 2),
        ("a" * 152 + "€" * 5, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_segments_are_counted_as_networks_count_them(body: str, segments: int) -> None:
    assert count_segments(body) == segments


def test_it_runs_as_a_process_of_its_own(tmp_path: Path) -> None:
    log = tmp_path / "messages.jsonl"
    command = [sys.executable, "-m", "tests.support.gateway", "--log", str(log)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            ready = json.loads(process.stdout.readline())
            drive(ready["ready"], ready["control"])
        finally:
            process.terminate()
        assert process.wait(timeout=10) == 0
    logged = [json.loads(line)["body"] for line in log.read_text().splitlines()]
    assert logged == ["Ring her"]


def drive(url: str, control: str) -> None:
    """Send one message to a gateway steered from outside, through two faults and an outage."""
    client = Client(ACCOUNT_SID, AUTH_TOKEN, http_client=TwilioHttpClient(timeout=5))
    client.api.base_url = url

    def tell(path: str, wishes: object = None) -> requests.Response:
        return requests.post(control + path, json=wishes, timeout=5)

    def create() -> None:
        client.messages.create(to=BEN, from_=SENDER, body="Ring her")

    tell("/fault", {"name": "throttled", "times": 1}).raise_for_status()
    with pytest.raises(TwilioRestException, match="429"):
        create()
    tell("/down").raise_for_status()
    with pytest.raises(requests.ConnectionError):
        create()
    tell("/up").raise_for_status()
    create()
    with urlopen(f"{control}/messages?since=0", timeout=5) as answer:
        found = json.load(answer)
    assert [message["body"] for message in found["messages"]] == ["Ring her"]
    assert found["next"] == 1
    assert requests.get(f"{control}/phones/{BEN}", timeout=5).json()["unread"] == ["Ring her"]
    assert tell("/settings", {"colour": "blue"}).status_code == 404
    assert tell("/fault", {"name": "hang", "minutes": 1}).status_code == 400

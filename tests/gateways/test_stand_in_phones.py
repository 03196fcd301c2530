"""Phones of the gateway's stand-in: texts expected once, replies signed, fates told by callback."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from werkzeug import Response

from tests.support.gateway import Gateway, Phone, callbacks
from tests.support.gateway.hooks import Signed
from tests.support.receiver import Receiver, twiml

PUBLIC = "https://wayhome.example.org"
STATUS_PATH = "/hooks/twilio/message-status"


@pytest.fixture
def world() -> Iterator[Gateway]:
    with Gateway() as world:
        yield world
        assert world.errors == []


@pytest.fixture
def ben(world: Gateway) -> Phone:
    return world.phone("+447700900102", "Ben")


@pytest.fixture
def server(world: Gateway) -> Iterator[Receiver]:
    """A server behind a TLS proxy: signed for one address, reached at another."""
    with Receiver(world.account.token, PUBLIC) as server:
        world.webhook_url, world.deliver_to = PUBLIC, server.url
        yield server


def send(phone: Phone, body: str, callback: str | None = None) -> str:
    world = phone.world
    wishes = {"status_callback": callback} if callback else {}
    sent = world.client().messages.create(to=phone.number, from_=world.sender, body=body, **wishes)
    return str(sent.sid)


def test_a_text_is_expected_once(world: Gateway, ben: Phone) -> None:
    sid = send(ben, "Amy is OVERDUE at 12 High St")
    text = ben.expects_text("overdue", "12 High St", within=0)
    assert text == "Amy is OVERDUE at 12 High St"
    assert (text.sid, text.number, text.via) == (sid, ben.number, "message")
    assert (text.at, text.monotonic_s) == (
        world.messages[0].accepted_at,
        world.messages[0].monotonic_s,
    )
    with pytest.raises(AssertionError, match=r"Ben \(\+447700900102\) got no text with 'overdue'"):
        ben.expects_text("overdue", within=0)
    world.assert_quiet()


def test_a_text_is_waited_for(ben: Phone) -> None:
    with ThreadPoolExecutor(1) as worker:
        waiting = worker.submit(ben.expects_text, "second", within=30)
        send(ben, "first")
        assert not waiting.done()
        send(ben, "second")
        assert waiting.result(timeout=5) == "second"
    assert ben.unread == ["first"]


def test_a_failed_expectation_names_what_came_instead(ben: Phone) -> None:
    send(ben, "All clear: Amy is safe")
    with pytest.raises(AssertionError, match="unread: 'All clear: Amy is safe'"):
        ben.expects_text("overdue", within=0)


def test_the_oldest_of_equal_texts_comes_first(ben: Phone) -> None:
    first, second = send(ben, "overdue"), send(ben, "overdue")
    assert [ben.expects_text("overdue").sid, ben.expects_text("overdue").sid] == [first, second]


def test_nothing_is_expected_of_a_quiet_phone(ben: Phone) -> None:
    ben.expects_nothing()
    with ThreadPoolExecutor(1) as worker:
        waiting = worker.submit(ben.expects_nothing, 30)
        send(ben, "overdue")
        with pytest.raises(AssertionError, match="was to get nothing, and has 'overdue'"):
            waiting.result(timeout=5)
    assert ben.reads_all() == ["overdue"]
    ben.expects_nothing()


def test_every_unexpected_text_is_named(world: Gateway, ben: Phone) -> None:
    send(world.phone("+447700900103", "Cat"), "overdue")
    send(ben, "ring her")
    send(world.phone("+447700900999"), "who is this?")
    assert world.unexpected() == ["overdue", "ring her", "who is this?"]
    with pytest.raises(AssertionError) as caught:
        world.assert_quiet()
    assert "Cat (+447700900103): 'overdue'" in str(caught.value)
    assert "+447700900999: 'who is this?'" in str(caught.value)
    world.forget()
    world.assert_quiet()


def test_a_phone_is_named_by_its_whole_number(world: Gateway, ben: Phone) -> None:
    assert world.phone("+447700900102") is ben
    with pytest.raises(AssertionError, match=r"not E\.164"):
        world.phone("07700 900102")


def test_a_reply_is_signed_for_the_public_address(ben: Phone, server: Receiver) -> None:
    server.answer = lambda form: twiml(f"You said {form['Body']}")
    answer = ben.replies("1 – é😀")
    assert answer == "You said 1 – é😀"
    (hook,) = server.received
    assert (hook.path, hook.signed) == ("/hooks/twilio/message", True)
    assert (hook.form["From"], hook.form["MessageSid"]) == (ben.number, answer.sid)
    assert hook.form["To"] == ben.world.sender
    assert [text.via for text in ben.inbox] == ["answer"]
    ben.expects_nothing()


def test_several_answers_and_none_are_read_out_of_twiml(ben: Phone, server: Receiver) -> None:
    server.answer = lambda _: twiml("One", "<Body>Two &amp; three</Body>")
    assert ben.replies("STATUS").texts == ["One", "Two & three"]
    server.answer = lambda _: twiml()
    assert ben.replies("STATUS").texts == []
    server.answer = lambda _: Response(status=200)
    assert ben.replies("STATUS") == ""


def test_what_is_not_twiml_fails(ben: Phone, server: Receiver) -> None:
    server.answer = lambda _: Response("OK", mimetype="text/plain")
    with pytest.raises(AssertionError, match="not TwiML but 'text/plain"):
        ben.replies("1")
    server.answer = lambda _: Response("<Response><Play/></Response>", mimetype="text/xml")
    with pytest.raises(AssertionError, match="no TwiML verb Play"):
        ben.replies("1")


@pytest.mark.parametrize("signed", ["wrong", None])
def test_a_forged_text_is_turned_away(ben: Phone, server: Receiver, signed: Signed) -> None:
    assert ben.texts("1", signed=signed).status == 403
    assert [hook.signed for hook in server.received] == [False]


def test_a_text_can_be_repeated(ben: Phone, server: Receiver) -> None:
    first = ben.texts("1")
    ben.texts("1", sid=first.sid)
    assert [hook.form["MessageSid"] for hook in server.received] == [first.sid, first.sid]


def test_a_reply_fails_where_the_server_does(ben: Phone, server: Receiver) -> None:
    server.answer = lambda _: Response(status=500)
    assert ben.texts("1").status == 500
    with pytest.raises(AssertionError, match="answered 500"):
        ben.replies("1")


def test_a_text_goes_nowhere_without_a_server(world: Gateway, ben: Phone) -> None:
    with pytest.raises(AssertionError, match="webhook_url"):
        ben.texts("1")
    world.webhook_url = "https://elsewhere.example.org"
    with pytest.raises(ConnectionRefusedError, match="not below"):
        world.hooks.post("https://wayhome.example.org/hooks", {})


def test_stop_opts_out_and_start_in(ben: Phone, server: Receiver) -> None:
    server.answer = lambda _: twiml()
    ben.replies(" stop ")
    with pytest.raises(TwilioRestException) as caught:
        send(ben, "overdue")
    assert (caught.value.status, caught.value.code) == (400, 21610)
    ben.replies("START")
    send(ben, "overdue")
    ben.expects_text("overdue")
    assert [hook.form["Body"] for hook in server.received] == [" stop ", "START"]


def test_a_number_may_be_refused_until_it_recovers(world: Gateway, ben: Phone) -> None:
    ben.refused(21614)
    with pytest.raises(TwilioRestException, match="not a valid mobile number"):
        send(ben, "overdue")
    assert world.messages == []
    ben.recovers()
    send(ben, "overdue")
    ben.expects_text("overdue")


def test_fates_are_told_in_order_and_signed(ben: Phone, server: Receiver) -> None:
    sid = send(ben, "overdue", PUBLIC + STATUS_PATH)
    hooks = server.wait_for(3)
    assert [hook.form["MessageStatus"] for hook in hooks] == ["queued", "sent", "delivered"]
    assert {(hook.path, hook.form["MessageSid"], hook.signed) for hook in hooks} == {
        (STATUS_PATH, sid, True)
    }
    assert "ErrorCode" not in hooks[-1].form


def test_rejected_messages_become_undelivered(world: Gateway, ben: Phone, server: Receiver) -> None:
    ben.rejects(30003, times=1)
    sid = send(ben, "overdue", PUBLIC + STATUS_PATH)
    last = server.wait_for(3)[-1].form
    assert (last["MessageStatus"], last["ErrorCode"]) == ("undelivered", "30003")
    assert ben.misses_text("overdue", within=0).sid == sid
    ben.expects_nothing()
    fetched = world.client().messages(sid).fetch()
    assert (str(fetched.status), fetched.error_code) == ("undelivered", 30003)
    send(ben, "overdue again")
    ben.expects_text("again")


def test_a_phone_switched_off_gets_its_texts_when_it_is_on(ben: Phone, server: Receiver) -> None:
    ben.switched_off()
    send(ben, "overdue", PUBLIC + STATUS_PATH)
    server.wait_for(2)
    ben.world.wait_idle()
    assert server.statuses() == ["queued", "sent"]
    ben.misses_text("overdue", within=0)
    ben.recovers()
    ben.expects_text("overdue", within=0)
    server.wait_for(3)
    assert server.statuses()[-1] == "delivered"
    assert ben.missed == []


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        (callbacks.DOUBLED, ["queued", "queued", "sent", "sent", "delivered", "delivered"]),
        (callbacks.REVERSED, ["delivered", "sent", "queued"]),
        (callbacks.NEVER, []),
        (callbacks.HELD, []),
        (callbacks.late(0.3), ["queued", "sent", "delivered"]),
    ],
)
def test_callbacks_come_as_the_mode_says(
    world: Gateway, ben: Phone, server: Receiver, mode: callbacks.Mode, told: list[str]
) -> None:
    world.callbacks = mode
    sid = send(ben, "overdue", PUBLIC + STATUS_PATH)
    world.wait_idle()
    assert server.statuses() == told
    assert world.client().messages(sid).fetch().date_sent is not None


def test_late_callbacks_are_not_early(world: Gateway, ben: Phone, server: Receiver) -> None:
    world.callbacks = callbacks.late(60)
    send(ben, "overdue", PUBLIC + STATUS_PATH)
    with pytest.raises(AssertionError, match="still to be posted"):
        world.wait_idle(within=0.1)
    assert server.received == []


def test_held_callbacks_come_when_released(world: Gateway, ben: Phone, server: Receiver) -> None:
    world.callbacks = callbacks.HELD
    send(ben, "overdue", PUBLIC + STATUS_PATH)
    world.release_callbacks()
    world.wait_idle()
    assert server.statuses() == ["queued", "sent", "delivered"]


def test_callbacks_are_tried_again_as_the_address_asks(
    world: Gateway, ben: Phone, server: Receiver
) -> None:
    answers = iter([Response(status=500), Response(status=503)])
    server.answer = lambda _: next(answers, Response(status=204))
    send(ben, "overdue", PUBLIC + STATUS_PATH + "#rc=5&rp=all")
    hooks = server.wait_for(5)
    world.wait_idle()
    assert server.statuses() == ["queued", "queued", "queued", "sent", "delivered"]
    assert len({hook.event_id for hook in hooks[:3]}) == 1
    assert all(hook.signed for hook in hooks)
    assert world.failed_callbacks == []


def test_callbacks_that_fail_are_noted(world: Gateway, ben: Phone, server: Receiver) -> None:
    server.answer = lambda _: Response(status=500)
    send(ben, "overdue", PUBLIC + STATUS_PATH)
    send(ben, "overdue", "https://elsewhere.example.org/hooks")
    world.wait_idle()
    assert sum("HTTP 500" in trouble for trouble in world.failed_callbacks) == 3
    assert sum("not below" in trouble for trouble in world.failed_callbacks) == 3


def test_a_webhook_of_ones_own_making_can_be_posted(world: Gateway, server: Receiver) -> None:
    fields = {"MessageSid": "SM1", "MessageStatus": "sent"}
    assert world.post_webhook(STATUS_PATH, fields).status == 204
    assert world.post_webhook(STATUS_PATH, fields, signed=None).status == 403
    assert [hook.form for hook in server.received] == [fields, fields]


def test_the_environment_points_a_server_here(world: Gateway) -> None:
    settings = world.environment()
    assert requests.get(settings["WAYHOME_TWILIO_API_URL"], timeout=5).status_code == 401
    assert settings["WAYHOME_TWILIO_FROM"] == world.sender

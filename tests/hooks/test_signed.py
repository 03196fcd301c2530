"""Contract 6: what is not signed for us gets 403, an empty body, and nothing is looked up."""

import pytest
from twilio.request_validator import RequestValidator

from server.store import inbound
from tests.hooks.conftest import NewLine
from tests.hooks.line import AGAIN, MESSAGE, OPERATOR, PUBLIC_URL, STATUS, TOKEN, Line
from tests.support.people import reading
from tests.support.statements import statements

FORM = {"MessageSid": "SM1", "From": "+447700900101", "To": "+447700900999", "Body": "SOS"}
ADDRESSES = [MESSAGE, AGAIN, STATUS]


def signed(url: str, form: dict[str, str], token: str = TOKEN) -> str:
    return str(RequestValidator(token).compute_signature(url, form))


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize(
    "signature",
    [
        "-",
        "not base64 at all \u00e9",
        signed(PUBLIC_URL + MESSAGE, FORM, token="another account's token"),
        signed("http://localhost" + MESSAGE, FORM),
        signed(PUBLIC_URL + MESSAGE, FORM | {"Body": "OK"}),
    ],
)
def test_what_is_not_signed_for_us_is_not_read(line: Line, path: str, signature: str) -> None:
    with statements(line.app) as seen:
        answer = line.post(path, FORM, signature=signature)
    assert (answer.status_code, answer.data) == (403, b"")
    assert seen == []


def test_no_signature_at_all(line: Line) -> None:
    with statements(line.app) as seen:
        answer = line.post(MESSAGE, FORM, signature="")
    assert (answer.status_code, answer.data) == (403, b"")
    assert seen == []


def test_a_signature_for_one_address_is_none_for_another(line: Line) -> None:
    right = signed(PUBLIC_URL + MESSAGE, FORM)
    assert line.post(AGAIN, FORM, signature=right).status_code == 403
    assert line.post(MESSAGE, FORM, signature=right).status_code == 200


def test_a_rehearsal_believes_no_webhook(new_line: NewLine) -> None:
    line = new_line(pretend=True, demo=True)
    assert line.post(MESSAGE, FORM).status_code == 403


def test_the_proxy_may_change_host_and_scheme(line: Line) -> None:
    client = line.app.test_client()
    answer = client.post(
        MESSAGE,
        data=FORM,
        base_url="http://10.0.0.7:8080",
        headers={"X-Twilio-Signature": signed(PUBLIC_URL + MESSAGE, FORM)},
    )
    assert answer.status_code == 200


def test_a_form_beyond_all_measure_is_refused_unread(line: Line) -> None:
    with statements(line.app) as seen:
        answer = line.post(MESSAGE, FORM | {"Body": "x" * 200_000})
    assert (answer.status_code, answer.data) == (403, b"")
    assert seen == []


def test_refusals_are_counted(line: Line) -> None:
    line.post(MESSAGE, FORM, signature="-")
    key = {"Authorization": f"Bearer {OPERATOR}"}
    metrics = line.app.test_client().get("/metrics", headers=key)
    counted = [
        one for one in metrics.text.splitlines() if one.startswith("wayhome_http_answers_total")
    ]
    assert any(f'route="{MESSAGE}",status="403"}} 1.0' in one for one in counted)


@pytest.mark.parametrize("missing", ["From", "MessageSid"])
def test_a_signed_form_that_names_no_text_is_let_be(line: Line, missing: str) -> None:
    form = {key: value for key, value in FORM.items() if key != missing}
    answer = line.post(MESSAGE, form)
    assert answer.status_code == 200
    assert b"<Message>" not in answer.data
    since = line.clock.now()
    assert reading(line.app, lambda s: inbound.said_since(s, FORM["From"], since)) == []

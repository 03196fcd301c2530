"""Only what Twilio signed for our public address is believed (Contract 6)."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import Headers, MultiDict
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from server.gateways import GatewaySettings, TwilioSettings, webhooks
from server.gateways.base import Webhooks
from server.gateways.twilio.hooks import TwilioWebhooks

PUBLIC = "https://wayhome.example"
PATH = "/hooks/twilio/message"
TOKEN, OTHER = "the present token", "the token to come"
TEXT = [
    ("MessageSid", "SM1"),
    ("From", "+447700900102"),
    ("To", "+447700900000"),
    ("Body", " 1 B "),
]

Fields = Iterable[tuple[str, str]]


def sign(url: str, fields: Fields, token: str = TOKEN, algorithm: str = "sha1") -> str:
    """What Twilio documents: the address, then each name and value in order of name, HMAC-SHA1."""
    signed = url + "".join(name + value for name, value in sorted(set(fields)))
    digest = hmac.new(token.encode(), signed.encode(), algorithm).digest()
    return base64.b64encode(digest).decode()


def make(public_url: str = PUBLIC, other: str | None = None) -> TwilioWebhooks:
    return TwilioWebhooks(
        TwilioSettings("AC1", TOKEN, "+447700900000", public_url, other_auth_token=other)
    )


def believes(
    hooks: Webhooks, signature: str | None, fields: Fields = TEXT, path: str = PATH
) -> bool:
    headers = Headers() if signature is None else Headers({"X-Twilio-Signature": signature})
    return hooks.verify(path, MultiDict(fields), headers)


def test_a_signed_form_is_believed() -> None:
    assert believes(make(), sign(PUBLIC + PATH, TEXT))


def test_twilios_published_example_is_believed() -> None:
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    settings = TwilioSettings("AC1", "12345", "+447700900000", "https://mycompany.com")
    signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    assert believes(
        TwilioWebhooks(settings), signature, fields.items(), path="/myapp.php?foo=1&bar=2"
    )


@pytest.mark.parametrize("signature", [None, "", "x", "ü", "=" * 28, "\udce4"])
def test_a_missing_or_senseless_signature_is_not(signature: str | None) -> None:
    headers = Headers()
    if signature is not None:
        headers = Headers([("X-Twilio-Signature", signature)])
    assert not make().verify(PATH, MultiDict(TEXT), headers)


@pytest.mark.parametrize(
    "signature",
    [
        sign(PUBLIC + PATH, TEXT, token="somebody else's"),
        sign(PUBLIC + PATH, TEXT, token=""),
        sign(PUBLIC + PATH, TEXT, algorithm="sha256"),
        sign("https://elsewhere.example" + PATH, TEXT),
        sign("http://wayhome.example" + PATH, TEXT),
        sign(PUBLIC + "/hooks/twilio/message-status", TEXT),
        sign(PUBLIC + PATH, [*TEXT, ("Body", "2")]),
        sign(PUBLIC + PATH, TEXT[:-1]),
        sign(PUBLIC + PATH, [(name, value.strip()) for name, value in TEXT]),
        sign(PUBLIC + PATH, TEXT).lower(),
        " " + sign(PUBLIC + PATH, TEXT),
        hashlib.sha1(b"AC1").hexdigest(),  # noqa: S324 - a forger's guess
    ],
)
def test_a_form_signed_otherwise_is_not(signature: str) -> None:
    assert not believes(make(), signature)


@given(
    fields=st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=6),
    changed=st.tuples(st.text(max_size=8), st.text(min_size=1, max_size=8)),
)
def test_any_added_field_breaks_the_signature(fields: Fields, changed: tuple[str, str]) -> None:
    fields = list(fields)
    signature = sign(PUBLIC + PATH, fields)
    assert believes(make(), signature, fields)
    written, forged = (
        "".join(n + v for n, v in sorted(set(each))) for each in (fields, [*fields, changed])
    )
    assert believes(make(), signature, [*fields, changed]) is (written == forged)


def test_a_field_given_twice_is_signed_with_both_values() -> None:
    fields = [*TEXT, ("MediaUrl", "b"), ("MediaUrl", "a")]
    assert believes(make(), sign(PUBLIC + PATH, fields), fields)
    assert not believes(make(), sign(PUBLIC + PATH, fields[:-1]), fields)


def test_text_in_any_language_is_signed_as_utf8() -> None:
    fields = [("MessageSid", "SM1"), ("From", "+447700900102"), ("Body", "Iawn 👍 tŷ ŵyr")]
    assert believes(make(), sign(PUBLIC + PATH, fields), fields)


def test_while_a_token_is_rotated_either_is_believed() -> None:
    both = make(other=OTHER)
    assert believes(both, sign(PUBLIC + PATH, TEXT, TOKEN))
    assert believes(both, sign(PUBLIC + PATH, TEXT, OTHER))
    assert not believes(both, sign(PUBLIC + PATH, TEXT, "a third"))
    assert not believes(make(), sign(PUBLIC + PATH, TEXT, OTHER))


def test_an_empty_second_token_opens_nothing() -> None:
    assert not believes(make(other=""), sign(PUBLIC + PATH, TEXT, ""))


@pytest.mark.parametrize("missing", ["account_sid", "auth_token", "sender", "public_url"])
def test_settings_without_what_is_vital_are_refused(missing: str) -> None:
    settings = TwilioSettings("AC1", TOKEN, "+447700900000", PUBLIC)
    with pytest.raises(ValueError, match=missing):
        replace(settings, **{missing: ""})  # type: ignore[arg-type]


def test_tokens_are_not_shown() -> None:
    settings = TwilioSettings("AC1", TOKEN, "+44", PUBLIC, other_auth_token=OTHER)
    assert TOKEN not in repr(settings)
    assert OTHER not in repr(settings)


@pytest.mark.parametrize(
    ("public_url", "signed_for"),
    [
        ("https://wayhome.example", "https://wayhome.example:443"),
        ("https://wayhome.example:8443", "https://wayhome.example:8443"),
        ("https://wayhome.example:8443", "https://wayhome.example"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://wayhome.example/", "https://wayhome.example"),
        ("https://trust.example/wayhome", "https://trust.example/wayhome"),
    ],
)
def test_the_port_may_be_signed_or_left_out(public_url: str, signed_for: str) -> None:
    assert believes(make(public_url), sign(signed_for + PATH, TEXT))


def forwarded(signature: str, headers: dict[str, str] | None = None) -> Request:
    """A request as it arrives behind a proxy that ended TLS and changed the host."""
    builder = EnvironBuilder(
        path=PATH,
        base_url="http://10.0.0.7:8000",
        method="POST",
        data=MultiDict(TEXT),
        headers=Headers([("x-twilio-signature", signature), *(headers or {}).items()]),
    )
    return Request(builder.get_environ())


def test_behind_a_proxy_that_changes_host_and_scheme_the_public_address_counts() -> None:
    request = forwarded(sign(PUBLIC + PATH, TEXT))
    assert request.url == "http://10.0.0.7:8000" + PATH
    assert make().verify(request.path, request.form, request.headers)


def test_a_forger_cannot_choose_the_address_by_headers() -> None:
    evil = "https://evil.example"
    claims = {
        "Host": "evil.example",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
    }
    request = forwarded(sign(evil + PATH, TEXT), claims)
    assert not make().verify(request.path, request.form, request.headers)


@pytest.mark.parametrize("path", ["", "hooks/twilio/message", PUBLIC + PATH])
def test_what_is_no_path_is_not_believed(path: str) -> None:
    assert not believes(make(), sign(PUBLIC + path, TEXT), path=path)


def test_the_factory_gives_webhooks_where_twilio_is_set_up() -> None:
    settings = GatewaySettings(twilio=TwilioSettings("AC1", TOKEN, "+44", PUBLIC))
    hooks = webhooks(settings)
    assert hooks is not None
    assert believes(hooks, sign(PUBLIC + PATH, TEXT))

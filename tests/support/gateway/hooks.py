"""Signed requests from the gateway to the server, and reading the answer's TwiML."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import urllib3
from twilio.request_validator import RequestValidator

Signed = Literal["right", "wrong"] | None
"""How a request is signed: properly, with another's token, or not at all."""

LOOPBACK = ("127.0.0.1", "localhost", "::1")
CONNECT_S, READ_S = 5.0, 15.0


@dataclass(frozen=True)
class HookAnswer:
    """What the server answered to a signed request."""

    status: int
    body: str
    content_type: str


class Hooks:
    """Posts to the server: signed for its public address, delivered where it really listens."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.webhook_url: str | None = None
        self.deliver_to: str | None = None
        self.ca_file: str | None = None
        self._pool: urllib3.PoolManager | None = None

    def post(
        self, url: str, fields: Mapping[str, str], *, signed: Signed = "right", event_id: str = ""
    ) -> HookAnswer:
        """Post `fields` signed for `url`; raises OSError or urllib3's HTTPError if not answered."""
        public = url.partition("#")[0]
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            "I-Twilio-Idempotency-Token": event_id or str(uuid4()),
            "User-Agent": "TwilioProxy/1.1",
        }
        if signed:
            headers["X-Twilio-Signature"] = self.sign(public, fields, signed)
        answer = self._http().request(
            "POST", self._address(public), body=urlencode(fields), headers=headers, redirect=False
        )
        content_type = answer.headers.get("Content-Type", "")
        return HookAnswer(answer.status, answer.data.decode("utf-8", "replace"), content_type)

    def sign(self, url: str, fields: Mapping[str, str], signed: Literal["right", "wrong"]) -> str:
        """The signature header for a form posted to `url`."""
        token = self.token if signed == "right" else self.token[::-1] + "x"
        return str(RequestValidator(token).compute_signature(url, dict(fields)))

    def close(self) -> None:
        """Close the connections kept to the server."""
        if self._pool is not None:
            self._pool.clear()

    def public_url(self, path: str) -> str:
        """The public address of one of the server's paths."""
        if self.webhook_url is None:
            raise AssertionError("the gateway was not told the server's webhook_url")
        return self.webhook_url.rstrip("/") + path

    def _address(self, public: str) -> str:
        """Where a request for `public` really goes; never to an address outside the test."""
        base = self.webhook_url.rstrip("/") if self.webhook_url else None
        if base and public.startswith(base + "/"):
            return (self.deliver_to or base).rstrip("/") + public.removeprefix(base)
        if base is None and urlsplit(public).hostname in LOOPBACK:
            return public
        raise ConnectionRefusedError(f"{public} is not below the server's webhook_url {base}")

    def _http(self) -> urllib3.PoolManager:
        if self._pool is None:
            self._pool = urllib3.PoolManager(
                maxsize=32,
                retries=False,
                timeout=urllib3.Timeout(connect=CONNECT_S, read=READ_S),
                ca_certs=self.ca_file,
            )
        return self._pool


def read_twiml(answer: HookAnswer) -> list[str]:
    """The texts a TwiML answer sends; fails on whatever the gateway could not carry out."""
    if not answer.body.strip():
        return []
    if not answer.content_type.startswith(("text/xml", "application/xml")):
        raise AssertionError(f"not TwiML but {answer.content_type!r}: {answer.body[:200]!r}")
    root = ET.fromstring(answer.body)  # noqa: S314 (from the server under test)
    if root.tag != "Response":
        raise AssertionError(f"TwiML begins with Response, not {root.tag}")
    return [_message_text(verb) for verb in root]


def _message_text(verb: ET.Element) -> str:
    if verb.tag != "Message":
        raise AssertionError(f"the stand-in knows no TwiML verb {verb.tag} for texts")
    body = verb.find("Body")
    return ((body if body is not None else verb).text or "").strip()

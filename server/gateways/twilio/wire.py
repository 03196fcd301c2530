"""Carries Twilio's requests over HTTP, and says what a broken one means."""

import ssl
from collections.abc import Iterator
from http.cookiejar import DefaultCookiePolicy
from typing import Any, cast

import requests
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioException
from twilio.http.response import Response
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util import Timeout

from server.gateways.base import Fate
from server.gateways.codes import Verdict, judge_refusal


class Wire:
    """Takes requests from many threads at once, bounded in time, and logs none of them.

    The package's own carrier keeps the last response on itself and returns it from there, so that
    a thread can be given another's answer, and with it another text's sid. This one keeps nothing.
    """

    def __init__(self, timeout_s: float, connections: int) -> None:
        self._timeout = Timeout(total=timeout_s)
        self._session = requests.Session()
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(pool_maxsize=connections))

    def request(
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """The answer to one request, which is tried once; raises what `requests` raises.

        The bound covers connecting and waiting for the answer. It does not cover looking up the
        host's name, nor an answer that comes drop by drop: for those a sender's lease runs out.
        """
        answer = self._session.request(
            method,
            url,
            params=cast(Any, params),
            data=cast(Any, data),
            headers=headers,
            auth=auth,
            timeout=cast(Any, self._timeout),
            allow_redirects=False,
        )
        return Response(answer.status_code, answer.text, answer.headers)


UNUSABLE_ADDRESS = (
    requests.exceptions.InvalidHeader,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
)
NEVER_WRITTEN = (
    requests.exceptions.ProxyError,
    ConnectTimeoutError,
    NewConnectionError,
    ssl.SSLCertVerificationError,
)
"""Raised only before a request is written: whatever it was, it has not been taken."""


def judge_exception(problem: Exception) -> Verdict:
    """What a request that ended in `problem` has come to; whatever is unclear is AMBIGUOUS."""
    if isinstance(problem, TwilioException):
        return _judge_answer(problem)
    if isinstance(problem, UNUSABLE_ADDRESS):
        return Verdict(Fate.ACCOUNT, "The address set for Twilio is not usable.")
    if any(isinstance(cause, NEVER_WRITTEN) for cause in _causes(problem)):
        return Verdict(Fate.TEMPORARY, "Twilio could not be reached.")
    if isinstance(problem, requests.Timeout):
        return Verdict(Fate.AMBIGUOUS, "Twilio did not answer in time.")
    if isinstance(problem, requests.RequestException):
        return Verdict(Fate.AMBIGUOUS, "The connection to Twilio broke before its answer came.")
    return Verdict(Fate.AMBIGUOUS, "Twilio's answer could not be read.")


def code_of(problem: Exception) -> int | None:
    """The error code of an answer, its HTTP status where it has none, or None."""
    code = getattr(problem, "code", None) or _status_of(problem)
    return code if isinstance(code, int) else None


def _judge_answer(problem: TwilioException) -> Verdict:
    status = _status_of(problem)
    if status is None:
        return Verdict(Fate.AMBIGUOUS, "Twilio's answer could not be read.")
    return judge_refusal(status, code_of(problem))


def _status_of(problem: Exception) -> int | None:
    """The HTTP status of an answer; a refused list carries its response as an argument only."""
    carriers = (problem, *problem.args)
    statuses = (
        getattr(carrier, name, None) for carrier in carriers for name in ("status", "status_code")
    )
    return next((status for status in statuses if isinstance(status, int)), None)


def _causes(problem: BaseException) -> Iterator[BaseException]:
    """The problem and every problem packed inside it."""
    yield problem
    for inner in (*problem.args, getattr(problem, "reason", None)):
        if isinstance(inner, BaseException):
            yield from _causes(inner)

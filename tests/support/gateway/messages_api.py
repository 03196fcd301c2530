"""The Messages resource: create, list and fetch, as the vendor's client asks for them."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from urllib.parse import urlencode, urlsplit

from server.clock import monotonic_s
from tests.support.gateway.dialect import (
    ACCOUNT,
    API,
    MEANINGS,
    ApiError,
    Reply,
    Request,
    Route,
    json_reply,
)
from tests.support.gateway.ledger import Ledger, Message

LONGEST_BODY = 1600
PAGE_SIZE, LARGEST_PAGE = 50, 1000

Accept = Callable[[Message, int | None], None]
"""Takes a new message; raises ApiError where its receiver cannot be written to."""


class MessagesApi:
    """Messages over HTTP.

    `lag_s` keeps the newest out of lists, in real seconds; with `by_day` a list's dates count
    without their time of day, which is all that the vendor documents.
    """

    def __init__(
        self, ledger: Ledger, senders: set[str], accept: Accept, now: Callable[[], datetime]
    ) -> None:
        self._ledger = ledger
        self._senders = senders
        self._accept = accept
        self._now = now
        self.lag_s = 0.0
        self.by_day = False
        self.routes = (
            Route("create", "POST", ACCOUNT + r"/Messages\.json", self._create),
            Route("list", "GET", ACCOUNT + r"/Messages\.json", self._list),
            Route("fetch", "GET", ACCOUNT + r"/Messages/(?P<sid>[^/]+)\.json", self._fetch),
        )

    def _create(self, request: Request, parts: Mapping[str, str], fails_with: int | None) -> Reply:
        form = request.form
        check_create(form, self._senders)
        message = Message(
            to=form["To"],
            sender=form.get("From", ""),
            body=form["Body"],
            accepted_at=self._now(),
            monotonic_s=request.monotonic_s,
            service_sid=form.get("MessagingServiceSid"),
            callback_url=form.get("StatusCallback"),
            asked=form,
        )
        # Shown before the fate is settled: a create is always answered as still to be sent.
        shown = show(message, parts["account"])
        self._accept(message, fails_with)
        return json_reply(201, shown)

    def _fetch(self, _: Request, parts: Mapping[str, str], __: int | None) -> Reply:
        message = self._ledger.find(parts["sid"])
        if message is None:
            raise ApiError(404, 20404)
        return json_reply(200, show(message, parts["account"]))

    def _list(self, request: Request, parts: Mapping[str, str], _: int | None) -> Reply:
        found = self._ledger.matching(self._wanted(request.query))
        size = max(1, min(int(request.query.get("PageSize", PAGE_SIZE)), LARGEST_PAGE))
        start = _after(found, request.query.get("PageToken"))
        shown = found[start : start + size]
        page = {
            "messages": [show(message, parts["account"]) for message in shown],
            **_links(request, len(found), start, size, shown),
        }
        return json_reply(200, page)

    def _wanted(self, query: Mapping[str, str]) -> Callable[[Message], bool]:
        visible_until_s = monotonic_s() - self.lag_s
        after = self._bound(query.get("DateSent>"), latest=False)
        before = self._bound(query.get("DateSent<"), latest=True)
        first = self._bound(query.get("DateSent"), latest=False)
        last = self._bound(query.get("DateSent"), latest=True)

        def wanted(message: Message) -> bool:
            sent_at = (message.sent_at or message.accepted_at).replace(microsecond=0)
            return (
                message.monotonic_s <= visible_until_s
                and query.get("To", message.to) == message.to
                and query.get("From", message.sender) == message.sender
                and all(sent_at >= bound for bound in (after, first) if bound)
                and all(sent_at <= bound for bound in (before, last) if bound)
            )

        return wanted

    def _bound(self, text: str | None, *, latest: bool) -> datetime | None:
        """A filter's instant; a bare date is its first or last second."""
        if not text:
            return None
        try:
            if "T" in text and not self.by_day:
                return datetime.fromisoformat(text)
            start = datetime.combine(date.fromisoformat(text[:10]), time(), UTC)
        except ValueError as error:
            raise ApiError(400, 20001) from error
        return start + timedelta(days=1, seconds=-1) if latest else start


def check_create(form: Mapping[str, str], senders: set[str]) -> None:
    """Raise the vendor's error for the first thing wrong with a message."""
    callback = urlsplit(form.get("StatusCallback", "https://none"))
    wrong = {
        21604: not form.get("To"),
        21603: not (form.get("From") or form.get("MessagingServiceSid")),
        21602: not form.get("Body"),
        21211: not re.fullmatch(r"\+[1-9]\d{6,14}", form.get("To", "")),
        21606: bool(form.get("From")) and form.get("From") not in senders,
        21701: not re.fullmatch(r"(MG[0-9a-f]{32})?", form.get("MessagingServiceSid", "")),
        21617: len(form.get("Body", "")) > LONGEST_BODY,
        21609: callback.scheme not in ("http", "https") or not callback.hostname,
    }
    for code, is_wrong in wrong.items():
        if is_wrong:
            raise ApiError(400, code)


def show(message: Message, account: str) -> dict[str, object]:
    """The message in the vendor's JSON."""
    uri = f"{API}/Accounts/{account}/Messages/{message.sid}"
    by_service = message.service_sid is not None and not message.sender
    accepted = format_datetime(message.accepted_at.astimezone(UTC))
    return {
        "account_sid": account,
        "api_version": "2010-04-01",
        "body": message.body,
        "date_created": accepted,
        "date_sent": format_datetime(message.sent_at.astimezone(UTC)) if message.sent_at else None,
        "date_updated": accepted,
        "direction": "outbound-api",
        "error_code": message.error_code,
        "error_message": MEANINGS.get(message.error_code or 0),
        "from": message.sender or None,
        "messaging_service_sid": message.service_sid,
        "num_media": "0",
        "num_segments": "0" if by_service else str(message.segments),
        "price": None,
        "price_unit": "GBP",
        "sid": message.sid,
        "status": "accepted" if by_service and message.status == "queued" else message.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "tags": None,
        "to": message.to,
        "uri": f"{uri}.json",
    }


def _after(found: list[Message], token: str | None) -> int:
    """Where the page begins that follows the message named by `token`."""
    if not token:
        return 0
    return next((i + 1 for i, message in enumerate(found) if message.sid == token[2:]), 0)


def _links(
    request: Request, total: int, start: int, size: int, shown: list[Message]
) -> dict[str, object]:
    """The page's place among all pages; the next is named by the last message shown."""
    page = int(request.query.get("Page", 0))
    filters = {k: v for k, v in request.query.items() if k not in ("Page", "PageToken", "PageSize")}

    def uri(number: int, token: str | None = None) -> str:
        place = {"PageSize": size, "Page": number, **({"PageToken": "PA" + token} if token else {})}
        return f"{request.path}?{urlencode({**filters, **place})}"

    more = start + len(shown) < total
    return {
        "end": start + max(len(shown) - 1, 0),
        "first_page_uri": uri(0),
        "next_page_uri": uri(page + 1, shown[-1].sid) if more else None,
        "page": page,
        "page_size": size,
        "previous_page_uri": None,
        "start": start,
        "uri": uri(page),
    }

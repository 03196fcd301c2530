"""What can be asked about the account: itself, its balance, its numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.support.gateway.dialect import ACCOUNT, API, Reply, Request, Route, json_reply

CREATED = "Mon, 05 Jan 2026 09:00:00 +0000"


@dataclass
class Account:
    """The account's state; tests change it to show `doctor` an unwell one."""

    sid: str
    token: str
    status: str = "active"
    kind: str = "Full"
    balance: str = "25.00"
    currency: str = "GBP"
    capabilities: dict[str, bool] = field(
        default_factory=lambda: {"voice": True, "sms": True, "mms": False, "fax": False}
    )


class AccountApi:
    """The account over HTTP."""

    def __init__(self, account: Account, numbers: set[str]) -> None:
        self._account = account
        self._numbers = numbers
        self.routes = (
            Route("account", "GET", API + r"/Accounts/(?P<account>[^/]+)\.json", self._show),
            Route("account", "GET", ACCOUNT + r"/Balance\.json", self._balance),
            Route("account", "GET", ACCOUNT + r"/IncomingPhoneNumbers\.json", self._list_numbers),
        )

    def _show(self, _: Request, __: Mapping[str, str], ___: int | None) -> Reply:
        account = self._account
        uri = f"{API}/Accounts/{account.sid}"
        return json_reply(
            200,
            {
                "auth_token": account.token,
                "date_created": CREATED,
                "date_updated": CREATED,
                "friendly_name": "Stand-in",
                "owner_account_sid": account.sid,
                "sid": account.sid,
                "status": account.status,
                "subresource_uris": {"messages": f"{uri}/Messages.json"},
                "type": account.kind,
                "uri": f"{uri}.json",
            },
        )

    def _balance(self, _: Request, __: Mapping[str, str], ___: int | None) -> Reply:
        account = self._account
        return json_reply(
            200,
            {
                "account_sid": account.sid,
                "balance": account.balance,
                "currency": account.currency,
            },
        )

    def _list_numbers(self, request: Request, _: Mapping[str, str], __: int | None) -> Reply:
        wanted = request.query.get("PhoneNumber", "")
        numbers = [number for number in sorted(self._numbers) if wanted in number]
        uri = f"{request.path}?PageSize=50&Page=0"
        return json_reply(
            200,
            {
                "end": max(len(numbers) - 1, 0),
                "first_page_uri": uri,
                "incoming_phone_numbers": [self._number(number) for number in numbers],
                "next_page_uri": None,
                "page": 0,
                "page_size": 50,
                "previous_page_uri": None,
                "start": 0,
                "uri": uri,
            },
        )

    def _number(self, number: str) -> dict[str, object]:
        account = self._account
        sid = "PN" + number.lstrip("+").rjust(32, "0")
        return {
            "account_sid": account.sid,
            "api_version": "2010-04-01",
            "capabilities": account.capabilities,
            "date_created": CREATED,
            "date_updated": CREATED,
            "friendly_name": number,
            "phone_number": number,
            "sid": sid,
            "status": "in-use",
            "uri": f"{API}/Accounts/{account.sid}/IncomingPhoneNumbers/{sid}.json",
        }

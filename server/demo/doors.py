"""The doors the made-up team uses: texts through the text door, the app over HTTP."""

from collections.abc import Callable, Mapping
from typing import TypeVar
from uuid import UUID, uuid4

import requests
from flask import Flask

from server.acts.base import perform
from server.acts.enrolling import issue_code
from server.demo.day import Close, Start
from server.demo.team import Member
from server.pages.phones.door import keep
from server.running import running
from server.store import people
from server.store.db import read
from server.store.house import PretendText
from shared.states import Means

T = TypeVar("T")

PATIENCE_S = 5.0


class App:
    """The phone app of one of the team, as far as the day needs it: real requests to this server.

    Raises requests.RequestException where the server does not do as it is asked.
    """

    def __init__(self, app: Flask, address: str, member: Member) -> None:
        self._app = app
        self._api = f"{address}/api/v1"
        self._member = member
        self._http = requests.Session()
        self._http.trust_env = False
        self._visit: UUID | None = None

    def do(self, act: Start | Close) -> None:
        """Start or close the visit, and show on the phone what was tapped."""
        if "Authorization" not in self._http.headers:
            self._sign_in()
        if isinstance(act, Start):
            self._start(act)
        else:
            self._close()

    def _sign_in(self) -> None:
        code = in_app(self._app, lambda: _code_for(self._member))
        body = {"code": code, "device": f"{self._member.name}'s phone"}
        token = self._post("enrolments", body)["token"]
        self._http.headers["Authorization"] = f"Bearer {token}"

    def _start(self, act: Start) -> None:
        visit = uuid4()
        body = {"id": str(visit), "place": act.place, "minutes": act.minutes}
        self._post("visits", body)
        self._visit = visit
        self._note(f"Starts a visit: {act.place}, {act.minutes} min")

    def _close(self) -> None:
        if self._visit is None:
            return
        body = {"id": str(uuid4()), "pin": self._member.pins.safe}
        visit, self._visit = self._visit, None
        self._post(f"visits/{visit}/close", body)
        self._note("Taps Done")

    def _post(self, path: str, body: Mapping[str, object]) -> dict[str, str]:
        answer = self._http.post(f"{self._api}/{path}", json=body, timeout=PATIENCE_S)
        answer.raise_for_status()
        found: dict[str, str] = answer.json()
        return found

    def _note(self, words: str) -> None:
        def put() -> None:
            keep(
                PretendText(
                    sid=f"PN{uuid4().hex}",
                    number=self._member.mobile,
                    outgoing=False,
                    body=words,
                    at=running().clock.now(),
                    extra={"app": True},
                )
            )

        in_app(self._app, put)


def _code_for(member: Member) -> str:
    here = running()
    found = read(lambda session: people.by_mobile(session, member.mobile))[0]
    return perform(
        here.desk, lambda turn: issue_code(turn, found), now=here.clock.now(), by=Means.COMMAND
    )


def in_app(app: Flask, work: Callable[[], T]) -> T:
    """Do `work` in the application's context."""
    with app.app_context():
        return work()

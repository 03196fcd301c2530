"""A person's phone as the server knows it: the app's requests over real HTTP, each with its id.

    amy = PhoneApp("amy", [house.url], code)
    visit = amy.start("12 High St", minutes=45).json()
    amy.close(visit, pin="4821")

Every method returns the response, whatever its status. Ids are made once and depend only on whose
phone it is and how much it has asked before, so that two houses can be told the same story.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count, cycle
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import requests

TIMEOUT_S = 20.0
API = "/api/v1"
Thing = Mapping[str, Any] | str
"""A visit or alarm: what the server answered, or its id."""


def id_of(thing: Thing) -> str:
    """The id of a visit or alarm."""
    return thing if isinstance(thing, str) else str(thing["id"])


def ok(response: requests.Response, status: int = 200) -> dict[str, Any]:
    """The answer's JSON; fails naming what came instead of `status`."""
    if response.status_code != status:
        asked = f"{response.request.method} {response.request.path_url}"
        raise AssertionError(f"{asked}: {response.status_code}, not {status}: {response.text}")
    found: dict[str, Any] = response.json() if response.content else {}
    return found


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


class PhoneApp:
    """One device of one person. `urls` are asked in turn, as behind a balancer."""

    def __init__(self, name: str, urls: Sequence[str], code: str) -> None:
        self.name = name
        self.answers: list[requests.Response] = []
        self._urls = cycle(urls)
        self._numbers = count(1)
        self._session = requests.Session()
        self._session.trust_env = False
        self.token = ""
        self.enrolment = ok(
            self.ask("POST", "/enrolments", {"code": code, "device": f"{name}'s phone"}), 201
        )
        self.token = str(self.enrolment["token"])
        self._session.headers["Authorization"] = f"Bearer {self.token}"
        self.answers.clear()

    def close_connections(self) -> None:
        """Hang up."""
        self._session.close()

    def trust(self, ca_file: str) -> None:
        """Believe this certificate, for a server behind TLS."""
        self._session.verify = ca_file

    def new_id(self) -> str:
        """An id this phone has not used before."""
        return str(uuid5(NAMESPACE_URL, f"{self.name}/{next(self._numbers)}"))

    def ask(self, method: str, path: str, body: object = None, **options: Any) -> requests.Response:
        """One request as it stands; `options` are those of requests."""
        url = next(self._urls) + API + path
        if body is not None:
            options["json"] = body
        answer = self._session.request(method, url, timeout=TIMEOUT_S, **options)
        self.answers.append(answer)
        return answer

    def post(self, path: str, **body: Any) -> requests.Response:
        """Ask for something, with an id of its own unless one is given; None leaves a field out."""
        given = {name: _plain(value) for name, value in body.items() if value is not None}
        return self.ask("POST", path, {"id": self.new_id(), **given})

    def again(self, answer: requests.Response) -> requests.Response:
        """The very same request once more, byte for byte."""
        repeated = self._session.send(answer.request, timeout=TIMEOUT_S)
        self.answers.append(repeated)
        return repeated

    def get(self, path: str) -> requests.Response:
        """Look at something."""
        return self.ask("GET", path)

    def start(self, place: str = "12 High St", **body: Any) -> requests.Response:
        """Start a visit, or plan one."""
        return self.post("/visits", place=place, **body)

    def start_planned(self, visit: Thing, **body: Any) -> requests.Response:
        """Begin a planned visit."""
        return self.post(f"/visits/{id_of(visit)}/start", **body)

    def check_in(self, visit: Thing, **body: Any) -> requests.Response:
        """A sign of life."""
        return self.post(f"/visits/{id_of(visit)}/check-in", **body)

    def extend(self, visit: Thing, minutes: int, **body: Any) -> requests.Response:
        """More time."""
        return self.post(f"/visits/{id_of(visit)}/extend", minutes=minutes, **body)

    def close(self, visit: Thing, **body: Any) -> requests.Response:
        """The visit is over."""
        return self.post(f"/visits/{id_of(visit)}/close", **body)

    def position(self, visit: Thing, **body: Any) -> requests.Response:
        """Where she is."""
        return self.post(f"/visits/{id_of(visit)}/position", **body)

    def sos(self, **body: Any) -> requests.Response:
        """Help, now."""
        return self.post("/alarms", **{"kind": "sos", **body})

    def stand_down(self, alarm: Thing, **body: Any) -> requests.Response:
        """It was a mistake."""
        return self.post(f"/alarms/{id_of(alarm)}/stand-down", **body)

    def own(self, alarm: Thing, **body: Any) -> requests.Response:
        """Take charge of an alarm."""
        return self.post(f"/alarms/{id_of(alarm)}/own", **body)

    def release(self, alarm: Thing, **body: Any) -> requests.Response:
        """Give it back."""
        return self.post(f"/alarms/{id_of(alarm)}/release", **body)

    def note(self, alarm: Thing, text: str, **body: Any) -> requests.Response:
        """Write down what was done."""
        return self.post(f"/alarms/{id_of(alarm)}/note", text=text, **body)

    def resolve(self, alarm: Thing, outcome: str = "safe", **body: Any) -> requests.Response:
        """Bring it to its end."""
        return self.post(f"/alarms/{id_of(alarm)}/resolve", outcome=outcome, **body)

    def visit(self, visit: Thing) -> dict[str, Any]:
        """The visit as this person sees it."""
        return ok(self.get(f"/visits/{id_of(visit)}"))

    def alarm(self, alarm: Thing) -> dict[str, Any]:
        """The alarm as this person sees it."""
        return ok(self.get(f"/alarms/{id_of(alarm)}"))

    def alarms(self) -> list[dict[str, Any]]:
        """The alarms that need somebody, as far as this person may know."""
        found: list[dict[str, Any]] = ok(self.get("/alarms"))["items"]
        return found

    def log_of(self, visit: Thing) -> list[str]:
        """What the visit's log says has happened, in order."""
        return [entry["what"] for entry in self.visit(visit)["log"]]

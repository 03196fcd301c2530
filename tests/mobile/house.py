"""A small real HTTP server that answers as Wayhome does, and misbehaves as networks do.

It knows just enough: ids are answered again (P6), a visit has times, an SOS is an alarm. `faults`
are used up one by one, by whatever asks next (GET or POST); `wait_for` a fault with `when`.
"""

import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

from shared.wire.mark import API_VERSION, MARK
from shared.wire.problems import BY_NAME
from tests.mobile.hands import NOON

TOKEN = "amys-token"
AMY = {"id": "11111111-1111-4111-8111-111111111111", "name": "Amy Okafor"}
BEN = {"id": "22222222-2222-4222-8222-222222222222", "name": "Ben Hughes"}
GRACE = timedelta(seconds=600)
HTML = b"<html><body>Welcome to Hotel Wifi</body></html>"


OFFICE_NUMBER = "+447700900999"
"""What commands are texted to."""


@dataclass
class House:
    """What the server knows. `now`: its clock."""

    now: Callable[[], datetime] = lambda: NOON
    token: str = TOKEN
    pin: str = "4821"
    asks_pin: bool = False
    way_out: str = "ok"
    alive: bool = True
    notice: str | None = None
    away_until: str | None = None
    usual_minutes: int | None = None
    has_pins: bool = True
    moves_on: bool = True
    chain_doubt: str | None = None
    roles: tuple[str, ...] = ("worker", "buddy")
    visits: dict[str, dict[str, Any]] = field(default_factory=dict)
    others: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Visits of others that she may see."""
    alarms: dict[str, dict[str, Any]] = field(default_factory=dict)
    watching: list[dict[str, Any]] = field(default_factory=list)
    replies: dict[str, tuple[int, Any]] = field(default_factory=dict)
    faults: deque[str] = field(default_factory=deque)
    always: str = ""
    unreadable: bool = False
    """No question is answered; what is told is taken."""
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    done: list[tuple[str, Any]] = field(default_factory=list)
    joins: str = ""
    joined: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    before: Callable[[str], None] = lambda _: None
    """Called with each path before it is answered, on the thread that answers."""

    def answer(self, method: str, path: str, token: str, body: Any) -> tuple[int, Any, bool]:
        """Status, JSON and whether it is a repeat."""
        self.before(path)
        with self.lock:
            self.asked.append((method, path, body))
            if path == "/enrolments":
                return 201, self.enrolled(body), False
            if token != f"Bearer {self.token}":
                return *problem(401, "unauthorized", "Sign in again."), False
            if method == "GET":
                return *self.look(path), False
            if path == "/devices/current":
                self.token = "nobody's"
                return 204, None, False
            return self.once(path, body)

    def once(self, path: str, body: Any) -> tuple[int, Any, bool]:
        key = body["id"]
        known = self.replies.get(key)
        if known:
            plain = {name: value for name, value in body.items() if name != "pin"}
            if path != "/alarms" and known[1]["_body"] != plain:
                return *problem(409, "id-reused", "The id was used before."), False
            return known[0], known[1]["answer"], True
        status, found = self.act(path, body)
        if status < 300:
            plain = {name: value for name, value in body.items() if name != "pin"}
            self.replies[key] = (status, {"answer": json.loads(json.dumps(found)), "_body": plain})
            self.done.append((path, body))
        return status, found, False

    def act(self, path: str, body: Any) -> tuple[int, Any]:
        parts = path.strip("/").split("/")
        if path == "/visits":
            return self.move_on(body)
        if path == "/alarms":
            return 201, self.cry(body)
        if parts[0] in ("watching", "me"):
            self.away_until = body.get("until")
            return 200, {}
        things = self.visits if parts[0] == "visits" else self.alarms
        parts[1] = self.joined.get(parts[1], parts[1])
        if parts[1] not in things:
            return problem(404, "not-found", f"There is no such {parts[0][:-1]}.")
        acts = {
            "extend": self.extend,
            "close": self.close,
            "check-in": self.check_in,
            "cancel": self.cancel,
            "own": self.own,
            "stand-down": self.stand_down,
            "resolve": self.resolve,
        }
        if parts[2] not in acts:
            return 200, things[parts[1]]
        return acts[parts[2]](things[parts[1]], body)

    def cry(self, body: Any) -> dict[str, Any]:
        """An SOS; one that joins the alarm named in `joins` is known by either id."""
        if self.joins:
            self.joined[body["id"]] = self.joins
            return self.alarms[self.joins]
        return self.raise_alarm(body["id"], "sos", body.get("visit"))

    def start(self, body: Any) -> dict[str, Any]:
        at = self.at(body)
        ends_at = at + timedelta(minutes=body["minutes"])
        visit = {
            "id": body["id"],
            "kind": body.get("kind", "visit"),
            "status": "open",
            "place": body["place"],
            "starts_at": at.isoformat(),
            "risk": body.get("risk", "standard"),
            "buddy": BEN,
            "closed_at": None,
            "closed_how": None,
            "alarms": [],
            "safety_chain": [],
            "log": [],
        }
        self.visits[body["id"]] = visit
        self.set_end(visit, ends_at)
        return visit

    def at(self, body: Any) -> datetime:
        now = self.now()
        return min(now, datetime.fromisoformat(body["at"])) if body.get("at") else now

    def set_end(self, visit: dict[str, Any], ends_at: datetime) -> None:
        visit["ends_at"] = visit["due_at"] = ends_at.isoformat()
        raise_at = ends_at + GRACE
        visit["raise_at"] = raise_at.isoformat()
        visit["safety_chain"] = self.chain(raise_at)

    def chain(self, raise_at: datetime) -> list[dict[str, str]]:
        told = raise_at.isoformat()
        doubt = self.chain_doubt
        first = [{"at": told, "who": "nobody", "by": "", "why": doubt}] if doubt else []
        steps = [
            {"at": told, "who": BEN["name"], "by": "text", "why": "buddy; proven 3 days ago"},
            {
                "at": (raise_at + timedelta(seconds=480)).isoformat(),
                "who": "Cat Lin",
                "by": "text and call",
                "why": "manager",
            },
        ]
        return first + steps

    def extend(self, visit: dict[str, Any], body: Any) -> tuple[int, Any]:
        if visit["status"] != "open":
            return problem(409, "visit-closed", "The visit is over.")
        if body.get("pin") not in (None, self.pin):
            return problem(403, "pin-wrong", "That PIN is not right.")
        if body.get("pin") is None and any(a["status"] != "resolved" for a in visit["alarms"]):
            return 200, visit
        base = max(datetime.fromisoformat(visit["ends_at"]), self.at(body))
        self.set_end(visit, base + timedelta(minutes=body["minutes"]))
        return 200, visit

    def check_in(self, visit: dict[str, Any], body: Any) -> tuple[int, Any]:
        del body
        return 200, visit

    def cancel(self, visit: dict[str, Any], body: Any) -> tuple[int, Any]:
        del body
        visit |= {"status": "cancelled", "raise_at": None}
        return 200, visit

    def close(self, visit: dict[str, Any], body: Any) -> tuple[int, Any]:
        raised = any(alarm["status"] != "resolved" for alarm in visit["alarms"])
        pin = body.get("pin")
        if pin is None and self.asks_pin and not raised:
            return problem(403, "pin-required", "Your PIN is asked for here.")
        if pin is not None and pin != self.pin:
            return problem(403, "pin-wrong", "That PIN is not right.")
        if raised and pin is None:
            return 200, visit
        for alarm in visit["alarms"]:
            alarm |= {"status": "resolved", "resolved_at": self.at(body).isoformat()}
        self.end(visit, self.at(body).isoformat(), "worker")
        return 200, visit

    def move_on(self, body: Any) -> tuple[int, Any]:
        """A start ends all that is open but a way home."""
        now_on = [v for v in self.visits.values() if v["status"] == "open" and v["kind"] != "home"]
        old = now_on if self.moves_on and body.get("kind") != "home" else []
        if old and self.asks_pin and body.get("pin") != self.pin:
            return problem(409, "visit-open", "A visit is still open.", visit=old[0]["id"])
        for visit in old:
            self.end(visit, self.now().isoformat(), "moved_on")
        return 201, self.start(body)

    @staticmethod
    def end(visit: dict[str, Any], at: str, how: str) -> None:
        visit |= {"status": "closed", "closed_at": at, "closed_how": how}
        visit |= {"raise_at": None, "safety_chain": []}

    def raise_alarm(self, key: str, kind: str, visit: str | None) -> dict[str, Any]:
        alarm = {
            "id": key,
            "kind": kind,
            "status": "raised",
            "visit": visit if visit in self.visits else None,
            "worker": AMY,
            "raised_at": self.now().isoformat(),
            "owner": None,
            "owner_until": None,
            "outcome": None,
            "resolved_at": None,
            "unverified": False,
            "next_step": None,
        }
        self.alarms[key] = alarm
        if visit in self.visits:
            self.visits[visit]["alarms"].insert(0, alarm)
        return alarm

    def own(self, alarm: dict[str, Any], body: Any) -> tuple[int, Any]:
        if alarm["owner"] and not body.get("take_over"):
            return problem(409, "alarm-owned", "Ben Hughes has charge of it.")
        alarm |= {"status": "owned", "owner": AMY}
        return 200, alarm

    def stand_down(self, alarm: dict[str, Any], body: Any) -> tuple[int, Any]:
        if body.get("pin") != self.pin:
            return problem(403, "pin-wrong", "That PIN is not right.")
        now = self.now().isoformat()
        alarm |= {"status": "resolved", "outcome": "false_alarm", "resolved_at": now}
        return 200, alarm

    def resolve(self, alarm: dict[str, Any], body: Any) -> tuple[int, Any]:
        at = self.at(body).isoformat()
        alarm |= {"status": "resolved", "outcome": body["outcome"], "resolved_at": at}
        return 200, alarm

    def look(self, path: str) -> tuple[int, Any]:
        plain = path.partition("?")[0]
        if plain == "/me":
            return 200, self.me()
        lists: dict[str, list[dict[str, Any]]] = {
            "/visits": [v for v in self.visits.values() if _wanted(path, v)],
            "/alarms": [a for a in self.alarms.values() if a["status"] != "resolved"],
            "/watching": self.watching,
        }
        if plain in lists:
            return 200, {"items": lists[plain], "next": None}
        kind, name = plain.strip("/").split("/")
        name = self.joined.get(name, name)
        found = (self.visits | self.others if kind == "visits" else self.alarms).get(name)
        return (200, found) if found else problem(404, "not-found", "There is no such thing.")

    def me(self) -> dict[str, Any]:
        return {
            "person": {**AMY, "mobile": "+447700900101", "email": None, "has_pins": self.has_pins,
                       "away_from": None, "away_until": self.away_until,
                       "usual_minutes": self.usual_minutes},
            "team": {"id": str(uuid4()), "slug": "ot", "name": "OT North",
                     "timezone": "Europe/London"},
            "roles": list(self.roles),
            "buddies": [BEN],
            "policy": {"grace_s": 600, "ask_buddy": "app",
                       "pin": "always" if self.asks_pin else "text_only"},
            "safety_chain": self.chain(self.now() + timedelta(minutes=60) + GRACE),
            "server_time": self.now().isoformat(),
            "monitoring": {"alive": self.alive, "lag_s": 0.1, "way_out": self.way_out},
            "notice": self.notice,
            "text_to": OFFICE_NUMBER,
        }  # fmt: skip

    def enrolled(self, body: Any) -> Any:
        del body
        return {"token": self.token, "person": self.me()["person"],
                "server_time": self.now().isoformat()}  # fmt: skip


def _wanted(path: str, visit: dict[str, Any]) -> bool:
    _, _, query = path.partition("status=")
    return not query or visit["status"] in query.split("&")[0].replace("%2C", ",").split(",")


def problem(status: int, name: str, detail: str, **more: Any) -> tuple[int, Any]:
    """A refusal."""
    members = {"type": BY_NAME[name].type, "title": name, "status": status}
    return status, {**members, "detail": detail, **more}


class Handler(BaseHTTPRequestHandler):
    """Answers for the house, or in one of the ways in which answers go wrong."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    house: House
    release: threading.Event

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.handle_one()

    def do_POST(self) -> None:
        self.handle_one()

    def do_DELETE(self) -> None:
        self.handle_one()

    def handle_one(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        getattr(self, f"fault_{self.fault() or 'none'}")(body)

    def fault(self) -> str:
        """What goes wrong with this request; only an act is refused, a look is let by."""
        faults = self.house.faults
        if self.command == "GET" and self.house.unreadable:
            return "nothing"
        if not faults:
            return self.house.always
        looks = self.command == "GET" and faults[0] == "refuse"
        return "" if looks else str(faults.popleft())

    def honest(self, body: Any) -> tuple[int, dict[str, str], bytes]:
        path = self.path.removeprefix("/api/v1")
        token = self.headers.get("Authorization", "")
        status, found, repeat = self.house.answer(self.command, path, token, body)
        kind = "application/json" if status < 400 else "application/problem+json"
        headers = {"Content-Type": kind, MARK: API_VERSION}
        headers |= {"Wayhome-Replay": "1"} if repeat else {}
        return status, headers, b"" if found is None else json.dumps(found).encode()

    def give(self, status: int, headers: dict[str, str], raw: bytes, length: int = 0) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length or len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def fault_none(self, body: Any) -> None:
        self.give(*self.honest(body))

    def fault_500(self, body: Any) -> None:
        del body
        self.give(500, {"Content-Type": "text/plain"}, b"oh")

    def fault_busy(self, body: Any) -> None:
        del body
        status, found = problem(429, "too-many-tries", "Wait.", retry_after_s=7)
        headers = {"Content-Type": "application/problem+json", "Retry-After": "7"}
        self.give(status, headers, json.dumps(found).encode())

    def fault_refuse(self, body: Any) -> None:
        del body
        status, found = problem(422, "invalid", "Some fields are not right.")
        headers = {"Content-Type": "application/problem+json"}
        self.give(status, headers, json.dumps(found).encode())

    def fault_html(self, body: Any) -> None:
        del body
        self.give(200, {"Content-Type": "text/html"}, HTML)

    def fault_html404(self, body: Any) -> None:
        del body
        self.give(404, {"Content-Type": "text/html"}, HTML)

    def fault_redirect(self, body: Any) -> None:
        del body
        self.give(302, {"Location": "http://login.example.org/"}, b"")

    def fault_liar(self, body: Any) -> None:
        del body
        self.give(200, {"Content-Type": "application/json"}, b'["login"]')

    def fault_empty(self, body: Any) -> None:
        """As a network that wants a login, or tells whether there is internet, may answer."""
        del body
        self.give(200, {"Content-Type": "application/json"}, b"{}")

    def fault_no_content(self, body: Any) -> None:
        del body
        self.give(204, {}, b"")

    def fault_nothing(self, body: Any) -> None:
        del body
        self.close_connection = True

    def fault_cut(self, body: Any) -> None:
        """Half of an answer, of something that was done."""
        status, headers, raw = self.honest(body)
        self.give(status, headers, raw[: len(raw) // 2], length=len(raw))
        self.close_connection = True

    def fault_lost(self, body: Any) -> None:
        """It was done, and the answer never arrived."""
        self.honest(body)
        self.close_connection = True

    def fault_slow(self, body: Any) -> None:
        """A byte at a time, for ever, until the test is over or the phone hangs up."""
        del body
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{")
            while not self.release.wait(0.02):
                self.wfile.write(b" ")
        except OSError:
            pass
        self.close_connection = True


class Served:
    """The house on a port of its own."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.port = 0
        self.open()
        self.url = f"http://127.0.0.1:{self.port}"

    def open(self) -> None:
        """There, or there again."""
        self._release = threading.Event()
        handler = type("Bound", (Handler,), {"house": self.house, "release": self._release})
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.port = self._server.server_port

    def close(self) -> None:
        """No longer there at all: nobody can open a line to it."""
        self._release.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

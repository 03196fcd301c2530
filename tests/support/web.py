"""Riverside's pages over real HTTP, in the test's own process, on a clock that only it moves.

house = WebHouse(url, folder)
house.sign_in("cat")            # what Cat's browser keeps
house.visit("amy", "12 High St", minutes=45)
house.town.forward(minutes=60)  # the alarm goes
"""

import socket
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from werkzeug.serving import WSGIRequestHandler, make_server

from server.store.sessions import Stage
from tests.support.clock import ManualClock
from tests.support.people import EVERYBODY, Org, Somebody, open_app, settle
from tests.support.town import Town
from tests.support.visitor import sign_in

PAT = Somebody("pat", "Pat Moor", "+447700900105", roles=(), email="pat@example.org")
"""The administrator: runs the organisation, and no team."""


class Quiet(WSGIRequestHandler):
    """Says nothing of every request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


class WebHouse:
    """One application that serves; ended with `stop`."""

    def __init__(self, url: str, folder: Path, **settings: Any) -> None:
        self.clock = ManualClock()
        self._socket = socket.create_server(("127.0.0.1", 0))
        port = self._socket.getsockname()[1]
        self.address = f"http://localhost:{port}"
        told = {"demo": False, "pretend": False, "public_url": self.address, **settings}
        self.app = open_app(url, folder, self.clock, lasting=True, **told)
        self.org: Org = settle(self.app, self.clock, (*EVERYBODY, PAT), admins=["pat"])
        self.town = Town(self.app, self.clock)
        self._server = make_server(
            "127.0.0.1",
            port,
            self.app,
            threaded=True,
            request_handler=Quiet,
            fd=self._socket.fileno(),
        )
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def sign_in(
        self, ref: str, stage: Stage = Stage.FULL, minutes_ago: float = 0.0
    ) -> dict[str, str]:
        """The cookie of a new sign-in of this person, as Playwright takes it."""
        then = self.clock.now() - timedelta(minutes=minutes_ago)
        secret = sign_in(self.app, self.org[ref].id, then, stage)
        return {"name": "wayhome", "value": secret, "url": self.address}

    def asks(self, ref: str, path: str, **body: Any) -> Any:
        """What this person's phone is answered."""
        headers = self.org[ref].headers
        sent = {"id": str(uuid4()), **body}
        answer = self.app.test_client().post(f"/api/v1{path}", json=sent, headers=headers)
        assert answer.status_code in (200, 201, 204), answer.text
        return answer.get_json(silent=True)

    def visit(self, ref: str, place: str, minutes: int = 45) -> str:
        """Start a visit from this person's phone; returns its id."""
        return str(self.asks(ref, "/visits", place=place, minutes=minutes)["id"])

    def sos(self, ref: str) -> str:
        """Cry for help from this person's phone; returns the alarm's id."""
        return str(self.asks(ref, "/alarms", kind="sos")["id"])

    def stop(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()
        self._socket.close()
        self.town.rounds.stop(0.0)

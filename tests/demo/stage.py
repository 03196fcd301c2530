"""A demo in one process whose time the test moves: real requests, no thread plays by itself."""

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from werkzeug.serving import make_server

from server.demo.day import ZONE
from server.demo.house import make_demo, make_player
from server.demo.team import BY_REF
from server.engine.round import Rounds
from server.store import pretend
from server.store.log import Entry
from tests.support.people import plain_settings, reading, running_in

A_WHILE = 4000


class Life:
    """The seconds of life, moved by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class Stage:
    """The demo, its engine and its player, one step of life after another."""

    def __init__(self, url: str, folder: Path, life: Life, speed: float = 30) -> None:
        self.life = life
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True)
        address = f"http://127.0.0.1:{self._server.server_port}"
        settings = plain_settings(url, folder, public_url=address)
        self.demo = make_demo(settings, speed, weeks=False)
        self.app = self.demo.app
        self.rounds = Rounds(self.app, running_in(self.app))
        self.player = make_player(self.demo, self.rounds)
        self.demo.pace.go_on()
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def _answer(self, environ: Any, start_response: Any) -> Any:
        return self.app(environ, start_response)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self.rounds.stop(1.0)

    @property
    def now(self) -> datetime:
        """The demo's time where its team lives."""
        return self.demo.clock.now().astimezone(ZONE)

    def step(self, seconds: float = 1.0) -> None:
        """So much of life passes, in one stroke of the bell."""
        self.life.seconds += seconds
        self.rounds.go_round()
        pause = threading.Event()
        while self.rounds.busy:
            pause.wait(0.001)
        with self.app.app_context():
            self.player.tick()

    def until(self, condition: Callable[[], object], why: str) -> None:
        """Step on until it holds."""
        for _ in range(A_WHILE):
            if condition():
                return
            self.step()
        raise AssertionError(f"never: {why}")

    def texts(self, ref: str) -> list[str]:
        """Everything on one phone today, oldest first."""
        number = BY_REF[ref].mobile
        found = reading(self.app, lambda s: pretend.texts_on(s, [number], self.player.began, 200))
        return [text.body for text in found.get(number, [])]

    def says(self, ref: str, body: str) -> None:
        """Somebody who watches types this as one of the team, on the page."""
        client = self.app.test_client()
        page = client.get("/phones").text
        token = page.split('name="token" value="')[1].split('"')[0]
        fields = {"token": token, "number": BY_REF[ref].mobile, "body": body}
        assert client.post("/phones/text", data=fields).status_code == 303

    def entries(self, what: str) -> int:
        """How often this is in the log."""
        query = select(Entry.id).where(Entry.what == what)
        return len(reading(self.app, lambda session: session.scalars(query).all()))

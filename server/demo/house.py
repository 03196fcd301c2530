"""Puts the demo together: the real application on fast time, the team in it, the day behind it."""

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

import click
import requests
from flask import Flask, request

from server.acts.base import Desk
from server.acts.importing import Options, import_file
from server.app import create_app
from server.clock import FastClock, SteadyClock
from server.config import Settings
from server.demo import door, team
from server.demo.day import ZONE, beginning_today
from server.demo.described import write_policy, write_sheets
from server.demo.pace import Pace
from server.demo.past import live_through
from server.demo.player import Player
from server.engine import ENGINE, Engine
from server.engine.round import Rounds
from server.pages.phones import show
from server.running import KEY, Running
from server.store.db import write
from shared.numbers import national

PROBE = "/healthz"
PROBE_EVERY_S = 0.05
BEGINS_ANYWAY_S = 60.0
LONG_AGO = timedelta(days=28)
A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Demo:
    """One demo: its application, its time, and a code for each phone that may be signed in."""

    app: Flask
    clock: FastClock
    pace: Pace
    codes: dict[str, str]

    @property
    def address(self) -> str:
        """Where it serves; on this computer only."""
        running: Running = self.app.extensions[KEY]
        return running.settings.public_url


def make_demo(settings: Settings, speed: float, *, weeks: bool = True) -> Demo:
    """The whole application at two in the afternoon, the team in it and, with `weeks`, what it did
    before; time does not pass yet."""
    clock = FastClock(0, beginning_today(SteadyClock().now()))
    app = create_app(settings, clock=clock)
    app.register_blueprint(door.page)
    pace = Pace(clock, speed)
    pace.pause()
    with app.app_context():
        house: Running = app.extensions[KEY]
        if weeks:
            _live_through(house.desk, clock.now())
        options = Options(trust_numbers=True, enrol=True)
        done = import_file(house.desk, team.import_file(), options, as_csv=False, now=clock.now())
    codes = {str(one["ref"]): str(one["enrolment_code"]) for one in done.people}
    return Demo(app, clock, pace, codes)


def _live_through(desk: Desk, now: datetime) -> None:
    """The team as it was four weeks ago, and everything since."""
    options = Options(trust_numbers=True, enrol=False)
    long_ago = now - LONG_AGO
    at_first = team.import_file(team.AT_FIRST)
    import_file(desk, at_first, options, as_csv=False, now=long_ago - A_WEEK)
    import_file(desk, team.import_file(), options, as_csv=False, now=long_ago)
    write(lambda session: write_sheets(session, desk, long_ago))
    write(lambda session: write_policy(session, desk, long_ago))
    today = now.astimezone(ZONE).date()
    write(lambda session: live_through(session, desk, today, now))


def play(demo: Demo) -> None:
    """Begin the day with the first request, so that nobody who opens the page has missed any."""
    engine: Engine = demo.app.extensions[ENGINE]
    player = make_player(demo, engine.rounds)
    first = threading.Event()

    @demo.app.before_request
    def begin() -> None:
        if not first.is_set() and request.path != PROBE:
            demo.pace.go_on()
            first.set()

    threading.Thread(target=_open, args=(demo, player, first), name="usher", daemon=True).start()


def make_player(demo: Demo, rounds: Rounds) -> Player:
    """What plays the day, known to the page; not yet playing."""
    player = Player(
        demo.app, demo.clock, demo.pace, demo.address, lambda at: _skip(demo.clock, rounds, at)
    )
    show.install(demo.app, player)
    return player


def _open(demo: Demo, player: Player, first: threading.Event) -> None:
    """Say who is who once it serves, and begin at the latest a minute later."""
    _wait_until_served(demo.address)
    click.echo(introduction(demo))
    if not first.wait(BEGINS_ANYWAY_S):
        demo.pace.go_on()
        first.set()
    player.start()


def _wait_until_served(address: str) -> None:
    own = requests.Session()
    own.trust_env = False
    own.headers["Connection"] = "close"
    while True:
        try:
            own.get(address + PROBE, timeout=5)
        except requests.RequestException:
            time.sleep(PROBE_EVERY_S)
        else:
            return


def _skip(clock: FastClock, rounds: Rounds, at: datetime) -> None:
    """The engine is told first: nothing was missed in a night in which nobody was out."""
    rounds.seen_at(at)
    clock.skip_to(at)


def introduction(demo: Demo) -> str:
    """Who is who, in a few lines for a terminal."""
    rows = [("who", "number", "PIN", "duress PIN", "phone code", "")]
    rows += [
        (
            member.name,
            national(member.mobile, "GB"),
            member.pins.safe,
            member.pins.duress,
            demo.codes[member.ref],
            member.part,
        )
        for member in team.TEAM_OF_FIVE
    ]
    widths = [max(len(row[n]) for row in rows) for n in range(5)]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=False)) for row in rows]
    table = [f"{line}  {row[5]}".rstrip() for line, row in zip(lines, rows, strict=True)]
    return "\n".join(
        [
            f"Open {demo.address}/phones and watch, or type as any of them. Ctrl-C ends it.",
            f"The managers' pages: {demo.address} (come in as Eve with one click).",
            "Pretend phones: nothing leaves this computer. A phone code signs one phone app in.",
            *table,
            "Dee goes silent. When Ben is texted, answer as Ben: 1, later SAFE 1357.",
        ]
    )

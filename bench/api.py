"""Starts and closes per second, as a share of a bare insert on the same server and database."""

import sys
import tempfile
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.load import Ask, Measured, run
from bench.processes import environment, free_port, migrate, running, serve
from bench.seed import Seeded, Town
from server.clock import SteadyClock

CONNECTIONS = (8, 32)
SECONDS = 6.0


def measure() -> dict[str, Any]:
    """For 8 and 32 connections: requests per second, p50 and p99, and the share of the peer's."""
    found: dict[str, Any] = {}
    for connections in CONNECTIONS:
        peer = _peer(connections)
        ours = _wayhome(connections)
        for name, measured in (("bare_insert", peer), ("start_or_close", ours)):
            found[f"{name}_{connections}_per_s"] = measured.per_second
            found[f"{name}_{connections}_p50_ms"] = measured.p50_ms
            found[f"{name}_{connections}_p99_ms"] = measured.p99_ms
            found[f"{name}_{connections}_errors"] = measured.errors
        found[f"share_{connections}"] = ours.per_second / peer.per_second
    return found


def _peer(connections: int) -> Measured:
    folder = Path(tempfile.mkdtemp(prefix="wayhome-bench-"))
    words = [sys.executable, "-m", "bench.bare", str(free_port()), str(folder / "bare.db")]

    def ask() -> tuple[str, dict[str, str], dict[str, Any]]:
        return "/rows", {}, {"place": "12 High St"}

    with running(words, environment(folder)) as served:
        return run(served.url, [ask] * connections, SECONDS, {201})


def _wayhome(connections: int) -> Measured:
    folder = Path(tempfile.mkdtemp(prefix="wayhome-bench-"))
    migrate(folder)
    seeded = Town(folder / "wayhome.db", SteadyClock().now()).fill(connections * 20, 0, [])
    with serve(folder) as served:
        asks = [_start_and_close(seeded, n) for n in range(connections)]
        return run(served.url, asks, SECONDS, {200, 201})


def _start_and_close(seeded: Seeded, n: int) -> Ask:
    """One visit after another, by 20 people in turn: started, then closed."""
    tokens = cycle(seeded.tokens[n * 20 : (n + 1) * 20])
    going_on: list[tuple[str, dict[str, str]]] = []

    def ask() -> tuple[str, dict[str, str], dict[str, Any]]:
        if going_on:
            visit, headers = going_on.pop()
            return f"/api/v1/visits/{visit}/close", headers, {"id": str(uuid4())}
        headers = {"Authorization": f"Bearer {next(tokens)}"}
        visit = str(uuid4())
        going_on.append((visit, headers))
        return "/api/v1/visits", headers, {"id": visit, "place": "12 High St", "minutes": 45}

    return ask

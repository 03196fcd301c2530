"""What a round costs that finds nothing to do, with 1,000 and with 100,000 open visits."""

import tempfile
import time
from pathlib import Path
from typing import Any

from bench.processes import migrate
from bench.seed import Town
from bench.tables import percentile
from server.app import create_app
from server.clock import SteadyClock
from server.config import read_settings
from server.engine.round import Rounds
from server.running import KEY

ROUNDS = 400
LIMIT = 1.5


def measure() -> dict[str, Any]:
    """Milliseconds for the median idle round at both sizes, and the ratio between them."""
    small, large = _idle_ms(1_000), _idle_ms(100_000)
    return {
        "idle_round_1k_ms": small,
        "idle_round_100k_ms": large,
        "ratio": large / small,
        "limit_ratio": LIMIT,
    }


def _idle_ms(open_visits: int) -> float:
    folder = Path(tempfile.mkdtemp(prefix="wayhome-bench-"))
    migrate(folder)
    Town(folder / "wayhome.db", SteadyClock().now()).fill(1_000, open_visits, [])
    app = create_app(read_settings({}, pretend=True, data_dir=folder))
    rounds = Rounds(app, app.extensions[KEY])
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        rounds.go_round()
        taken.append((time.perf_counter() - started) * 1000)
    rounds.dispatcher.stop(1.0)
    return percentile(taken[ROUNDS // 4 :], 50)

"""`make bench`: measure everything, print it, and keep it in bench/results/.

python -m bench [lateness] [idle] [api] [board] [footprint] [phone] [pages]
"""

import json
import os
import platform
import sys
import time
from pathlib import Path
from typing import Any

from bench import api, board, footprint, idle, lateness, pages, phone
from bench.tables import lines

BENCHES = {
    "footprint": footprint.measure,
    "idle": idle.measure,
    "api": api.measure,
    "board": board.measure,
    "lateness": lateness.measure,
    "phone": phone.measure,
    "pages": pages.measure,
}
RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Run the benches named, or all of them."""
    unknown = set(sys.argv[1:]) - set(BENCHES)
    if unknown:
        raise SystemExit(f"bench: choose from {', '.join(BENCHES)}")
    for name in sys.argv[1:] or BENCHES:
        before_ms = yardstick_ms()
        found = BENCHES[name]()
        yardsticks_ms = [before_ms, yardstick_ms()]
        sys.stdout.write(lines(name, found) + "\n")
        sys.stdout.write("  a million additions, before and after (ms): ")
        sys.stdout.write(", ".join(f"{ms:.1f}" for ms in yardsticks_ms) + "\n\n")
        sys.stdout.flush()
        _keep(name, found, yardsticks_ms)


def yardstick_ms() -> float:
    """A million additions, at the best of five: what the machine itself can do at this moment.

    The same machine may be twice as slow an hour later; times mean something only beside this.
    """
    times = []
    for _ in range(5):
        began, total = time.perf_counter(), 0
        for one in range(1_000_000):
            total += one
        times.append(time.perf_counter() - began)
    return min(times) * 1e3


def _keep(name: str, found: dict[str, Any], yardsticks_ms: list[float]) -> None:
    machine = {
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "million_additions_before_and_after_ms": [round(ms, 1) for ms in yardsticks_ms],
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(
        json.dumps({"machine": machine, "found": found}, indent=1) + "\n"
    )


if __name__ == "__main__":
    main()

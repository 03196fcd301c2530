"""`make bench`: measure everything, print it, and keep it in bench/results/.

python -m bench [lateness] [idle] [api] [board] [footprint] [phone] [pages]
"""

import json
import os
import platform
import sys
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
        found = BENCHES[name]()
        sys.stdout.write(lines(name, found) + "\n\n")
        sys.stdout.flush()
        _keep(name, found)


def _keep(name: str, found: dict[str, Any]) -> None:
    machine = {"python": platform.python_version(), "cpus": os.cpu_count()}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(
        json.dumps({"machine": machine, "found": found}, indent=1) + "\n"
    )


if __name__ == "__main__":
    main()

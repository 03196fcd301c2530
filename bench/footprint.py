"""Start-up time to ready, and resident memory of `wayhome serve`, master and worker together."""

import tempfile
import time
from pathlib import Path
from typing import Any

from bench.processes import gateway, is_ready, memory_mb, migrate, serve


def measure() -> dict[str, Any]:
    """Seconds to the ready line on a database that exists, and MB after 5 s of idling."""
    folder = Path(tempfile.mkdtemp(prefix="wayhome-bench-"))
    migrate(folder)
    with gateway(folder / "gateway.jsonl") as settings:
        with serve(folder, **settings) as first:
            is_ready(first.url)
        with serve(folder, **settings) as served:
            time.sleep(5)
            rss, pss = memory_mb(served.pid)
    return {
        "ready_after_s": served.ready_after_s,
        "aim_ready_s": 2.0,
        "resident_mb": rss,
        "proportional_mb": pss,
        "aim_mb": 150.0,
    }

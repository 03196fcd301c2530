"""How late the first text of an alarm is handed over, with 100,000 open visits in the database."""

import json
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.processes import gateway, is_ready, migrate, serve
from bench.seed import Town
from bench.tables import percentile
from server.clock import SteadyClock

OPEN_VISITS = 100_000
ALARMS = 300
APART_S = 0.2
SETTLE_S = 15.0


def measure(open_visits: int = OPEN_VISITS, alarms: int = ALARMS) -> dict[str, Any]:
    """Seconds from the moment an alarm is due to its first text's acceptance at the gateway."""
    folder = Path(tempfile.mkdtemp(prefix="wayhome-bench-"))
    migrate(folder)
    now = SteadyClock().now()
    seed_s = 20.0 + open_visits / 5_000
    first = now + timedelta(seconds=seed_s + SETTLE_S)
    due = [first + timedelta(seconds=n * APART_S) for n in range(alarms)]
    seeded = Town(folder / "wayhome.db", now).fill(max(2 * alarms + 2, 2_000), open_visits, due)
    log = folder / "gateway.jsonl"
    with gateway(log) as settings, serve(folder, **settings) as served:
        assert is_ready(served.url) or _wait_ready(served.url)
        _wait_until(due[-1] + timedelta(seconds=5))
        late_s = _lateness(log, dict(zip(seeded.names, due, strict=True)))
    return {
        "open_visits": open_visits,
        "alarms": alarms,
        "handed_over": len(late_s),
        "p50_s": percentile(late_s, 50),
        "p99_s": percentile(late_s, 99),
        "worst_s": max(late_s),
        "limit_p50_s": 0.6,
        "limit_p99_s": 1.5,
    }


def _wait_ready(url: str) -> bool:
    for _ in range(100):
        if is_ready(url):
            return True
        time.sleep(0.1)
    return False


def _wait_until(instant: datetime) -> None:
    clock = SteadyClock()
    while clock.now() < instant:
        time.sleep(0.5)


def _lateness(log: Path, due: dict[str, datetime]) -> list[float]:
    """Seconds late, by the first text that names each worker."""
    late: dict[str, float] = {}
    for line in log.read_text().splitlines():
        text = json.loads(line)
        who = text["body"].split(" is overdue")[0]
        if who in due:
            at = datetime.fromisoformat(text["accepted_at"])
            late.setdefault(who, (at - due[who]).total_seconds())
    return list(late.values())

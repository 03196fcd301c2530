"""A plain load: so many connections, each asking again as soon as it is answered."""

import http.client
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bench.tables import percentile

Ask = Callable[[], tuple[str, dict[str, str], dict[str, Any]]]


@dataclass(frozen=True)
class Measured:
    """What a load saw."""

    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int


def run(url: str, asks: list[Ask], seconds: float, expect: set[int]) -> Measured:
    """Drive one connection for each of `asks` for so long; other statuses count as errors."""
    taken: list[list[float]] = [[] for _ in asks]
    errors = [0] * len(asks)
    until = time.monotonic() + seconds

    def drive(n: int) -> None:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        while time.monotonic() < until:
            path, headers, body = asks[n]()
            started = time.perf_counter()
            connection.request(
                "POST", path, json.dumps(body), {"Content-Type": "application/json"} | headers
            )
            answer = connection.getresponse()
            answer.read()
            taken[n].append((time.perf_counter() - started) * 1000)
            errors[n] += answer.status not in expect
        connection.close()

    threads = [threading.Thread(target=drive, args=(n,)) for n in range(len(asks))]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.monotonic() - started
    every = [one for each in taken for one in each]
    return Measured(len(every) / spent, percentile(every, 50), percentile(every, 99), sum(errors))

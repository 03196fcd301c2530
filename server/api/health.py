"""For load balancers, watchdogs and Prometheus: is it there, can it work, how does it do."""

from collections.abc import Iterator
from hmac import compare_digest
from typing import Any

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from server.access import ANYBODY, open_to
from server.acts.monitoring import Monitoring, judge
from server.api.acting import JSON, to_json
from server.clock import monotonic_s
from server.running import running
from server.store import counting, db
from server.store.db import Session
from server.store.faults import AWAY
from shared.states import WayOut

health = Blueprint("health", __name__)
EXTENSION = "wayhome_metrics"
TEXT = "text/plain; charset=utf-8"
TO_PROVE = {"WWW-Authenticate": "Bearer"}
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


@health.get("/healthz")
@open_to(ANYBODY)
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", content_type=TEXT)


@health.get("/readyz")
@open_to(ANYBODY)
def readyz() -> Response:
    """200 where visits can be watched from here: database and engine are there. 503 where not."""
    stand = _stand()
    body: dict[str, Any] = {
        "database": "ok" if stand else "away",
        "engine": {"alive": bool(stand and stand.alive), "lag_s": stand.lag_s if stand else None},
        "way_out": (stand.way_out if stand else WayOut.NONE).value,
    }
    ready = stand is not None and stand.alive
    return Response(to_json(body), 200 if ready else 503, content_type=JSON)


def _stand() -> Monitoring | None:
    here = running()
    try:
        return db.read(lambda session: judge(session, here.desk, here.clock.now()))
    except AWAY:
        return None


class House(Collector):
    """What the database says at the moment of asking, the same from every process."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Gauges; the database's own absence is one."""
        stand = _stand()
        yield _gauge("wayhome_database_up", "1 while the database answers", float(bool(stand)))
        if stand is None:
            return
        yield _gauge("wayhome_engine_alive", "1 while an engine finishes rounds", stand.alive)
        yield _gauge("wayhome_engine_lag_seconds", "how far decisions are behind", stand.lag_s)
        yield _gauge("wayhome_way_out", "2 ok, 1 degraded, 0 none", WAYS.index(stand.way_out))


WAYS = (WayOut.NONE, WayOut.DEGRADED, WayOut.OK)


class Work(Collector):
    """How much there is to watch and to send, of all organisations together."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Gauges; none of them without a database."""
        try:
            found = db.read(_counted)
        except AWAY:
            return
        yield from _counts(*found)


def _counted(session: Session) -> tuple[int, dict[str, int], int]:
    return (
        counting.open_visits(session),
        counting.open_alarms(session),
        counting.unsent_messages(session),
    )


def _counts(visits: int, alarms: dict[str, int], unsent: int) -> Iterator[GaugeMetricFamily]:
    yield _gauge("wayhome_visits_open", "visits being watched", visits)
    yield _gauge("wayhome_messages_unsent", "messages decided and not handed over", unsent)
    family = GaugeMetricFamily("wayhome_alarms_open", "unresolved alarms", labels=["status"])
    for status in ("raised", "owned"):
        family.add_metric([status], alarms.get(status, 0))
    yield family


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=float(value))


class Metrics:
    """What this process counts. `health` is for anybody; `registry` also tells how many visits and
    alarms there are and what is asked for, which is nobody's business but the operator's."""

    def __init__(self) -> None:
        self.health, self.registry = CollectorRegistry(), CollectorRegistry()
        self.health.register(House())
        self.registry.register(House())
        self.registry.register(Work())
        self.answers = Counter(
            "wayhome_http_answers",
            "requests answered",
            ["route", "method", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "wayhome_http_seconds",
            "time to answer",
            ["route"],
            registry=self.registry,
            buckets=BUCKETS_S,
        )

    def begin(self) -> None:
        """A request has come."""
        g.wayhome_began_s = monotonic_s()

    def end(self, response: Response) -> Response:
        """It was answered. Only addresses we know are counted apart: anybody can make up others."""
        route = request.url_rule.rule if request.url_rule else "none"
        method = request.method if request.url_rule else "none"
        self.answers.labels(route, method, str(response.status_code)).inc()
        began_s = g.get("wayhome_began_s")
        if began_s is not None:
            self.seconds.labels(route).observe(monotonic_s() - began_s)
        return response


def watch(app: Flask) -> None:
    """Count every request of this application, and serve the counts."""
    metrics = Metrics()
    app.extensions[EXTENSION] = metrics
    app.before_request(metrics.begin)
    app.after_request(metrics.end)
    app.add_url_rule("/metrics", "metrics", open_to(ANYBODY)(lambda: _metrics(metrics)))
    app.register_blueprint(health)


def _metrics(metrics: Metrics) -> Response:
    """Prometheus: all of it with the operator's token, whether it works to anybody."""
    given = request.headers.get("Authorization")
    if given is not None and not _is_operator(given):
        return Response("Not the token in WAYHOME_METRICS_TOKEN.\n", 401, TO_PROVE, TEXT)
    registry = metrics.health if given is None else metrics.registry
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _is_operator(given: str) -> bool:
    token = running().settings.metrics_token
    return token is not None and compare_digest(given.encode(), f"Bearer {token}".encode())

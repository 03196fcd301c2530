"""One JSON object a line on stderr, from structlog and from everybody's `logging` alike.

Never a token, a PIN or a body: values of such names are left out, and what tracebacks and
addresses could carry of them is cut out of texts.
"""

import json
import logging
import re
import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any

SECRET_NAMES = frozenset(
    {"answer", "authorization", "body", "code", "data", "duress_pin", "note", "password", "pin"}
    | {"parameters", "place", "secret", "text", "token"}
)
LEFT_OUT = "(left out)"
_CUTS = (
    (re.compile(r"\[parameters: .*?\]\n?(?=\(Background|$)", re.DOTALL), "[parameters left out]"),
    (re.compile(r"^DETAIL:.*$", re.MULTILINE), "DETAIL: left out"),
    (re.compile(r"wh1_[\w-]+"), "wh1_..."),
    (re.compile(r"/a/[\w-]{6,}"), "/a/..."),
    (re.compile(r"://[^/@\s:]+:[^/@\s]+@"), "://...@"),
)
QUIET = {"apscheduler": logging.ERROR, "urllib3": logging.ERROR, "twilio": logging.ERROR}


class JsonLine(logging.Formatter):
    """A record of the standard library's as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            "logger": record.name,
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return render(entry)


def render(entry: MutableMapping[str, Any]) -> str:
    """The line for this entry, with nothing in it that must not be kept."""
    kept = {name: LEFT_OUT if name in SECRET_NAMES else value for name, value in entry.items()}
    return json.dumps({name: _cut(value) for name, value in kept.items()}, default=str)


def _cut(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    for pattern, instead in _CUTS:
        value = pattern.sub(instead, value)
    return value


def configure() -> None:
    """Send every log of this process to stderr as JSON; once, at its start."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLine())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name, level in QUIET.items():
        logging.getLogger(name).setLevel(level)


def configure_structlog() -> None:
    """The same for structlog: apart, because a process that only minds others needs none of it."""
    import structlog

    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.format_exc_info,
            lambda _logger, _method, entry: render(entry),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )

"""The real processes a bench measures: `wayhome serve`, a gateway beside it, a bare peer."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

WAYHOME = Path(sys.executable).parent / "wayhome"


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Served:
    """A server that answers, and how long it took to say so."""

    url: str
    pid: int
    ready_after_s: float


def environment(folder: Path, **more: str) -> dict[str, str]:
    """A process's environment with nothing of this one's Wayhome settings in it."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("WAYHOME_")}
    return plain | {"WAYHOME_DATA_DIR": str(folder), "WAYHOME_RATE_LIMITS": "off"} | more


def migrate(folder: Path) -> None:
    """A fresh embedded database in `folder`."""
    subprocess.run([WAYHOME, "migrate"], env=environment(folder), check=True, capture_output=True)


@contextmanager
def running(words: list[str], env: dict[str, str], ready: str = "ready ") -> Iterator[Served]:
    """Run a server until its line that begins with `ready`; end it afterwards."""
    started = time.monotonic()
    process = subprocess.Popen(
        words, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout is not None
        line = next((line for line in process.stdout if line.startswith(ready)), "")
        if not line:
            raise SystemExit(f"bench: {words[0]} did not come up")
        yield Served(line.removeprefix(ready).strip(), process.pid, time.monotonic() - started)
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def serve(folder: Path, **more: str) -> Iterator[Served]:
    """`wayhome serve` on the embedded database in `folder`."""
    port = str(free_port())
    words = [str(WAYHOME), "serve", "--port", port]
    if not any(name.startswith("WAYHOME_TWILIO") for name in more):
        words.append("--pretend")
    with running(words, environment(folder, **more)) as served:
        yield served


@contextmanager
def gateway(log: Path) -> Iterator[dict[str, str]]:
    """A Twilio-shaped gateway in its own process; gives the settings that point at it."""
    account, token, sender = "AC" + "1" * 32, "2" * 32, "+447700900000"
    words = [
        sys.executable,
        "-m",
        "tests.support.gateway",
        "--log",
        str(log),
        "--callbacks",
        "never",
    ]
    words += ["--account-sid", account, "--auth-token", token, "--sender", sender]
    with running(words, dict(os.environ), ready="{") as served:
        url = json.loads("{" + served.url)["ready"]
        yield {
            "WAYHOME_TWILIO_ACCOUNT_SID": account,
            "WAYHOME_TWILIO_AUTH_TOKEN": token,
            "WAYHOME_TWILIO_FROM": sender,
            "WAYHOME_TWILIO_API_URL": url,
        }


def is_ready(url: str) -> bool:
    """Whether `url` answers /readyz with 200."""
    try:
        return requests.get(url + "/readyz", timeout=5).status_code == 200
    except requests.RequestException:
        return False


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += family(int(child))
    return found


def memory_mb(pid: int) -> tuple[float, float]:
    """Resident and proportional memory of a process with its descendants, in MB."""
    totals = {"Rss": 0, "Pss": 0}
    for member in family(pid):
        for line in Path(f"/proc/{member}/smaps_rollup").read_text().splitlines():
            name, _, rest = line.partition(":")
            if name in totals:
                totals[name] += int(rest.split()[0])
    return totals["Rss"] / 1024, totals["Pss"] / 1024

"""`make compose-check`: the containers as they ship, built and brought up for real.

A missed visit reaches a (stand-in) phone through them, the buddy answers by text through the TLS
proxy, an engine is killed and comes back, and the database is paused for 30 s while a visit falls
due. Prints one line for each thing seen; exits 1 at the first that is not as it should be.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests

from server.clock import SteadyClock

ROOT = Path(__file__).resolve().parents[2]
SENDER, AMY, BEN = "+447700900000", "+447700900101", "+447700900102"
TEAM: dict[str, Any] = {
    "organisation": {"slug": "check", "name": "Check"},
    "teams": [
        {
            "slug": "one",
            "name": "One",
            "policy": {"warn_before_s": 0, "grace_s": 3, "nudges": 0, "broadcast_every_s": 600},
        }
    ],
    "people": [
        {"ref": "amy", "name": "Amy Okafor", "mobile": AMY, "team": "one", "roles": ["worker"],
         "buddies": ["ben"], "pin": "4821", "duress_pin": "7390"},
        {"ref": "ben", "name": "Ben Hughes", "mobile": BEN, "team": "one",
         "roles": ["buddy", "manager"], "pin": "1357", "duress_pin": "8642"},
    ],
}  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait(what: str, condition: Callable[[], Any], within_s: float = 60.0) -> Any:
    """Ask again every half second until the answer is true; fail naming what did not come."""
    started = time.monotonic()
    while time.monotonic() - started < within_s:
        try:
            found = condition()
        except requests.RequestException:
            found = None
        if found:
            seen(what, time.monotonic() - started)
            return found
        time.sleep(0.5)
    raise SystemExit(f"compose-check: not seen within {within_s:.0f} s: {what}")


def seen(what: str, after_s: float) -> None:
    sys.stdout.write(f"{after_s:6.1f} s  {what}\n")
    sys.stdout.flush()


class Stack:
    """The services of docker-compose.yml and, laid over them, a stand-in for Twilio."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.control_port = free_port(), free_port()
        self.public_url = f"https://localhost:{self.port}"
        self._make_secrets()
        token = (folder / "twilio_auth_token").read_text()
        self.env = os.environ | {
            "COMPOSE_PROJECT_NAME": f"wayhome-check-{os.getpid()}",
            "WAYHOME_SECRETS": str(folder),
            "WAYHOME_PORT": str(self.port),
            "WAYHOME_PUBLIC_URL": self.public_url,
            "WAYHOME_TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
            "WAYHOME_TWILIO_FROM": SENDER,
            "WAYHOME_TWILIO_API_URL": "http://gateway:9000",
            "CHECK_TWILIO_TOKEN": token,
            "CHECK_POSTGRES_PASSWORD": (folder / "postgres_password").read_text(),
            "CHECK_CONTROL_PORT": str(self.control_port),
            "CHECK_ROOT": str(ROOT),
        }

    def _make_secrets(self) -> None:
        (self.folder / "twilio_auth_token").write_text(secrets.token_hex(16))
        subprocess.run([ROOT / "scripts/make_secrets.sh", self.folder], check=True)
        password = (self.folder / "postgres_password").read_text()
        url = f"postgresql://postgres:{password}@db:5432/wayhome"
        (self.folder / "database_url").write_text(url)
        names = "subjectAltName=DNS:localhost,DNS:proxy"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
             "/CN=localhost", "-addext", names, "-keyout", self.folder / "tls_key", "-out",
             self.folder / "tls_cert"],
            check=True, capture_output=True,
        )  # fmt: skip
        for file in self.folder.iterdir():
            file.chmod(0o644)

    def compose(self, *words: str, text: str | None = None) -> str:
        files = [
            "-f",
            str(ROOT / "docker-compose.yml"),
            "-f",
            str(ROOT / "tests/compose/override.yml"),
        ]
        done = subprocess.run(
            ["docker", "compose", *files, *words], cwd=ROOT, env=self.env, input=text, text=True,
            capture_output=True,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"compose-check: {' '.join(words)}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def container(self, service: str) -> str:
        return self.compose("ps", "-q", service).strip()

    def docker(self, *words: str) -> str:
        done = subprocess.run(
            ["docker", *words], env=self.env, check=True, text=True, capture_output=True
        )
        return done.stdout.strip()

    def api(self, method: str, path: str, token: str = "", **body: Any) -> requests.Response:
        return requests.request(
            method,
            self.public_url + path,
            json=body or None,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            verify=str(self.folder / "tls_cert"),
            timeout=10,
        )

    def control(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        url = f"http://127.0.0.1:{self.control_port}{path}"
        answer = (
            requests.get(url, timeout=10)
            if body is None
            else requests.post(url, json=body, timeout=10)
        )
        answer.raise_for_status()
        return answer.json()

    def texts(self, number: str) -> list[str]:
        return [str(text.get("body", text)) if isinstance(text, dict) else str(text)
                for text in self.control(f"/phones/{number}")["inbox"]]  # fmt: skip

    def got(self, number: str, *words: str) -> bool:
        return any(all(word in text for word in words) for text in self.texts(number))


def start_visit(stack: Stack, token: str, place: str, seconds: float) -> None:
    ends_at = SteadyClock().now() + timedelta(seconds=seconds)
    answer = stack.api(
        "POST", "/api/v1/visits", token, id=str(uuid4()), place=place,
        ends_at=ends_at.isoformat(), pin="4821",
    )  # fmt: skip
    assert answer.status_code == 201, answer.text


def walk(stack: Stack) -> None:
    """The story, from an empty database on."""
    imported = json.loads(
        stack.compose("exec", "-T", "web", "wayhome", "import", "/dev/stdin", "--trust-numbers",
                      "--enrol", text=json.dumps(TEAM))
    )  # fmt: skip
    code = imported["people"][0]["enrolment_code"]
    token = stack.api("POST", "/api/v1/enrolments", code=code, device="check").json()["token"]
    seen("imported a team and enrolled a phone through the proxy", 0)

    start_visit(stack, token, "1 Mill Lane", 4)
    wait(
        "a missed visit reached the buddy's phone", lambda: stack.got(BEN, "overdue", "1 Mill Lane")
    )
    stack.control(f"/phones/{BEN}/texts", {"body": "1"})
    wait("the buddy took charge by text, signed, through TLS", lambda: stack.got(AMY, "Ben Hughes"))
    stack.control(f"/phones/{BEN}/texts", {"body": "SAFE 1357"})

    pid = int(stack.docker("inspect", "-f", "{{.State.Pid}}", stack.container("engine")))
    start_visit(stack, token, "2 Mill Lane", 4)
    os.kill(pid, signal.SIGKILL)
    wait(
        "an engine was killed, came back, and the visit was raised",
        lambda: stack.got(BEN, "2 Mill Lane"),
    )
    stack.control(f"/phones/{BEN}/texts", {"body": "SAFE 1357"})

    start_visit(stack, token, "3 Mill Lane", 6)
    stack.docker("pause", stack.container("db"))
    time.sleep(30)
    stack.docker("unpause", stack.container("db"))
    wait(
        "the database was away for 30 s; the visit was raised after it",
        lambda: stack.got(BEN, "3 Mill Lane"),
        90,
    )
    wait("ready again", lambda: stack.api("GET", "/readyz").status_code == 200)
    stack.compose("exec", "-T", "web", "wayhome", "verify-log")
    seen("the log's chain is whole", 0)


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="wayhome-compose-"))
    stack = Stack(folder)
    started = time.monotonic()
    try:
        stack.compose("up", "-d", "--build", "--wait")
        seen("built and brought up: every health check is green", time.monotonic() - started)
        walk(stack)
    except BaseException:
        sys.stderr.write(stack.compose("logs", "--tail=60"))
        raise
    finally:
        stack.compose("down", "-v", "--timeout", "5")
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

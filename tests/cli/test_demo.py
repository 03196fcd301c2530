"""`wayhome demo`, the real command: what it prints, what it refuses, what it leaves behind."""

import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.support.demo import Demo

PATIENCE_S = 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where temporary folders are made."""
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module")
def demo(folder: Path) -> Iterator[Demo]:
    """A demo in surroundings that would lead a real house outside."""
    settings = {
        "TMPDIR": str(folder),
        "WAYHOME_DATABASE_URL": "postgresql://nobody@192.0.2.1/none",
        "WAYHOME_DATA_DIR": str(folder / "real"),
        "WAYHOME_PUBLIC_URL": "https://wayhome.example",
        "WAYHOME_HEARTBEAT_URL": "http://192.0.2.1/beat",
        "WAYHOME_TWILIO_ACCOUNT_SID": "AC1",
        "WAYHOME_TWILIO_AUTH_TOKEN": "none",
        "WAYHOME_TWILIO_FROM": "+447700900999",
        "WAYHOME_TWILIO_API_URL": "http://192.0.2.1",
        "HTTP_PROXY": "http://192.0.2.1:9",
    }
    made = Demo(settings=settings).wait()
    yield made
    made.stop()


def refused(*arguments: str) -> str:
    """What the command says on stderr when it refuses; nothing goes to stdout."""
    command = [str(Path(sys.executable).with_name("wayhome")), "demo", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_it_says_where_it_serves_and_then_who_is_who(demo: Demo) -> None:
    assert [line for line in demo.lines if line.startswith("ready")] == demo.lines[:1]
    said = "\n".join(demo.lines[1:])
    assert f"{demo.address}/phones" in said
    assert "nothing leaves this computer" in said
    for name, number, pin in [
        ("Amy Okafor", "07700 900101", "4821"),
        ("Eve Costa", "07700 900105", "6042"),
    ]:
        assert re.search(rf"{name} +{number} +{pin} ", said)
    assert len(demo.lines) <= 12


def test_the_front_door_leads_in_and_to_the_phones(demo: Demo) -> None:
    answer = requests.get(demo.address, timeout=PATIENCE_S)
    assert (answer.url, answer.status_code) == (f"{demo.address}/sign-in", 200)
    assert "Eve Costa, manager" in answer.text
    assert 'href="/phones"' in answer.text
    phones = requests.get(f"{demo.address}/phones", timeout=PATIENCE_S)
    assert "Pretend phones: nothing leaves this computer" in phones.text


def test_the_day_plays(demo: Demo) -> None:
    pause = threading.Event()
    for _ in range(PATIENCE_S * 5):
        page = requests.get(f"{demo.address}/phones/now", timeout=PATIENCE_S)
        if "Dee until 14:15" in page.text:
            break
        pause.wait(0.2)
    assert "Dee until 14:15" in page.text
    assert "VISIT 14:15 Flat 9 Elm Court" in page.text
    assert "Starts a visit: 12 High Street, 14 min" in page.text
    assert page.headers["Wayhome-Clock"].endswith(" 30.0")


def test_a_phone_code_signs_a_phone_in(demo: Demo) -> None:
    (line,) = (line for line in demo.lines if line.startswith("Eve Costa"))
    (code,) = re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", line)
    body = {"code": code, "device": "a phone"}
    url = f"{demo.address}/api/v1/enrolments"
    answer = requests.post(url, json=body, timeout=PATIENCE_S)
    assert answer.status_code == 201
    assert answer.json()["person"]["name"] == "Eve Costa"


def test_time_is_chosen_on_the_page(demo: Demo) -> None:
    page = requests.get(f"{demo.address}/phones", timeout=PATIENCE_S).text
    token = re.findall(r'name="token" value="(\w+)"', page)[0]

    def wish(do: str) -> int:
        fields = {"token": token, "do": do}
        url = f"{demo.address}/phones/pace"
        return requests.post(url, fields, timeout=PATIENCE_S, allow_redirects=False).status_code

    def rate() -> str:
        answer = requests.get(f"{demo.address}/phones/now", timeout=PATIENCE_S)
        return answer.headers["Wayhome-Clock"].split()[1]

    assert (wish("pause"), rate()) == (303, "0.0")
    first = requests.get(f"{demo.address}/phones", timeout=PATIENCE_S)
    assert "Time stands still" in first.text
    assert (wish("4"), rate()) == (303, "4")
    assert (wish("1000"), rate()) == (400, "4")
    assert (wish("30"), rate()) == (303, "30")


def test_it_uses_nothing_of_a_real_house(demo: Demo, folder: Path) -> None:
    assert not (folder / "real").exists()
    assert demo.errors == []


def test_it_forgets_everything_in_the_end(tmp_path: Path) -> None:
    demo = Demo(settings={"TMPDIR": str(tmp_path)}).wait()
    (made,) = tmp_path.glob("wayhome-demo-*")
    assert made.stat().st_mode & 0o077 == 0
    assert demo.stop(signal.SIGINT) in (0, 130)
    assert list(tmp_path.iterdir()) == []
    assert demo.errors == []


def test_it_keeps_its_day_in_an_empty_folder_that_was_named(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    demo = Demo("--data-dir", str(folder)).wait()
    assert demo.stop() == 0
    assert (folder / "wayhome.db").exists()
    assert "is not empty" in refused("--data-dir", str(folder))


@pytest.mark.parametrize("speed", ["0", "0.5", "61", "fast"])
def test_a_speed_that_would_not_work_is_refused(speed: str) -> None:
    assert "--speed" in refused("--speed", speed)


def test_a_port_in_use_is_refused() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"Port {port} on 127.0.0.1 is in use" in refused("--port", str(port))

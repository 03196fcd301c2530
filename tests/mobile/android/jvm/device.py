"""Compiles the receivers against the pretend Android and runs them in a JVM of their own."""

import hashlib
import json
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any

from tests.mobile.android.package import ROOT, template

HERE = Path(__file__).parent
JAVA = ROOT / "mobile/android/java"
COMPILER = ["java", "-XX:TieredStopAtLevel=1", "-m", "jdk.compiler/com.sun.tools.javac.Main"]
"""A runtime environment of Debian's has it; the `javac` command would need a whole JDK."""


def unpack(folder: Path) -> list[Path]:
    """Android's own classes, or what stands for them."""
    found = []
    _, *parts = (HERE / "stubs.txt").read_text(encoding="utf-8").split("\n=== ")
    for part in parts:
        name, _, text = part.partition("\n")
        path = folder / name.strip()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        found.append(path)
    return found


def watch_service(folder: Path) -> Path:
    """What p4a makes of our entry in `services`."""
    base = "org.wayhome.phone.WatchService"
    args = SimpleNamespace(package="org.wayhome.phone", name="Wayhome", service_class_name=base)
    text = template("Service.tmpl.java").render(
        args=args,
        name="Watch",
        entrypoint="mobile/service/watch.py",
        foreground=True,
        sticky=True,
        service_id=1,
        base_service_class="WatchService",
    )
    path = folder / "ServiceWatch.java"
    path.write_text(text, encoding="utf-8")
    return path


def classes_of_now() -> Path:
    """The compiled classes, kept until a source changes: a compiler takes seconds."""
    sources = sorted([*JAVA.rglob("*.java"), *HERE.rglob("*.java"), HERE / "stubs.txt"])
    name = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    kept = ROOT / "build/android-test" / name
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=kept.parent))
        compile_all(made)
        with suppress(OSError):  # Another worker was faster.
            made.replace(kept)
    return kept / "classes"


def compile_all(folder: Path) -> Path:
    """Classes of the receivers, exactly as they are in the app but for the key store."""
    classes, stubs = folder / "classes", unpack(folder / "stubs")
    ours = [*JAVA.rglob("*.java"), watch_service(folder)]
    run_compiler(classes, [*stubs, *(HERE / "src/org/json").glob("*.java"),
                           HERE / "src/device/World.java", *ours])  # fmt: skip
    run_compiler(classes, [HERE / "src/org/wayhome/phone/KeySafe.java",
                           HERE / "src/device/Harness.java"], classes)  # fmt: skip
    return classes


def run_compiler(classes: Path, sources: list[Path], known: Path | None = None) -> None:
    """Java 8, which is what p4a compiles with."""
    options = ["-nowarn", "-Xlint:-options", "-source", "8", "-target", "8", "-proc:none"]
    path = ["-cp", str(known)] if known else []
    command = [*COMPILER, *options, *path, "-d", str(classes), *map(str, sources)]
    found = subprocess.run(command, capture_output=True, text=True, timeout=110)
    assert found.returncode == 0, found.stderr


@dataclass
class After:
    """What the device is like after something was done, and what happened meanwhile."""

    given: Any
    alarms: list[dict[str, Any]]
    notices: dict[str, Any]
    channels: dict[str, Any]
    events: list[dict[str, Any]] = field(default_factory=list)

    def happened(self, name: str) -> list[dict[str, Any]]:
        """The events of that name."""
        return [event for event in self.events if event["event"] == name]


class Jvm:
    """One pretend phone. Its SQL runs on connections of the test's own to a real file."""

    def __init__(self, classes: Path) -> None:
        java = shutil.which("java")
        assert java, "make setup installs a Java runtime"
        command = [java, "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", str(classes)]
        self._process = subprocess.Popen(
            [*command, "device.Harness"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.database = Path()
        self._open: dict[int, sqlite3.Connection] = {}
        self.statements: list[str] = []

    def do(self, order: str, **more: Any) -> After:
        """Do it, and wait until it is done."""
        self._write({"do": order, **more})
        events: list[dict[str, Any]] = []
        while True:
            line = json.loads(self._lines().readline())
            if "sql" in line:
                self._write(self._run(line))
            elif "event" in line:
                events.append(line)
            else:
                assert "fault" not in line, line["fault"]
                parts = (line["alarms"], line["notices"], line["channels"])
                return After(line["done"], *parts, events)

    def _lines(self) -> IO[str]:
        assert self._process.stdout
        return self._process.stdout

    def _write(self, value: dict[str, Any]) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(value) + "\n")
        self._process.stdin.flush()

    def _run(self, line: dict[str, Any]) -> dict[str, Any]:
        statement = line["sql"]
        if statement == "open":
            number = len(self._open) + 1
            found = sqlite3.connect(self.database, timeout=0.2, isolation_level=None)
            self._open[number] = found
            return {"id": number}
        if statement == "close":
            self._open[line["id"]].close()
            return {}
        self.statements.append(statement)
        if statement.startswith("PRAGMA busy_timeout"):
            return {"rows": []}
        try:
            rows = self._open[line["id"]].execute(statement, line["values"]).fetchall()
        except sqlite3.Error as fault:
            return {"fault": str(fault)}
        return {"rows": rows}

    def close(self) -> None:
        """Switch it off."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(20)
        self._lines().close()

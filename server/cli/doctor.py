"""`wayhome doctor`: everything the safety net hangs on, each with what to do about it."""

import json
import os
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import click

from server.cli.opening import opened
from server.cli.preparing import NO_WAY_OUT, settings_of_a_house, sqlite_path
from server.cli.saying import DONE, WANTING, Refused
from server.clock import STEP_S, wall_s
from server.config import Settings, without_effect
from server.domain.findings import Finding, Gravity, fine, hole, note, worst_first

if TYPE_CHECKING:
    from server.running import Running

LEAST_FREE = 200_000_000
LITTLE_FREE = 1_000_000_000
MEGABYTE = 1_000_000
LABELS = {Gravity.HOLE: "HOLE", Gravity.NOTE: "note", Gravity.FINE: "ok"}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor_command(as_json: bool) -> int:
    """Examine everything the safety net hangs on, and say what to do about each hole.

    Holes come first. Exits 1 if there is one.
    """
    findings = worst_first(examine_house())
    click.echo(_as_json(findings) if as_json else _as_lines(findings))
    return WANTING if _holes(findings) else DONE


def _holes(findings: list[Finding]) -> int:
    return sum(finding.gravity is Gravity.HOLE for finding in findings)


def _as_lines(findings: list[Finding]) -> str:
    return "\n".join(f"{LABELS[found.gravity]:<5} {found.sentence}" for found in findings)


def _as_json(findings: list[Finding]) -> str:
    said = {
        "holes": _holes(findings),
        "findings": [
            {
                "gravity": found.gravity.value,
                "about": found.about,
                "organisation": found.organisation,
                "sentence": found.sentence,
                "who": list(found.who),
            }
            for found in findings
        ],
    }
    return json.dumps(said, indent=2, ensure_ascii=False)


def examine_house() -> list[Finding]:
    """Everything found, the worst not first. A database that is away is a finding, not a fault."""
    try:
        settings = settings_of_a_house()
    except Refused as refusal:
        return [hole("database", refusal.message)]
    from server.cli.doctor_database import examine_database

    with opened(settings) as house:
        return [
            *examine_database(house),
            *_ways_out(settings, house),
            *_clock(house),
            *_surroundings(settings),
        ]


def _ways_out(settings: Settings, house: "Running") -> list[Finding]:
    if settings.twilio is None:
        return [hole("way-out", NO_WAY_OUT)]
    return [
        Finding(Gravity(found.gravity.value), found.about, found.sentence)
        for gateway in house.gateways
        for found in gateway.check()
    ]


def _clock(house: "Running") -> list[Finding]:
    """The house goes by the database's clock where several machines share one."""
    drift_s = wall_s() - house.clock.now().timestamp()
    if abs(drift_s) <= STEP_S:
        return []
    which = "ahead of" if drift_s > 0 else "behind"
    sentence = f"This machine's clock is {abs(drift_s):.0f} s {which} the database's: put it right."
    return [note("clock", sentence)]


def _surroundings(settings: Settings) -> list[Finding]:
    found = [_key(settings.data_dir / "secret_key")]
    path = sqlite_path(settings)
    if path is not None:
        found += [disk_finding(path.parent, shutil.disk_usage(path.parent).free), *_mode(path)]
    if settings.heartbeat_url is None:
        sentence = "Nobody outside would notice a dead engine: set WAYHOME_HEARTBEAT_URL."
        found.append(note("heartbeat", sentence))
    if not settings.rate_limits:
        found.append(note("rate-limits", "WAYHOME_RATE_LIMITS is off: guessing is not slowed."))
    return [*found, *(note("settings", sentence) for sentence in without_effect())]


def _key(path: Path) -> Finding:
    """Settings that were read at all had a key that nobody else may read."""
    if any(os.environ.get(f"WAYHOME_SECRET_KEY{end}") for end in ("", "_FILE")):
        return fine("secret-key", "The secret key is given from outside.")
    return fine("secret-key", f"The secret key is {path}; keep a copy beside the backups.")


def disk_finding(folder: Path, free: int) -> Finding:
    """Whether there is room for the embedded database to grow; `free` in bytes."""
    said = f"{folder} has {free // MEGABYTE} MB free"
    if free < LEAST_FREE:
        return hole("disk", f"{said}: make room, a full disk stores no alarm.")
    return note("disk", f"{said}: make room.") if free < LITTLE_FREE else fine("disk", f"{said}.")


def _mode(path: Path) -> list[Finding]:
    if not stat.S_IMODE(path.stat().st_mode) & 0o077:
        return []
    return [note("database-mode", f"{path} can be read by others; run: chmod 600 {path}")]

"""What an examination of the safety net finds."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Gravity(StrEnum):
    """How much a finding weighs."""

    HOLE = "hole"
    """Somebody might not be told: `wayhome doctor` exits 1."""
    NOTE = "note"
    FINE = "fine"


@dataclass(frozen=True)
class Finding:
    """One thing found; `about` is a short stable word, `sentence` says what to do about it.

    `who`: refs of the people it concerns, all of them; the sentence names only the first few.
    """

    gravity: Gravity
    about: str
    sentence: str
    organisation: str | None = None
    who: tuple[str, ...] = ()


def hole(about: str, sentence: str) -> Finding:
    """Something through which somebody could fall."""
    return Finding(Gravity.HOLE, about, sentence)


def note(about: str, sentence: str) -> Finding:
    """Something worth knowing."""
    return Finding(Gravity.NOTE, about, sentence)


def fine(about: str, sentence: str) -> Finding:
    """Something that is as it should be."""
    return Finding(Gravity.FINE, about, sentence)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Holes, then notes, then what is fine; within each as they were found."""
    order = list(Gravity)
    return sorted(findings, key=lambda finding: order.index(finding.gravity))

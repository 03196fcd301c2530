"""What the documents point at is there."""

import re
from pathlib import Path

from server import config

ROOT = Path(__file__).parents[1]
PLACES = re.compile(
    r"(?<![\w/.-])((?:tests|server|shared|mobile|bench|docs|scripts)/[\w/.-]*\w\.\w+)"
)
LINKS = re.compile(r"(?:\]\(|src=\")(?!https?:|#|mailto:)([^)#\"]+)")


def documents() -> list[Path]:
    return [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def test_every_file_named_in_the_documents_exists() -> None:
    named = {(at, place) for at in documents() for place in PLACES.findall(at.read_text())}
    assert len(named) > 20
    missing = {(at.name, place) for at, place in named if not (ROOT / place).exists()}
    assert missing == set()


def test_every_link_between_them_leads_somewhere() -> None:
    linked = {(at, place) for at in documents() for place in LINKS.findall(at.read_text())}
    assert len(linked) > 10
    missing = {(at.name, place) for at, place in linked if not (at.parent / place).exists()}
    assert missing == set()


def test_the_settings_that_are_read_are_those_that_are_known() -> None:
    """Else `doctor` would say of one that it does nothing."""
    code = Path(config.__file__).read_text()
    read = set(re.findall(r'"(WAYHOME_[A-Z_]*[A-Z])"', code))
    compose = (ROOT / "docker-compose.yml").read_text()
    given = set(re.findall(r"\bWAYHOME_[A-Z_]*[A-Z]\b", compose))
    assert read | {name.removesuffix("_FILE") for name in given} == config.KNOWN | read
    assert read <= config.KNOWN
    assert len(read) > 15

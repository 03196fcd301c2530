"""From the bytes of an import file to plain rows: JSON, or CSV for people alone."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from server.acts.importing.faults import SECTIONS, BadImport, Faults, Place, shown
from server.domain.spreadsheet import as_meant

MOST_BYTES = 10 * 1024 * 1024
MOST_PEOPLE = 5_000
"""Storing them holds everybody else up: on an embedded database for some four seconds."""
LISTS = ("teams", "roles", "buddies")
SWITCHES = ("no_calls", "left")
YES = frozenset({"yes", "y", "true", "1"})
NO = frozenset({"no", "n", "false", "0"})


@dataclass
class Draft:
    """A file as it was written, before anybody looks at what is in it."""

    organisation: Any = None
    teams: list[Any] = field(default_factory=list)
    people: dict[int, Any] = field(default_factory=dict)


class Object(dict[str, Any]):
    """A JSON object that remembers which of its fields were written twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        names = [name for name, _ in pairs]
        self.twice = sorted({name for name in names if names.count(name) > 1})


def read_draft(data: bytes, *, as_csv: bool, columns: tuple[str, ...], faults: Faults) -> Draft:
    """The rows of a file; what is wrong with single ones goes to `faults`.

    Raises BadImport where the file cannot be read at all: too large, not UTF-8, not JSON.
    """
    if len(data) > MOST_BYTES:
        raise BadImport(["The file is larger than 10 MB; split it and import one part at a time."])
    text = _decoded(data)
    if not text.strip():
        raise BadImport(["The file is empty."])
    draft = _read_csv(text, columns, faults) if as_csv else _read_json(text, faults)
    if len(draft.people) > MOST_PEOPLE:
        raise BadImport([f"people: Give at most {MOST_PEOPLE} in one file; split it."])
    return draft


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        sentence = f"The file is not UTF-8 (line {line}); save it as UTF-8."
        raise BadImport([sentence]) from None


def _read_json(text: str, faults: Faults) -> Draft:
    document = _parsed(text)
    if not isinstance(document, Object):
        raise BadImport(["The file has to be one JSON object: organisation, teams, people."])
    _find_twice(document, (), faults)
    for name in document:
        if name not in SECTIONS:
            faults.add((name,), "There is no such field.")
    if "organisation" not in document:
        faults.add(("organisation",), "This field is needed.")
    people = _listed(document, "people", faults)
    teams = _listed(document, "teams", faults)
    return Draft(document.get("organisation"), teams, dict(enumerate(people)))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=Object, parse_constant=_no_number)
    except json.JSONDecodeError as fault:
        why = f"line {fault.lineno}, column {fault.colno}: {fault.msg}"
        raise BadImport([f"The file is not JSON ({why})."]) from None
    except RecursionError:
        raise BadImport(["The file is nested too deeply."]) from None
    except ValueError:
        raise BadImport(["The file is not JSON: it has a number that no field can hold."]) from None


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _listed(document: Object, name: str, faults: Faults) -> list[Any]:
    found = document.get(name, [])
    if isinstance(found, list):
        return found
    faults.add((name,), "Give a list, in [ ].")
    return []


def _find_twice(value: Any, place: Place, faults: Faults) -> None:
    if isinstance(value, Object):
        for name in value.twice:
            faults.add((*place, name), "This field is written twice; keep one.")
        for name, below in value.items():
            _find_twice(below, (*place, name), faults)
    elif isinstance(value, list):
        for index, below in enumerate(value):
            _find_twice(below, (*place, index), faults)


def _read_csv(text: str, columns: tuple[str, ...], faults: Faults) -> Draft:
    draft = Draft()
    try:
        lines = csv.reader(io.StringIO(text, newline=""), strict=True)
        header = [name.strip().lower() for name in next(lines)]
        _check_header(header, columns)
        for index, cells in enumerate(lines):
            if any(cell.strip() for cell in cells):
                draft.people[index] = _row(header, cells, ("people", index), faults)
    except csv.Error as fault:
        raise BadImport([f"The file is not CSV (line {lines.line_num}): {fault}."]) from None
    return draft


def _check_header(header: list[str], columns: tuple[str, ...]) -> None:
    found = [f"columns: There is no column '{shown(n)}'." for n in header if n not in columns]
    found += [
        f"columns: The column '{shown(name)}' is there twice; keep one."
        for name in sorted({name for name in header if header.count(name) > 1})
    ]
    if "ref" not in header:
        found.append("columns: The column 'ref' is needed, with commas between the columns.")
    if found:
        raise BadImport([*found, f"columns: Choose from {', '.join(columns)}."])


def _row(header: list[str], cells: list[str], place: Place, faults: Faults) -> dict[str, Any]:
    """One line; an empty cell is an absent field."""
    if len(cells) > len(header):
        faults.add(place, "This line has more cells than the header.")
    return dict(_cells(header, cells))


def _cells(header: list[str], cells: list[str]) -> Iterator[tuple[str, Any]]:
    for name, cell in zip(header, cells, strict=False):
        if not cell.strip():
            continue
        if name in LISTS:
            yield name, [word for word in cell.replace(";", " ").replace(",", " ").split() if word]
        elif name in SWITCHES and cell.strip().lower() in YES | NO:
            yield name, cell.strip().lower() in YES
        else:
            yield name, as_meant(cell)

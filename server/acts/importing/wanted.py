"""What a file, or a form about one person, asks for: checked as far as it can be by itself."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from server.acts.importing.faults import BadImport, Faults
from server.acts.importing.numbers import read_numbers
from server.acts.importing.reading import Draft, read_draft
from server.acts.importing.rows import COLUMNS, Rows, read_rows
from server.acts.importing.storing import DEFAULTS, Options
from server.store import db
from server.store import roster as store

ANOTHERS = "This file is about another organisation than yours."


@dataclass(frozen=True)
class Wanted:
    """The usable rows, whose organisation they are about, what is wrong with them so far, and what
    its reader should know."""

    rows: Rows
    slug: str
    faults: Faults
    warnings: tuple[str, ...] = ()


def read_file(data: bytes, options: Options, *, as_csv: bool) -> Wanted:
    """What a file asks for. Raises BadImport where it cannot be read, or names no organisation."""
    faults = Faults()
    draft = read_draft(data, as_csv=as_csv, columns=COLUMNS, faults=faults)
    return _wanted(draft, options, faults, names_org=not as_csv)


def read_person(given: Mapping[str, Any], options: Options) -> Wanted:
    """What a form about one person asks for; her faults are at ('people', 0, field)."""
    return _wanted(Draft(people={0: dict(given)}), options, Faults(), names_org=False)


def _wanted(draft: Draft, options: Options, faults: Faults, *, names_org: bool) -> Wanted:
    rows = read_rows(draft, faults)
    slug, country = db.read(lambda s: _whose(s, rows, options, faults, names_org=names_org))
    people, warnings = read_numbers(rows.people, country, faults)
    return Wanted(replace(rows, people=people), slug, faults, tuple(warnings))


def _whose(
    session: Session, rows: Rows, options: Options, faults: Faults, *, names_org: bool
) -> tuple[str, str]:
    """The organisation's slug and country; refuses where that cannot be told."""
    slug = rows.organisation.given.get("slug") if names_org else _slug(session, options)
    if slug is None:
        # Without knowing whose they are, nothing more can be said of teams and people.
        faults.refuse()
        raise AssertionError("a file without a usable slug is at fault")
    if options.only_org_slug and slug != options.org_slug:
        other = Faults()
        other.add(("organisation", "slug"), ANOTHERS)
        other.refuse()
    return slug, _country(session, rows, slug)


def _slug(session: Session, options: Options) -> str:
    """The organisation of a CSV file, which cannot name one."""
    known = [org.slug for org in store.organisations(session)]
    if options.org_slug in known:
        return options.org_slug
    if options.org_slug is None and len(known) == 1:
        return known[0]
    if not known:
        raise BadImport(["There is no organisation yet; import a JSON file with one first."])
    raise BadImport([f"Say with --org which organisation it is: {', '.join(known)}."])


def _country(session: Session, rows: Rows, slug: str) -> str:
    """Numbers are read for the organisation's country, the one in the file before the stored."""
    org = store.organisation(session, slug)
    stored = org.country if org else DEFAULTS["country"]
    return str(rows.organisation.given.get("country", stored))

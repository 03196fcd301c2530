"""Reading the phone numbers of an import file, for the organisation's country (contract 4)."""

from dataclasses import replace

from server.acts.importing.faults import Faults, Place, written
from server.acts.importing.rows import Row
from shared.numbers import BadNumber, Number, read_number


def read_numbers(people: list[Row], country: str, faults: Faults) -> tuple[list[Row], list[str]]:
    """The same rows with `mobile` as a Number, or None where it is taken away; and the warnings."""
    warnings: list[str] = []
    return [_read(row, country, faults, warnings) for row in people], warnings


def _read(row: Row, country: str, faults: Faults, warnings: list[str]) -> Row:
    raw = row.given.get("mobile")
    if raw is None:
        return row
    place: Place = (*row.place, "mobile")
    given = {name: value for name, value in row.given.items() if name != "mobile"}
    try:
        number = read_number(raw, country)
    except BadNumber as fault:
        faults.add(place, fault.reason)
        return replace(row, given=given)
    if number.warning:
        warnings.append(f"{written(place)}: {number.warning}")
    return replace(row, given=given | {"mobile": number})


def number_of(row: Row) -> Number | None:
    """The number a row gives."""
    found = row.given.get("mobile")
    return found if isinstance(found, Number) else None

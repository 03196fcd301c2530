"""Tables written row by row: however long, they never stand in memory as a whole."""

import csv
import io
from datetime import datetime
from typing import IO, Protocol

from server.pages.log.copying.cells import COLUMNS, WIDTHS, Cell

BOM = "\ufeff"
"""Without it Excel reads UTF-8 as something else."""


class Table(Protocol):
    """Takes one row after another; what it makes is whole after `finish`."""

    def add(self, row: list[Cell]) -> None:
        """One more row."""

    def finish(self) -> None:
        """No more rows."""


class CsvTable:
    """Comma-separated values in UTF-8."""

    def __init__(self, into: IO[bytes]) -> None:
        self._into = into
        self._write(list(COLUMNS), BOM)

    def add(self, row: list[Cell]) -> None:
        """One more row."""
        self._write(row)

    def _write(self, row: list[Cell], before: str = "") -> None:
        line = io.StringIO()
        csv.writer(line).writerow([_plain(cell) for cell in row])
        self._into.write((before + line.getvalue()).encode())

    def finish(self) -> None:
        """No more rows."""


def _plain(cell: Cell) -> str | int:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return "" if cell is None else cell


class XlsxTable:
    """A spreadsheet; texts are stored as texts, so that nothing in it is ever computed."""

    def __init__(self, into: IO[bytes]) -> None:
        import xlsxwriter

        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(into, options)
        self._when = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._sheet = self._book.add_worksheet("Lone worker log")
        self._row = 0
        self._begin()

    def _begin(self) -> None:
        head = self._book.add_format({"bold": True, "bottom": 1})
        for n, width in enumerate(WIDTHS):
            self._sheet.set_column(n, n, width)
        self._sheet.freeze_panes(1, 0)
        for n, name in enumerate(COLUMNS):
            self._sheet.write_string(0, n, name, head)

    def add(self, row: list[Cell]) -> None:
        """One more row."""
        self._row += 1
        for n, cell in enumerate(row):
            if isinstance(cell, datetime):
                self._sheet.write_datetime(self._row, n, cell, self._when)
            elif isinstance(cell, int):
                self._sheet.write_number(self._row, n, cell)
            elif cell:
                self._sheet.write_string(self._row, n, cell)

    def finish(self) -> None:
        """No more rows: write the file."""
        self._sheet.autofilter(0, 0, max(self._row, 1), len(COLUMNS) - 1)
        self._book.close()

"""Pages for a printer: a head, a foot with page numbers, headings, facts and tables.

The letters come with us, so that every name in Latin, Greek or Cyrillic letters is printed as it is
written. What they have no sign for is never dropped: a mark stands for it, and the paper says so.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import TableCellFillMode, XPos, YPos
from fpdf.fonts import FontFace

FONTS = Path(__file__).parent.parent / "fonts"
FAMILY = "Wayhome"
INK = (33, 43, 50)
SOFT = (76, 98, 114)
BRAND = (11, 93, 70)
SHADE = (240, 244, 245)
LINE = (174, 183, 189)
MARGIN_MM = 14.0
LACKING = "[?]"
SAID_OF_LACKING = f"{LACKING} stands for signs this paper lacks; the page and the CSV have them."


@dataclass(frozen=True)
class Imprint:
    """What stands on every page: whose it is, and who made it when."""

    title: str
    organisation: str
    made: str


class Paper(FPDF):
    """One document on A4."""

    def __init__(self, imprint: Imprint, *, landscape: bool = False) -> None:
        super().__init__("landscape" if landscape else "portrait", "mm", "A4")
        self._imprint = imprint
        self.add_font(FAMILY, "", FONTS / "DejaVuSansCondensed.ttf")
        self.add_font(FAMILY, "B", FONTS / "DejaVuSansCondensed-Bold.ttf")
        letters = "".join(map(chr, getattr(self.fonts[FAMILY.lower()], "cmap", ())))
        self._missing = re.compile(f"[^{re.escape(letters)}\\n]+")
        self._lacks = False
        self.set_title(imprint.title)
        self.set_author("Wayhome")
        self.set_lang("en-GB")
        self.set_margins(MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(True, margin=MARGIN_MM + 4)
        self.add_page()

    def header(self) -> None:
        """The head of every page."""
        self._write(9, SOFT, bold=True)
        self.cell(0, 5, self.drawn(f"Wayhome   {self._imprint.organisation}"))
        self._write(9, SOFT)
        self.set_x(self.l_margin)
        self.cell(0, 5, "Confidential", align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_draw_color(*BRAND)
        self.set_line_width(0.6)
        self.line(self.l_margin, self.get_y() + 1, self.w - self.r_margin, self.get_y() + 1)
        self.ln(5)

    def footer(self) -> None:
        """The foot of every page."""
        self.set_y(-MARGIN_MM)
        self._write(8, SOFT)
        self.cell(0, 5, self.drawn(self._imprint.made))
        self.set_x(self.l_margin)
        self.cell(0, 5, f"Page {self.page_no()} of {{nb}}", align="R")

    def _write(self, size: float, colour: tuple[int, int, int], *, bold: bool = False) -> None:
        self.set_font(FAMILY, "B" if bold else "", size)
        self.set_text_color(*colour)

    def drawn(self, words: str) -> str:
        """These words with a mark for whatever there is no letter for."""
        found = self._missing.sub(LACKING, words)
        self._lacks = self._lacks or found != words
        return found

    def headline(self, words: str) -> None:
        """The title on the first page."""
        self._write(18, INK, bold=True)
        self.multi_cell(0, 8, self.drawn(words), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(1)

    def heading(self, words: str) -> None:
        """A heading, never alone at the foot of a page."""
        if self.get_y() > self.h - 50:
            self.add_page()
        self.ln(4)
        self._write(13, BRAND, bold=True)
        self.multi_cell(0, 7, self.drawn(words), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(1)

    def say(self, words: str) -> None:
        """A paragraph."""
        self._write(10, INK)
        self.multi_cell(0, 5, self.drawn(words), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(1)

    def facts(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Words and what they are."""
        self.grid((), [list(pair) for pair in pairs], (1, 3), bold_first=True)

    def grid(
        self,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[int],
        *,
        bold_first: bool = False,
        size: float = 9,
    ) -> None:
        """A table; its head is on every page it goes over."""
        self._write(size, INK)
        self.set_draw_color(*LINE)
        self.set_line_width(0.1)
        with self.table(
            borders_layout="HORIZONTAL_LINES",
            cell_fill_color=SHADE,
            cell_fill_mode=TableCellFillMode.EVEN_ROWS if head else TableCellFillMode.NONE,
            col_widths=tuple(widths),
            first_row_as_headings=bool(head),
            headings_style=FontFace(emphasis="BOLD", color=INK, fill_color=(255, 255, 255)),
            line_height=size * 0.5,
            padding=(0.8, 1.5, 0.8, 0.5),
            text_align="LEFT",
        ) as table:
            for cells in [head, *rows] if head else rows:
                self._row(table, cells, bold_first and bool(cells))

    def _row(self, table: "object", cells: Sequence[str], bold_first: bool) -> None:
        row = table.row()  # type: ignore[attr-defined]
        for n, words in enumerate(cells):
            row.cell(
                self.drawn(words),
                style=FontFace(emphasis="BOLD") if bold_first and n == 0 else None,
            )

    def finished(self) -> bytes:
        """The document."""
        if self._lacks:
            self.say(SAID_OF_LACKING)
        return bytes(self.output())

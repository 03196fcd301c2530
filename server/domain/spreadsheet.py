"""Words in a spreadsheet's cells: harmless on the way out, the same again on the way back."""

ARMED = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""What makes a spreadsheet take a cell for a formula, in either width."""

GUARD = "'"


def defused(text: str) -> str:
    """The same text, which no spreadsheet takes for a formula, on one line."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return f"{GUARD}{line}" if text[:1] in ARMED else line


def as_meant(cell: str) -> str:
    """What was there before it was defused; a cell that never was is left alone."""
    return cell[1:] if cell[:1] == GUARD and cell[1:2] in ARMED else cell

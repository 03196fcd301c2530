"""Whether a PIN stands somewhere: as a word of its own, for the ids and marks that stand beside it
are made of random figures too and hold any four of them once in some thousand runs."""

import re


def holds(text: str | bytes, digits: str) -> bool:
    """Whether these digits stand in it on their own."""
    said = text if isinstance(text, str) else text.decode("latin-1")
    return re.search(rf"(?<![\w-]){re.escape(digits)}(?![\w-])", said) is not None

"""How many segments a text costs, counted apart from the code under test (3GPP TS 23.038)."""

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
ESCAPED = frozenset("\f^{}\\[~]|€")


def count_segments(body: str) -> int:
    """The segments `body` is sent in, at least 1; anything outside GSM-7 makes it UCS-2."""
    if all(letter in BASIC or letter in ESCAPED for letter in body):
        return _pack([2 if letter in ESCAPED else 1 for letter in body], single=160, joined=153)
    units = [len(letter.encode("utf-16-be")) // 2 for letter in body]
    return _pack(units, single=70, joined=67)


def _pack(units: list[int], *, single: int, joined: int) -> int:
    if sum(units) <= single:
        return 1
    segments, room = 1, joined
    for unit in units:
        # An escape pair or a surrogate pair is never split between two segments.
        if unit > room:
            segments, room = segments + 1, joined
        room -= unit
    return segments

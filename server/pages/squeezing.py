"""What is sent smaller to browsers that can unpack it: files, and the parts of pages that scripts
ask for again. A duty manager may have one bar of signal.

Never whole pages: they hold the token of their forms beside what others wrote, and by how far such
a page shrinks can betray the token to whoever watches the line (BREACH).
"""

import gzip

from flask import Response, request

LEAST = 1024
"""Shorter answers fit into one packet anyway."""
QUICK, BEST = 5, 9


def squeeze(data: bytes, level: int = QUICK) -> bytes | None:
    """The same, packed; None where that is not worth it."""
    packed = gzip.compress(data, level, mtime=0) if len(data) >= LEAST else data
    return packed if len(packed) < len(data) else None


def send_packed(response: Response, packed: bytes | None) -> Response:
    """Send this in place of the answer's own body to whoever takes it so."""
    response.vary.add("Accept-Encoding")
    if packed is not None and request.accept_encodings.quality("gzip") > 0:
        response.set_data(packed)
        response.headers["Content-Encoding"] = "gzip"
    return response

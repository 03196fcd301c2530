"""The gateway's answer sheet: what to text back, and whether to come again."""

from xml.sax.saxutils import escape

from flask import Response

MIME = "text/xml"


def reply(answer: str, again_at: str | None = None) -> Response:
    """Text `answer` back ('' for nothing); with `again_at`, ask there once more."""
    said = f"<Message>{escape(answer)}</Message>" if answer else ""
    then = f"<Redirect>{escape(again_at)}</Redirect>" if again_at else ""
    return Response(
        f'<?xml version="1.0" encoding="UTF-8"?><Response>{said}{then}</Response>', mimetype=MIME
    )

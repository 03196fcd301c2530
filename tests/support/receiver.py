"""A small server for webhooks, independent of ours, to try the gateway's stand-in on."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from twilio.request_validator import RequestValidator
from werkzeug import Request, Response
from werkzeug.serving import make_server

POLL_S = 0.05


@dataclass(frozen=True)
class Received:
    """One webhook as it arrived, and whether it was signed for the public address."""

    path: str
    form: dict[str, str]
    signed: bool
    event_id: str


class Receiver:
    """Keeps every webhook; answers 403 to wrongly signed ones and `answer` to the others."""

    def __init__(self, token: str, public_url: str | None = None) -> None:
        self.received: list[Received] = []
        self.answer: Callable[[dict[str, str]], Response] = lambda _: Response(status=204)
        self._validator = RequestValidator(token)
        self._changed = threading.Condition()
        self._server = make_server("127.0.0.1", 0, Request.application(self._serve), threaded=True)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL_S,), daemon=True
        )
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.public_url = public_url or self.url

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def wait_for(self, count: int, within: float = 5.0) -> list[Received]:
        """The first `count` webhooks; fails if fewer come in so many real seconds."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.received) >= count, within), (
                f"{len(self.received)} of {count} webhooks came"
            )
            return self.received[:count]

    def statuses(self) -> list[str]:
        """The message statuses told so far, in order of arrival."""
        with self._changed:
            return [hook.form["MessageStatus"] for hook in self.received]

    def _serve(self, request: Request) -> Response:
        signature = request.headers.get("X-Twilio-Signature", "")
        url = self.public_url + request.path
        signed = bool(self._validator.validate(url, request.form, signature))
        event_id = request.headers.get("I-Twilio-Idempotency-Token", "")
        hook = Received(request.path, request.form.to_dict(), signed, event_id)
        with self._changed:
            self.received.append(hook)
            self._changed.notify_all()
        return self.answer(hook.form) if signed else Response(status=403)


def twiml(*texts: str) -> Response:
    """TwiML that answers with `texts`."""
    messages = "".join(f"<Message>{text}</Message>" for text in texts)
    return Response(f"<Response>{messages}</Response>", mimetype="text/xml")

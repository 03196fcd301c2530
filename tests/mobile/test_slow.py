"""A server that takes too long is asked once: what she does next must not wait for a second try."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from mobile.core.clock import boot_ticks
from mobile.core.transport import Transport, read_address


class Slow(ThreadingHTTPServer):
    """Answers the first question at once, keeps the line open, and then no other until `end`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked: list[str] = []
        self.second = threading.Event()
        self.end = threading.Event()


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Slow

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if len(self.server.asked) > 1:
            self.server.second.set()
            self.server.end.wait(20)
        self.send_response(204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing to say."""


@pytest.fixture
def slow() -> Iterator[Slow]:
    server = Slow()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.end.set()
    server.shutdown()
    server.server_close()


def test_a_question_that_was_given_up_is_not_asked_again_on_a_new_line(slow: Slow) -> None:
    line = Transport(read_address(f"http://127.0.0.1:{slow.server_port}"), boot_ticks)
    assert line.ask("GET", "/first").status == 204
    assert line.ask("GET", "/second", within_s=0.2).status == 0
    assert slow.second.wait(20)
    assert slow.asked == ["/api/v1/first", "/api/v1/second"]
    line.close()

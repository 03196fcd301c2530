"""An HTTP listener that can be taken down and brought back on the same port."""

import socket
import socketserver
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from server.clock import monotonic_s
from tests.support.gateway.dialect import Reply, Request

Answer = Callable[[Request], Reply]
POLL_S = 0.05


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, host: str, port: int, answer: Answer, on_error: Callable[[str], None]):
        super().__init__((host, port), _Handler, bind_and_activate=False)
        self.answer = answer
        self.on_error = on_error
        self.open: set[socket.socket] = set()
        self.closing = False
        # Past HTTPServer's own, which asks the network for this host's name.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = host, int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no error; anything else is the stand-in's own."""
        if not isinstance(sys.exception(), OSError):
            self.on_error(traceback.format_exc())

    def cut(self) -> None:
        """Close every open connection, and those that are just being opened."""
        self.closing = True
        for connection in list(self.open):
            _hang_up(connection)


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)
        if self.server.closing:
            _hang_up(self.connection)

    def finish(self) -> None:
        self.server.open.discard(self.connection)
        super().finish()

    def _serve(self) -> None:
        reply = self.server.answer(self._read())
        if reply.sends == "nothing":
            self._cut()
            return
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if reply.sends == "half":
            self.wfile.write(reply.body[: len(reply.body) // 2])
            self.wfile.flush()
            self._cut()
            return
        self.wfile.write(reply.body)

    do_GET = do_POST = do_DELETE = _serve

    def _cut(self) -> None:
        self.close_connection = True
        _hang_up(self.connection)

    def _read(self) -> Request:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        target = urlsplit(self.path)
        return Request(
            method=self.command,
            path=unquote(target.path),
            query=dict(parse_qsl(target.query, keep_blank_values=True)),
            body=body,
            authorization=self.headers.get("Authorization", ""),
            monotonic_s=monotonic_s(),
        )

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on stderr: what arrived is in the ledger."""


class Listener:
    """Answers HTTP on one port from `up` to `down`; in between the port is held but deaf."""

    def __init__(
        self, answer: Answer, on_error: Callable[[str], None], host: str, port: int
    ) -> None:
        self._answer = answer
        self._on_error = on_error
        self._host = host
        self._server = _Server(host, port, answer, on_error)
        self._thread: threading.Thread | None = None
        self.port = self._server.server_port

    @property
    def url(self) -> str:
        """The base address; loopback where the listener is open to every interface."""
        host = "127.0.0.1" if self._host == "0.0.0.0" else self._host
        return f"http://{host}:{self.port}"

    def up(self) -> None:
        """Accept connections; does nothing where it does already."""
        if self._thread is not None:
            return
        self._server.server_activate()
        serve = self._server.serve_forever
        self._thread = threading.Thread(target=serve, args=(POLL_S,), daemon=True)
        self._thread.start()

    def down(self) -> None:
        """Refuse connections and cut the open ones; the port stays ours."""
        if self._thread is not None:
            self.close()
            self._server = _Server(self._host, self.port, self._answer, self._on_error)

    def close(self) -> None:
        """Give the port up for good."""
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
        self._server.server_close()
        self._server.cut()

"""One question to the server and what came of it, within a time that holds even if bytes drip."""

import http.client
import ipaddress
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from mobile.core.points import reach

API = "/api/v1"
CONNECT_S = 8.0
KEPT_S = 20.0
"""An older line may be dead without anybody's knowing: what is sent on it may or may not arrive."""
LARGEST = 4 * 1024 * 1024
AGENT = "wayhome-phone"


class _NoLine(OSError):
    """There is no line to the server: nothing of the question has left this phone."""


class BadAddress(ValueError):
    """No address of a server this phone may talk to; says what would be one."""


@dataclass(frozen=True)
class Address:
    """Where the server is."""

    scheme: str
    host: str
    port: int
    base: str

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.base}"


def read_address(text: str, *, plain_ok: bool = False) -> Address:
    """The address as typed or scanned; 'https' where none is said. Without encryption only this
    very machine is talked to, unless `plain_ok`: a token is worth as much as a PIN."""
    text = text.strip()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if not host or parts.scheme not in ("http", "https") or parts.username:
        raise BadAddress("Type the address as your manager gave it: https://wayhome.example.org")
    if parts.scheme == "http" and not (plain_ok or _is_here(host)):
        raise BadAddress("This address is not safe to use: it has to begin with https://")
    usual = 443 if parts.scheme == "https" else 80
    return Address(parts.scheme, host, port or usual, parts.path.rstrip("/"))


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class Heard:
    """What came back. `status` 0: nothing that is whole HTTP; `body`: its JSON, if it is that.
    `left`: whether the question may have left this phone, so that the server may know of it."""

    status: int = 0
    headers: Mapping[str, str] | None = None
    body: Any = None
    is_json: bool = False
    sent_ticks: float = 0.0
    heard_ticks: float = 0.0
    left: bool = True

    def header(self, name: str) -> str:
        """A header, whatever its case; '' where it is not there."""
        return (self.headers or {}).get(name.lower(), "")


class Transport:
    """Keeps one connection open between questions. One thread at a time."""

    def __init__(self, address: Address, ticks: Callable[[], float]) -> None:
        self._address = address
        self._ticks = ticks
        self._connection: http.client.HTTPConnection | None = None
        self._heard_at = 0.0

    def ask(
        self,
        method: str,
        path: str,
        *,
        token: str = "",
        body: Mapping[str, Any] | None = None,
        within_s: float = 15.0,
    ) -> Heard:
        """Ask and give whatever came; never raises for what a network or a server does, follows no
        redirects, and takes about `within_s` at the most."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Accept": "application/json", "User-Agent": AGENT}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        headers |= {"Content-Type": "application/json"} if data is not None else {}
        sent = self._ticks()
        question = (method, self._address.base + API + path, data, headers)
        try:
            heard = self._exchange(question, within_s)
        except _NoLine:
            self.close()
            return Heard(sent_ticks=sent, heard_ticks=self._ticks(), left=False)
        except (OSError, http.client.HTTPException, ValueError):
            self.close()
            return Heard(sent_ticks=sent, heard_ticks=self._ticks())
        status, found, raw = heard
        self._heard_at = self._ticks()
        reach("answered")
        value, is_json = _read_json(found.get("content-type", ""), raw)
        return Heard(status, found, value, is_json, sent, self._ticks())

    def _exchange(
        self,
        question: tuple[str, str, bytes | None, dict[str, str]],
        within_s: float,
        again: bool = False,
    ) -> tuple[int, dict[str, str], bytes]:
        if not 0 <= self._ticks() - self._heard_at <= KEPT_S:
            self.close()
        fresh = self._connection is None
        try:
            connection = self._connect(within_s)
        except (OSError, http.client.HTTPException) as fault:
            raise fault if again else _NoLine(str(fault)) from fault
        try:
            with _cut_after(within_s, connection):
                connection.request(question[0], question[1], question[2], question[3])
                reach("asked")
                return self._read(connection)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # A connection kept open may have been hung up on long ago; every id makes this safe.
            self.close()
            if fresh:
                raise
            return self._exchange(question, within_s, again=True)

    def _connect(self, within_s: float) -> http.client.HTTPConnection:
        if self._connection is None:
            self._connection = _connection(self._address, min(CONNECT_S, within_s))
            self._connection.connect()
        self._connection.sock.settimeout(within_s)
        return self._connection

    def _read(self, connection: http.client.HTTPConnection) -> tuple[int, dict[str, str], bytes]:
        response = connection.getresponse()
        raw = response.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise http.client.HTTPException("larger than any answer of ours")
        if not response.isclosed() or response.will_close:
            self.close()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return response.status, headers, raw

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _connection(address: Address, timeout_s: float) -> http.client.HTTPConnection:
    if address.scheme == "http":
        return http.client.HTTPConnection(address.host, address.port, timeout=timeout_s)
    import ssl

    import certifi

    context = ssl.create_default_context(cafile=certifi.where())
    return http.client.HTTPSConnection(
        address.host, address.port, timeout=timeout_s, context=context
    )


@contextmanager
def _cut_after(seconds: float, connection: http.client.HTTPConnection) -> Iterator[None]:
    """Hang up after so long, whatever is going on: a time-out alone is for each byte."""
    over = threading.Event()
    timer = threading.Timer(seconds, _cut, (connection.sock, over))
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException):
        # Hung up by us: not to be taken for a kept connection that has ended, and asked again.
        if over.is_set():
            raise TimeoutError from None
        raise
    else:
        if over.is_set():
            raise TimeoutError
    finally:
        timer.cancel()


def _cut(sock: socket.socket, over: threading.Event) -> None:
    over.set()
    # The plain shutdown: that of a TLS socket would pull it from under the thread that reads.
    try:
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        return


def _read_json(content_type: str, raw: bytes) -> tuple[Any, bool]:
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in ("application/json", "application/problem+json"):
        return None, False
    try:
        return json.loads(raw), True
    except (ValueError, RecursionError):
        return None, False

"""What lies between a phone and its Wayhome: bytes go through until it is cut, and then nothing."""

import contextlib
import socket
import threading
from urllib.parse import urlsplit


class Tunnel:
    """A port of its own that leads to `url`. Cut, it hangs up and answers nobody."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._goal = (parts.hostname or "", parts.port or 80)
        self._ends: list[socket.socket] = []
        self._lock = threading.Lock()
        self.is_cut = False
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._open, daemon=True).start()

    def _open(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            if self.is_cut:
                near.close()
                continue
            try:
                far = socket.create_connection(self._goal, timeout=5)
            except OSError:
                near.close()
                continue
            with self._lock:
                self._ends += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    @staticmethod
    def _carry(one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        for each in (one, other):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def cut(self) -> None:
        """No signal from now on."""
        self.is_cut = True
        with self._lock:
            ends, self._ends = self._ends, []
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def mend(self) -> None:
        """Out in the open again."""
        self.is_cut = False

    def close(self) -> None:
        """No longer there."""
        self.cut()
        self._door.close()

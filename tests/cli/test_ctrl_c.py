"""Ctrl-C in the middle of anything a worker does: it must not wait for a lock it holds itself."""

import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from gunicorn.config import Config
from gunicorn.workers.gthread import PollableMethodQueue

from server.cli.workers import GRACEFUL_S, QUICKLY_S, Worker

AT_ONCE_S = 5.0


def a_worker() -> Any:
    """As much of a worker as hears a signal."""
    worker = Worker.__new__(Worker)
    worker.cfg, worker.alive = Config(), True
    worker.cfg.set("graceful_timeout", GRACEFUL_S)
    worker.tpool, worker.method_queue = ThreadPoolExecutor(1), PollableMethodQueue()
    worker.method_queue.init()
    return worker


def test_two_signals_while_a_request_is_given_to_a_thread_end_the_worker() -> None:
    """Ctrl-C reaches the worker from the terminal and, by its master, again; here both interrupt
    the very moment at which the pool of threads is locked."""
    worker = a_worker()

    def interrupted() -> None:
        with worker.tpool._shutdown_lock:
            worker.handle_quit(signal.SIGINT, None)
            worker.handle_quit(signal.SIGQUIT, None)

    main = threading.Thread(target=interrupted, daemon=True)
    main.start()
    main.join(AT_ONCE_S)
    assert not main.is_alive(), "the worker waits for itself"
    assert worker.alive is False
    assert worker.cfg.graceful_timeout == QUICKLY_S
    worker.tpool.shutdown()
    worker.method_queue.close()

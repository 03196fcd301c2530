"""`python -m tests.support.gateway`: the stand-in as its own process, for benches and containers.

Prints one line of JSON, {"ready": API address, "control": control address}, when it serves.
"""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from tests.support.gateway.control import Control, mode_named
from tests.support.gateway.wire import Listener
from tests.support.gateway.world import ACCOUNT_SID, AUTH_TOKEN, SENDER, Gateway


def read_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line; every default is a complete rehearsal account on a free port."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.gateway", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="of the API; 0: any free one")
    parser.add_argument("--control-port", type=int, default=0, help="of the control API")
    parser.add_argument("--log", type=Path, help="gets a JSON line for each accepted message")
    parser.add_argument("--account-sid", default=ACCOUNT_SID)
    parser.add_argument("--auth-token", default=AUTH_TOKEN)
    parser.add_argument("--sender", default=SENDER, help="the account's own number")
    parser.add_argument("--webhook-url", help="the server's public address")
    parser.add_argument("--deliver-to", help="where the server really listens, if elsewhere")
    parser.add_argument("--ca-file", help="whom to trust where that is https")
    parser.add_argument("--latency-s", type=float, default=0.0, help="of every answer")
    parser.add_argument("--callbacks", type=mode_named, default="normal", help="mode, or seconds")
    return parser.parse_args(arguments)


def make_gateway(wishes: argparse.Namespace) -> Gateway:
    """The gateway that the command line asks for, not yet started."""
    world = Gateway(
        host=wishes.host,
        port=wishes.port,
        account_sid=wishes.account_sid,
        auth_token=wishes.auth_token,
        sender=wishes.sender,
        log_file=wishes.log,
    )
    world.webhook_url, world.deliver_to = wishes.webhook_url, wishes.deliver_to
    world.hooks.ca_file = wishes.ca_file
    world.latency_s, world.callbacks = wishes.latency_s, wishes.callbacks
    return world


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    wishes = read_arguments()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with make_gateway(wishes) as world:
        control = Listener(
            Control(world).answer, world.errors.append, wishes.host, wishes.control_port
        )
        control.up()
        sys.stdout.write(json.dumps({"ready": world.url, "control": control.url}) + "\n")
        sys.stdout.flush()
        ended.wait()
        control.close()


if __name__ == "__main__":
    main()

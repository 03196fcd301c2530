"""The `wayhome` command. Each command's module is loaded when it is called for: none pays for all.

A module of commands loads the database, the application and the gateways inside its functions.
"""

import os
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from server.cli.saying import speak

PRIVATE = 0o077

COMMANDS = {
    "demo": "server.cli.demo:demo",
    "serve": "server.cli.serving:serve",
    "web": "server.cli.serving:web",
    "engine": "server.cli.serving:engine",
    "migrate": "server.cli.keeping:migrate",
    "import": "server.cli.importing:import_command",
    "invite": "server.cli.inviting:invite_command",
    "revoke": "server.cli.revoking:revoke_command",
    "doctor": "server.cli.doctor:doctor_command",
    "verify-log": "server.cli.keeping:verify_log",
    "seal": "server.cli.sealing:seal",
    "backup": "server.cli.keeping:backup",
    "phone": "server.cli.phone:phone",
}


class Wayhome(click.Group):
    """Says every refusal in one sentence on stderr; makes every file for its owner only."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        def call() -> Any:
            return super(Wayhome, self).main(args, prog_name, complete_var, False, **extra)

        if not standalone_mode:
            return call()
        os.umask(PRIVATE)
        raise SystemExit(speak(call))


@click.group(cls=Wayhome)
@click.version_option(package_name="wayhome")
def main() -> None:
    """Look after people who visit others alone."""

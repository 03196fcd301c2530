"""`wayhome phone`: the phone app in a desktop window."""

import os
from pathlib import Path

import click

from server.cli.saying import refuse

SERVER_HELP = "The Wayhome it belongs to, to begin with."


@click.command()
@click.option("--server", default="", metavar="URL", help=SERVER_HELP)
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder of its own for this phone; several folders are several phones.",
)
def phone(server: str, data_dir: Path | None) -> None:
    """Show the phone app in a window, to try it at a desk. Needs Kivy (wayhome[phone])."""
    from mobile.main import NoFace, run
    from mobile.platform.desktop import desktop_ports

    folder = data_dir or Path(os.environ.get("WAYHOME_DATA_DIR") or "instance") / "phone"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        run(folder, desktop_ports(folder), server)
    except NoFace as fault:
        refuse(str(fault))

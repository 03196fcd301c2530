"""Starts the phone app: on a phone by itself, on a desktop by `wayhome phone`."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mobile.ports import Ports

Run = Callable[[], None]


class NoFace(RuntimeError):
    """The app cannot be shown here; says what would help."""


def run(folder: Path, ports: Ports, server: str = "", *, plain_ok: bool = False) -> None:
    """Show the app until it is closed. NoFace where Kivy is missing or no window can be opened."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        from mobile.ui.window import opened, prepare

        prepare(folder)
    except ImportError as fault:
        raise NoFace("Kivy is not installed: pip install 'wayhome[phone]'") from fault
    if not opened():
        raise NoFace("No window can be opened here: the phone app needs a screen.")
    from mobile.core.phone import Phone
    from mobile.ui.app import WayhomeApp

    def make(run_soon: Callable[[Run], None]) -> Phone:
        return Phone(folder, ports, run_soon=run_soon, plain_ok=plain_ok)

    WayhomeApp(make, server).run()


def _density(jnius: Any) -> float:
    """Pixels in a dp. Left to itself, Kivy takes Android's 'scaled' density, in which the scale of
    the text is contained already: large text would become huge, and every key with it."""
    resources = jnius.autoclass("android.content.res.Resources")
    return float(resources.getSystem().getDisplayMetrics().density)


def main() -> None:
    """On a phone: the app's own folder and the phone's own parts."""
    from importlib import import_module

    android = import_module("mobile.platform.android")
    os.environ["KIVY_METRICS_DENSITY"] = str(_density(import_module("jnius")))
    run(Path(android.folder()), android.ports())


if __name__ == "__main__":
    main()

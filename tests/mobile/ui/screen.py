"""A screen that nobody sees, for the real app in this very process; one for each process of tests.

It has to be there before anything of Kivy's is imported, and it stays for as long as the process.
"""

import os
import tempfile
from pathlib import Path

WIDTH, HEIGHT = 400, 800
SETTINGS = {
    "SDL_VIDEODRIVER": "offscreen",
    "SDL_AUDIODRIVER": "dummy",
    "LIBGL_ALWAYS_SOFTWARE": "1",
    "KIVY_CLIPBOARD": "dummy",
    "KIVY_DPI": "160",
    "KIVY_METRICS_DENSITY": "1",
    "KIVY_METRICS_FONTSCALE": "1",
}


def put_up(width: int = WIDTH, height: int = HEIGHT) -> None:
    """Once is enough. It can be made smaller later; what is larger is laid out, but not painted."""
    if "WAYHOME_TEST_SCREEN" in os.environ:
        return
    os.environ["WAYHOME_TEST_SCREEN"] = "1"
    os.environ.update(SETTINGS)
    from mobile.ui.window import prepare

    prepare(Path(tempfile.mkdtemp(prefix="wayhome-screen-")), width=width, height=height)
    from kivy.config import Config

    Config.set("graphics", "maxfps", "0")
    for name, _ in Config.items("input"):
        Config.remove_option("input", name)
    from mobile.ui.window import opened

    assert opened(), "no window could be opened; see scripts/setup.sh"

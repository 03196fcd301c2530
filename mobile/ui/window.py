"""The window, set up before anything of Kivy makes one."""

import logging
import os
import sys
from pathlib import Path

WIDTH, HEIGHT = 400, 800
FRAMES_A_SECOND = 30
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER", "ANDROID_ARGUMENT")
QUIET = {
    "KIVY_NO_ARGS": "1",
    "KIVY_NO_FILELOG": "1",
    "KIVY_NO_CONSOLELOG": "1",
    "KIVY_NO_ENV_CONFIG": "1",
    "KIVY_LOG_MODE": "PYTHON",
}


def prepare(folder: Path, *, width: int = WIDTH, height: int = HEIGHT) -> None:
    """Have Kivy keep its own things in `folder`, log nothing, and make a window of this size."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("KIVY_HOME", str(folder / "kivy"))
    # Kivy calls it critical that a desktop has no xclip; what goes wrong in earnest is raised.
    logging.getLogger("kivy").disabled = True
    from kivy.config import Config

    wanted = {"width": width, "height": height, "multisamples": 0, "maxfps": FRAMES_A_SECOND}
    for name, pixels in wanted.items():
        Config.set("graphics", name, str(pixels))
    Config.set("kivy", "exit_on_escape", "0")
    Config.set("kivy", "window_icon", "")
    # A right click is no second finger, and no console of Kivy's opens over an SOS.
    Config.set("input", "mouse", "mouse,disable_multitouch")


def opened() -> bool:
    """Whether a window can be opened here, where somebody sees it or a test asked for none."""
    if sys.platform == "linux" and not any(name in os.environ for name in SCREENS):
        return False
    from kivy.core.window import Window

    return Window is not None

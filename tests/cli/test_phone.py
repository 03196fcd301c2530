"""`wayhome phone` where it cannot be shown: one sentence and exit 2 (contract 3)."""

import os
import subprocess
import sys
from pathlib import Path

SHOWN_BY = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")
START = "import sys; {}; sys.argv = ['wayhome', 'phone', '--data-dir', {!r}]; {}"
CALL = "from server.cli import main; main()"


def start(folder: Path, before: str = "pass") -> tuple[int, str, str]:
    """Exit code, stdout and stderr of the command in a process that has no screen."""
    env = {name: value for name, value in os.environ.items() if name not in SHOWN_BY}
    words = [sys.executable, "-c", START.format(before, str(folder), CALL)]
    done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def test_without_a_screen_it_says_so(tmp_path: Path) -> None:
    code, out, errors = start(tmp_path)
    assert (code, out) == (2, "")
    assert errors == "wayhome: No window can be opened here: the phone app needs a screen.\n"


def test_without_kivy_it_says_what_to_install(tmp_path: Path) -> None:
    code, out, errors = start(tmp_path, "sys.modules['kivy'] = None")
    assert (code, out) == (2, "")
    assert errors == "wayhome: Kivy is not installed: pip install 'wayhome[phone]'\n"

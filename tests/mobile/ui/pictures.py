"""The README's pictures of the phone: four screens of the gallery, on a sharper screen, made small.

python -m tests.mobile.ui.pictures [FOLDER]
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from tests.mobile.ui.gallery import scenes
from tests.mobile.ui.screen import put_up

ROOT = Path(__file__).parents[3]
WIDTH, HEIGHT, DENSITY = 640, 1280, 1.6
SHOWN = {"today": "today", "covered": "visit", "unsent_close": "tunnel", "sos_acting": "sos"}
"""Which scene is which picture."""
COLOURS = 64


def main() -> None:
    """All four, in place of those from before."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs/pictures"
    put_up(WIDTH, HEIGHT)
    from tests.mobile.ui.pilot import resize

    resize(WIDTH, HEIGHT, DENSITY)
    with TemporaryDirectory() as folder:
        for name, face in scenes("light", 1.0, Path(folder)):
            if name in SHOWN:
                make_small(face.shot(target / f"phone-{SHOWN[name]}.png"))


def make_small(path: Path) -> None:
    """A few colours are enough for what is drawn in a few."""
    Image.open(path).quantize(COLOURS).save(path, optimize=True)


if __name__ == "__main__":
    main()

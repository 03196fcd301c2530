"""python -m tests.cli.hanging_engine FLAG ...: `wayhome ...` whose engine hangs once, in a round.

The file FLAG is made when it does, and means that it has: the next engine goes its rounds.
"""

import sys
import threading
from pathlib import Path

from server import points
from server.cli import main


def hang_once(flag: Path, moment: str) -> None:
    if moment == "round.done" and not flag.exists():
        flag.touch()
        threading.Event().wait()


if __name__ == "__main__":
    file = Path(sys.argv[1])
    points.watcher = lambda moment: hang_once(file, moment)
    main(sys.argv[2:], prog_name="wayhome")

"""python -m server.migrations "what it does": write the next step from how the models changed.

What it writes is a draft: read it, mind both databases, and say what must happen to old rows.
"""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command

from server.migrations import FOLDER, newest
from server.store import upgrading
from server.store.bare import bare_app
from server.store.db import db

STEPS = FOLDER / "versions"


def draft(sentence: str, into: Path = STEPS) -> Path:
    """Write a step that leads from the newest one to the models as they are now."""
    upgrading.models()
    number = f"{int(newest()) + 1:04}"
    with TemporaryDirectory() as folder:
        app = bare_app(f"sqlite:///{Path(folder) / 'draft.db'}")
        with app.app_context():
            upgrading.upgrade(app, is_new=True)
            with db.engine.connect() as connection:
                config = upgrading.config(app, connection)
                config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
                config.set_main_option("path_separator", "os")
                config.set_main_option(
                    "version_locations", os.pathsep.join((str(STEPS), str(into)))
                )
                command.revision(
                    config, sentence, autogenerate=True, rev_id=number, version_path=str(into)
                )
            db.engine.dispose()
    return next(into.glob(f"{number}_*.py"))


if __name__ == "__main__":
    print(draft(" ".join(sys.argv[1:]) or "a change"))  # noqa: T201 - its result

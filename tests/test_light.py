"""A server that starts loads what watching needs, and what only some requests need when they come.

Memory and the seconds to `ready` are what a small machine has least of (bench/footprint.py).
"""

import subprocess
import sys

HEAVY = (
    "fpdf",
    "PIL",
    "xlsxwriter",
    "phonenumbers",
    "authlib",
    "alembic",
    "kivy",
    "argon2.low_level",
)
STARTS = """
import sys, tempfile
from pathlib import Path
from server.app import create_app
from tests.support.people import plain_settings
from server.engine import Engine
create_app(plain_settings("sqlite://", Path(tempfile.mkdtemp())))
print(*[name for name in sys.argv[1:] if name in sys.modules])
"""


def test_what_only_some_requests_need_is_not_loaded_at_the_start() -> None:
    asked = [sys.executable, "-c", STARTS, *HEAVY]
    found = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout.split() == []

"""The phone's core starts fast and knows no face: what importing it must not bring along."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAVY = ["kivy", "flask", "marshmallow", "requests", "sqlalchemy", "server", "twilio", "jnius"]
IMPORT_ALL = """
import importlib, pkgutil, sys
import mobile.core, mobile.ports, mobile.platform.fake
for found in pkgutil.iter_modules(mobile.core.__path__):
    importlib.import_module(f"mobile.core.{found.name}")
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_the_core_imports_neither_kivy_nor_flask_nor_anything_heavy() -> None:
    found = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(found.stdout.split())
    assert "mobile" in loaded
    assert loaded & set(HEAVY) == set()

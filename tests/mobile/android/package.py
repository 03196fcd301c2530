"""Buildozer and p4a as they run on a build machine, up to where they need Android's SDK."""

import os
from contextlib import chdir
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

ROOT = Path(__file__).parents[3]
SPEC = ROOT / "mobile/buildozer.spec"
API = 36


@cache
def p4a() -> Path:
    """Where python-for-android is installed."""
    import pythonforandroid

    return Path(str(pythonforandroid.__file__)).parent


def template(name: str) -> jinja2.Template:
    """One of its templates for a Kivy app."""
    places = [
        p4a() / "bootstraps/sdl2/build/templates",
        p4a() / "bootstraps/_sdl_common/build/templates",
        p4a() / "bootstraps/common/build/templates",
    ]
    found = jinja2.FileSystemLoader([str(place) for place in places])
    return jinja2.Environment(loader=found, autoescape=False).get_template(name)  # noqa: S701


def builder() -> Any:
    """The build.py that p4a puts into every distribution."""
    os.environ["P4A_BUILD_IS_RUNNING_UNITTESTS"] = "1"
    from pythonforandroid.bootstraps.common.build import build

    # What it would read in a finished distribution.
    build.get_dist_ndk_min_api_level = lambda: 26
    build.get_bootstrap_name = lambda: "sdl2"
    return build


def buildozer(folder: Path) -> Any:
    """Buildozer over our spec, with its own files in a folder."""
    from buildozer import Buildozer

    with chdir(SPEC.parent):
        found = Buildozer(str(SPEC))
        found.config.set("buildozer", "build_dir", str(folder / "made"))
        found.config.set("buildozer", "bin_dir", str(folder / "bin"))
        found.config.set("buildozer", "log_level", "0")
        found.set_target("android")
    return found

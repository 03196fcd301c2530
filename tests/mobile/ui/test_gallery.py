"""Every screen at three text sizes on three phones: nothing is cut, everything can be hit. Laid out
for real, but not painted: that would take minutes. One telling of the scenes serves all phones:
each screen is laid out anew on each of them, as when a phone is turned. The themes take turns: they
differ in colours alone, which test_theme.py measures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mobile.ui.gallery import scenes
from tests.mobile.ui.screen import put_up

PHONES = ((320, 568), (400, 800), (411, 914))
"""In dp. The last one is a screen of 1080 x 2400 whose pixels are that much smaller."""
FINE = ((1080, 2400),)
RUNS = {
    "light-1.0": ("light", 1.0, 1.0, PHONES),
    "dark-1.5": ("dark", 1.5, 1.0, PHONES),
    "light-2.0": ("light", 2.0, 1.0, PHONES),
    "dark-2.0-fine": ("dark", 2.0, 2.625, FINE),
}


@pytest.fixture
def unpainted_screen() -> Iterator[None]:
    put_up()
    from tests.mobile.ui.pilot import resize, unpainted

    with unpainted():
        yield
    resize(400, 800)


@pytest.mark.slow
@pytest.mark.parametrize("run", RUNS)
def test_nothing_is_cut_and_everything_can_be_hit(
    unpainted_screen: None, tmp_path: Path, run: str
) -> None:
    from tests.mobile.ui.audit import faults
    from tests.mobile.ui.pilot import resize

    theme, scale, density, phones = RUNS[run]
    found = []
    resize(*phones[0], density)
    for name, face in scenes(theme, scale, tmp_path):
        for size in phones:
            resize(*size, density)
            found += [f"{name} on {size}: {fault}" for fault in faults(face)]
    assert not found, "\n".join(found)

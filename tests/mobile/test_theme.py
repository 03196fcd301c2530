"""Every colour pair can be read, in light and in dark."""

import pytest

from mobile.core.cover import CoverState
from mobile.core.theme import ICONS, READ, SEEN, THEMES, contrast, rgb


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "back"), READ)
def test_what_is_read_stands_out(theme: str, front: str, back: str) -> None:
    assert contrast(THEMES[theme][front], THEMES[theme][back]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "back"), SEEN)
def test_what_is_seen_stands_out(theme: str, front: str, back: str) -> None:
    assert contrast(THEMES[theme][front], THEMES[theme][back]) >= 3


def test_contrast_is_what_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1
    assert rgb("#0180ff") == (1, 128, 255)


def test_both_themes_have_the_same_tokens_and_each_is_in_a_pair() -> None:
    assert set(THEMES["light"]) == set(THEMES["dark"])
    paired = {token for pair in READ + SEEN for token in pair}
    assert paired == set(THEMES["light"])


def test_each_state_has_an_icon_of_its_own() -> None:
    assert set(ICONS) == {state.value for state in CoverState}
    assert len(set(ICONS.values())) == len(ICONS)

"""What is wrong with a screen as it stands: words cut or outside of it, targets too small."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from kivy.core.window import Window
from kivy.metrics import dp, sp
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.label import Label

from mobile.core.theme import COUNTDOWN_SP, MAIN_TARGET_DP, SMALL_SP, TARGET_DP
from mobile.ui.kit.basic import FitWords, Icon, MainKey, Stack
from mobile.ui.kit.hold import HoldBar
from mobile.ui.kit.page import Chips
from tests.mobile.ui.pilot import Pilot, said_by

SLACK_PX = 1.5
LEAST_DP = 22
"""Words follow the scale of the text at least so far, however little room there is."""


def faults(pilot: Pilot) -> list[str]:
    """Every fault of the screen that is shown."""
    found = [f"ghost: {type(w).__name__}" for w in pilot.root.walk() if _is_ghost(w)]
    for widget in pilot.walk():
        name = f"{type(widget).__name__} {said_by(widget)!r} {tuple(map(int, widget.size))}"
        found += [f"{fault}: {name}" for fault in _faults(widget)]
    return found


def _is_ghost(widget: Any) -> bool:
    """A column that takes no room and might still be drawn."""
    return isinstance(widget, Stack) and widget.height == 0 and widget.opacity > 0


def _faults(widget: Any) -> Iterator[str]:
    is_key = isinstance(widget, ButtonBehavior) and widget.words
    if is_key and min(widget.size) < dp(TARGET_DP) - SLACK_PX:
        yield "small target"
    if isinstance(widget, MainKey | HoldBar) and widget.height < dp(MAIN_TARGET_DP) - SLACK_PX:
        yield "small main target"
    if isinstance(widget, Label) and widget.text:
        yield from _label_faults(widget)
    if isinstance(widget, Chips) and not all(_fills(widget, each) for each in widget.children):
        yield "a row of chips with a gap at its end"
    x, _ = widget.to_window(widget.x, widget.y)
    if said_by(widget) and (x < -SLACK_PX or x + widget.width > Window.width + SLACK_PX):
        yield "outside the screen"


def _fills(chips: Chips, chip: Any) -> bool:
    """Whether the row that this one stands in ends where the chips end."""
    last = max(each.right for each in chips.children if each.top == chip.top)
    return bool(abs(last - chips.right) <= SLACK_PX)


def _label_faults(label: Any) -> Iterator[str]:
    width, height = label.texture_size
    if width > label.width + SLACK_PX or height > label.height + SLACK_PX:
        yield f"clipped, needs {width}x{height}"
    if not isinstance(label, Icon) and label.font_size < min(sp(SMALL_SP), dp(LEAST_DP)) - SLACK_PX:
        yield f"words too small, {label.font_size:.0f}"
    is_countdown = isinstance(label, FitWords) and label.least_dp >= COUNTDOWN_SP
    if is_countdown and label.font_size < dp(COUNTDOWN_SP) - SLACK_PX:
        yield "countdown too small"
    yield from _broken_words(label)


def _broken_words(label: Any) -> Iterator[str]:
    """A word that is broken because it is longer than the line can be read, but badly."""
    for one, other in pairwise(label._label._cached_lines or ()):
        last = one.words[-1].text if one.words else ""
        first = other.words[0].text if other.words else ""
        if last and first and not last.endswith("-") and f"{last}{first}" in label.text:
            yield f"broken word {last}{first}"

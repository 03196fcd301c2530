"""The colours and sizes of the moment. A screen takes them when it is built; a change of look
builds it anew, so that nothing half-painted is ever seen."""

from kivy.core.window import Window
from kivy.metrics import Metrics

from mobile.core.theme import THEMES, contrast, rgb

Rgba = tuple[float, float, float, float]
CLEAR: Rgba = (0, 0, 0, 0)
SMALLEST, LARGEST = 0.8, 2.0


class _Look:
    """What is chosen now."""

    theme = "light"
    system_scale = float(Metrics.fontscale)


def ink(token: str) -> Rgba:
    """A colour of the theme by what it means; '' is none."""
    if not token:
        return CLEAR
    red, green, blue = rgb(THEMES[_Look.theme][token])
    return red / 255, green / 255, blue / 255, 1.0


def on(token: str) -> str:
    """The token of what is read on that one."""
    theme = THEMES[_Look.theme]
    return f"on_{token}" if f"on_{token}" in theme else "text"


def wear(theme: str, scale: float) -> bool:
    """Take this theme, and this scale of text on top of the device's own; True if that is new."""
    wanted = min(LARGEST, max(SMALLEST, _Look.system_scale * scale))
    is_new = theme != _Look.theme or abs(wanted - Metrics.fontscale) > 1e-6
    _Look.theme = theme
    Metrics.fontscale = wanted
    Window.clearcolor = ink("ground")
    return is_new


def readable(front: str, back: str) -> float:
    """How well two tokens are told apart now."""
    theme = THEMES[_Look.theme]
    return contrast(theme[front], theme[back])

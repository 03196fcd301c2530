"""Colours by what they mean, light and dark. Every pair that is read has at least 4.5:1 (WCAG 2.2),
every edge and icon 3:1; a state is never told by colour alone (`ICONS`)."""

from collections.abc import Mapping
from types import MappingProxyType

TARGET_DP = 48
MAIN_TARGET_DP = 64
COUNTDOWN_SP = 64
TEXT_SP = 18
SMALL_SP = 16

Rgb = tuple[int, int, int]

LIGHT: Mapping[str, str] = MappingProxyType(
    {
        "ground": "#ffffff",
        "raised": "#f0f4f5",
        "text": "#212b32",
        "muted": "#4c6272",
        "edge": "#768692",
        "action": "#005eb8",
        "on_action": "#ffffff",
        "covered": "#005a30",
        "on_covered": "#ffffff",
        "last_known": "#ffdd66",
        "on_last_known": "#212b32",
        "not_covered": "#8a1a10",
        "on_not_covered": "#ffffff",
        "sos": "#b0130a",
        "on_sos": "#ffffff",
        "quiet": "#dbe3e8",
        "on_quiet": "#212b32",
        "focus": "#7a4b00",
    }
)
DARK: Mapping[str, str] = MappingProxyType(
    {
        "ground": "#10171c",
        "raised": "#1d2830",
        "text": "#f2f5f7",
        "muted": "#b4c2cc",
        "edge": "#74858f",
        "action": "#6db3ff",
        "on_action": "#08131f",
        "covered": "#7fd6a4",
        "on_covered": "#06210f",
        "last_known": "#ffd24d",
        "on_last_known": "#231a00",
        "not_covered": "#cf3a31",
        "on_not_covered": "#ffffff",
        "sos": "#cf3a31",
        "on_sos": "#ffffff",
        "quiet": "#2c3b46",
        "on_quiet": "#f2f5f7",
        "focus": "#ffd24d",
    }
)
THEMES: Mapping[str, Mapping[str, str]] = MappingProxyType({"light": LIGHT, "dark": DARK})

READ = (
    ("text", "ground"),
    ("text", "raised"),
    ("muted", "ground"),
    ("muted", "raised"),
    ("action", "ground"),
    ("action", "raised"),
    ("on_action", "action"),
    ("on_covered", "covered"),
    ("on_last_known", "last_known"),
    ("on_not_covered", "not_covered"),
    ("on_sos", "sos"),
    ("on_quiet", "quiet"),
    ("covered", "raised"),
    ("focus", "raised"),
    ("muted", "quiet"),
)
"""Pairs of which the first is read on the second."""

SEEN = (
    ("edge", "ground"),
    ("edge", "raised"),
    ("focus", "ground"),
    ("focus", "raised"),
    ("sos", "ground"),
    ("covered", "ground"),
    ("not_covered", "ground"),
)
"""Pairs of which the first has to be told from the second without being read."""

ICONS: Mapping[str, str] = MappingProxyType(
    {"covered": "shield-check", "last known": "shield-clock", "not covered": "shield-off"}
)


def rgb(colour: str) -> Rgb:
    """'#rrggbb' as three numbers from 0 to 255."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return red, green, blue


def luminance(colour: str) -> float:
    """How bright a colour is, 0 to 1 (WCAG 2.2, relative luminance)."""
    parts = [_linear(part / 255) for part in rgb(colour)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """How well two colours are told apart, 1 to 21 (WCAG 2.2, contrast ratio)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)

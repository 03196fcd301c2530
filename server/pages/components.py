"""The NHS design system's components for templates: `{{ nhsuk.tag({"text": "Overdue"}) }}`.

Their own templates count on missing values being empty; ours do not, and a slip of the pen in one
of ours is an error. So they live in an environment of their own, and what comes out is markup.
"""

from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Any, cast

from jinja2 import ChainableUndefined, Environment, PackageLoader, Undefined
from markupsafe import Markup, escape

FOLDERS = {
    "actionLink": "action-link",
    "backLink": "back-link",
    "characterCount": "character-count",
    "contentsList": "contents-list",
    "dateInput": "date-input",
    "errorMessage": "error-message",
    "errorSummary": "error-summary",
    "fileUpload": "file-upload",
    "insetText": "inset-text",
    "notificationBanner": "notification-banner",
    "passwordInput": "password-input",
    "searchInput": "search-input",
    "summaryList": "summary-list",
    "table": "tables",
    "taskList": "task-list",
    "warningCallout": "warning-callout",
}
"""Where the folder is not called as its macro."""

Macro = Callable[..., str]


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("nhsuk_frontend_jinja"),
        undefined=ChainableUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _macro(name: str) -> Macro:
    path = f"nhsuk/components/{FOLDERS.get(name, name)}/macro.jinja"
    return cast(Macro, getattr(_environment().get_template(path).module, name))


def _given(value: Any) -> Any:
    """The parameters without those that say nothing: `"hint": {...} if hint` may leave a hole."""
    if isinstance(value, dict):
        return {k: _given(v) for k, v in value.items() if not _is_hole(v)}
    if isinstance(value, list):
        return [_given(one) for one in value if not _is_hole(one)]
    return value


def _is_hole(value: Any) -> bool:
    return value is None or isinstance(value, Undefined)


class Components:
    """`nhsuk.NAME(parameters)`: one component, as documented by the design system."""

    def __getattr__(self, name: str) -> Macro:
        if name.startswith("_"):
            raise AttributeError(name)
        macro = _macro(name)
        return lambda params=None, **more: macro(_given(params or {}), **more)


nhsuk = Components()


def choices(options: Iterable[tuple[str, str]], chosen: str) -> Markup:
    """The options of a list to choose from. Not by the design system's own template: an
    organisation has a thousand people, and it takes twenty times as long for each."""
    written = _written(tuple(options))
    value = f'<option value="{escape(chosen)}"'
    return Markup(written.replace(f"{value}>", f"{value} selected>", 1))  # noqa: S704 - escaped


@lru_cache(maxsize=64)
def _written(options: tuple[tuple[str, str], ...]) -> str:
    """The same list is asked for again and again; both parts of each are escaped."""
    return "\n".join(
        f'<option value="{escape(value)}">{escape(words)}</option>' for value, words in options
    )

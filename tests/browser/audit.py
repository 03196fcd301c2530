"""What every page must be, whoever looks at it with whatever: audit(page) says what it is not."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.watch import overflow

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (320, 375, 768, 1280)
RULES_AT = (320, 1280)
"""Where the rules are asked: between these widths only places change, which is measured at each."""
HEIGHT = 900
LARGE_PRINT = """new MutationObserver((_, observer) => {
  if (!document.documentElement) return;
  document.documentElement.style.fontSize = '200%';
  observer.disconnect();
}).observe(document, {childList: true})"""
MOST_TABS = 400

MARK_CONTROLS = """() => {
  const wanted = 'a[href], button, input:not([type=hidden]), select, textarea, summary, '
    + '[tabindex="0"]';
  const seen = (e) => e.checkVisibility({visibilityProperty: true}) && !e.disabled
    && e.getClientRects().length > 0;
  const controls = [...document.querySelectorAll(wanted)].filter(seen);
  controls.forEach((e, n) => e.dataset.auditNumber = n);
  return controls.map((e) => ({
    number: e.dataset.auditNumber,
    group: e.type === 'radio' ? e.name : '',
    words: e.outerHTML.slice(0, 120),
  }));
}"""
FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body || e.dataset.auditNumber === undefined) return null;
  const style = getComputedStyle(e);
  const shown = (s) => s.outlineStyle !== 'none' || s.boxShadow !== 'none';
  const label = e.labels?.[0];
  const beside = label ? getComputedStyle(label, '::before') : style;
  // The design system's expander shows the focus on the words inside.
  const words = e.tagName === 'SUMMARY' && e.firstElementChild;
  const inside = words ? getComputedStyle(words) : style;
  return {number: e.dataset.auditNumber, shows: [style, beside, inside].some(shown)};
}"""


@dataclass(frozen=True)
class Control:
    """Something that can be used."""

    number: str
    group: str
    words: str


def violations(page: Page) -> list[str]:
    """What axe finds."""
    return _axe(page, {"type": "tag", "values": TAGS})


def hard_to_read(page: Page) -> list[str]:
    """What axe finds too faint in the dark appearance."""
    page.emulate_media(color_scheme="dark")
    found = _axe(page, {"type": "rule", "values": ["color-contrast", "link-in-text-block"]})
    page.emulate_media(color_scheme="light")
    return found


def _axe(page: Page, what: dict[str, Any]) -> list[str]:
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    options = {"runOnly": what, "resultTypes": ["violations"]}
    found: Any = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{one['id']}: {node['html'][:160]} ({node.get('failureSummary', '')})"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def out_of_reach(page: Page) -> list[str]:
    """Controls that the Tab key does not come to, and those that do not show that it has."""
    controls = [Control(**one) for one in page.evaluate(MARK_CONTROLS)]
    reached, unseen = _walk(page)
    groups = {one.group for one in controls if one.number in reached and one.group}
    missed = [one for one in controls if one.number not in reached and one.group not in groups]
    blind = [one for one in controls if one.number in unseen]
    return [f"out of reach: {one.words}" for one in missed] + [
        f"does not show the focus: {one.words}" for one in blind
    ]


def _walk(page: Page) -> tuple[set[str], set[str]]:
    page.evaluate("() => { document.activeElement?.blur(); getSelection()?.removeAllRanges(); }")
    reached: set[str] = set()
    unseen: set[str] = set()
    last = ""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is not None and focused["number"] == last:
            continue  # a date has several parts to come to
        if focused is None or focused["number"] in reached:
            if reached:
                break
            continue
        last = focused["number"]
        reached.add(focused["number"])
        if not focused["shows"]:
            unseen.add(focused["number"])
    return reached, unseen


def audit(page: Page) -> list[str]:
    """Everything that is wrong with this page, at every width; empty where it is as it must be."""
    return [*appearance(page), *out_of_reach(page), *_large_print(page)]


def appearance(page: Page) -> list[str]:
    """What is wrong with how it looks, as it stands, at every width and by night."""
    wrong = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        if width in RULES_AT:
            wrong += [f"at {width}: {one}" for one in violations(page)]
        if overflow(page) > 0:
            wrong.append(f"at {width}: {overflow(page)} px lie beyond the edge")
    return wrong + [f"in the dark: {one}" for one in hard_to_read(page)]


def _large_print(page: Page) -> list[str]:
    """With letters of twice the size on a wide screen, as browsers are set by those who need it."""
    page.add_init_script(LARGE_PRINT)
    page.reload()
    beyond = overflow(page)
    return [f"with large print: {beyond} px lie beyond the edge"] if beyond > 0 else []


def bare_faults(page: Page, status: int) -> list[str]:
    """What is wrong with the page without scripts, which must show and offer the same."""
    wrong = [] if status < 500 else [f"answered {status}"]
    if not page.locator("main h1").first.is_visible():
        wrong.append("without scripts there is no heading")
    hidden = page.locator("main form button:not([type=button])")
    wrong += [
        f"without scripts this cannot be pressed: {hidden.nth(n).inner_text()}"
        for n in range(hidden.count())
        if not hidden.nth(n).is_visible()
        and not hidden.nth(n).evaluate("e => !!e.closest('details')")
    ]
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        if overflow(page) > 0:
            wrong.append(f"without scripts, at {width}: {overflow(page)} px lie beyond the edge")
    return wrong

"""Where one can go: every page that is there, as far as this visitor may use it."""

from dataclasses import dataclass

from flask import current_app, request, url_for

from server.access import declared
from server.pages.route import SignedIn
from server.pages.visitor import Visitor


@dataclass(frozen=True)
class Link:
    """One entry of the menu."""

    text: str
    href: str
    current: bool


MENU = (
    ("Board", "board.board"),
    ("Log", "log.log"),
    ("People", "people.people"),
    ("Ladder", "policy.policy"),
    ("Drills", "drills.drills_page"),
    ("Reports", "reports.reports"),
    ("Our policy", "written.written"),
    ("Who looked", "looks.looks"),
    ("My page", "own.own"),
)
"""Endpoints in their order; one that is not there yet is left out."""


def menu(seen: Visitor) -> list[Link]:
    """What this visitor may go to."""
    return [_link(text, endpoint) for text, endpoint in MENU if _may(seen, endpoint)]


def _may(seen: Visitor, endpoint: str) -> bool:
    view = current_app.view_functions.get(endpoint)
    who = declared(view) if view else None
    return isinstance(who, SignedIn) and who.may(seen)


def _link(text: str, endpoint: str) -> Link:
    here = request.blueprint == endpoint.partition(".")[0]
    return Link(text, url_for(endpoint), here)

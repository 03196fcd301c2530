"""One folder per page: view, form and template; what they share lies here.

To add a page:

1. A folder `server/pages/people/` with `__init__.py` (a docstring that names the address),
   `view.py` and templates; its own style sheet and scripts, if any, in `static/`
   (`people/people.css`).
2. In `view.py` a `page = Pages("people", __name__)` and its routes, each with `who=` (see `route`:
   ANYBODY, SIGNED_IN, MANAGER, OFFICE, ADMIN). The folder's name goes into PAGES below, the
   endpoint into `navigation.MENU` where it is not there yet.
3. `me()` is who looks (`visitor`): `me().person`, `.org_id`, `.is_admin`, `.manages(team_id)`;
   `must_manage(team_id)` gives the team, or 404. Find what an address names in her own
   organisation only, and raise NotYours (404) where it is not there or not for her. Visits and
   alarms are seen through `acts.seeing` and `acts.timeline` only.
4. `render("people/people.html", people=found)`. The template extends "frame.html" and fills
   `title` and `main`; `nhsuk.NAME({...})` is the design system's component NAME; times go through
   `when(...)`, `| clock`, `| day`, `| stamp`, `| ago` (`times`). Nothing inline: no style
   attribute, no script, no event handler.
5. A form: `fields.html` has its fields (each with its fault beside it), `faults(form)` the summary,
   `hidden(form)` what every POST form carries, `act(...)` a form of one button. The view reads it
   with `Form.read()` and does it with `form.once(...)` (`forms`): once, however often it is sent.
   `form.must_be(version, "Cat changed this at 14:02.")` inside it keeps one manager from
   overwriting another. `flash.say` is for what is said on the next page.
6. A part that a script asks for again: `page.get(..., poll=True)`, `data-poll` on `main` and
   `poll.js` (`block head`). A poll never makes a sign-in last longer; a stranger's gets 401.
7. What is dangerous (roles, numbers, retention, exports, revoking) asks again who it is: put
   `proven=True` on the page with the form and on its `post`; where only one button of several is
   dangerous, answer it with `ask_again()` (`route`). A form that came too late waits (`resuming`).
8. Tests in `tests/pages/people/`: `signed_in("cat").page("/people")`, `.fills(...)`,
   `.presses(...)` (`tests.support.visitor`); tests/pages/test_access.py walks every route by
   itself. The path goes into `PAGES` of tests/browser/paths.py: a real browser then looks at it at
   every width, with axe, by keyboard and without scripts. Look yourself at what
   `python -m tests.browser.pictures FOLDER` takes.
"""

from importlib import import_module

from flask import Blueprint, Flask
from jinja2 import StrictUndefined

from server.pages import assets, cookies, errors, render, times
from server.pages.headers import guard_answers
from server.running import KEY, Running

TEMPLATES = Blueprint("pages", __name__, template_folder=".")
PAGES = (
    "sign_in",
    "account",
    "board",
    "alarm",
    "linked",
    "out",
    "wall",
    "drills",
    "procedure",
    "sheet",
    "log",
    "reports",
    "people",
    "policy",
    "looks",
    "own",
    "written",
)
"""Folders with a `view.py` whose `page` is a `route.Pages`, one a line."""


def register(app: Flask) -> None:
    """Add these routes to the application."""
    running: Running = app.extensions[KEY]
    guard_answers(app, https=running.settings.public_url.startswith("https://"))
    app.jinja_env.undefined = StrictUndefined
    app.register_blueprint(TEMPLATES)
    assets.register(app)
    for part in (cookies, times, render, errors):
        part.install(app)
    for name in PAGES:
        app.register_blueprint(import_module(f"server.pages.{name}.view").page)
    if running.settings.pretend:
        from server.pages.phones import view

        view.register(app)

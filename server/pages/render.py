"""Pages from templates, and what every template may use.

    return render("people/people.html", people=found)
    return render("people/edit.html", form=form), form.status

A template extends "frame.html" and fills `title`, `main` and, where it needs them, `head` and
`wide`. In it: `nhsuk` (components), `form` methods of fields.html, `me`, `when`, `asset_url`.
"""

from typing import Any

from flask import Flask, render_template, request

from server.pages import flash, forms, navigation
from server.pages.components import choices, nhsuk
from server.pages.guard import is_under_a_name
from server.pages.visitor import known_visitor
from server.running import running


def render(template: str, **context: Any) -> str:
    """One page for whoever looks at it."""
    seen = known_visitor()
    return render_template(
        template,
        me=seen,
        menu=navigation.menu(seen) if seen else [],
        said=flash.said(),
        rehearsal=running().desk.rehearsal,
        demo=running().settings.demo,
        under_a_name=is_under_a_name(request),
        **context,
    )


def called(name: str) -> str:
    """What a colleague is called: no word of ours guesses whether that is a woman or a man."""
    return name.split(" ", 1)[0]


def install(app: Flask) -> None:
    """Let templates use these."""
    app.jinja_env.filters["called"] = called
    app.jinja_env.globals.update(
        nhsuk=nhsuk, choices=choices, form_token=forms.token, blank_form=forms.Form
    )

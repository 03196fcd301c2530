"""The routes of the reports."""

from flask import request, url_for

from server.acts.adding_up import Sum, add_up
from server.pages.forms import Form
from server.pages.log.times import length
from server.pages.render import render
from server.pages.reports import shown
from server.pages.reports.asked import SPANS, Asked, read_asked
from server.pages.route import MANAGER, Answer, Pages
from server.pages.times import today
from server.pages.visitor import me
from server.running import running
from server.store import db, named
from server.store.db import Session
from shared.states import Way

page = Pages("reports", __name__)


@page.get("/reports", who=MANAGER)
def reports() -> Answer:
    """Team figures for some days, each with its meaning, its chart and its table."""
    asked, total = _find()
    form = Form({name: said for name, said in asked.typed.items() if said})
    form.faults = dict(asked.errors)
    if "from" not in form.values:
        form.values["from"] = asked.first.isoformat()
    if "to" not in form.values:
        form.values["to"] = asked.last.isoformat()
    here = url_for("reports.reports")
    body = render(
        "reports/reports.html",
        asked=asked,
        form=form,
        total=total,
        parts=shown.parts(total) if total else [],
        share=shown.share,
        seconds=shown.seconds,
        team_options=[("", "All my teams"), *((t.slug, t.name) for t in asked.teams)],
        spans=[(words, asked.back(here, days), days == asked.days) for days, words in SPANS],
        summary=asked.address(url_for("reports.summary")),
    )
    return body, 400 if asked.errors else 200


@page.get("/reports/summary", who=MANAGER)
def summary() -> Answer:
    """One page for whoever decides about money: what was protected, and what it cost."""
    asked, total = _find()
    body = render(
        "reports/summary.html",
        asked=asked,
        total=total,
        share=shown.share,
        seconds=shown.seconds,
        hours=shown.hours_words,
        length=length,
        texts=total.sent_by(Way.TEXT) if total else 0,
        calls=total.sent_by(Way.CALL) if total else 0,
        emails=total.sent_by(Way.EMAIL) if total else 0,
        organisation=me().person.org.name,
        back=asked.address(url_for("reports.reports")),
    )
    return body, 400 if asked.errors else 200


def _find() -> tuple[Asked, Sum | None]:
    """What is asked for, and its figures unless something is wrong with it."""
    seen, now = me(), running().clock.now()

    def look(session: Session) -> tuple[Asked, Sum | None]:
        teams = named.teams_named(session, seen.teams)
        asked = read_asked(request.args, teams, seen.zone, today())
        if asked.errors:
            return asked, None
        return asked, add_up(session, seen.person, asked.extent(seen.org_id, now), seen.zone)

    return db.read(look)

"""Reading, writing, issuing and agreeing to a team's written policy."""

from dataclasses import dataclass

from flask import request, url_for

from server.acts import paper
from server.acts.base import Turn
from server.acts.paper import Live
from server.acts.teams import roster_for, team_to_manage
from server.domain.refusals import NotYours
from server.pages.forms import Form, version_in
from server.pages.render import render
from server.pages.route import OFFICE, SIGNED_IN, Answer, Pages
from server.pages.visitor import me
from server.running import running
from server.store import db, lists
from server.store.db import Session
from server.store.papers import Paper
from server.store.people import Team

page = Pages("written", __name__)


@dataclass(frozen=True)
class Section:
    """One part as it is read: the settings' sentences, the team's words, and what no longer
    matches."""

    key: str
    title: str
    lines: tuple[str, ...]
    prose: str
    asks: str
    now: tuple[str, ...] | None


@page.get("/policy/document", who=SIGNED_IN)
def written() -> Answer:
    """The version in force; ?version=2 an older one; ?version=draft as it would be issued now."""
    return _show(Form())


def _show(form: Form, status: int = 200, slug: str = "", version: str = "") -> Answer:
    here, seen = running(), me()
    now = here.clock.now()
    slug = slug or request.args.get("team", "")

    def read(session: Session) -> tuple[Live, list[Team], str]:
        found = paper.live(session, here.desk, seen.person, slug, now)
        readable = paper.teams_to_read(roster_for(session, seen.person), seen.person)
        by = {one.by_id for one in found.issued[:1]}
        return found, readable, " ".join(lists.names_of(session, by).values())

    live, readable, issued_by = db.read(read)
    chosen = _chosen(live, version or request.args.get("version", ""))
    return render(
        "written/written.html",
        form=form,
        live=live,
        teams=readable,
        paper=chosen,
        sections=_sections(live, chosen),
        issued_by=issued_by,
        may_write=_may_write(live.team),
        has_agreed=seen.person.id in live.agreed,
        is_member=any(one.id == seen.person.id for one in live.members),
        unread=[one.name for one in live.members if one.id not in live.agreed],
        holes=[one for one in live.points if not one.verdict.answered],
        unwritten=live.unwritten,
    ), status


def _may_write(team: Team) -> bool:
    seen = me()
    return seen.is_admin or seen.manages(team.id)


def _chosen(live: Live, wanted: str) -> Paper | None:
    """The version asked for; None: as it would be issued now, which only its writers see."""
    if not wanted:
        return live.newest
    if wanted == "draft" and _may_write(live.team):
        return None
    found = [one for one in live.issued if str(one.version) == wanted]
    if not found:
        raise NotYours("version")
    return found[0]


def _sections(live: Live, chosen: Paper | None) -> list[Section]:
    if chosen is None:
        return [
            Section(p.key, p.title, p.lines, live.prose.get(p.key, ""), p.asks, None)
            for p in live.parts
        ]
    is_newest = chosen is live.newest
    found = []
    for key, said in chosen.parts.items():
        now = live.stale[key].lines if is_newest and key in live.stale else None
        words = str(chosen.prose.get(key, ""))
        found.append(Section(key, said["title"], tuple(said["lines"]), words, "", now))
    order = {part.key: n for n, part in enumerate(live.parts)}
    return sorted(found, key=lambda one: order.get(one.key, len(order)))


@page.get("/policy/document/<slug>/write", who=OFFICE)
def write(slug: str) -> Answer:
    """The team's own words, around what its settings say."""
    live = _live(slug)
    form = Form(live.prose, live.revision)
    return render("written/write.html", form=form, live=live)


def _live(slug: str) -> Live:
    here, seen = running(), me()
    now = here.clock.now()

    def read(session: Session) -> Live:
        team = team_to_manage(session, seen.person, slug)
        return paper.live_of(session, here.desk, roster_for(session, seen.person), team, now)

    return db.read(read)


@page.post("/policy/document/<slug>/write", who=OFFICE)
def keep(slug: str) -> Answer:
    """Keep the words."""
    form, live = Form.read(), _live(slug)
    keys = {part.key for part in live.parts}
    prose = {key: form.prose(key, longest=paper.LONGEST_PROSE) for key in keys}
    revision = form.version or 0

    def work(turn: Turn) -> None:
        team = team_to_manage(turn.session, me().person, slug)
        paper.save_draft(turn, team, prose, revision, keys)

    then = url_for("written.written", team=slug, version="draft")
    if not form.faults:
        done = form.once(work, then=then, said="Your words are kept. Nothing is issued yet.")
        if done:
            return done
    return _again(form, slug)


def _again(form: Form, slug: str) -> Answer:
    """The form with what was typed, and beside it what somebody else wrote meanwhile."""
    live = _live(slug)
    theirs = dict(live.prose) if form.status == 409 else {}
    form.version = live.revision
    return render("written/write.html", form=form, live=live, theirs=theirs), form.status


@page.post("/policy/document/<slug>/issue", who=OFFICE)
def issue(slug: str) -> Answer:
    """Issue the next version, for everybody to read."""
    form = Form.read()
    seen_version = version_in(form.values.get("seen", "")) or 0

    if _live(slug).unwritten and not form.ticked("sure"):
        form.blame("sure", "Write the missing parts first, or say that you issue it without them.")
        return _show(form, 400, slug, "draft")

    def work(turn: Turn) -> None:
        team = team_to_manage(turn.session, me().person, slug)
        paper.issue(turn, roster_for(turn.session, me().person), team, seen_version)

    then = url_for("written.written", team=slug)
    done = form.once(work, then=then, said="Issued. Everybody can now read and agree to it.")
    return done or _show(form, form.status, slug)


@page.post("/policy/document/<slug>/agree", who=SIGNED_IN)
def agree(slug: str) -> Answer:
    """I have read this version and agree to it."""
    form = Form.read()
    version = version_in(form.values.get("seen", "")) or 0

    def work(turn: Turn) -> None:
        viewer = me().person
        now = paper.live(turn.session, running().desk, viewer, slug, turn.now)
        if not any(one.id == viewer.id for one in now.members):
            raise NotYours("policy")
        paper.agree(turn, now, version)

    then = url_for("written.written", team=slug)
    done = form.once(work, then=then, said="Thank you. Your agreement is kept.")
    return done or _show(form, form.status, slug)

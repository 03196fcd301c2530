"""The routes of the policy page. Every button but one only shows; that one saves, and asks who she
is where it is long since she showed it (research/web.md 6.1): it decides who is told, and when."""

from functools import partial
from uuid import UUID

from flask import request, url_for

from server.acts.base import Turn
from server.acts.holes import Weight, holes_of
from server.acts.policies import edit_policy
from server.acts.teams import managed_teams, roster_for, team_to_manage
from server.domain.words.policy import PIN_WORDS, WAY_WORDS, differences
from server.pages.forms import Form, to
from server.pages.policy import drafting, showing
from server.pages.policy.showing import Shown
from server.pages.render import render
from server.pages.route import OFFICE, Answer, Pages, ask_again, is_proven
from server.pages.visitor import me
from server.running import running
from server.store import db, policies
from server.store import roster as store
from server.store.db import Session
from server.store.people import Team
from shared.policy import Policy, read_policy

page = Pages("policy", __name__)

TARGETS_SHORT = (
    ("buddy", "The buddy"),
    ("cover", "The cover"),
    ("managers", "Managers"),
    ("contacts", "Contacts"),
)
ASK_OPTIONS = (("app", "In the app"), ("text", "By text"), ("never", "Not asked"))


@page.get("/policy", who=OFFICE)
def policy() -> Answer:
    """The policy of the team in the address, or of the first the visitor runs."""
    team = db.read(lambda session: _team(session, request.args.get("team", "")))
    if team is None:
        return render("policy/none.html")
    form = drafting.filled(team.policy, team.policy_version)
    form.values["example"] = request.args.get("visit", "")
    return _page(form, team, team.policy)


def _team(session: Session, slug: str) -> Team | None:
    seen = me().person
    if slug:
        return team_to_manage(session, seen, slug)
    roster = roster_for(session, seen)
    hers = managed_teams(roster, seen)
    mine = [team for team in roster.teams.values() if team.id in hers]
    return min(mine, key=lambda team: team.name, default=None)


@page.post("/policy/team/<slug>", who=OFFICE)
def edit(slug: str) -> Answer:
    """Add, remove or move a step, show the plan, try it on past nights, or save."""
    form = Form.read()
    team = db.read(lambda session: team_to_manage(session, me().person, slug))
    order = request.form.get("do", "look")
    if drafting.rearrange(form, order):
        order = "look"
    draft = drafting.read(form, team.policy)
    if order == "save" and draft.policy is not None:
        return _save(form, team, draft.policy) if is_proven() else ask_again()
    status = 400 if order == "save" else 200
    return _page(form, team, draft.policy, on_past_nights=order == "try"), status


def _save(form: Form, team: Team, wanted: Policy) -> Answer:
    """One version more; where another manager was quicker, both are shown and nothing is saved."""

    began_with = form.version or 0

    def work(turn: Turn) -> None:
        found = team_to_manage(turn.session, me().person, team.slug)
        edit_policy(turn, found, drafting.as_given(wanted), began_with)

    then = url_for("policy.policy", team=team.slug)
    said = f"The policy of {team.name} is saved and in force.{_has_holes(team, wanted)}"
    lock = partial(_workers_out, team=team)
    done = form.once(work, then=then, said=said, lock=lock)
    if done:
        return done
    return _beside(form, team, wanted, began_with), form.status


def _has_holes(team: Team, wanted: Policy) -> str:
    """That somebody might not be told all the same; the page marks where."""
    here, seen = running(), me()

    def look(session: Session) -> int:
        roster = roster_for(session, seen.person)
        found = holes_of(roster, here.desk, team, wanted, here.clock.now())
        return len({hole.sentence for hole in found if hole.weight is Weight.HOLE})

    holes = db.read(look)
    if not holes:
        return ""
    return f" It has {'a hole' if holes == 1 else f'{holes} holes'}, marked below: please mend."


def _beside(form: Form, team: Team, wanted: Policy, began_with: int) -> str:
    """Another manager was quicker: what is in force now, with what this one has changed."""

    def read(session: Session) -> tuple[Team, Policy]:
        moved = team_to_manage(session, me().person, team.slug)
        base = policies.version_of(session, team.id, began_with)
        return moved, read_policy(base.policy_json) if base else moved.policy

    moved, base = db.read(read)
    both = drafting.merged(base, wanted, moved.policy)
    again = drafting.filled(both, moved.policy_version)
    again.values["example"] = form.values.get("example", "")
    again.faults = form.faults
    return _page(again, moved, both, both=True)


def _workers_out(session: Session, team: Team) -> set[UUID]:
    return store.workers_of_live_visits(session, [team.id])


def _page(
    form: Form,
    team: Team,
    draft: Policy | None,
    *,
    on_past_nights: bool = False,
    both: bool = False,
) -> str:
    here, seen = running(), me()
    now, shown_policy = here.clock.now(), draft or team.policy
    key = form.values.get("example", "")

    def read(session: Session) -> tuple[Shown, str, object]:
        found = showing.look(
            session,
            here.desk,
            seen.person,
            team,
            shown_policy,
            key,
            now,
            on_past_nights=on_past_nights and draft is not None,
        )
        return found, *showing.who_changed(session, found.roster, team)

    shown, changed_by, changed_at = db.read(read)
    names = showing.names_by_ref(shown.roster)
    return render(
        "policy/policy.html",
        form=form,
        team=team,
        shown=shown,
        is_drawn=draft is not None,
        is_changed=draft is not None and draft != team.policy,
        both=differences(team.policy, draft, names) if both and draft else [],
        changed_by=changed_by,
        changed_at=changed_at,
        **_choices(form, shown),
    )


def _choices(form: Form, shown: Shown) -> dict[str, object]:
    """What the form offers."""
    return {
        "ladders": [(name, drafting.rungs_in(form.values, name)) for name in drafting.LADDERS],
        "people": [(person.ref, person.name) for person in shown.roster.present],
        "targets": TARGETS_SHORT,
        "ways": [(by, WAY_WORDS[by]) for by in drafting.BY],
        "pins": list(PIN_WORDS.items()),
        "asks": ASK_OPTIONS,
        "words": showing,
    }


@page.get("/policy/team/<slug>/history", who=OFFICE)
def history(slug: str) -> Answer:
    """Who changed what, and when."""

    def read(session: Session) -> tuple[Team, list[showing.Version]]:
        team = team_to_manage(session, me().person, slug)
        return team, showing.history(session, roster_for(session, me().person), team)

    team, versions = db.read(read)
    return render("policy/history.html", team=team, versions=versions)


@page.get("/policy/team/<slug>", who=OFFICE)
def one(slug: str) -> Answer:
    """A page that was reloaded after a button of its form."""
    db.read(lambda session: team_to_manage(session, me().person, slug))
    return to(url_for("policy.policy", team=slug))

"""`wayhome revoke`: a lost phone, or somebody who must not sign in any more."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from server.cli.opening import must_be_migrated, opened
from server.cli.preparing import settings_of_a_house
from server.cli.saying import refuse

if TYPE_CHECKING:
    from server.store.people import Person


@click.command("revoke")
@click.argument("ref")
@click.option("--org", metavar="SLUG", help="Her organisation, where several have such a person.")
def revoke_command(ref: str, org: str | None) -> None:
    """Sign the person called REF out everywhere, at once.

    Her unused enrolment codes end too, and her password and second factors for the pages: to sign
    in there again she has to be invited anew. Her visits stay watched; while one is open the
    managers of its team are told.
    """
    from server.acts.base import perform
    from server.acts.leaving import revoke
    from server.store import db, people
    from server.store.roster import people_named
    from shared.states import Means

    with opened(settings_of_a_house()) as house:
        must_be_migrated()
        her_id = _the_one(db.read(lambda session: people_named(session, ref)), ref, org).id
        ended = perform(
            house.desk,
            lambda turn: revoke(turn, people.person(turn.session, her_id)),
            now=house.clock.now(),
            by=Means.COMMAND,
            lock=lambda _: {her_id},
        )
    phones, codes = _count(ended.devices, "phone"), _count(ended.codes, "code")
    click.echo(f"{ref} is signed out: {phones}, {codes}, {_count(ended.browsers, 'browser')}.")
    if ended.open_visits:
        click.echo(
            f"Visits of hers that are open and stay watched: {ended.open_visits};"
            f" {_count(ended.managers_told, 'message')} to managers."
        )


def _the_one(found: Sequence["Person"], ref: str, org: str | None) -> "Person":
    chosen = [person for person in found if org in (None, person.org.slug)]
    if not chosen:
        refuse(f"There is nobody with the ref '{ref}'{f' in {org}' if org else ''}.")
    if len(chosen) > 1:
        known = ", ".join(person.org.slug for person in chosen)
        refuse(f"'{ref}' is in several organisations ({known}); say which with --org.")
    return chosen[0]


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"

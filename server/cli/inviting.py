"""`wayhome invite`: a link with which somebody comes in to the pages for the first time."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from server.cli.opening import must_be_migrated, opened
from server.cli.preparing import settings_of_a_house
from server.cli.saying import refuse, say

if TYPE_CHECKING:
    from server.store.people import Person


@click.command("invite")
@click.argument("email")
@click.option("--org", metavar="SLUG", help="Their organisation, where several know that address.")
@click.option("--ref", metavar="REF", help="Who of them, where several people share that address.")
def invite_command(email: str, org: str | None, ref: str | None) -> None:
    """Print a one-time link for the person with this e-mail address.

    With it they set a password and a second factor for the pages, within 72 hours. Give it to
    nobody else. An earlier link of theirs ends, and so do their sign-ins once this one is used.
    """
    from server.acts.base import Turn, perform
    from server.acts.inviting import invite, link
    from server.domain.refusals import Refusal
    from server.store import db, people, sessions
    from shared.states import Means

    with opened(settings_of_a_house()) as house:
        must_be_migrated()
        found = db.read(lambda session: sessions.people_with_email(session, email))
        person_id = _the_one(found, email, org, ref).id

        def work(turn: Turn) -> str:
            return link(turn, invite(turn, people.person(turn.session, person_id)))

        try:
            address = perform(house.desk, work, now=house.clock.now(), by=Means.COMMAND)
        except Refusal as refusal:
            refuse(refusal.sentence)
    click.echo(address)
    if not os.environ.get("WAYHOME_PUBLIC_URL"):
        say(
            "the link begins with the address at which `wayhome serve` listens unless told"
            " otherwise. If people open Wayhome at another, set WAYHOME_PUBLIC_URL and invite"
            " again."
        )


def _the_one(found: Sequence["Person"], email: str, org: str | None, ref: str | None) -> "Person":
    chosen = [one for one in found if org in (None, one.org.slug) and ref in (None, one.ref)]
    if not chosen:
        refuse(f"Nobody with the address {email} has been imported; see wayhome import.")
    if len(chosen) > 1:
        known = ", ".join(sorted(f"{one.ref} of {one.org.slug}" for one in chosen))
        refuse(f"Several people have this address ({known}); say which with --org and --ref.")
    return chosen[0]

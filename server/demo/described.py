"""What some of the made-up team have written: sheets for the day they are missed (Ben has none
yet), and the team's lone worker policy (Cat has not agreed to it yet)."""

from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy.orm import Session

from server.acts import paper, sheets
from server.acts.base import Desk, Turn
from server.acts.sheets import Sheet
from server.demo.team import AMY, BEN, DEE, EVE, SLUG, TEAM
from server.store import people, roster
from shared.states import Means

SHEETS = MappingProxyType(
    {
        AMY: Sheet(
            description="1.70 m, short black hair, glasses. Red winter coat, green rucksack.",
            vehicle="Blue Skoda Fabia, AB12 CDE",
            kin="Joe Okafor, husband",
            kin_number="01632 960123",
            other="Allergic to penicillin. Carries her own pen for wasp stings.",
        ),
        DEE: Sheet(
            description="1.62 m, long grey hair in a plait. Navy fleece with the trust's name.",
            vehicle="Bicycle, yellow, with a basket",
            kin="Ruth Marsh, sister",
            kin_number="01632 960147",
        ),
    }
)


WORDS = MappingProxyType(
    {
        "purpose": "In January a colleague sat two hours in a locked flat, and nobody missed her."
        " That must not happen again. This policy is short so that it is read.",
        "risk": "A first visit, a known threat, a dog or a dark stairwell make a visit high risk."
        " Two go together where there was violence before. If in doubt: high risk.",
        "rescue": "Whoever has charge rings 999 after the second call that is not answered, says"
        " 'lone worker, no contact', and reads out the sheet. Key safes are known to the office.",
        "violence": "Leave first, explain later. Warnings about an address are kept in the record"
        " and looked at every three months.",
        "training": "Half an hour on the first day, with a practice alarm; again each spring.",
        "wellbeing": "Eve rings whoever felt uneasy on the same day. The staff helpline is free.",
    }
)
AGREED = MappingProxyType({EVE: 1, AMY: 2, DEE: 2, BEN: 5})
"""So many days after it was issued. There is nothing about supervision yet: a hole to be seen."""


def write_policy(session: Session, desk: Desk, now: datetime) -> None:
    """Eve writes and issues it; most agree in the days that follow."""
    org = roster.organisation(session, SLUG)
    assert org is not None, "the team is imported first"  # noqa: S101
    house = roster.roster_of(session, org)
    team, eve = house.teams[TEAM], house.people[EVE.ref]
    turn = Turn(session, desk, now, now, Means.PAGE, eve)
    paper.save_draft(turn, team, WORDS, 0, set(WORDS))
    paper.issue(turn, house, team, 0)
    for member, days in AGREED.items():
        at = now + timedelta(days=days)
        live = paper.live_of(session, desk, house, team, at)
        paper.agree(Turn(session, desk, at, at, Means.PAGE, house.people[member.ref]), live, 1)


def write_sheets(session: Session, desk: Desk, now: datetime) -> None:
    """Each writes her own."""
    org = roster.organisation(session, SLUG)
    assert org is not None, "the team is imported first"  # noqa: S101
    for member, sheet in SHEETS.items():
        person = people.by_ref(session, org.id, member.ref)
        assert person is not None, "everybody is imported"  # noqa: S101
        sheets.write(Turn(session, desk, now, now, Means.PAGE, person), person, sheet)

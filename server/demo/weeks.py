"""What the team did in the weeks before: who was where, when, and the days that went wrong.

Always the same weeks, counted back from the demo's own day, so that what is shown can be told of.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from server.demo.day import ZONE
from server.demo.team import AMY, BEN, CAT, DEE, EVE, Member
from shared.states import AlarmOutcome, CloseOutcome, VisitKind

DAYS = 22
SATURDAY = 5
BEGINNINGS = (time(9, 5), time(10, 50), time(14, 15))
PLACES = (
    "12 High Street", "4 Mill Lane", "Flat 9 Elm Court", "31 Station Road", "7 Church Walk",
    "Orchard House, room 14", "58 Victoria Terrace", "2 The Paddock", "Flat 3 Weir View",
    "19 Canal Street", "44 Beech Avenue", "1 Quarry Cottages",
)  # fmt: skip


@dataclass(frozen=True)
class Outing:
    """One visit as it went: how long it was to be, and how she ended it."""

    who: Member
    at: datetime
    place: str
    minutes: int
    over_by: int
    """Minutes after its end at which she closes it; below nought, before."""
    more: int = 0
    by_text: bool = False
    kind: VisitKind = VisitKind.VISIT
    outcome: CloseOutcome = CloseOutcome.SAFE
    trouble: "Trouble | None" = None


@dataclass(frozen=True)
class Trouble:
    """What happens where she does not close it: who answers, what they say, how it ends."""

    outcome: AlarmOutcome
    owner: Member | None = None
    answers_after: timedelta = timedelta(minutes=2)
    lasts: timedelta = timedelta(minutes=12)
    note: str = ""
    cries: bool = False
    """She sends an SOS; otherwise she is overdue."""
    unreached: Member | None = None
    """Whose phone is off, so that no text reaches it."""


def _false(minutes: int) -> Trouble:
    """She forgot, and ends the alarm herself with her PIN."""
    return Trouble(AlarmOutcome.FALSE_ALARM, lasts=timedelta(minutes=minutes))


TROUBLES = {
    (2, DEE.ref, 2): _false(4),
    (4, DEE.ref, 1): Trouble(
        AlarmOutcome.SAFE, BEN, note="Rang her: phone was in the car, she is having tea with him."
    ),
    (5, DEE.ref, 0): _false(6),
    (6, BEN.ref, 2): Trouble(
        AlarmOutcome.HARMED, EVE, timedelta(minutes=8), timedelta(minutes=55),
        "Slipped on the stairs, ankle badly swollen. Cat drove him to the walk-in centre.",
        unreached=AMY,
    ),
    (8, DEE.ref, 2): _false(5),
    (9, AMY.ref, 1): Trouble(
        AlarmOutcome.SAFE, DEE, timedelta(minutes=1), timedelta(minutes=20),
        "Dog loose in the hall. She is in her car with the doors locked and drives on.", cries=True,
    ),
    (11, AMY.ref, 2): Trouble(
        AlarmOutcome.FALSE_ALARM, CAT, timedelta(minutes=1), timedelta(minutes=3),
        "Rehearsal agreed at the team meeting: everybody answered.", cries=True,
    ),
    (13, BEN.ref, 2): Trouble(
        AlarmOutcome.EMERGENCY_SERVICES, AMY, timedelta(minutes=2), timedelta(minutes=30),
        "Client had collapsed, Ben stayed with him until the ambulance came.",
    ),
    (14, AMY.ref, 2): Trouble(
        AlarmOutcome.SAFE, DEE, timedelta(minutes=4), note="Stuck in a lift without signal."
    ),
}  # fmt: skip
"""By days ago, worker and visit of the day. Counted in working days."""


def outings(today: date) -> Iterator[Outing]:
    """Every visit of the weeks before `today` and of its morning, day by day."""
    for day in (today - timedelta(days=ago) for ago in range(DAYS, -1, -1)):
        for who in _out_on(day):
            yield from _day(who, day, _working_days(day, today), only_morning=day == today)


def _out_on(day: date) -> tuple[Member, ...]:
    """All three on working days; one of them every other Saturday."""
    if day.weekday() < SATURDAY:
        return AMY, BEN, DEE
    return (AMY,) if day.weekday() == SATURDAY and day.toordinal() // 7 % 2 == 0 else ()


def _working_days(day: date, today: date) -> int | None:
    """How many working days ago that was; None for a Saturday."""
    if day.weekday() >= SATURDAY:
        return None
    days = [day + timedelta(days=n) for n in range(1, (today - day).days + 1)]
    return sum(one.weekday() < SATURDAY for one in days)


def _day(who: Member, day: date, ago: int | None, *, only_morning: bool) -> Iterator[Outing]:
    for n, begins in enumerate(BEGINNINGS):
        if only_morning and n > 1:
            return
        chance = _Chance(f"{who.ref}{day.toordinal()}{n}")
        late = timedelta(minutes=chance.below(25))
        at = datetime.combine(day, begins, ZONE) + late
        yield _outing(who, at, chance, TROUBLES.get((ago or 0, who.ref, n)))
    if who is BEN and day.weekday() in (0, 3) and not only_morning:
        at = datetime.combine(day, time(16, 50), ZONE)
        yield Outing(who, at, "Home", 45, -8, by_text=True, kind=VisitKind.HOME)


def _outing(who: Member, at: datetime, chance: "_Chance", trouble: Trouble | None) -> Outing:
    minutes = (30, 40, 45, 45, 60)[chance.below(5)]
    kind = chance.below(100)
    over_by, more = -2 - chance.below(9), 0
    if kind < 12:
        more = (10, 15, 20)[chance.below(3)]
    elif kind < 22 or (who is DEE and kind < 34):
        over_by = 1 + chance.below(3)
    outcome = CloseOutcome.SAFE
    if 95 <= kind < 98:
        outcome = CloseOutcome.LEFT_EARLY
    elif kind >= 98:
        outcome = CloseOutcome.UNEASY
    place = PLACES[chance.below(len(PLACES))]
    by_text = who is BEN or chance.below(8) == 0
    return Outing(who, at, place, minutes, over_by, more, by_text, outcome=outcome, trouble=trouble)


class _Chance:
    """The same dice on every machine."""

    def __init__(self, seed: str) -> None:
        self._seed, self._thrown = seed, 0

    def below(self, sides: int) -> int:
        """A number from nought up to, but not, `sides`."""
        self._thrown += 1
        digest = sha256(f"{self._seed}/{self._thrown}".encode()).digest()
        return int.from_bytes(digest[:4], "big") % sides

"""Being away: others are told in her stead, while there are others."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mobile.core import words
from mobile.core.facts import Facts
from mobile.core.show_day import away_words, cover_here
from mobile.core.show_strip import strip
from mobile.core.state import AwayState, Pick
from mobile.core.viewmodels import Doing, ViewModel
from mobile.core.waits import not_yet
from mobile.ports import Pattern
from shared.spans import is_either_half, next_wall_time, parse_clock

HOURS = (1, 4)
MORNING = 9
REST = "The rest of today"


def times(now: datetime, zone: ZoneInfo) -> dict[str, datetime]:
    """Until when she may be away at one tap, by name."""
    midnight = next_wall_time(0, 0, zone, now)
    hours = {f"For {n} h": now + timedelta(hours=n) for n in HOURS}
    morning = next_wall_time(MORNING, 0, zone, midnight)
    return {**hours, REST: midnight, f"Until tomorrow at {MORNING}": morning}


def read_time(said: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The next moment at which clocks show what was typed ('18:00'); None where that is no time."""
    clock = parse_clock(said)
    if clock is None:
        return None
    return next_wall_time(*clock, zone, now, either_half=is_either_half(said))


def show_away(facts: Facts, message: str = "") -> AwayState:
    """Whether she is away, as the server last said it, and what she changed since."""
    pending = facts.pending("me", "away")
    found = times(facts.now, facts.zone)
    return AwayState(
        strip=strip(facts, cover_here(facts)),
        away=away_words(facts),
        pending=not_yet(facts, pending) if pending else "",
        options=tuple(Pick(name, name) for name in found),
        message=message,
    )


class AwayModel(ViewModel[AwayState]):
    """Away, and back."""

    def __init__(self, doing: Doing) -> None:
        super().__init__(lambda facts: show_away(facts, self._message))
        self._doing = doing
        self._message = ""

    def choose(self, name: str) -> bool:
        """Until one of the times that are offered."""
        facts = self._doing.facts()
        return self._become(times(facts.now, facts.zone)[name])

    def until(self, said: str) -> bool:
        """Until the time that was typed; False, and said, where it is none."""
        facts = self._doing.facts()
        at = read_time(said, facts.now, facts.zone)
        if at is None:
            self._message = words.NO_TIME
            self._doing.haptics.play(Pattern.WRONG)
            self._doing.again()
            return False
        return self._become(at)

    def back(self) -> bool:
        """There again."""
        return self._become(None)

    def _become(self, until: datetime | None) -> bool:
        self._message = ""
        return self._doing.do(lambda: self._doing.acts.away(until))

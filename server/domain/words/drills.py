"""What a drill says: that it is one before anything else, and nothing that could frighten."""

from datetime import timedelta

from server.domain.words.fit import fit
from shared.spans import minutes_words

DRILL = "DRILL, practice only, no emergency."


def asks(who: str, team: str, link: str | None) -> str:
    """The text, or with a `link` the e-mail, that asks one person for a sign."""
    if link is None:
        return fit(
            DRILL + " {who} asks {team}: would a call for help reach you? Reply 1.",
            team=team,
            who=who,
        )
    return (
        f"{DRILL} {who} asks {team}: would a call for help reach you? Open this and press the"
        f" button: {link}"
    )


def thanks(who: str, after: timedelta) -> str:
    """What she hears when she has answered."""
    return fit(
        f"Thank you: {took(after)}. This was a drill of {{who}}'s; nothing more to do.", who=who
    )


def took(after: timedelta) -> str:
    """How soon an answer came."""
    return f"answered {how_soon(after)}"


def how_soon(after: timedelta) -> str:
    """'after 3 min'."""
    minutes = after // timedelta(minutes=1)
    return f"after {minutes_words(minutes)}" if minutes else "within a minute"

"""Texts to the worker herself. A stranger may read them over her shoulder: they never say alarm,
safety, client or danger."""

from server.domain.words.fit import fit, where


def done(asks_pin: bool, word: str = "DONE") -> str:
    """How to finish by text."""
    return f"{word} and your PIN" if asks_pin else word


def more(asks_pin: bool) -> str:
    """How to have more time by text."""
    return "MORE 15 and your PIN" if asks_pin else "MORE 15"


def warn(ends: str, minutes: int, asks_pin: bool) -> str:
    """Before the end: nobody else hears of this."""
    return fit(
        f"Your {ends} booking is up in {minutes} min. Reply {done(asks_pin)} or {more(asks_pin)}."
    )


def nudge(ends: str, asks_pin: bool) -> str:
    """In the grace after the end."""
    return fit(
        f"Your {ends} booking is up. Reply {done(asks_pin)} or, for longer, {more(asks_pin)}."
    )


def nudge_check_in(due: str) -> str:
    """In the grace after a check-in that was owed during a visit."""
    return fit(f"Your {due} call is due. Reply OK.")


def not_started(starts: str) -> str:
    """In the grace after a planned start."""
    return fit(f"Your {starts} booking has not begun. Begin it in the app or ring the office.")


def owned(owner: str, ends: str | None) -> str:
    """Somebody has taken charge of her alarm."""
    about = f"your {ends} booking" if ends else "your message"
    return fit(f"{{owner}} has {about} in hand.", owner=owner)


def on_behalf(who: str, what: str, place: str) -> str:
    """Somebody acted for her."""
    words = f"{{who}} {what} for you{{place}}. Not right? Ring the office."
    return fit(words, place=where(place), lead=": ", who=who)


def ended(who: str, ends: str | None, at: str) -> str:
    """Somebody else has ended what was raised about her, and her visit with it if it was about
    that: her `ends` booking, or, with None, her SOS."""
    if ends is None:
        return fit(f"{{who}} has closed your message ({at}). Still need us? Send SOS.", who=who)
    return fit(
        f"{{who}} has closed your {ends} booking ({at}). Not right? Ring the office.", who=who
    )


def goes_on(who: str, ends: str, until: str) -> str:
    """Somebody else has ended what was raised about her booking; she has until then."""
    return fit(
        f"{{who}} spoke for your {ends} booking: it is up at {until} now."
        " Not right? Ring the office.",
        who=who,
    )


def open_again(who: str, ends: str, until: str, asks_pin: bool) -> str:
    """What was closed for her eyes alone is open, and always was."""
    return fit(
        f"Your {ends} booking is open again ({{who}}): reply {done(asks_pin)} by {until}.", who=who
    )


def pins_of_before(page: str) -> str:
    """Her duress is over, and the PINs she had to choose in it are not hers."""
    return fit(
        "Your newest PINs were not kept: those from before count again."
        f" To choose others: the app, or {page}."
    )


def choose_pins(who: str, page: str) -> str:
    """Somebody asks her to choose new PINs; those she has work until then."""
    words = f"{{who}} asks you to choose new PINs. Do it in the app or at {page}."
    return fit(words, who=who)

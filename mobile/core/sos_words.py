"""What is said of a call for help: in words that tell a bystander nothing."""

from mobile.core.waits import Delay

OUT = "Your message is out. See how it stands, or end it."
NOT_SENT = "Your message is not sent yet. See what you can do."
REFUSED = "Your message was not sent. See what you can do."
UNHEARD = "Your message is out, and no answer came since. See what you can do."
UNTOLD = "Your message reaches nobody now. See what you can do."


def on_phone(at: str) -> str:
    """It is stored here."""
    return f"On this phone {at}"


def office(at: str = "") -> str:
    """The server has it."""
    return f"Office has it {at}".strip()


def told() -> str:
    """The server has it and nobody has answered."""
    return "People are being told. Nobody has answered yet"


def untold(why: str) -> str:
    """The server has it and cannot pass it on."""
    return f"Nobody can be told: {why}. Ring 999, or somebody who can come"


def unheard(lost: str, since: str, said: str) -> str:
    """How it stood when last heard: whoever acted then may have stopped."""
    return f"{lost} since {since}. Last heard: {said}"


def again(at: str, how: str) -> str:
    """Another call while the one before is known: this one is not."""
    return f"Your new message of {at}: {how[:1].lower()}{how[1:]}"


def acting(name: str, at: str) -> str:
    """Somebody has taken charge."""
    return f"{name} is acting {at}".strip()


def ended(at: str, *, others: bool = False) -> str:
    """It is over. `others`: not by this phone."""
    return (
        f"Ended {at}, not from this phone. Still need help? Hold SOS" if others else f"Ended {at}"
    )


def overdue_too(place: str) -> str:
    """Her visit's own alarm is out besides."""
    return f"{place} is overdue and people are being told: end that with your PIN too"


def nobody() -> str:
    """There is nobody this phone could tell."""
    return "This phone is not set up yet, so it can tell nobody. Ring 999"


def earlier(at: str) -> str:
    """One that is long over."""
    return f"Your last message was sent {at}"


def not_taken(*, still: bool) -> str:
    """The same on every screen. `still`: this phone is signed out."""
    return f"Your message was not sent. {signed_out() if still else was_signed_out()}."


def signed_out() -> str:
    """It was refused because the phone is signed out."""
    return "This phone is signed out. Your managers are told. Ring 999 if you can"


def was_signed_out() -> str:
    """It was refused when the phone was signed out, which it is no longer."""
    return "This phone was signed out then. Still need help? Hold SOS"


_WAITING = {
    Delay.SENDING: "Sending to the office",
    Delay.NO_ANSWER: "Not sent yet: no answer, trying again. Ring, or send the text",
    Delay.NO_SIGNAL: "Not sent yet: waiting for signal. Ring, or send the text",
}


def waiting(delay: Delay) -> str:
    """Nobody else knows of it yet."""
    return _WAITING[delay]

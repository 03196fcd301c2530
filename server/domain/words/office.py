"""Texts to managers about what was done in the office or on the server."""

from server.domain.words.fit import fit


def signed_out(name: str, at: str, due: str) -> str:
    """Somebody's phone was signed out while a visit of hers is open.

    It asks nobody to ring her: whoever sends it does not know whether that is safe.
    """
    words = (
        f"{{name}}'s phone was signed out by the office at {at}. A visit of theirs is open, due at"
        f" {due}, and is still watched."
    )
    return fit(words, name=name)


def sos_from_ended_phone(name: str, at: str) -> str:
    """Somebody pressed SOS on a phone that was signed out; nothing else is done about it."""
    return fit(
        f"SOS at {at} from a phone of {{worker}}'s that is signed out: no alarm was raised."
        " Find out at once whether all is well.",
        worker=name,
    )

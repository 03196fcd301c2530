"""The safety chain as sentences, each with what is known of it."""

from datetime import datetime

from mobile.core import words
from mobile.core.facts import Facts
from mobile.core.state import Line
from mobile.core.things import Step


def chain_lines(
    facts: Facts, chain: tuple[Step, ...], known: datetime | None = None
) -> tuple[Line, ...]:
    """The safety chain, a sentence for each step; what reads the same is said once. `known`: when
    the server last confirmed it. Only what lies before that is ticked: of a later step nobody here
    knows whether it was taken."""
    found: dict[str, Line] = {}
    for step in chain:
        done = known is not None and step.at <= known and step.who != "nobody"
        open_still = done or step.at > facts.now
        says = words.chain_line if open_still else words.chain_line_past
        said = says(facts.says(step.at), step.who, step.by)
        said = step.why if step.who == "nobody" and step.why else said
        found.setdefault(said, Line(said, done=done))
    return tuple(found.values())

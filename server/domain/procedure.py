"""What to do about an alarm, step by step: a default for teams that have written none yet."""

import hashlib
from collections.abc import Sequence

MOST_STEPS = 20
LONGEST_STEP = 300

TAKE_CHARGE = "Take charge of the alarm, so that everybody knows who acts."
"""Done as soon as somebody has, without a tick."""

DEFAULT = (
    TAKE_CHARGE,
    "Ring her. Let it ring out, and ring a second time.",
    "Text her: one short question that only she can answer.",
    "Ring her buddy: what was planned, and has anybody heard from her?",
    "Ring the place she visited, if a number is known. Say only that you are looking for her.",
    "Is her car still there, or is she at home? Ask somebody near to look. Nobody goes in alone.",
    "Still nothing, or in doubt at any time: ring 999 at once. Open her sheet and read it out.",
    "Tell your manager on duty. Ring her next of kin when the police agree.",
    "When she is found: make sure she is not alone, and that somebody sees her home.",
)

HANDS_OFF = (
    "Do not ring or text her: somebody may be beside her, and may see it.",
    "Ring 999. Say that she has signalled that she is under threat, and where she is.",
    "Open her sheet and read out the place, her description and her car.",
    "Stay on the line, and do what the police say.",
    "Tell your manager on duty. Nobody goes there without the police.",
    "When she is safe: make sure that she is not alone, and that somebody sees her home.",
)
"""For a duress, whatever a team has written: its own steps may begin with ringing her."""


def step_key(words: str) -> str:
    """What a tick refers to: the step's very words, so that a changed step is a new one."""
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def read_steps(text: str) -> list[str]:
    """The steps in a field with one on each line; empty lines and the spaces around do not count.

    Raises ValueError with one plain sentence where there are none, too many or too long ones.
    """
    steps = [" ".join(line.split()) for line in text.splitlines()]
    steps = list(dict.fromkeys(step for step in steps if step))
    if not steps:
        raise ValueError("Write at least one step.")
    if len(steps) > MOST_STEPS:
        raise ValueError(f"Write {MOST_STEPS} steps at most.")
    long = next((n for n, step in enumerate(steps, 1) if len(step) > LONGEST_STEP), None)
    if long is not None:
        raise ValueError(f"Step {long} is too long: {LONGEST_STEP} characters at most.")
    return steps


def steps_for(written: Sequence[str] | None, *, hands_off: bool) -> tuple[str, ...]:
    """The steps for one alarm."""
    if hands_off:
        return HANDS_OFF
    return tuple(written) if written else DEFAULT

"""What to do about an alarm, step by step: a default for teams that have written none yet."""

import hashlib
from collections.abc import Sequence

MOST_STEPS = 20
LONGEST_STEP = 300

TAKE_CHARGE = "Take charge of the alarm, so that everybody knows who acts."
"""Done as soon as somebody has, without a tick."""

DEFAULT = (
    TAKE_CHARGE,
    "Ring the worker. Let it ring out, and ring a second time.",
    "Text: one short question that only the worker can answer.",
    "Ring the buddy: what was planned, and has anybody heard anything?",
    "Ring the place of the visit, if a number is known. Say only that you look for a colleague.",
    "Is the car still there, or anybody at home? Ask somebody near to look. Nobody goes in alone.",
    "Still nothing, or in doubt at any time: ring 999 at once. Open the sheet and read it out.",
    "Tell your manager on duty. Ring the next of kin when the police agree.",
    "When found: nobody is left alone, and somebody sees the worker home.",
)

HANDS_OFF = (
    "Do not ring or text the worker: whoever is beside them may see it.",
    "Ring 999. Say that a worker has signalled to be under threat, and where.",
    "Open the sheet and read out the place, the description and the car.",
    "Stay on the line, and do what the police say.",
    "Tell your manager on duty. Nobody goes there without the police.",
    "When it is over: nobody is left alone, and somebody sees the worker home.",
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

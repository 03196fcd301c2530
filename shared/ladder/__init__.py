"""The ladder: who is told what, when, and why. The plan that is shown is the plan that is run.

Pure: no clock, no database, no framework. The engine takes its next steps from `climb`, and the
phone, the text STATUS and every page show `plan`, which is the same walk carried on into the
future.

How a ladder is walked (contract, section 4 and P5):

- A rung goes `after_s` after the raise. What a rung gives its people is the wait until the next.
- A rung that reaches nobody who can be waited for gives no wait: the later ones move up by it.
  Nobody can be told, or only people who are on a visit themselves (they are texted, not called).
- Somebody under a hidden alarm of her own is told and waited for as ever, because anything else
  would show on her phone. Where a rung reaches nobody but her, whoever would be told after her is
  told `aside`, at the same moment and out of her sight.
- The absent, those who passed and those with an open alarm of their own are left to the
  broadcast, which leaves nobody out. A ladder in which nobody is left is a broadcast at once.
- Nobody is ever told of her own alarm.
"""

from shared.ladder.parts import Circle, Cursor, Firing, Ladder, Party, Step, Telling, ladder_for
from shared.ladder.walk import PASS_QUIET, climb, plan, reaches_anyone, ways_for

__all__ = [
    "PASS_QUIET",
    "Circle",
    "Cursor",
    "Firing",
    "Ladder",
    "Party",
    "Step",
    "Telling",
    "climb",
    "ladder_for",
    "plan",
    "reaches_anyone",
    "ways_for",
]

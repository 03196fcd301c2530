"""Why something was not done: one type per outcome, each with one plain sentence for a person."""

from typing import Any, ClassVar


class Refusal(Exception):
    """Not done, and why. `extra` goes into the API's answer; `kept` tells the store that the
    refusal itself leaves a trace (a wrong PIN is counted) and what was written must be stored;
    `heading` stands over its sentence on a page, '' for the usual one."""

    kind: ClassVar[str] = "refused"
    heading: ClassVar[str] = ""
    kept: bool = False

    def __init__(self, sentence: str, **extra: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.extra = extra


class NotYours(Refusal):
    """It does not exist, or not for this person (P7): the two must look the same."""

    kind = "not-found"

    def __init__(self, what: str = "visit") -> None:
        super().__init__(f"There is no such {what}.")


class Forbidden(Refusal):
    """She may see it but not do that."""

    kind = "forbidden"


class PinRequired(Refusal):
    """The team asks for the worker's PIN here and none was given."""

    kind = "pin-required"


class PinWrong(Refusal):
    """A PIN was given and is not hers. Counted, whether or not one was asked for."""

    kind = "pin-wrong"
    kept = True


class BadField(Refusal):
    """One field is not usable; says which, and what would be right."""

    kind = "invalid"

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence, errors={field: [sentence]})
        self.field = field


class Conflict(Refusal):
    """It cannot be done as things stand now; says how they stand."""

    kind = "conflict"


class AlreadyClosed(Conflict):
    """The visit is over; says how it ended."""

    kind = "visit-closed"


class AlreadyOwned(Conflict):
    """Somebody else has charge of this alarm; says who."""

    kind = "alarm-owned"


class OpenVisit(Conflict):
    """Another visit of hers is still open and cannot be closed without her PIN."""

    kind = "visit-open"


class IdReused(Conflict):
    """The id belongs to another request of this person's (P6)."""

    kind = "id-reused"


class CodeRefused(Refusal):
    """The enrolment code is wrong, used or old; which of them is nobody's business."""

    kind = "code-refused"
    kept = True


class TooManyTries(Refusal):
    """Guessing is slow here; says how many whole seconds to wait."""

    kind = "too-many-tries"

    def __init__(self, sentence: str, retry_after_s: int) -> None:
        super().__init__(sentence, retry_after_s=retry_after_s)
        self.retry_after_s = retry_after_s

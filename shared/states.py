"""The words Wayhome is made of (contract, section 1), as enums stored as text."""

from enum import StrEnum


class VisitKind(StrEnum):
    """One machinery, three uses: with a client, between clients, home safe at day's end."""

    VISIT = "visit"
    TRAVEL = "travel"
    HOME = "home"


class VisitStatus(StrEnum):
    """`planned -> open -> closed`; `planned -> cancelled`."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Risk(StrEnum):
    """How much a visit worries its team: high-risk visits have less grace and the urgent ladder."""

    STANDARD = "standard"
    HIGH = "high"


class CloseOutcome(StrEnum):
    """How the worker felt when she left. Leaving early is never a fault."""

    SAFE = "safe"
    LEFT_EARLY = "left_early"
    UNEASY = "uneasy"


class ClosedHow(StrEnum):
    """What ended a visit."""

    WORKER = "worker"
    ON_BEHALF = "on_behalf"
    MOVED_ON = "moved_on"
    ALARM_RESOLVED = "alarm_resolved"


class AlarmKind(StrEnum):
    """What an alarm says happened."""

    OVERDUE = "overdue"
    SOS = "sos"
    DURESS = "duress"
    NOT_STARTED = "not_started"


class AlarmStatus(StrEnum):
    """`raised -> owned -> resolved`, back to `raised` when ownership lapses or is released."""

    RAISED = "raised"
    OWNED = "owned"
    RESOLVED = "resolved"


class AlarmOutcome(StrEnum):
    """How an alarm ended."""

    SAFE = "safe"
    FALSE_ALARM = "false_alarm"
    HARMED = "harmed"
    EMERGENCY_SERVICES = "emergency_services"


class Way(StrEnum):
    """A way to reach a person."""

    TEXT = "text"
    CALL = "call"
    EMAIL = "email"
    PUSH = "push"


class Means(StrEnum):
    """How something reached Wayhome: the log's 'by'."""

    APP = "app"
    TEXT = "text"
    CALL = "call"
    PAGE = "page"
    COMMAND = "command"
    ENGINE = "engine"
    GATEWAY = "gateway"


class Role(StrEnum):
    """What a person is in her team; one person may be several."""

    WORKER = "worker"
    BUDDY = "buddy"
    COVER = "cover"
    MANAGER = "manager"
    ADMIN = "admin"
    CONTACT = "contact"


class PinRule(StrEnum):
    """Whether closing and extending before a raise ask for the worker's PIN."""

    NEVER = "never"
    TEXT_ONLY = "text_only"
    ALWAYS = "always"


class AskBuddy(StrEnum):
    """How a buddy is asked to accept a watch."""

    APP = "app"
    TEXT = "text"
    NEVER = "never"


class WayOut(StrEnum):
    """Whether alarms can leave the house: `none` = every provider refuses or accepts nothing."""

    OK = "ok"
    DEGRADED = "degraded"
    NONE = "none"


WATCHFUL = (Role.BUDDY, Role.COVER, Role.MANAGER, Role.CONTACT)
URGENT_KINDS = frozenset({AlarmKind.SOS, AlarmKind.DURESS})
OPEN_ALARM = frozenset({AlarmStatus.RAISED, AlarmStatus.OWNED})

"""What each screen shows: frozen, whole, and made anew whenever anything changes. No logic."""

from dataclasses import dataclass, field

from mobile.core.cover import Cover


@dataclass(frozen=True)
class Problem:
    """Something the server would not do; shown until she has dismissed it by its key. `again`:
    she can change it and try again, without typing all of it anew."""

    key: str
    words: str
    again: bool = False


@dataclass(frozen=True)
class TextOffer:
    """A text with its command already written, for signal without data. `to` may be unknown;
    `hint`: what she has to add to it."""

    to: str
    text: str
    words: str
    hint: str = ""


@dataclass(frozen=True)
class Line:
    """One sentence of a list, and whether it has come true."""

    words: str
    done: bool = False


@dataclass(frozen=True)
class Strip:
    """What stands on every screen: who may be told now, what waits, what went wrong. `sos`:
    how far her call for help has got; `alarm`: somebody else's, in which nobody is acting yet,
    or (`alarm_mine`) she is; `asked`: that she is asked to watch over somebody; `over`: that an
    alarm of somebody else's has just ended; `not_begun`: that people are told of her own visit."""

    cover: Cover
    notice: str = ""
    waiting: str = ""
    signed_out: str = ""
    problems: tuple[Problem, ...] = ()
    sos: str = ""
    sos_waits: bool = False
    alarm: str = ""
    alarm_id: str = ""
    alarm_mine: bool = False
    asked: str = ""
    over: str = ""
    not_begun: str = ""


@dataclass(frozen=True)
class EnrolState:
    """Making this phone hers."""

    address: str = ""
    message: str = ""
    busy: bool = False
    done: bool = False


@dataclass(frozen=True)
class Pick:
    """One of several, and whether it is chosen."""

    key: str
    words: str
    chosen: bool = False


@dataclass(frozen=True)
class Choice:
    """A visit that two taps start. `visit`: of a planned one; `keeps`: that it is of another day,
    so that a start now is one visit more and leaves it planned."""

    place: str
    minutes: int
    button: str
    when: str = ""
    visit: str | None = None
    keeps: str = ""


@dataclass(frozen=True)
class Running:
    """Her open visit in a few words. `head`: how it stands; `more`: until when, or what waits."""

    visit: str
    place: str
    head: str
    more: str


@dataclass(frozen=True)
class TodayState:
    """Where she is going. `leaves`: what a visit started now would end, '' for nothing; `asks_pin`:
    whether her PIN is needed for that. `can_start`, `can_go_home`: whether that is offered as
    something to do now."""

    name: str
    strip: Strip
    running: tuple[Running, ...] = ()
    planned: tuple[Choice, ...] = ()
    recent: tuple[Choice, ...] = ()
    alarms: int = 0
    watching: int = 0
    ended: str = ""
    leaves: str = ""
    asks_pin: bool = False
    can_start: bool = True
    can_go_home: bool = True
    away: str = ""


@dataclass(frozen=True)
class StartState:
    """A visit before it starts. `asks`: after its place, '' where none is asked for; `wrong`: what
    `message` is about, place or note; `leaves`: what it ends, '' for nothing; `asks_pin`: whether
    her PIN is needed for that; `longer`: why more than usual is suggested, '' where it is not."""

    strip: Strip
    head: str
    asks: str
    place: str
    lengths: tuple[Pick, ...]
    risks: tuple[Pick, ...]
    watchers: tuple[Pick, ...]
    until: str
    longer: str
    note: str
    chain: tuple[Line, ...]
    button: str
    message: str = ""
    wrong: str = ""
    leaves: str = ""
    asks_pin: bool = False


@dataclass(frozen=True)
class VisitState:
    """On a visit. `phase`: open, alarm, closing (may be taken back), closed, refused. `safe`: the
    words of the key that ends it. `outcomes`: how it was, while that may be said. `may_take_back`:
    that a close which waits has not left this phone."""

    strip: Strip
    visit: str
    phase: str
    place: str
    safe: str
    who: str
    countdown: str
    left: str
    until: str
    cover: Cover
    check_in: str = ""
    check_in_owed: bool = False
    pending: str = ""
    message: str = ""
    asks_pin: bool = False
    undo_s: int = 0
    may_take_back: bool = False
    outcomes: tuple[Pick, ...] = ()
    chain: tuple[Line, ...] = ()
    alarm: str | None = None
    text: TextOffer | None = None


@dataclass(frozen=True)
class SosState:
    """The truth about a call for help. `phase`: on_phone, office, untold (it can tell nobody),
    acting, unheard (one of these three, when last heard), ended, past (long over), refused, nobody
    (it is nobody's phone yet), none."""

    phase: str
    alarm: str | None = None
    lines: tuple[Line, ...] = ()
    offers_call: bool = False
    text: TextOffer | None = None
    can_stand_down: bool = False
    message: str = ""
    loud: bool = False


@dataclass(frozen=True)
class PastVisit:
    """A visit that is over."""

    visit: str
    place: str
    when: str
    how: str


@dataclass(frozen=True)
class HistoryState:
    """What is over, newest first."""

    items: tuple[PastVisit, ...] = ()
    busy: bool = False
    message: str = ""


@dataclass(frozen=True)
class Check:
    """A sentence about this phone, whether it holds, what is so if not, and what to ask the device
    for then."""

    words: str
    done: bool = False
    need: str = ""
    otherwise: str = ""

    @property
    def said(self) -> str:
        """What is so."""
        return self.words if self.done else self.otherwise


@dataclass(frozen=True)
class LeavingState:
    """Signing this phone out. `open`: the visits she is on; `waiting`: what has not been sent."""

    open: tuple[str, ...] = ()
    waiting: str = ""
    message: str = ""
    busy: bool = False
    done: bool = False


@dataclass(frozen=True)
class AwayState:
    """Being away. `away`: as the server last said it; `pending`: what it has not heard."""

    strip: Strip
    away: str
    pending: str
    options: tuple[Pick, ...]
    message: str = ""


@dataclass(frozen=True)
class MeState:
    """Herself, this phone, and whether it can do its part."""

    name: str
    mobile: str
    team: str
    has_pins: bool
    away: str
    strip: Strip
    checks: tuple[Check, ...] = ()
    text_scale: float = 1.0
    theme: str = "system"
    loud: bool = False
    waiting: tuple[Line, ...] = field(default=())
    message: str = ""

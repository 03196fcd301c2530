"""Whom she looks after, as the screens show it: frozen, whole, without logic."""

from dataclasses import dataclass

from mobile.core.state import Strip


@dataclass(frozen=True)
class WatchItem:
    """A visit she is buddy or cover for. `undo_s`: seconds in which a no may be taken back;
    `asks`: whether her answer is of use still."""

    visit: str
    name: str
    place: str
    until: str
    part: str
    answer: str
    pending: str = ""
    undo_s: int = 0
    asks: bool = True


@dataclass(frozen=True)
class AlarmItem:
    """An alarm she was told of. `silent`: she must not be rung; `taken`: somebody has charge;
    `watched`: it is about a visit that may go on; `written`: her newest note, once it is taken;
    `heard`: when the colleague was due and last heard; `said`: what came from them since;
    `stale`: that all this may be otherwise by now; `kept`: how long it is hers."""

    alarm: str
    kind: str
    name: str
    place: str
    since: str
    owner: str
    mine: bool
    then: str
    pending: str = ""
    written: str = ""
    taken: bool = False
    silent: bool = False
    ring: str = ""
    watched: bool = False
    heard: str = ""
    said: tuple[str, ...] = ()
    stale: str = ""
    kept: str = ""


@dataclass(frozen=True)
class WatchingState:
    """Whom she looks after now; alarms first."""

    strip: Strip
    alarms: tuple[AlarmItem, ...] = ()
    visits: tuple[WatchItem, ...] = ()
    since: str = ""

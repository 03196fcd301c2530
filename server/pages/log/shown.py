"""Rows and stories of the log in words, the same for the page and for every copy taken away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from server.acts.history import AlarmPart, Row
from server.acts.seeing import VisitSeen, see_alarm
from server.acts.story import Sent, Story
from server.pages.log import words
from server.pages.log.times import day_and_time, length, time_near
from server.store.alarms import Alarm
from server.store.messages import Fate, Purpose
from server.store.named import TeamName
from server.store.people import Person

SAME_MOMENT = timedelta(seconds=60)
PURPOSES = {
    Purpose.ALARM.value: "the alarm",
    Purpose.BROADCAST.value: "the alarm, to everybody",
    Purpose.NEWS.value: "news",
    Purpose.OWNED.value: "who has charge",
    Purpose.ASK_OWNER.value: "asking for a sign",
    Purpose.STAND_DOWN.value: "all clear",
    Purpose.WARN.value: "reminder before the end",
    Purpose.NUDGE.value: "reminder after the end",
    Purpose.NOTICE.value: "notice",
}
FATES = {
    Fate.PENDING.value: "waiting to go",
    Fate.SENDING.value: "being sent",
    Fate.ACCEPTED.value: "sent, not yet confirmed",
    Fate.DELIVERED.value: "delivered",
    Fate.FAILED.value: "did not arrive",
    Fate.REPLACED.value: "replaced by a newer one",
    Fate.MOOT.value: "called off, no longer needed",
}
SEEN = {"visit": "this visit", "alarm": "its alarm", "history": "a list", "export": "a copy"}


@dataclass(frozen=True)
class Tag:
    """A word set apart, and the tone it is set apart in; the word says it without the tone."""

    word: str
    tone: str


TONES = {
    "safe": "green",
    "false_alarm": "grey",
    "left_early": "grey",
    "uneasy": "yellow",
    "harmed": "red",
    "emergency_services": "red",
}


@dataclass(frozen=True)
class ShownRow:
    """One line of the list in words."""

    id: UUID
    is_visit: bool
    worker: str
    team: str
    kind: str
    risk: str
    place: str
    starts: datetime
    ends: datetime | None
    closed: datetime | None
    status: str
    how: str
    outcome: str
    late: timedelta | None
    reference: str
    alarms: tuple[AlarmPart, ...]

    @property
    def tags(self) -> list[Tag]:
        """What is to be seen at a glance."""
        found = [Tag(words.ALARM_KINDS[p.alarm.kind], "red") for p in self.alarms]
        ends = {p.seen.outcome for p in self.alarms if p.seen.outcome} - {"safe"}
        found += [Tag(words.OUTCOMES[one], TONES[one]) for one in sorted(ends)]
        if any(p.seen.is_open for p in self.alarms):
            found.append(Tag("Alarm open", "red"))
        return found

    @property
    def ended_safe(self) -> bool:
        """Whether there were alarms and every one of them ended well."""
        ends = [part.seen.outcome for part in self.alarms if not part.seen.is_open]
        return bool(ends) and ends == ["safe"] * len(self.alarms)

    @property
    def alarm_words(self) -> str:
        """'Overdue: safe, answered after 3 min'; for a cell."""
        return "; ".join(alarm_words(part) for part in self.alarms)


def alarm_words(part: AlarmPart) -> str:
    """One alarm in a few words."""
    kind = words.ALARM_KINDS[part.alarm.kind]
    end = words.OUTCOMES.get(part.seen.outcome or "", "open").lower()
    after = part.answered_after
    answer = f", answered after {length(after)}" if after is not None else ""
    return f"{kind}: {end}{answer}"


def row_in_words(row: Row, teams: Mapping[UUID, TeamName], now: datetime) -> ShownRow:
    """One line of the list."""
    visit, seen = row.visit, row.seen
    team = teams.get(row.team_id)
    where = visit.place if visit else str((row.alarms[0].alarm.snapshot or {}).get("place") or "")
    return ShownRow(
        id=row.place.id,
        is_visit=visit is not None,
        worker=row.worker.name,
        team=team.name if team else "",
        kind=words.KINDS[visit.kind] if visit else "Alarm without a visit",
        risk=words.RISKS[visit.risk] if visit else "",
        place=where,
        starts=row.place.at,
        ends=seen.ends_at if seen else None,
        closed=seen.closed_at if seen else row.alarms[0].seen.resolved_at,
        status=_status(seen, row),
        how=words.HOWS.get(seen.closed_how or "", "") if seen else "",
        outcome=words.OUTCOMES.get((seen.close_outcome if seen else None) or "", ""),
        late=row.late_by(now),
        reference=(visit.record_ref if visit else None) or "",
        alarms=row.alarms,
    )


def _status(seen: VisitSeen | None, row: Row) -> str:
    if seen is not None:
        return words.STATUSES[seen.status]
    return "Alarm open" if row.alarms[0].seen.is_open else "Over"


@dataclass(frozen=True)
class Moment:
    """One entry of a visit's timeline in words."""

    at: datetime
    received_at: datetime | None
    said: str
    by: str
    is_alarm: bool


def moments(story: Story) -> list[Moment]:
    """The timeline; `received_at` only where it was received more than a minute later."""
    her = story.visit.worker.name
    return [
        Moment(
            at=line.at,
            received_at=(line.received_at if line.received_at - line.at > SAME_MOMENT else None),
            said=words.line_words(line, story.names, her, story.parts.get(line.id, {})),
            by=words.MEANS.get(line.by, line.by),
            is_alarm=line.what.endswith("_raised"),
        )
        for line in story.lines
    ]


@dataclass(frozen=True)
class ShownMessage:
    """One message in words."""

    at: datetime
    to: str
    what: str
    fate: str
    failed: bool


def sent_in_words(sent: Sequence[Sent]) -> list[ShownMessage]:
    """The messages of a visit."""
    return [
        ShownMessage(
            at=one.decided_at,
            to=one.to,
            what=f"{words.WAYS[one.way].capitalize()}: {PURPOSES[one.purpose]}",
            fate=FATES[one.fate] + (f" ({one.why})" if one.why else ""),
            failed=one.fate == Fate.FAILED,
        )
        for one in sent
    ]


@dataclass(frozen=True)
class ShownLook:
    """Who looked, at what, when."""

    at: datetime
    who: str
    what: str
    by: str


def looks_in_words(story: Story) -> list[ShownLook] | None:
    """Who looked, the latest first; None where this viewer may not know."""
    if story.looks is None:
        return None
    return [
        ShownLook(
            at=look.at,
            who=story.names.get(look.viewer_id, "somebody"),
            what=SEEN.get(look.what, look.what),
            by=words.MEANS.get(look.by, look.by),
        )
        for look in story.looks
    ]


def facts(story: Story, zone: ZoneInfo, now: datetime) -> list[tuple[str, str]]:
    """What a visit was, as pairs of a word and what it is; nothing that is not known."""
    visit, seen = story.visit, story.seen
    start = visit.starts_at
    late = _late(story, now)
    told = [
        ("Worker", visit.worker.name),
        ("Team", story.team.name),
        ("Kind", words.KINDS[visit.kind]),
        ("Where", visit.place),
        ("Risk", words.RISKS[visit.risk]),
        ("Standing", words.STATUSES[seen.status]),
        ("Began", day_and_time(start, zone)),
        ("Should have been over", time_near(seen.ends_at, start, zone)),
        ("Ended", time_near(seen.closed_at, start, zone) if seen.closed_at else ""),
        ("Late by", length(late)),
        ("How it ended", words.HOWS.get(seen.closed_how or "", "")),
        ("How it went", words.OUTCOMES.get(seen.close_outcome or "", "")),
        ("Your reference", visit.record_ref or ""),
        ("Note", visit.note or ""),
    ]
    return [(name, said) for name, said in told if said]


def _late(story: Story, now: datetime) -> timedelta | None:
    seen = story.seen
    ended = seen.closed_at or (now if seen.is_open else None)
    return ended - seen.ends_at if ended and ended > seen.ends_at else None


def title_of(story: Story, zone: ZoneInfo) -> str:
    """'Amy Okafor, 25 Nov 2026 14:30'."""
    return f"{story.visit.worker.name}, {day_and_time(story.visit.starts_at, zone)}"


@dataclass(frozen=True)
class AlarmLine:
    """One alarm of a visit in words."""

    id: UUID
    raised: datetime
    kind: str
    standing: str
    answered: str
    is_open: bool


def alarm_line(alarm: Alarm, viewer: Person) -> AlarmLine:
    """How one alarm went, as this viewer may know it."""
    seen = see_alarm(viewer, alarm)
    part = AlarmPart(alarm, seen)
    owner = f" {seen.owner_name} has charge." if seen.owner_name and seen.is_open else ""
    standing = "Open." + owner if seen.is_open else words.OUTCOMES.get(seen.outcome or "", "Over")
    return AlarmLine(
        id=alarm.id,
        raised=alarm.raised_at,
        kind=words.ALARM_KINDS[alarm.kind],
        standing=standing,
        answered=length(part.answered_after) or "nobody yet",
        is_open=seen.is_open,
    )

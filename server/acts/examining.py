"""What the safety net hangs on, as far as the database knows it: who could fall through, and where.

For operators. Findings about people name them by ref; those about alarms only count them, because
a duress must not show on any screen of its subject.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from server.acts.base import Desk
from server.acts.coverage import FEWEST_ON_DUTY, FEWEST_OTHERS, Coverage, ThinLadder, listed
from server.clock import STEP_S
from server.domain.findings import Finding, fine, hole, note
from server.store import drills, examination, house
from server.store.house import Beat
from server.store.people import Organisation, Person
from server.store.roster import organisations, roster_of
from shared.spans import date_words

ALIVE = timedelta(seconds=15)
LATE_S = 15.0
SLACK = timedelta(seconds=10)
STUCK = timedelta(seconds=90)
UNOWNED_LONG = timedelta(minutes=15)
UNCHAINED_LONG = timedelta(minutes=1)

EXPOSED = (
    f"Fewer than {FEWEST_OTHERS} others can be told of {{who}}: give them buddies, or a manager,"
    " whose numbers are proven."
)
UNREACHABLE = "No way that is set up reaches {who}: give them a mobile number."
BLOCKED = "Our texts are blocked by the numbers of {who}: ask them to text START."
UNPROVEN = (
    "Nobody has proven the numbers of {who}, so they are not counted as cover: have each text"
    " STATUS to Wayhome once, or import with --trust-numbers."
)
WITHOUT_PINS = "Without PINs, so they cannot end an alarm: {who}. Set them in the app or by import."
WITHOUT_BUDDY = "Without a buddy of their own: {who}."
TRUSTED = "Trusted and not proven are the numbers of {who}."

NO_MANAGER = "Nobody manages {team}: give somebody in it the part of a manager, by import."
NO_DRILL = "No drill has been answered {since}: a manager holds one on the page Drills."
DRILLED_WITHIN = timedelta(days=92)


def examine(session: Session, desk: Desk, now: datetime) -> list[Finding]:
    """Everything the database can say; the worst not first."""
    return [
        *examine_engine(session, now),
        *examine_ways(session, now),
        *examine_alarms(session, now),
        *examine_log(session, now),
        *examine_people(session, desk, now),
    ]


def examine_engine(session: Session, now: datetime) -> list[Finding]:
    """Whether an engine is alive, punctual, and goes by a clock that can be believed."""
    round_at = house.the_house(session).round_at
    if round_at is None:
        return [
            hole("engine", "No engine has run yet, so no alarm is raised: start wayhome serve.")
        ]
    found = list(_clocks(house.beats_since(session, now - ALIVE), round_at, now))
    if now - round_at > ALIVE:
        since = span_words(now - round_at)
        sentence = f"No engine has run for {since}, so no alarm is raised: start wayhome serve."
        return [hole("engine", sentence), *found]
    lag_s = house.soonest(session).lag_s(now)
    if lag_s > LATE_S:
        found.append(hole("lateness", f"The engine is {lag_s:.0f} s behind with what is due."))
    return [*found, fine("engine", f"An engine is running and {lag_s:.1f} s late.")]


def _clocks(beats: Sequence[Beat], round_at: datetime, now: datetime) -> list[Finding]:
    found = []
    if (round_at - now).total_seconds() > STEP_S:
        ahead = span_words(round_at - now)
        sentence = (
            f"The last round is {ahead} ahead of this clock, which was set back: put it right."
        )
        found.append(hole("clock", sentence))
    found += [
        hole(
            "clock",
            f"The clock of {beat.host} was set back by {beat.clock_behind_s:.0f} s: put it right,"
            " then restart the engine there.",
        )
        for beat in beats
        if beat.clock_behind_s > STEP_S
    ]
    versions = sorted({beat.version for beat in beats})
    if len(versions) > 1:
        said = ", ".join(versions)
        found.append(note("versions", f"Engines of different versions are running: {said}."))
    return found


def examine_ways(session: Session, now: datetime) -> list[Finding]:
    """Which ways out refuse, since when and why."""
    rows = examination.providers(session)
    down = [(row, row.down_since) for row in rows if row.down_since is not None]
    make = hole if len(down) == len(rows) else note
    found = []
    for row, since in down:
        why = f" {row.why}" if row.why else ""
        sentence = f"{row.name} has accepted nothing for {span_words(now - since)}.{why}"
        found.append(make("way-out", sentence))
    return found


def examine_alarms(session: Session, now: datetime) -> list[Finding]:
    """What must never be: a missed visit without an alarm, an alarm or a message that stands still;
    and alarms that nobody takes charge of."""
    counts = [
        (
            house.unwatched_past_due(session, now - SLACK),
            "unwatched",
            "Open visits past their time without an alarm: {}. Ring them, and restart the engine.",
        ),
        (
            house.alarms_behind(session, now - SLACK),
            "alarms-behind",
            "Alarms whose next step is past: {}. Restart the engine.",
        ),
        (
            house.stale_messages(session, now - STUCK),
            "stuck-messages",
            "Alarm messages that have waited for over 90 s: {}. See the ways out.",
        ),
        (
            examination.unowned_since(session, now - UNOWNED_LONG),
            "unowned-alarms",
            "Alarms over 15 min old that nobody has charge of: {}. Ring the managers.",
        ),
    ]
    return [hole(about, words.format(count)) for count, about, words in counts if count]


def examine_log(session: Session, now: datetime) -> list[Finding]:
    """Whether the log is being chained (P9)."""
    waiting = examination.unchained_since(session, now - UNCHAINED_LONG)
    if not waiting:
        return []
    sentence = f"Log entries not in the chain after a minute: {waiting}. Restart the engine."
    return [hole("log-unchained", sentence)]


def examine_people(session: Session, desk: Desk, now: datetime) -> list[Finding]:
    """Who could not be told, who could not answer, and who would have nobody, by organisation."""
    orgs = organisations(session)
    if not orgs:
        return [hole("people", "Nobody is in the database yet: run wayhome import FILE.")]
    found = []
    for org in orgs:
        lead = f"{org.slug}: " if len(orgs) > 1 else ""
        about_org = _people_of(Coverage(roster_of(session, org), desk), now)
        for finding in (*about_org, _drill(session, org, now)):
            sentence = lead + finding.sentence
            found.append(replace(finding, organisation=org.slug, sentence=sentence))
    return found


def _people_of(coverage: Coverage, now: datetime) -> list[Finding]:
    groups = (
        (hole, "exposed", coverage.exposed(), EXPOSED),
        (hole, "unreachable", coverage.unreachable(), UNREACHABLE),
        (hole, "blocked", coverage.blocked(), BLOCKED),
        (hole, "unproven", coverage.unproven(), UNPROVEN),
        (hole, "without-pins", coverage.without_pins(), WITHOUT_PINS),
        (note, "without-buddy", coverage.without_buddy(), WITHOUT_BUDDY),
        (note, "trusted", coverage.trusted(), TRUSTED),
    )
    found = [
        _about(make(about, words.format(who=listed(people))), people)
        for make, about, people, words in groups
        if people
    ]
    unmanaged = (team.slug for team in coverage.without_manager())
    found += [hole("no-manager", NO_MANAGER.format(team=slug)) for slug in unmanaged]
    return [*found, *(_thin(thin) for thin in coverage.thin_ladders(now))]


def _drill(session: Session, org: Organisation, now: datetime) -> Finding:
    last = drills.last_answered(session, org.id)
    if last is None:
        return note("drill", NO_DRILL.format(since="yet"))
    day = date_words(last.started_at.astimezone(ZoneInfo(org.timezone)).date())
    if now - last.started_at > DRILLED_WITHIN:
        return note("drill", NO_DRILL.format(since=f"since {day}"))
    answered = sum(call.answered_at is not None for call in last.calls)
    return fine("drill", f"The last drill was on {day}: {answered} of {len(last.calls)} answered.")


def _about(finding: Finding, people: Sequence[Person]) -> Finding:
    return replace(finding, who=tuple(person.ref for person in people))


def _thin(thin: ThinLadder) -> Finding:
    which = "urgent ladder" if thin.urgent else "ladder"
    who = f" ({listed(thin.on_duty)})" if thin.on_duty else ""
    sentence = (
        f"People on duty in {thin.team.slug}'s {which}: {len(thin.on_duty)}{who}."
        f" It needs {FEWEST_ON_DUTY}."
    )
    return _about(hole("thin-ladder", sentence), thin.on_duty)


def span_words(span: timedelta) -> str:
    """A length of time in the largest unit that fits."""
    seconds = span.total_seconds()
    for unit, name in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * unit:
            return f"{seconds / unit:.0f} {name}"
    return f"{seconds:.0f} s"

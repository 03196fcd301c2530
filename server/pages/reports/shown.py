"""The figures as charts, tables and sentences."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from server.acts.adding_up import ENOUGH, Answers, Bin, Sum
from server.pages.log.shown import FATES
from server.pages.log.times import length
from server.pages.log.words import ALARM_KINDS, OUTCOMES, WAYS
from server.pages.reports.charts import Chart, chart
from shared.spans import date_words

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WHOLE_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOUR = timedelta(hours=1)
FATE_ORDER = ("delivered", "accepted", "failed", "replaced", "moot", "pending", "sending")


@dataclass(frozen=True)
class Table:
    """A table under a chart; the first column names the row."""

    caption: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True)
class Part:
    """One part of the report: what it is called, what it means, its chart and its table."""

    id: str
    title: str
    meaning: str
    chart: Chart | None
    table: Table
    long: bool = False
    note: str = ""


def share(part: int, whole: int) -> str:
    """'12 of 340 (4 %)'; without a share where the whole is small."""
    if not whole:
        return "none"
    said = f"{part:,} of {whole:,}"
    return f"{said} ({round(100 * part / whole)}\u00a0%)" if whole >= 20 else said


def seconds(span: timedelta | None) -> str:
    """'45 s', '3 min 20 s', '1 h 05'."""
    if span is None:
        return "too few to say"
    total = round(span.total_seconds())
    if total < 60:
        return f"{total} s"
    minutes, rest = divmod(total, 60)
    if minutes >= 60:
        return length(span)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def hours_words(span: timedelta) -> str:
    """'3.5 hours', '40 minutes'."""
    if span < HOUR:
        return f"{span // timedelta(minutes=1)} minutes"
    return f"{span / HOUR:,.1f} hours"


def parts(total: Sum) -> list[Part]:
    """The report, part by part."""
    days = dict(zip(WHOLE_DAYS, total.weekdays.values(), strict=True))
    hours = {f"{hour:02}:00": one for hour, one in total.hours.items()}
    return [
        _weeks(total),
        _causes(total),
        _answers(total),
        _outcomes(total),
        _coverage("days", "By day of the week", days, DAYS),
        _coverage("hours", "By hour of the day", hours, [name[:2] for name in hours]),
        _messages(total),
    ]


def _weeks(total: Sum) -> Part:
    rows = [
        (f"Week of {date_words(week)}", f"{one.visits:,}", f"{one.late:,}", f"{one.alarms:,}")
        for week, one in total.weeks.items()
    ]
    points = [(f"{week.day}/{week.month}", one.visits) for week, one in total.weeks.items()]
    return Part(
        "weeks",
        "Visits",
        "A visit counts in the week in which it began: visits to clients, travel and ways "
        "home that were begun. Late: it ended after the time it should have been over, whatever "
        "the reason. Added time moves that time, so asking for more in time is never late. The "
        "first and last week may be cut short by the days chosen.",
        chart("weeks", "Visits begun, by week", points),
        Table("Visits by week", ("Week", "Visits", "Late", "Alarms"), rows),
        long=len(rows) > 8,
    )


def _causes(total: Sum) -> Part:
    counts = [(words, total.by_kind.get(kind, 0)) for kind, words in ALARM_KINDS.items()]
    return Part(
        "causes",
        "Alarms by cause",
        "Overdue: no sign of life by the end of the grace. SOS: the worker asked for help. Duress: "
        "the duress PIN was used, or five wrong PINs were given. Not started: a planned visit that "
        "nobody began.",
        chart("causes", "Alarms by cause", counts),
        Table("Alarms by cause", ("Cause", "Alarms"), [(w, f"{n:,}") for w, n in counts]),
    )


def _answers(total: Sum) -> Part:
    answers = total.answers
    rows = [
        ("Alarms", f"{answers.alarms:,}"),
        ("Somebody took charge", share(answers.answered, answers.alarms)),
        ("Middle time (median)", seconds(answers.middle)),
        ("Nine in ten within (90th percentile)", seconds(answers.slow)),
    ]
    return Part(
        "answers",
        "Time to the first answer",
        "From the moment an alarm was raised to the moment somebody first took charge of it. Half "
        "of the alarms were answered sooner than the middle time. Alarms that ended before anybody "
        "took charge, for example by the worker's own PIN, have no answer and do not count here.",
        None,
        Table("Time to the first answer", ("", ""), rows),
        note=_few(answers),
    )


def _few(answers: Answers) -> str:
    if answers.middle is not None or not answers.answered:
        return ""
    return (
        f"With fewer than {ENOUGH} answers a middle time would say more about one evening than "
        "about the team, so none is given."
    )


def _outcomes(total: Sum) -> Part:
    counts = [
        (words, total.by_outcome.get(name, 0))
        for name, words in OUTCOMES.items()
        if name in ("safe", "false_alarm", "harmed", "emergency_services")
    ]
    ended = sum(count for _, count in counts)
    rows = [(words, f"{count:,}") for words, count in counts]
    rows.append(("Still open", f"{total.alarms - ended:,}"))
    return Part(
        "outcomes",
        "How alarms ended",
        "As whoever ended the alarm said. False alarms are those ended as one: they show where "
        "visits are planned too short or a reminder comes too late. They never lower a ladder; a "
        "worker with three in 14 days is offered, on their own page and nowhere else, a longer "
        "usual length or another reminder.",
        chart("outcomes", "Alarms by outcome", [(_BRIEF.get(w, w), n) for w, n in counts]),
        Table("How alarms ended", ("Outcome", "Alarms"), rows),
    )


def _coverage(id_: str, title: str, bins: Mapping[str, Bin], labels: Sequence[str]) -> Part:
    rows = [
        (
            name,
            f"{one.visits:,}",
            f"{one.alarms:,}",
            share(one.quickly, one.alarms) if one.alarms else "",
        )
        for name, one in bins.items()
    ]
    points = [(label, one.visits) for label, one in zip(labels, bins.values(), strict=True)]
    return Part(
        id_,
        title,
        "When visits begin, when alarms are raised, and how many of those somebody had taken "
        "charge of within five minutes. Few answers where many are out is a gap to close.",
        chart(id_, f"Visits begun, {title.lower()}", points),
        Table(title, ("When", "Visits", "Alarms", "Answered in 5 min"), rows),
        long=len(rows) > 8,
    )


def _messages(total: Sum) -> Part:
    ways = sorted({one.way for one in total.fates})
    count: Counter[tuple[str, str]] = Counter()
    for one in total.fates:
        count[one.status, one.way] += one.number
    by_fate = {fate: sum(count[fate, way] for way in ways) for fate in FATE_ORDER}
    rows = [
        (FATES[fate].capitalize(), *(f"{count[fate, way]:,}" for way in ways))
        for fate in FATE_ORDER
        if by_fate[fate]
    ]
    points = [(_SHORT[fate], number) for fate, number in by_fate.items() if number]
    heads = ("What became of them", *(WAYS[way].capitalize() for way in ways))
    return Part(
        "messages",
        "Messages",
        "Texts, calls and e-mails about the visits that began in these days: reminders, alarms "
        "and news. All-clears and notices come on top. Called off: no "
        "longer needed before it could go, for example because the visit was closed.",
        chart("messages", "Messages by what became of them", points),
        Table("Messages by what became of them", heads, rows),
    )


_BRIEF = {"Emergency services": "Emergency"}
_SHORT = {
    "delivered": "Delivered",
    "accepted": "Sent",
    "failed": "Failed",
    "replaced": "Replaced",
    "moot": "Called off",
    "pending": "Waiting",
    "sending": "Going",
}

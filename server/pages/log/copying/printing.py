"""One visit's story, and a list of visits, as a PDF for the printer and the file."""

from datetime import date, datetime

from server.acts.story import Story
from server.pages.log import shown
from server.pages.log.copying.paper import Imprint, Paper
from server.pages.log.desk import Found, everything
from server.pages.log.shown import ShownRow
from server.pages.log.times import day_and_time, length, time_near
from server.pages.visitor import Visitor
from shared.spans import date_words

NOTE = (
    "Made from the lone worker log of Wayhome. Every entry of the log is chained to the one before "
    "it; the command verify-log shows whether any was changed or taken away."
)


def _imprint(seen: Visitor, title: str, now: datetime) -> Imprint:
    made = f"Made for {seen.person.name} on {day_and_time(now, seen.zone)} ({_zone(seen, now)})"
    return Imprint(title, seen.person.org.name, made)


def _zone(seen: Visitor, now: datetime) -> str:
    return now.astimezone(seen.zone).tzname() or "UTC"


def print_visit(seen: Visitor, story: Story, now: datetime) -> bytes:
    """The story of one visit."""
    title = shown.title_of(story, seen.zone)
    paper = Paper(_imprint(seen, title, now))
    paper.headline(title)
    paper.facts(shown.facts(story, seen.zone, now))
    _print_alarms(paper, seen, story)
    _print_moments(paper, seen, story)
    _print_messages(paper, seen, story)
    _print_looks(paper, seen, story)
    paper.ln(3)
    paper.say(NOTE)
    return paper.finished()


def _print_alarms(paper: Paper, seen: Visitor, story: Story) -> None:
    if not story.alarms:
        return
    paper.heading("Alarms")
    lines = [shown.alarm_line(alarm, seen.person) for alarm in story.alarms]
    rows = [[day_and_time(a.raised, seen.zone), a.kind, a.standing, a.answered] for a in lines]
    paper.grid(("Raised", "Kind", "How it ended", "First answer after"), rows, (3, 2, 4, 3))


def _print_moments(paper: Paper, seen: Visitor, story: Story) -> None:
    paper.heading("What happened")
    rows = []
    for one in shown.moments(story):
        when = time_near(one.at, story.visit.starts_at, seen.zone)
        heard = (
            f" (heard of at {time_near(one.received_at, one.at, seen.zone)})"
            if one.received_at
            else ""
        )
        rows.append([when, one.said + heard, one.by])
    paper.grid(("When", "What", "How"), rows, (3, 12, 3))


def _print_messages(paper: Paper, seen: Visitor, story: Story) -> None:
    sent = shown.sent_in_words(story.sent)
    if sent:
        paper.heading("Messages")
        near = story.visit.starts_at
        rows = [[time_near(m.at, near, seen.zone), m.to, m.what, m.fate] for m in sent]
        paper.grid(("When", "To", "What", "What became of it"), rows, (3, 4, 6, 5))
    if story.all_clear_unlisted:
        paper.say("Everybody who was told is sent the all-clear.")


def _print_looks(paper: Paper, seen: Visitor, story: Story) -> None:
    looks = shown.looks_in_words(story)
    if looks:
        paper.heading("Who looked")
        rows = [[day_and_time(one.at, seen.zone), one.who, one.what, one.by] for one in looks]
        paper.grid(("When", "Who", "At what", "How"), rows, (3, 4, 4, 3))


def print_list(seen: Visitor, found: Found, now: datetime) -> bytes:
    """The rows asked for, as a list to keep or to sign."""
    paper = Paper(_imprint(seen, "Lone worker log", now), landscape=True)
    paper.headline("Lone worker log")
    paper.say(_asked_in_words(found))
    rows = [_cells(row, seen) for lot in everything(seen, found.asked, now) for row in lot]
    head = ("Began", "To be over", "Ended", "Late by", "Worker", "Place", "Outcome", "Alarms")
    paper.grid(head, rows, (5, 3, 3, 3, 6, 9, 5, 9), size=8)
    paper.say(f"{len(rows):,} rows." if len(rows) != 1 else "1 row.")
    return paper.finished()


def _cells(row: ShownRow, seen: Visitor) -> list[str]:
    zone = seen.zone
    return [
        day_and_time(row.starts, zone),
        time_near(row.ends, row.starts, zone) if row.ends else "",
        time_near(row.closed, row.starts, zone) if row.closed else row.status,
        length(row.late),
        row.worker,
        row.place,
        row.outcome,
        row.alarm_words,
    ]


def _day(said: str) -> str:
    return date_words(date.fromisoformat(said))


def _asked_in_words(found: Found) -> str:
    """What was asked for: 'Amy Okafor; from 1 Nov 2026; to 30 Nov 2026'."""
    typed, choices = found.asked.typed, found.choices
    person, team = choices.person(typed["person"]), choices.team(typed["team"])
    said = [person.name if person else "", team.name if team else ""]
    days = [f"{name} {_day(typed[name])}" for name in ("from", "to") if typed[name]]
    said += [" ".join(days)] if days else []
    said += [typed[name] for name in ("kind", "outcome") if typed[name]]
    said += [f"alarm: {typed['alarm']}"] if typed["alarm"] else []
    said += ["late only"] if typed["late"] else []
    return "; ".join(one for one in said if one) or "Everything there is."

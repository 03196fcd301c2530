"""Colleagues' alarms, and visits that ask to be watched over, as every screen tells of them."""

from datetime import datetime

from mobile.core import alarm_words, kinds
from mobile.core.cover import is_fresh, lost
from mobile.core.facts import Facts, Seen
from mobile.core.things import Alarm, Watched
from mobile.core.waits import not_yet
from shared.states import AlarmKind, AskBuddy

KINDS = {
    AlarmKind.OVERDUE: "overdue",
    AlarmKind.SOS: "SOS",
    AlarmKind.DURESS: "duress",
    AlarmKind.NOT_STARTED: "not started",
}


def kind_words(alarm: Alarm) -> str:
    """What kind of alarm it is, within a sentence."""
    return KINDS.get(alarm.kind, alarm.kind.value)


def urgency(seen: Seen[Alarm]) -> tuple[bool, datetime]:
    """What comes first is greatest: a duress, which says what must not be done; then the newest."""
    return seen.value.kind is AlarmKind.DURESS, seen.value.raised_at


def open_alarms(facts: Facts) -> list[Seen[Alarm]]:
    """Those of others that have not ended, what comes first at the head."""
    found = [s for s in facts.every_alarm if s.value.is_open and s.value.worker.id != facts.person]
    return sorted(found, key=urgency, reverse=True)


def hands_off(facts: Facts, worker: str) -> bool:
    """Whether ringing this colleague could bring harm: an alarm under threat is open, whichever of
    the colleague's alarms is looked at."""
    return any(
        seen.value.kind is AlarmKind.DURESS and seen.value.worker.id == worker
        for seen in open_alarms(facts)
    )


def _free(facts: Facts) -> list[Seen[Alarm]]:
    """Those that nobody has taken charge of, as far as is known, she neither."""
    free = [seen for seen in open_alarms(facts) if not seen.value.owner]
    return [seen for seen in free if not facts.pending(seen.value.id, "own")]


def _mine(facts: Facts) -> list[Seen[Alarm]]:
    """Those that she has charge of, or has asked to have."""
    return [
        seen
        for seen in open_alarms(facts)
        if (seen.value.owner is not None and seen.value.owner.id == facts.person)
        or facts.pending(seen.value.id, "own")
    ]


def somebody_elses(facts: Facts) -> str:
    """The first alarm in which nobody is acting yet, in a sentence; '' for none."""
    free = _free(facts)
    if not free:
        return ""
    said = alarm_words.somebody_elses(_about(facts, free[0].value))
    others = sorted({seen.value.worker.name for seen in free} - {free[0].value.worker.name})
    return f"{said} {alarm_words.others_too(others)}".rstrip()


def _about(facts: Facts, alarm: Alarm) -> str:
    silent = hands_off(facts, alarm.worker.id)
    since = facts.says(alarm.raised_at)
    return alarm_words.about(kind_words(alarm), alarm.worker.name, since, silent=silent)


def banner(facts: Facts) -> tuple[str, str, bool]:
    """What every screen says of colleagues' alarms, which one pressing it shows, and whether that
    is one that she has charge of or has asked to have; '' for none."""
    free, mine = _free(facts), _mine(facts)
    if not free and not mine:
        return "", "", False
    shown = (free or mine)[0]
    said = somebody_elses(facts) if free else _mine_words(facts, shown.value)
    return f"{said} {stale(facts, shown)}".rstrip(), shown.value.id, not free


def _mine_words(facts: Facts, alarm: Alarm) -> str:
    asked = facts.pending(alarm.id, "own")
    how = f"{not_yet(facts, asked)}." if asked is not None else alarm_words.YOU_ARE_ACTING
    return f"{_about(facts, alarm)} {how}"


def stale(facts: Facts, seen: Seen[Alarm]) -> str:
    """That it may stand otherwise by now; '' where it was heard just now."""
    return "" if is_fresh(facts, seen.at) else f"{lost(facts)} since {facts.says(seen.at)}."


def just_over(facts: Facts) -> str:
    """That the newest of them to end has just ended; nothing of a colleague who has another alarm
    open: that would read as an all-clear."""
    still = {seen.value.worker.id for seen in open_alarms(facts)}
    ended = [
        seen.value
        for seen in facts.alarms
        if seen.value.resolved_at is not None
        and seen.value.worker.id not in {facts.person, *still}
        and facts.is_news(seen.at)
    ]
    newest = max(ended, key=lambda alarm: alarm.resolved_at or alarm.raised_at, default=None)
    if newest is None or newest.resolved_at is None:
        return ""
    return alarm_words.alarm_over(newest.worker.name, facts.says(newest.resolved_at))


def asked_to_watch(facts: Facts) -> str:
    """That somebody's visit waits for her to say whether she watches over it; the one due first."""
    if not facts.me or facts.me.value.policy.get("ask_buddy") != AskBuddy.APP.value:
        return ""
    asking = [
        (each.visit.due_at, each.worker.name, each.visit)
        for each in facts.watching
        if each.part == "buddy" and each.answer is None and each.visit is not None
        and may_answer(facts, each) and not facts.pending(each.visit.id, "accept", "decline")
    ]  # fmt: skip
    if not asking:
        return ""
    _, name, visit = min(asking, key=lambda one: one[:2])
    return alarm_words.asks_to_watch(name, facts.says(visit.ends_at))


def may_answer(facts: Facts, each: Watched) -> bool:
    """Whether it is of use to say that she watches, or cannot: not once the time is up or an alarm
    is out, which asks for more than that."""
    alarmed = any(seen.value.worker.id == each.worker.id for seen in open_alarms(facts))
    return each.visit is not None and facts.now < each.visit.due_at and not alarmed


def not_begun(facts: Facts) -> str:
    """That people are being told of a visit of her own that she has not begun; '' for none."""
    for seen in facts.every_alarm:
        alarm = seen.value
        hers = alarm.is_open and alarm.worker.id == facts.person
        visit = facts.visit(alarm.visit or "")
        if hers and alarm.kind is AlarmKind.NOT_STARTED and visit is not None:
            place = kinds.title(visit.value.kind, visit.value.place)
            return alarm_words.not_begun(place, facts.says(visit.value.starts_at))
    return ""


def named(facts: Facts, alarm: str) -> str:
    """What an alarm is called beside what became of an act on it; '' for an unknown one."""
    found = next((seen.value for seen in facts.every_alarm if seen.value.id == alarm), None)
    if found is None:
        return ""
    return alarm_words.named(kind_words(found), found.worker.name, facts.says(found.raised_at))

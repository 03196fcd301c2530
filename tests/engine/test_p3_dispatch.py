"""P3: deciding is not sending. What was decided is handed over whatever the way out does meanwhile,
once where it can be known to be once, and nothing that failed holds the ladder up."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import points
from server.engine.round import Rounds
from server.gateways.base import Fate, Handover
from server.store import providers
from server.store.messages import Message, Purpose
from server.store.outbox import Attempt
from server.store.providers import Provider
from tests.engine.fixtures import NewNight
from tests.engine.night import Night, bodies
from tests.support.clock import A_TUESDAY
from tests.support.people import reading
from tests.support.postbox import Postbox

MIN = 60.0
RAISED = 55 * MIN
"""When a visit of 45 minutes is raised, by the default grace of ten."""

NOBODY = Handover(Fate.TEMPORARY, None, None, "nobody answers")
BUSY = Handover(Fate.TEMPORARY, None, "429", "too many at once")
FULL = Handover(Fate.TEMPORARY, None, "30001", "this number's queue is full")
UNSURE = Handover(Fate.AMBIGUOUS, None, None, "the answer did not come")
SUSPENDED = Handover(Fate.ACCOUNT, None, "20005", "the account is suspended")
NO_SUCH = Handover(Fate.PERMANENT, None, "21211", "not a phone number")
STOPPED = Handover(Fate.PERMANENT, None, "21610", "she texted STOP", opted_out=True)
AUDITED = {"audit"}


@pytest.fixture(autouse=True)
def _nobody_watches_afterwards() -> Iterator[None]:
    yield
    points.watcher = None


class Once:
    """Does something the first time a named moment comes, in the thread that reached it."""

    def __init__(self, moment: str, deed: Callable[[], object]) -> None:
        self._moment, self._deed, self.done = moment, deed, False
        points.watcher = self

    def __call__(self, name: str) -> None:
        if name == self._moment and not self.done:
            self.done = True
            self._deed()


def tries(night: Night, who: str, *purposes: Purpose) -> list[float]:
    """When each try at telling her began, in seconds after the alarm was raised."""
    ids = [message.id for message in night.messages(who, *purposes)]
    query = select(Attempt.started_at).where(Attempt.message_id.in_(ids)).order_by(Attempt.id)
    found: list[datetime] = reading(night.app, lambda s: list(s.scalars(query)))
    raised_at = night.alarm().raised_at
    return [(at - raised_at).total_seconds() for at in found]


def health(night: Night) -> Provider:
    return reading(night.app, lambda s: providers.provider(s, Postbox.name))


def the_message(night: Night, who: str) -> Message:
    """The only message that tells her of an alarm."""
    [found] = night.messages(who, Purpose.ALARM)
    return found


def first_sid(night: Night, who: str) -> str:
    """What the gateway called the first text it took for her."""
    return next(text.sid for text in night.postbox.posted if text.to == night.number(who))


def raised(night: Night, answer: Handover | None, *, keeps: bool = False) -> None:
    """Amy goes silent, and from just before her alarm on the way out answers with this."""
    night.start("amy", 45)
    night.forward(minutes=54, seconds=59)
    night.forget()
    night.gateway(answer, keeps=keeps)
    night.forward(seconds=1)
    assert len(night.alarms()) == 1


# What each answer of the gateway leads to


def test_a_failure_that_heals_is_tried_again_after_two_seconds(night: Night) -> None:
    raised(night, NOBODY)
    assert night.new("ben") == []
    night.gateway(None)
    night.forward(seconds=1.9)
    assert night.new("ben") == []
    night.forward(seconds=0.1)
    assert night.times("ben") == [RAISED + 2]
    assert the_message(night, "ben").status == "accepted"
    assert health(night).failures == 0


def test_the_gaps_between_tries_are_2_5_10_20_20_seconds(night: Night) -> None:
    raised(night, NOBODY)
    night.forward(seconds=100)
    assert tries(night, "ben") == [0, 2, 7, 17, 37, 57, 77, 97]
    night.may_log |= AUDITED


def test_trouble_with_one_number_ends_after_six_tries_and_the_next_person_is_told(
    night: Night,
) -> None:
    night.postbox.answers[night.number("ben")] = FULL
    raised(night, None)
    night.forward(seconds=56)
    assert tries(night, "ben") == [0, 2, 7, 17, 37]
    assert night.new("cat") == []
    night.forward(seconds=1)
    assert tries(night, "ben", Purpose.ALARM)[:6] == [0, 2, 7, 17, 37, 57]
    first = night.messages("ben", Purpose.ALARM)[0]
    assert (first.status, first.code) == ("failed", "30001")
    assert health(night).down_since is None
    assert night.said("message_failed")[0]["who"] == "Ben Hughes"
    night.forward(seconds=60)
    assert bodies(night.new("cat"), "Amy Okafor is overdue")


@pytest.mark.parametrize("answer", [NOBODY, BUSY], ids=["silent", "busy"])
def test_trouble_of_the_way_out_itself_is_never_given_up(night: Night, answer: Handover) -> None:
    raised(night, answer)
    night.forward(seconds=170)
    assert len(tries(night, "ben")) > 6
    assert the_message(night, "ben").status == "pending"
    assert health(night).down_since is not None
    night.may_log |= AUDITED


def test_in_doubt_and_kept_it_is_found_and_not_sent_again(night: Night) -> None:
    raised(night, UNSURE, keeps=True)
    assert the_message(night, "ben").asking_since == night.now
    night.gateway(None)
    night.forward(seconds=2)
    assert night.times("ben") == [RAISED]
    assert night.postbox.asked == 1
    message = the_message(night, "ben")
    assert (message.status, message.sid) == ("accepted", first_sid(night, "ben"))
    assert message.asking_since is None


def test_in_doubt_and_not_kept_it_is_asked_after_and_sent(night: Night) -> None:
    raised(night, UNSURE)
    night.gateway(None)
    night.forward(seconds=2)
    assert night.times("ben") == [RAISED + 2]
    assert night.postbox.asked == 1


def test_in_doubt_and_nobody_can_be_asked_it_is_sent_again(night: Night) -> None:
    night.postbox.can_ask = False
    raised(night, UNSURE, keeps=True)
    night.gateway(None)
    night.forward(seconds=2)
    assert night.times("ben") == [RAISED, RAISED + 2]
    assert night.postbox.asked == 1


def test_what_was_certainly_not_taken_is_not_asked_after(night: Night) -> None:
    raised(night, NOBODY)
    night.gateway(None)
    night.forward(seconds=2)
    assert night.postbox.asked == 0


def test_an_account_that_is_of_no_use_is_down_at_once_and_probed(night: Night) -> None:
    raised(night, SUSPENDED)
    found = health(night)
    assert (found.down_since, found.account_wide) == (night.now, True)
    assert found.why == "the account is suspended"
    night.forward(seconds=40)
    assert tries(night, "ben") == [0, 2, 7, 17, 37]
    night.gateway(None)
    night.forward(seconds=17)
    assert night.times("ben") == [RAISED + 57]
    found = health(night)
    assert (found.down_since, found.account_wide, found.why) == (None, False, None)
    night.may_log |= AUDITED


def test_a_number_that_cannot_be_told_is_passed_over_at_once(night: Night) -> None:
    night.postbox.answers[night.number("ben")] = NO_SUCH
    raised(night, None)
    night.town.round()
    assert night.messages("ben", Purpose.ALARM)[0].status == "failed"
    assert bodies(night.new("cat"), "Amy Okafor is overdue")
    assert night.times("cat")[-1] == RAISED
    assert health(night).down_since is None
    assert night.person("ben").unreachable_since is None
    assert night.said("message_failed")[0]["code"] == "21211"


def test_a_number_that_opted_out_is_sent_nothing_more_and_the_manager_hears(night: Night) -> None:
    night.postbox.answers[night.number("ben")] = STOPPED
    raised(night, None)
    assert night.person("ben").unreachable_since == night.now
    told = night.new("cat")
    assert bodies(told, "Ben Hughes", "blocks our texts")
    assert bodies(told, "Amy Okafor is overdue")
    night.forward(minutes=20)
    assert len(tries(night, "ben")) == 1


# A way out that is away for long


def test_after_ten_minutes_each_person_gets_one_current_text(night: Night) -> None:
    """Replaced, not joined: what each is handed is what was decided for her last."""
    raised(night, NOBODY)
    night.forward(minutes=10)
    night.gateway(None)
    night.forward(seconds=20)
    for who in ("ben", "cat"):
        decided = night.messages(who, Purpose.ALARM, Purpose.BROADCAST)
        assert len(decided) > 1
        assert [m.status in ("replaced", "moot") for m in decided[:-1]] == [True] * (
            len(decided) - 1
        )
        assert night.new(who) == [decided[-1].body]
    night.may_log |= AUDITED


def one_sender(night: Night) -> None:
    """So that the order in which texts are handed over is the order in which they were taken."""
    settings = replace(night.running.settings, senders=1)
    night.town.rounds.stop(0.0)
    night.town.rounds = Rounds(night.app, replace(night.running, settings=settings))


def test_on_return_alarms_go_before_reminders_and_the_oldest_alarm_first(night: Night) -> None:
    night.start("amy", 10)
    night.start("dan", 12)
    night.start("cat", 24)
    night.forward(minutes=19)
    one_sender(night)
    night.gateway(NOBODY)
    night.forward(minutes=10)
    before = len(night.postbox.posted)
    night.gateway(None)
    night.forward(seconds=20)
    sent = [(text.to, text.body) for text in night.postbox.posted[before:]]
    kinds = [
        "1 amy" if "Amy" in body else "2 dan" if "Dan" in body else "3 reminder" for _, body in sent
    ]
    assert set(kinds) == {"1 amy", "2 dan", "3 reminder"}
    assert kinds == sorted(kinds)
    assert len(sent) == len(set(sent))
    waiting = [m for m in night.messages() if m.status in ("pending", "sending")]
    assert waiting == []
    night.may_log |= AUDITED


def test_while_it_is_down_there_is_one_probe_at_a_time(night: Night) -> None:
    night.start("amy", 45)
    night.start("dan", 45)
    night.start("ben", 45)
    night.forward(minutes=54)
    night.gateway(NOBODY)
    night.forward(minutes=1, seconds=10)
    assert health(night).down_since is not None
    tried = [night.postbox.tries]
    for _ in range(9):
        night.forward(seconds=20)
        tried.append(night.postbox.tries)
    assert [after - before for before, after in pairwise(tried)] == [1] * 9
    night.may_log |= AUDITED


def test_as_soon_as_one_probe_succeeds_everything_goes_at_once(night: Night) -> None:
    raised(night, NOBODY)
    night.forward(minutes=10)
    night.gateway(None)
    night.forward(seconds=20)
    told = [night.times(who) for who in ("ben", "cat", "dan")]
    assert [len(times) for times in told] == [1, 1, 1]
    assert told[0] == told[1] == told[2]
    night.may_log |= AUDITED


def test_the_ladder_goes_on_as_planned_whatever_fails(new_night: NewNight) -> None:
    fired = []
    for answer in (None, NOBODY, SUSPENDED, UNSURE):
        night = new_night()
        raised(night, answer)
        night.forward(minutes=16)
        assert all(step.fired_at == step.planned_at for step in night.steps())
        fired.append([(step.rung, step.round, step.fired_at, step.told) for step in night.steps()])
        night.may_log |= AUDITED
    assert len(fired[0]) > 5
    assert fired == [fired[0]] * 4


def test_a_reminder_that_has_lost_its_meaning_is_not_sent_on_return(night: Night) -> None:
    night.start("amy", 45)
    night.forward(minutes=39)
    night.gateway(NOBODY)
    night.forward(minutes=5, seconds=59)
    night.gateway(None)
    night.forward(seconds=30)
    [nudge] = night.new("amy")
    assert "is up. Reply" in nudge
    assert [m.status for m in night.messages("amy", Purpose.WARN)] == ["moot"]
    night.may_log |= AUDITED


def test_reminders_that_waited_come_once_and_not_in_bulk(new_night: NewNight) -> None:
    night = new_night(policy={"nudges": 5})
    night.start("amy", 45)
    night.forward(minutes=44)
    night.forget()
    night.gateway(NOBODY)
    night.forward(minutes=6)
    night.gateway(None)
    night.forward(seconds=20)
    nudges = night.messages("amy", Purpose.NUDGE)
    assert [m.status for m in nudges] == ["moot", "moot", "accepted"]
    assert len(night.new("amy")) == 1
    night.may_log |= AUDITED


def test_a_probe_spent_on_what_needs_no_saying_is_not_lost(night: Night) -> None:
    """The next message is the probe at once, and not 20 seconds later."""
    night.start("amy", 45)
    night.start("cat", 50)
    night.forward(minutes=39)
    night.gateway(NOBODY)
    night.forward(minutes=5, seconds=59)
    night.change(_probe_in_a_second)
    night.gateway(None)
    night.forward(seconds=1)
    assert bodies(night.new("amy"), "14:45 booking is up. Reply")
    assert [m.status for m in night.messages("amy", Purpose.WARN)] == ["moot"]
    assert bodies(night.new("cat"), "14:50 booking is up in")
    night.may_log |= AUDITED


def _probe_in_a_second(session: Session) -> None:
    found = providers.provider(session, Postbox.name)
    found.next_probe_at = A_TUESDAY + timedelta(minutes=45)
    for message in session.scalars(select(Message).where(Message.status == "pending")):
        message.next_at = found.next_probe_at


def test_the_log_says_after_60_seconds_that_no_way_out_works_and_when_one_did(
    night: Night,
) -> None:
    raised(night, NOBODY)
    night.forward(seconds=7)
    lost_at = night.now
    assert health(night).down_since == lost_at
    night.forward(seconds=59)
    assert night.log("way_out_lost") == []
    night.forward(seconds=1)
    [said] = night.said("way_out_lost")
    assert said == {"since": lost_at.isoformat(), "until": night.now.isoformat()}
    night.forward(minutes=5)
    assert len(night.log("way_out_lost")) == 1
    night.gateway(None)
    night.forward(seconds=21)
    assert [s["since"] for s in night.said("way_out_back")] == [lost_at.isoformat()]
    night.may_log |= AUDITED


def test_a_way_out_that_was_lost_for_less_than_60_seconds_is_not_written_down(
    night: Night,
) -> None:
    raised(night, NOBODY)
    night.forward(seconds=40)
    night.gateway(None)
    night.forward(minutes=5)
    assert night.log("way_out_lost") + night.log("way_out_back") == []
    night.may_log |= AUDITED


# What no longer needs saying, and who hears that it is over


def test_an_alarm_that_is_over_is_not_told_on_return_and_nobody_untold_is_stood_down(
    night: Night,
) -> None:
    raised(night, None)
    assert len(night.new("ben")) == 1
    night.gateway(NOBODY)
    night.forward(minutes=4)
    assert night.messages("cat", Purpose.ALARM) != []
    night.close("amy", night.whole("amy").pin)
    night.gateway(None)
    night.forward(minutes=2)
    [all_clear] = night.new("ben")
    assert "All clear" in all_clear
    assert night.new("cat") == []
    night.may_log |= AUDITED


def test_whoever_may_have_been_told_is_stood_down(night: Night) -> None:
    """In doubt counts as told: an all clear too many is harmless, one too few is not."""
    raised(night, UNSURE, keeps=True)
    night.close("amy", night.whole("amy").pin)
    night.gateway(None)
    night.forward(seconds=30)
    overdue, all_clear = night.new("ben")
    assert "is overdue" in overdue
    assert "All clear" in all_clear


def test_a_message_that_was_taken_up_is_not_sent_once_its_alarm_is_over(night: Night) -> None:
    """Read afresh just before the call: the lease may be older than the end of the alarm."""
    night.start("amy", 45)
    night.forward(minutes=54, seconds=59)
    night.rounds_follow = False
    over = Once("dispatch.claimed", lambda: night.close("amy", night.whole("amy").pin))
    night.forward(seconds=1)
    assert over.done
    assert bodies(night.texts("ben"), "is overdue") == []
    assert the_message(night, "ben").status == "moot"
    night.forward(minutes=30)
    assert bodies(night.texts("ben") + night.texts("cat"), "is overdue") == []


def test_somebody_in_charge_needs_no_late_text_about_it(night: Night) -> None:
    raised(night, NOBODY)
    night.forward(minutes=4)
    night.own("cat")
    night.gateway(None)
    night.forward(seconds=30)
    assert bodies(night.texts("ben") + night.texts("cat"), "is overdue") == []
    night.may_log |= AUDITED


# Two engines


def taken_over(night: Night, moment: str, answer: Handover | None) -> None:
    """One sender stops at that moment until its lease is over and another engine has done its work;
    then it goes on, and the gateway answers it with this."""
    night.start("amy", 45)
    night.forward(minutes=54, seconds=59)
    other = Rounds(night.app, night.running)
    first = night.town.rounds

    def take_over() -> None:
        night.clock.forward(seconds=46)
        other.go_round()
        night.town.rounds = other
        night.town.settle()
        night.town.rounds = first
        night.gateway(answer)

    over = Once(moment, take_over)
    night.forward(seconds=1)
    assert over.done
    night.gateway(None)
    other.stop(0.0)


@pytest.mark.parametrize("answer", [None, NOBODY, UNSURE, SUSPENDED, NO_SUCH])
def test_a_sender_that_lost_its_lease_leaves_the_row_alone(
    night: Night, answer: Handover | None
) -> None:
    taken_over(night, "dispatch.before_call", answer)
    message = the_message(night, "ben")
    assert (message.status, message.sid, message.tries) == (
        "accepted",
        first_sid(night, "ben"),
        2,
    )
    assert message.handed_at == night.alarm().raised_at + timedelta(seconds=46)
    assert night.log("message_failed") == []


def test_a_text_handed_over_and_not_yet_written_down_is_found_by_whoever_takes_over(
    night: Night,
) -> None:
    taken_over(night, "dispatch.after_call", None)
    assert night.times("ben") == [RAISED]
    assert night.postbox.asked == 1
    assert the_message(night, "ben").sid == first_sid(night, "ben")


def test_two_engines_hand_every_text_over_once(night: Night) -> None:
    night.start("amy", 45)
    night.start("dan", 45)
    other = Rounds(night.app, night.running)
    night.forward(minutes=54, seconds=59)
    night.forget()
    night.clock.forward(seconds=1)
    other.go_round()
    night.town.rounds.go_round()
    while other.busy:
        other.go_round()
    night.town.round()
    other.stop(0.0)
    texts = night.new("ben")
    assert len(texts) == 2
    assert bodies(texts, "Amy Okafor is overdue")
    assert bodies(texts, "Dan Price is overdue")

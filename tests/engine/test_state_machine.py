"""Anything in any order: people, gateways and engines do what they like, and after every step the
house has kept its promises (I1-I10, P1-P5)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from structlog.testing import capture_logs

from server.acts import self_care
from server.domain.refusals import Refusal
from server.gateways.base import Fate, Handover
from shared.states import AlarmKind, AlarmOutcome, Risk
from tests.engine.fixtures import BAD, Stages
from tests.engine.night import Night
from tests.engine.rules import broken_rules
from tests.engine.stage import Stage
from tests.support.people import AMY, BEN, CAT, DAN

WORKERS = {"amy": AMY, "ben": BEN, "dan": DAN}
EVERYBODY = ("amy", "ben", "cat", "dan")
PINS = ("none", "none", "none", "safe", "safe", "duress", "wrong")

worker = st.sampled_from(sorted(WORKERS))
anybody = st.sampled_from(EVERYBODY)
pins = st.sampled_from(PINS)
nth = st.integers(0, 5)
answers = st.sampled_from(
    [
        None,
        None,
        Handover(Fate.TEMPORARY, None, None, "nobody answers"),
        Handover(Fate.AMBIGUOUS, None, None, "no answer came"),
        Handover(Fate.ACCOUNT, None, "20003", "not paid"),
        Handover(Fate.PERMANENT, None, "21211", "no such number"),
    ]
)


class House(RuleBasedStateMachine):
    """Riverside, and everything that may happen in it."""

    stage: ClassVar[Stage]

    def __init__(self) -> None:
        super().__init__()
        policy = {"broadcast_every_s": 900, "watch_not_started": True}
        self.night = Night(self.stage, policy=policy, admins=["cat"], asks_after_silence=False)
        self.begun: set[str] = set()

    def teardown(self) -> None:
        self.night.gateway(None)
        self.night.forward(minutes=20)
        assert self.broken() == []
        self.everybody_reachable_was_told()
        self.night.end()

    def broken(self) -> list[str]:
        return broken_rules(self.night)

    def pin(self, who: str, which: str) -> str | None:
        person = WORKERS.get(who, CAT)
        return {"none": None, "safe": person.pin, "duress": person.duress_pin, "wrong": "0000"}[
            which
        ]

    def open_alarms(self, about: str | None = None) -> list[Any]:
        return [alarm for alarm in self.night.alarms(about) if alarm.is_open]

    @contextmanager
    def ends_nothing_unless(self, who: str, allowed: bool) -> Iterator[None]:
        """P4: what she does without her safe PIN ends no alarm about her."""
        night = self.night
        before = {
            a.id
            for a in self.open_alarms(who)
            if a.kind != AlarmKind.NOT_STARTED and not (allowed and a.kind != AlarmKind.DURESS)
        }
        yield
        assert before <= {alarm.id for alarm in night.alarms(who) if alarm.is_open}

    def hers(self, who: str, which: str, act: Callable[[str | None], object]) -> None:
        """She does something with that PIN, which may be refused."""
        jammed = self.night.person(who).pins_jammed
        safe = which == "safe" and not jammed
        with self.ends_nothing_unless(who, safe), suppress(Refusal):
            act(self.pin(who, which))

    @rule(
        who=worker,
        minutes=st.sampled_from([1, 20, 45]),
        which=pins,
        ago=st.integers(0, 90),
        risk=st.sampled_from(Risk),
    )
    def start(self, who: str, minutes: int, which: str, ago: int, risk: Risk) -> None:
        at = self.night.now - timedelta(minutes=ago)
        self.hers(
            who, which,
            lambda pin: self.night.start(who, minutes, pin=pin, at=at, risk=risk),
        )  # fmt: skip
        if who in self.night._visits:
            self.begun.add(who)

    @rule(who=worker, ahead=st.integers(1, 30))
    def plan(self, who: str, ahead: int) -> None:
        starts_at = self.night.now + timedelta(minutes=ahead)
        with suppress(Refusal):
            self.night.start(who, 20, starts_at=starts_at)
            self.begun.add(who)

    @rule(who=worker, ago=st.integers(0, 20))
    def check_in(self, who: str, ago: int) -> None:
        at = self.night.now - timedelta(minutes=ago)
        if who in self.begun:
            self.hers(who, "none", lambda _: self.night.check_in(who, at=at))

    @rule(who=worker, minutes=st.sampled_from([1, 15]), which=pins, ago=st.integers(0, 20))
    def extend(self, who: str, minutes: int, which: str, ago: int) -> None:
        at = self.night.now - timedelta(minutes=ago)
        if who in self.begun:
            self.hers(who, which, lambda pin: self.night.extend(who, minutes, pin, at=at))

    @rule(who=worker, which=pins)
    def close(self, who: str, which: str) -> None:
        if who in self.begun:
            self.hers(who, which, lambda pin: self.night.close(who, pin))

    @rule(who=worker, by=anybody, spoke=st.booleans())
    def close_on_behalf(self, who: str, by: str, spoke: bool) -> None:
        if who in self.begun and by != who:
            with suppress(Refusal):
                self.night.close(who, by_whom=by, spoke_to_her=spoke)

    @rule(who=worker, kind=st.sampled_from([AlarmKind.SOS, AlarmKind.DURESS]))
    def cry_out(self, who: str, kind: AlarmKind) -> None:
        self.night.sos(who, kind=kind)

    @rule(who=worker, which=pins, n=nth)
    def stand_down(self, who: str, which: str, n: int) -> None:
        alarms = self.night.alarms(who, hidden=False)
        if alarms:
            alarm = alarms[n % len(alarms)].id
            self.hers(who, which, lambda pin: self.night.stand_down(who, pin, alarm))

    @rule(who=anybody, n=nth, what=st.sampled_from(["own", "take", "release", "pass_on", "note"]))
    def mind(self, who: str, n: int, what: str) -> None:
        alarms = self.night.alarms()
        if not alarms:
            return
        alarm = alarms[n % len(alarms)].id
        deeds: dict[str, Callable[[], object]] = {
            "own": lambda: self.night.own(who, alarm),
            "take": lambda: self.night.own(who, alarm, take_over=True),
            "release": lambda: self.night.release(who, alarm),
            "pass_on": lambda: self.night.pass_on(who, alarm),
            "note": lambda: self.night.note(who, alarm=alarm),
        }
        with suppress(Refusal):
            deeds[what]()

    @rule(who=anybody, n=nth, which=pins, until=st.none() | st.integers(1, 30))
    def resolve(self, who: str, n: int, which: str, until: int | None) -> None:
        alarms = self.open_alarms()
        if not alarms:
            return
        alarm = alarms[n % len(alarms)].id
        at = self.night.now + timedelta(minutes=until) if until else None
        with suppress(Refusal):
            self.night.resolve(who, AlarmOutcome.SAFE, alarm, until=at, pin=self.pin(who, which))

    @rule(who=anybody, what=st.sampled_from(["away", "back", "stop", "start"]))
    def be_somewhere(self, who: str, what: str) -> None:
        if what == "away":
            self.night.go_away(who, 60)
        elif what == "back":
            self.night.come_back(who)
        elif what == "stop":
            self.night.stop(who)
        else:
            self.night.on_self(who, self_care.regain_number)

    @rule(who=worker, by=anybody, yes=st.booleans())
    def answer_watch(self, who: str, by: str, yes: bool) -> None:
        if who in self.begun and by != who:
            with suppress(Refusal):
                self.night.answer_watch(by, self.night.visit(who).id, yes)

    @rule(answer=answers, keeps=st.booleans())
    def gateway(self, answer: Handover | None, keeps: bool) -> None:
        keeps = keeps and answer is not None and answer.fate is Fate.AMBIGUOUS
        self.night.gateway(answer, keeps=keeps)

    @rule(seconds=st.sampled_from([10, 61, 300, 900]))
    def pass_time(self, seconds: int) -> None:
        self.night.forward(seconds=seconds)

    @rule(seconds=st.sampled_from([5, 30, 61, 7200]))
    def be_without_engine(self, seconds: int) -> None:
        self.night.away(seconds=seconds)

    @invariant()
    def every_rule_is_kept(self) -> None:
        assert self.broken() == []

    @invariant()
    def nothing_says_ring_her_under_duress(self) -> None:
        numbers = {self.night.org[who].id: who for who in WORKERS}
        for alarm in self.night.alarms():
            if alarm.kind != AlarmKind.DURESS:
                continue
            name = self.night.org[numbers[alarm.worker_id]].name
            until = alarm.resolved_at or self.night.now
            for posted in self.night.postbox.posted:
                if alarm.raised_at < posted.at < until and name in posted.body:
                    assert "Ring her" not in posted.body, posted
                    assert "speak to her" not in posted.body, posted

    def everybody_reachable_was_told(self) -> None:
        """P5: whatever is raised and in nobody's charge has reached somebody, if anybody can be."""
        reachable = [w for w in EVERYBODY if self.night.person(w).unreachable_since is None]
        for alarm in self.open_alarms():
            others = [w for w in reachable if self.night.org[w].id != alarm.worker_id]
            if alarm.status != "raised" or not others:
                continue
            told = [m for m in self.night.messages() if m.alarm_id == alarm.id and m.handed_at]
            assert told, f"nobody has heard of the {alarm.kind}"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_whatever_happens_in_whatever_order(sqlite_stages: Stages) -> None:
    House.stage = sqlite_stages[0]
    profile = settings(
        max_examples=3,
        stateful_step_count=25,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        print_blob=False,
    )
    with capture_logs() as lines:
        run_state_machine_as_test(House, settings=profile)
    bad = [ln for ln in lines if ln["log_level"] in BAD and ln["event"] != "audit"]
    assert bad == []

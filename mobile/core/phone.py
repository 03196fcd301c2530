"""The whole phone but for its face: open it with a folder and a device's ports, tick it once a
second, and show the states of its view models."""

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from mobile.core import words
from mobile.core.account import Account
from mobile.core.acts import Acts
from mobile.core.asking import EnrolModel, HistoryModel, LeavingModel, PinsModel
from mobile.core.away import AwayModel
from mobile.core.clock import PhoneClock
from mobile.core.cover import CoverState
from mobile.core.database import Database
from mobile.core.facts import Facts, gather
from mobile.core.helping import SosModel, WatchingModel
from mobile.core.notices import Noticing
from mobile.core.reminders import Reminding
from mobile.core.show_alarms import somebody_elses
from mobile.core.show_strip import how_far
from mobile.core.show_watch import show_me
from mobile.core.state import Check, MeState, VisitState
from mobile.core.sync import LOOK_S, Sync
from mobile.core.tracking import Looking
from mobile.core.verdict import DONE, NOT_YET, News
from mobile.core.viewmodels import Doing, StartModel, TodayModel, ViewModel, VisitModel
from mobile.core.worker import Worker
from mobile.ports import Need, Pattern, Ports, Signal

log = logging.getLogger(__name__)
FILE = "wayhome.sqlite3"


class Phone:
    """`run_soon` runs a function on the thread of the face; `plain_ok` allows a server without
    encryption that is not this machine, for rehearsals."""

    def __init__(
        self,
        folder: Path,
        ports: Ports,
        *,
        clock: PhoneClock | None = None,
        run_soon: Callable[[Callable[[], None]], None] = lambda run: run(),
        plain_ok: bool = False,
    ) -> None:
        self.ports = ports
        self.clock = clock or PhoneClock()
        self._run_soon = run_soon
        self._db = Database(folder / FILE)
        self.sync = Sync(self._db, self.clock, ports.secrets, self._hear)
        self.sync.learning.take_bearing()
        # Whatever is tapped first is already hers.
        self.sync.identity()
        self.worker = Worker(self.sync)
        self.acts = Acts(self.sync, ports.location, self.worker.ring)
        self.account = Account(self.sync, self.worker.ring, plain_ok=plain_ok)
        self._open_models(run_soon)
        self._reminding = Reminding(ports.alarms, ports.notifier, self.sync.memory)
        self._noticing = Noticing(ports.notifier, self.sync.memory)
        self._looking = Looking(ports.location)
        self._seen, self._called = False, ""
        self._seen_from: float | None = None
        self._said: tuple[str, ...] | None = None
        ports.net.on_change(self._net_changed)

    def _open_models(self, run_soon: Callable[[Callable[[], None]], None]) -> None:
        self.doing = Doing(self.acts, self.facts, self.refresh, self.ports.haptics)
        self.today = TodayModel(self.doing)
        self.starting = StartModel(self.doing)
        self.visit = VisitModel(self.doing)
        self.help = SosModel(self.doing, self.ports.siren)
        self.watching = WatchingModel(self.doing)
        self.enrolling = EnrolModel(self.account, self._enrolled, run_soon)
        self.history = HistoryModel(self.account, self.facts, run_soon)
        self.leaving = LeavingModel(self.account, self.facts, self.refresh, run_soon)
        self.pins = PinsModel(self.account, self.facts, self.worker.look, run_soon)
        self.away = AwayModel(self.doing)
        self.me = ViewModel[MeState](
            lambda facts: show_me(facts, self.checks(facts), self.pins.said)
        )
        self._models: tuple[ViewModel[Any], ...] = (
            self.today, self.starting, self.help, self.watching, self.away, self.me,
        )  # fmt: skip

    def facts(self) -> Facts:
        """Everything known now."""
        identity = self.sync.identity()
        return gather(
            self.sync.memory,
            self.sync.outbox,
            self.clock,
            self.ports.net.signal(),
            name=identity.name if identity else "",
            signed_out_at=identity.signed_out_at if identity else None,
            reminds=self.ports.notifier.allowed(),
        )

    @property
    def enrolled(self) -> bool:
        """Whether it is anybody's phone: one whose token was refused is hers still, one that she
        has signed out herself is not."""
        identity = self.sync.identity()
        left = identity is not None and identity.signed_out_at is not None
        return identity is not None and not (left and self.sync.memory.get("me") is None)

    def refresh(self) -> None:
        """Make every state that is shown anew; call it once a second while the screen is on."""
        facts = self.facts()
        state = self.visit.update(facts)
        if not self._may_be_answered(facts, state):
            self._announce(state, aloud=not how_far(facts))
        self._announce_call(somebody_elses(facts))
        for model in self._models:
            if model.watched:
                model.update(facts)
        self._reminding.follow(facts)
        self._noticing.follow(facts)
        self._looking.follow(facts, seen=self._seen)

    def _enrolled(self) -> None:
        self.worker.look()
        self.refresh()

    def set_screen(self, on: bool) -> None:
        """The app can be seen, or not any more."""
        self._seen_from = self.clock.ticks() if on else None
        self._seen = on
        self.worker.set_screen(on)

    def prefer(self, name: str, value: Any) -> None:
        """Remember a preference: text_scale, theme, loud."""
        self.sync.memory.keep("preference", name, value)
        self.refresh()

    def dismiss(self, key: str) -> None:
        """She has read why it was refused."""
        self.sync.outbox.dismiss(key)
        self.refresh()

    def try_again(self, key: str) -> bool:
        """Put what was refused back where it can be changed; False where nothing is known of it."""
        entry = self.sync.outbox.find(key)
        if entry is None:
            return False
        self.starting.try_again(entry.act.body)
        self.dismiss(key)
        return True

    def checks(self, facts: Facts) -> tuple[Check, ...]:
        """Sentences about this phone, and whether they hold."""
        ports, power, me = self.ports, self.ports.power, facts.me
        found = [
            Check("Notifications are shown", ports.notifier.allowed(), Need.NOTIFICATIONS,
                  "Notifications are off"),
            Check("Location may be used during visits", ports.location.allowed(), Need.LOCATION,
                  "Location may not be used"),
            Check("Reminders come on time", ports.alarms.exact(), Need.REMINDERS,
                  "Reminders may come late"),
        ]  # fmt: skip
        if power is not None:
            found += [
                Check("Wayhome may run while you work", power.unrestricted(), Need.BATTERY,
                      "This phone may stop Wayhome to save power"),
                Check("Battery saving is off", not power.saving(), "", "Battery saving is on"),
            ]  # fmt: skip
        known = me is not None and facts.sure
        has_pins = me is not None and me.value.has_pins
        return (
            *found,
            Check("Wayhome has been heard", known, "", "Wayhome has not been heard yet"),
            Check("Your PINs are set", has_pins, "", "Your PINs are not set"),
            Check("Nothing waits to be sent", not facts.waiting, "", "Something waits to be sent"),
        )

    def ask(self, need: str) -> None:
        """Have the device ask her for what a check needs."""
        if self.ports.permits is not None:
            self.ports.permits.ask(Need(need))
        self.refresh()

    @property
    def has_pins(self) -> bool:
        """Whether there is a PIN to ask for."""
        me = self.facts().me
        return me is not None and me.value.has_pins

    @property
    def theme(self) -> str:
        """'light' or 'dark', as she chose or as the device is set."""
        known = self.sync.memory.get("preference", "theme")
        chosen = str(known.value) if known else "system"
        if chosen in ("light", "dark"):
            return chosen
        return "dark" if self.ports.look is not None and self.ports.look.dark() else "light"

    @property
    def text_scale(self) -> float:
        """How much larger than the device's own she wants the text."""
        known = self.sync.memory.get("preference", "text_scale")
        return float(known.value) if known else 1.0

    def _net_changed(self) -> None:
        if self.ports.net.signal() is not Signal.NONE:
            self.worker.wake()
        self._run_soon(self.refresh)

    def _hear(self, news: News | None) -> None:
        """From the thread that sends."""
        self._run_soon(partial(self._take, news))

    def _take(self, news: News | None) -> None:
        if news is not None and news.verdict not in NOT_YET:
            taken = news.verdict in DONE
            self.ports.haptics.play(Pattern.DONE if taken else Pattern.WRONG)
        self.refresh()

    def _may_be_answered(self, facts: Facts, state: VisitState | None) -> bool:
        """Whether what is known is only old because nobody looked: she took the phone out just now,
        and it has asked how things stand."""
        if state is None or self._seen_from is None or not facts.has_data:
            return False
        asked_s = self.clock.ticks() - self._seen_from
        return state.cover.state is CoverState.LAST_KNOWN and 0 <= asked_s < LOOK_S

    def _announce(self, state: VisitState | None, *, aloud: bool) -> None:
        """Say and let feel that something has changed, for those who do not look. Not `aloud` while
        a call for help of hers is out: whoever stands beside her would hear of it."""
        if state is not None and state.cover.sending:
            return
        said = (state.phase, state.cover.state, state.message) if state else ("none", "", "")
        before, self._said = self._said, said
        if before is None or before == said or state is None:
            return
        self.ports.haptics.play(Pattern.ALARM if state.phase == "alarm" else Pattern.CHANGED)
        if aloud:
            said_of_it = [state.cover.word, state.cover.sentence, state.message]
            self.ports.speech.say(words.join(said_of_it))

    def _announce_call(self, said: str) -> None:
        """Have her feel and hear that somebody needs her; once for each."""
        if said and said != self._called:
            self.ports.haptics.play(Pattern.ALARM)
            self.ports.speech.say(said)
        self._called = said

    def close(self) -> None:
        """The app ends; what waits is sent by the service, or at the next start."""
        self.worker.stop()
        self.worker.join()
        self.sync.close()
        self._db.close()

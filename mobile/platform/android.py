"""An Android phone behind the ports: a thin hand on the Java in mobile/android."""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mobile.core.clock import wall_s
from mobile.platform.java import Java, find_java
from mobile.ports import Fix, Inset, Need, Notice, Pattern, Ports, Reminder, Signal

FOLDER = "wayhome"
BUZZ = {
    Pattern.TICK: "0,30",
    Pattern.DONE: "0,60,80,60",
    Pattern.CHANGED: "0,150",
    Pattern.WRONG: "0,80,60,80,60,80",
    Pattern.ALARM: "0,500,200,500,200,500",
}
"""Pauses and buzzes in milliseconds."""


class AndroidLocation:
    """`watches`: starting it also starts the watch, which has to happen while the app is seen."""

    def __init__(self, java: Java, *, watches: bool) -> None:
        self._java = java
        self._watches = watches

    def allowed(self) -> bool:
        return bool(self._java.device.mayLook(self._java.context))

    def start(self) -> None:
        if self._watches:
            self._java.device.watch(self._java.context)
        self._java.device.look(self._java.context)

    def stop(self) -> None:
        # The watch ends by itself, when nothing of the visit waits to be sent any more.
        self._java.device.stopLooking(self._java.context)

    def last(self) -> Fix | None:
        found = self._java.device.where(self._java.context)
        if found is None:
            return None
        lat, lon, metres, age_s = (float(each) for each in found)
        at = datetime.fromtimestamp(wall_s() - age_s, UTC)
        return Fix(lat, lon, metres if metres >= 0 else None, at)


class AndroidAlarms:
    """The device's alarm clock."""

    def __init__(self, java: Java) -> None:
        self._java = java

    def arm(self, reminders: Sequence[Reminder]) -> None:
        text = json.dumps([asdict(each) for each in reminders])
        self._java.device.arm(self._java.context, text)

    def exact(self) -> bool:
        return bool(self._java.device.exact(self._java.context))


class AndroidNotifier:
    """The notification shade."""

    def __init__(self, java: Java) -> None:
        self._java = java

    def allowed(self) -> bool:
        return bool(self._java.device.notificationsShown(self._java.context))

    def show(self, notice: Notice) -> None:
        self._java.device.show(self._java.context, json.dumps(asdict(notice)))

    def withdraw(self, key: str) -> None:
        self._java.device.withdraw(self._java.context, key)


class AndroidHaptics:
    """The vibrator."""

    def __init__(self, java: Java) -> None:
        self._java = java

    def play(self, pattern: Pattern) -> None:
        self._java.device.vibrate(self._java.context, BUZZ[pattern])


class AndroidSpeech:
    """The screen reader, if one is on; nothing is ever said aloud to a room."""

    def __init__(self, java: Java) -> None:
        self._java = java

    def say(self, text: str) -> None:
        self._java.device.say(self._java.context, text)


class AndroidSecrets:
    """The device's key store. One thread of its own speaks to it: Android ends an app of which a
    thread ends that has spoken to Java."""

    def __init__(self, java: Java) -> None:
        self._java = java
        self._aside = ThreadPoolExecutor(1, "key-store")

    def seal(self, plain: bytes) -> bytes:
        sealed = self._ask(self._java.safe.seal, plain)
        if sealed is None:
            raise RuntimeError("the key store gave nothing")
        return sealed

    def unseal(self, sealed: bytes) -> bytes | None:
        return self._ask(self._java.safe.unseal, sealed)

    def _ask(self, ask: Callable[[str], str | None], given: bytes) -> bytes | None:
        answer = self._aside.submit(ask, b64encode(given).decode()).result()
        return None if answer is None else b64decode(answer)


class AndroidNet:
    """The networks, the composer and the dialler."""

    def __init__(self, java: Java) -> None:
        self._java = java
        self._told: list[Any] = []

    def signal(self) -> Signal:
        return Signal(str(self._java.device.signal(self._java.context)))

    def on_change(self, tell: Callable[[], None]) -> None:
        # Kept, or it would be collected while Java still calls it.
        self._told.append(self._java.runnable(tell))
        self._java.device.onNetwork(self._java.context, self._told[-1])

    def compose_text(self, to: str, text: str) -> bool:
        return bool(self._java.device.composeText(self._java.context, to, text))

    def dial(self, number: str) -> bool:
        return bool(self._java.device.dial(self._java.context, number))


class AndroidInsets:
    """What the bars and the keyboard cover. Without a window: nothing."""

    def __init__(self, java: Java) -> None:
        self._java = java
        self._told: list[Any] = []

    def now(self) -> Inset:
        return Inset(*(int(each) for each in self._java.bars.now()))

    def on_change(self, tell: Callable[[Inset], None]) -> None:
        self._told.append(self._java.runnable(lambda: tell(self.now())))
        self._java.bars.follow(self._java.context, self._told[-1])


class AndroidSiren:
    """The alarm sound, at its loudest."""

    def __init__(self, java: Java) -> None:
        self._java = java

    def start(self) -> None:
        self._java.noise.start(self._java.context)

    def stop(self) -> None:
        self._java.noise.stop(self._java.context)


class AndroidScanner:
    """ZXing's scanner, over the app's window."""

    def __init__(self, java: Java) -> None:
        self._java = java
        self._told: Any = None

    def scan(self, found: Callable[[str], None]) -> bool:
        # Kept, or it would be collected while Java still calls it.
        self._told = self._java.runnable(lambda: found(str(self._java.scan.found())))
        return bool(self._java.scan.start(self._java.context, self._told))


class AndroidLook:
    """Light or dark, as the device is set."""

    def __init__(self, java: Java) -> None:
        self._java = java

    def dark(self) -> bool:
        return bool(self._java.device.dark(self._java.context))


class AndroidPower:
    """What the device does to save power."""

    def __init__(self, java: Java) -> None:
        self._java = java

    def unrestricted(self) -> bool:
        return bool(self._java.device.unrestricted(self._java.context))

    def saving(self) -> bool:
        return bool(self._java.device.saving(self._java.context))


class AndroidPermits:
    """Android's questions and its pages of settings."""

    def __init__(self, java: Java) -> None:
        self._java = java

    def ask(self, need: Need) -> bool:
        return bool(self._java.device.ask(self._java.context, need.value))


def folder() -> Path:
    """Where the app keeps its files: the receivers look in the same place."""
    return Path(os.environ["ANDROID_PRIVATE"]) / FOLDER


def screen_on() -> bool:
    """Whether anybody could be looking; for the watch."""
    java = find_java(service=True)
    return bool(java.device.screenOn(java.context))


def ports(*, service: bool = False, java: Java | None = None) -> Ports:
    """The device, for the app or for its watch, which has no window to scan in."""
    java = java or find_java(service=service)
    scans = not service and bool(java.scan.hasCamera(java.context))
    return Ports(
        location=AndroidLocation(java, watches=not service),
        alarms=AndroidAlarms(java),
        notifier=AndroidNotifier(java),
        haptics=AndroidHaptics(java),
        speech=AndroidSpeech(java),
        secrets=AndroidSecrets(java),
        net=AndroidNet(java),
        insets=AndroidInsets(java),
        siren=AndroidSiren(java),
        scanner=AndroidScanner(java) if scans else None,
        look=AndroidLook(java),
        power=AndroidPower(java),
        permits=AndroidPermits(java),
    )

"""The classes of mobile/android as Python finds them.

They are looked up once, on the thread that asks for the ports: other threads would not find the
app's own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

PACKAGE = "org.wayhome.phone"


@dataclass(frozen=True)
class Java:
    """What was found on the Java side. `runnable` makes a function something Java can run."""

    context: Any
    device: Any
    safe: Any
    bars: Any
    noise: Any
    scan: Any
    runnable: Callable[[Callable[[], None]], Any]


def find_java(*, service: bool) -> Java:
    """The classes, and the app's window or its watch."""
    from jnius import autoclass

    if service:
        context = autoclass("org.kivy.android.PythonService").mService
    else:
        context = autoclass("org.kivy.android.PythonActivity").mActivity
    names = ("Device", "KeySafe", "Bars", "Noise", "Scan")
    device, safe, bars, noise, scan = (autoclass(f"{PACKAGE}.{name}") for name in names)
    return Java(context, device, safe, bars, noise, scan, _runnables())


def _runnables() -> Callable[[Callable[[], None]], Any]:
    from jnius import PythonJavaClass, java_method

    class Tell(PythonJavaClass):  # type: ignore[misc]  # jnius has no types
        """A function as Java's Runnable."""

        __javainterfaces__ = ["java/lang/Runnable"]  # noqa: RUF012 - jnius reads it from the class
        __javacontext__ = "app"

        def __init__(self, tell: Callable[[], None]) -> None:
            super().__init__()
            self.tell = tell

        @java_method("()V")  # type: ignore[untyped-decorator]
        def run(self) -> None:
            self.tell()

    return Tell

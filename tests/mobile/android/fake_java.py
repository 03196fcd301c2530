"""pyjnius and the Java behind it, as far as the ports can see: it writes down what it was asked."""

from collections.abc import Callable
from types import ModuleType
from typing import Any


class Recorder:
    """A Java class: any static method, answering as the test says."""

    def __init__(self, name: str, answers: dict[str, Any], calls: list[tuple[Any, ...]]) -> None:
        self._name, self._answers, self._calls = name, answers, calls
        self.mService = "the watch"
        self.mActivity = "the window"

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            self._calls.append((f"{self._name}.{method}", *arguments))
            answer = self._answers.get(method)
            return answer(*arguments) if callable(answer) else answer

        return call


class FakeJnius(ModuleType):
    """`import jnius` finds this."""

    def __init__(self) -> None:
        super().__init__("jnius")
        self.calls: list[tuple[Any, ...]] = []
        self.answers: dict[str, Any] = {}
        self.looked_up: list[str] = []
        self.PythonJavaClass = type("PythonJavaClass", (), {})
        self.java_method = lambda _: lambda method: method

    def autoclass(self, name: str) -> Any:
        """Find a class."""
        self.looked_up.append(name)
        return Recorder(name.rpartition(".")[2], self.answers, self.calls)

    def asked(self, method: str) -> list[tuple[Any, ...]]:
        """What a method was called with."""
        return [call[1:] for call in self.calls if call[0] == method]

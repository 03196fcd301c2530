"""What is wrong with an import file, every fault at its place: `people[2].mobile: ...`."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from server.domain.refusals import Refusal

Place = tuple[str | int, ...]

SECTIONS = ("organisation", "teams", "people")
LONGEST_SHOWN = 40

# What marshmallow says, as what would be right.
PLAIN = {
    "Unknown field.": "There is no such field.",
    "Missing data for required field.": "This field is needed.",
    "Field may not be null.": "Give a value, not null.",
    "Invalid input type.": "Give an object, in { }.",
    "Not a valid string.": 'Give text, in " ".',
    "Not a valid integer.": "Give a whole number.",
    "Not a valid boolean.": "Give true or false.",
    "Not a valid list.": "Give a list, in [ ].",
    "Not a valid mapping type.": "Give an object, in { }.",
}
CHOICE = "Must be one of: "


class Fault(NamedTuple):
    """One thing that is wrong; `place` is empty where it is the whole file."""

    place: Place
    sentence: str

    def __str__(self) -> str:
        return f"{written(self.place)}: {self.sentence}" if self.place else self.sentence


class BadImport(Refusal):
    """The file cannot be used; `faults` has one sentence for each thing wrong with it, `found` the
    same with their places."""

    kind = "import-refused"

    def __init__(self, faults: Sequence[str | Fault]) -> None:
        found = [one if isinstance(one, Fault) else Fault((), one) for one in faults]
        super().__init__("\n".join(map(str, found)))
        self.found = tuple(found)
        self.faults = tuple(map(str, found))


def shown(text: str) -> str:
    """A word of the file as it may be repeated on a terminal: short, and nothing but letters."""
    kept = text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "..."
    return "".join(letter if letter.isprintable() else "?" for letter in kept)


def written(place: Place) -> str:
    """A place as people read it."""
    said = ""
    for part in place:
        said += f"[{part}]" if isinstance(part, int) else f".{shown(part)}"
    return said.removeprefix(".")


class Faults:
    """Collects faults and gives them in the order of the file."""

    def __init__(self) -> None:
        self._found: list[Fault] = []

    def copy(self) -> "Faults":
        """The same faults, to add to without changing these."""
        other = Faults()
        other._found = list(self._found)
        return other

    def add(self, place: Place, sentence: str) -> None:
        """One more."""
        self._found.append(Fault(place, sentence))

    def add_messages(self, place: Place, messages: Any) -> None:
        """Everything marshmallow found, flattened."""
        if isinstance(messages, Mapping):
            for key, below in messages.items():
                self.add_messages(place if key == "_schema" else (*place, key), below)
        else:
            for message in messages:
                self.add(place, _plain(str(message)))

    def refuse(self) -> None:
        """Raise BadImport if anything was found."""
        if self._found:
            in_order = sorted(self._found, key=lambda fault: _rank(fault.place))
            raise BadImport(in_order)


def _rank(place: Place) -> tuple[int, int]:
    section = SECTIONS.index(str(place[0])) if place[0] in SECTIONS else -1
    row = place[1] if len(place) > 1 and isinstance(place[1], int) else -1
    return section, row


def _plain(message: str) -> str:
    if message.startswith(CHOICE):
        return f"Choose one of {message.removeprefix(CHOICE)}"
    return PLAIN.get(message, message)

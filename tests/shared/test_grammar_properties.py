"""What holds for any text at all: SOS is always heard, and nothing unclear is a sign of life."""

import re
import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from shared.grammar import (
    Back,
    Command,
    Done,
    FalseAlarm,
    Help,
    Home,
    More,
    Ok,
    Own,
    Pass,
    Safe,
    Sos,
    Stop,
    Unclear,
    Visit,
    mask,
    parse,
)

SURE = (Ok, Done, More, Home, Safe, FalseAlarm, Own, Pass, Back, Stop)

NOTS = [
    "not", "NOT", "no", "never", "don't", "don’t", "can't", "isnt", "isn't", "wasn’t", "cannot",
    "nid", "ddim", "dim", "nac", "help", "Help", "HELP!",
]  # fmt: skip

WORDS = [
    "ok", "OK", "okay", "done", "DONE", "more", "15", "4821", "home", "60", "safe", "false", "B",
    "1", "2", "visit", "45", "12", "High", "St", "14:30", "status", "away", "back", "thanks", "hi",
    "please", "x", "👍", "🔪", ".", "!", "\n", "pin", "stop", "one", "forty", "five", "mins", "Amy",
]  # fmt: skip

sentences = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)


def is_reaction(text: str) -> bool:
    return re.search('["\u201c].*["\u201d]', text, re.DOTALL) is not None


@given(st.text(), st.booleans())
@example("9" * 5000, False)
@example("VISIT " + "9" * 5000, False)
@example("more " + "9" * 5000 + " hours", False)
@example("\ud800", False)
@example("ß ﬁ İ", True)
def test_no_text_whatever_raises(text: str, told: bool) -> None:
    assert parse(text, told=told) is not None


@given(st.text(alphabet=st.characters(max_codepoint=0x2FF), max_size=12))
def test_noise_is_no_command_unless_it_spells_one(noise: str) -> None:
    spelled = "".join(
        char for char in unicodedata.normalize("NFKD", noise).casefold() if char.isalnum()
    )
    if isinstance(parse(noise), SURE):
        assert re.search("ok|done|more|home|safe|false|back|stop|end|one|two|1|2|quit", spelled)


@given(sentences, st.sampled_from(NOTS), sentences)
def test_nothing_with_a_not_or_a_help_in_it_is_a_sign_of_life(a: str, word: str, b: str) -> None:
    text = f"{a} {word} {b}"
    command = parse(text)
    assert not isinstance(command, SURE)
    # The 'No' of 'No 12 High St' is a number's.
    if isinstance(command, Visit) and not re.search(r"no\W*\d", text):
        assert command.doubt or command.asks_how_long


@given(sentences, st.sampled_from(["help", "HELP", "Help!", "“help”", "h.e.l.p"]), sentences)
def test_help_as_a_word_is_always_heard(a: str, word: str, b: str) -> None:
    assert isinstance(parse(f"{a} {word} {b}"), Help)


@given(
    st.text(max_size=60),
    st.sampled_from([" ", "\n", ".", "!", "/", "\u200b ", "\t", "\xa0"]),
    st.sampled_from(["SOS", "sos", "Sos", "s.o.s", "S O S", "🆘", "ｓｏｓ", "soss"]),
    st.sampled_from([" ", "\n", ".", "!", ", ", "\x00", "👍"]),
    st.text(max_size=60),
    st.booleans(),
)
def test_sos_as_a_word_beats_everything_else(
    a: str, before: str, sos: str, after: str, b: str, told: bool
) -> None:
    text = a + before + sos + after + b
    assume(not is_reaction(text))
    assert isinstance(parse(text, told=told), Sos)


@given(sentences, sentences)
def test_sos_is_found_among_any_commands(a: str, b: str) -> None:
    assert isinstance(parse(f"{a} SOS {b}"), Sos)


PLAIN = [
    "OK", "DONE", "DONE 4821", "MORE 15", "MORE 15 4821", "MORE 4821", "HOME 60", "HOME 4821",
    "AWAY 18:00", "BACK", "1", "1 B", "2", "2 C", "SAFE 4821", "SAFE B 4821", "FALSE 4821",
    "STATUS",
]  # fmt: skip


@given(
    st.sampled_from(PLAIN),
    st.lists(st.booleans(), min_size=16, max_size=16),
    st.sampled_from(["", "Hi, ", "hello ", "\n", "“", " 'please' ", "👍 ", "\u200e"]),
    st.sampled_from(
        ["", ".", "!!", " thanks", " x", "”", " 🙏", "\nSent from my iPhone", "\u200f"]
    ),
    st.sampled_from([" ", "  ", "\n", ". ", ", ", " - "]),
)
def test_case_spaces_punctuation_and_greetings_do_not_matter(
    plain: str, upper: list[bool], before: str, after: str, between: str
) -> None:
    cased = "".join(
        char.upper() if up else char.lower() for char, up in zip(plain, upper, strict=False)
    )
    assert parse(before + cased.replace(" ", between) + after) == parse(plain)


@given(sentences, sentences)
def test_any_word_more_makes_it_unclear(a: str, b: str) -> None:
    command = parse(f"{a} Zebedee {b}")
    assert not isinstance(command, SURE)


@given(sentences.filter(lambda text: "St" not in text))
def test_no_command_keeps_a_pin_in_what_others_see(text: str) -> None:
    command = parse(text)
    shown = command.text if isinstance(command, Unclear) else ""
    assert "4821" not in shown + mask(text)


@given(sentences)
def test_a_visit_never_keeps_the_word_pin_with_its_number(text: str) -> None:
    command = parse(text)
    if isinstance(command, Visit):
        assert not re.search(r"pin\W*4821", command.place)


@given(st.integers(1, 999))
def test_minutes_go_in_and_come_out(minutes: int) -> None:
    assert parse(f"MORE {minutes}") == More(minutes)
    assert parse(f"HOME {minutes}") == Home(minutes)
    assert parse(f"VISIT {minutes} 12 High St") == Visit(minutes, None, "12 High St")


@given(st.integers(0, 23), st.integers(0, 59))
def test_clock_times_go_in_and_come_out(hour: int, minute: int) -> None:
    for form in (f"{hour:02}:{minute:02}", f"{hour:02}.{minute:02}", f"{hour:02}{minute:02}"):
        command: Command = parse(f"VISIT {form} 12 High St")
        assert isinstance(command, Visit)
        assert command.until == (hour, minute)
        assert command.place == "12 High St"


@given(st.from_regex(r"[0-9]{4,6}", fullmatch=True))
def test_pins_go_in_and_come_out(pin: str) -> None:
    assert parse(f"DONE {pin}") == Done(pin)
    assert parse(f"SAFE B {pin}") == Safe("B", pin)
    assert parse(f"HOME {pin}") == Home(pin=pin)
    assert parse(f"MORE {pin}") == More()
    assert parse(f"MORE 15 {pin}") == More(15, pin)


@pytest.mark.parametrize("word", ["S O S", "s.o.s", "SOS"])
def test_sos_is_heard_in_a_text_of_any_length(word: str) -> None:
    assert isinstance(parse("blah " * 1000 + word + " blah" * 1000), Sos)

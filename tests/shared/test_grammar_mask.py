"""PINs are masked in everything stored (contract 6); what helps to find somebody is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.grammar import mask, possible_pins

MASKED = [
    ("DONE 4821", "DONE ****"),
    ("done4821", "done****"),
    ("Done 4821!", "Done ****!"),
    ("SAFE B 482193", "SAFE B ****"),
    ("4821 done", "**** done"),
    ("4821", "****"),
    ("MORE 15 4821", "MORE 15 ****"),
    ("MORE 15 48 21", "MORE ****"),
    ("done 4 8 2 1", "done ****"),
    ("4 8 2 1", "****"),
    ("4-8-2-1", "****"),
    ("DONE 48 21", "DONE ****"),
    ("48 21 done", "**** done"),
    ("done four eight two one", "done ****"),
    ("four 8 two 1", "****"),
    ("safe forty eight twenty one", "safe ****"),
    ("SAFE 12.21", "SAFE ****"),
    ("DONE 12:21", "DONE ****"),
    ("DONE ４８２１", "DONE ****"),
    ("DONE ④⑧②①", "DONE ****"),
    ("done 48\u200b21", "done ****"),
    ("done ٤٨٢١", "done ****"),
    ("VISIT 45 12 High St pin 4821", "VISIT 45 12 High St pin ****"),
    ("VISIT 45 12 High St pin 4 8 2 1", "VISIT 45 12 High St pin ****"),
    ("pin 4821 call 07700 900101", "pin **** call 07700 900101"),
    ("SAFE 0482 07700900101", "SAFE **** 07700900101"),
    ("SAFE 4821 High St", "SAFE **** High St"),
    ("DONE 48213 Main Rd", "DONE **** Main Rd"),
    ("SOS 4821", "SOS ****"),
    ("1234567", "****"),
    ("DONE 4821 4821", "DONE **** ****"),
    ("4821\n7390", "****\n****"),
    ("VISIT 1430 Mrs Jones", "VISIT **** Mrs Jones"),
]

KEPT = [
    "",
    "OK",
    "1 B",
    "MORE 15",
    "more forty five",
    "HOME 60",
    "more 120",
    "VISIT 45 12 High St",
    "DONE VISIT 45 12 High St",
    "VISIT 14:30 12 High St",
    "VISIT 12-14 High St",
    "home visit 45 12 High St",
    "SOS 1204 Main St",
    "SOS he is at 11204 Old Mill Road",
    "ring me on 07700 900101",
    "ring 07700900101",
    "ring +44 7700 900101",
    "ring +44 (0)7700 900101",
    "ring 020 7946 0123",
    "ring (212) 555-0123",
    "SOS she is four",
    "999",
]


@pytest.mark.parametrize(("text", "kept"), MASKED)
def test_what_could_be_a_pin_is_masked(text: str, kept: str) -> None:
    assert mask(text) == kept


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_pin_is_kept(text: str) -> None:
    assert mask(text) == text


def test_what_no_database_stores_is_taken_out() -> None:
    assert mask("SOS\x00 here \ud83d") == "SOS here "


@pytest.mark.parametrize(
    ("text", "pins"),
    [
        ("all fine here 7390", ("7390",)),
        ("OK 7390", ("7390",)),
        ("safe b seven three nine oh", ("7390",)),
        ("done 73 90", ("7390",)),
        ("4821 or 7390", ("4821", "7390")),
        ("VISIT 45 12 High St", ()),
        ("ring 07700 900101", ()),
        ("1234567", ()),
    ],
)
def test_a_duress_pin_is_heard_in_any_text(text: str, pins: tuple[str, ...]) -> None:
    assert possible_pins(text) == pins


@given(st.text(max_size=200))
def test_masking_never_raises_and_masking_again_changes_nothing(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(
    st.sampled_from(
        ["DONE {}", "safe B {}.", "{}", "False {} thanks", "more 15 {}", "all ok {} x"]
    ),
    st.from_regex(r"[0-9]{4,6}", fullmatch=True),
    st.sampled_from(["", " ", "-", "\u200b", ". "]),
)
def test_no_pin_stays_however_it_is_spaced(form: str, pin: str, between: str) -> None:
    kept = mask(form.format(between.join(pin)))
    assert pin not in "".join(char for char in kept if char.isdecimal())

"""Contract 4: which numbers may be somebody's, how they are stored, and how they are said."""

import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.numbers import BadNumber, NumberKind, national, read_number

AMY = "+447700900101"


@pytest.mark.parametrize(
    "raw",
    [
        "+447700900101",
        "07700 900101",
        "07700900101",
        "7700900101",
        "447700900101",
        "0044 7700 900101",
        "+0044 7700 900101",
        "00 44 (0) 7700 900101",
        "+44 (0)7700 900101",
        "+44 (0) 7700-900-101",
        "(+44) 7700 900101",
        "(07700) 900101",
        "07700-900101",
        "07700–900101",
        "07700.900.101",
        "07700\u00a0900101",
        "\u200e+44 7700 900101\u202c",
        "tel:+447700900101",
        "０７７００９００１０１",
        "٠٧٧٠٠٩٠٠١٠١",
        "7700900101.0",
        "  07700 900101\n",
    ],
)
def test_near_misses_are_read_as_meant(raw: str) -> None:
    number = read_number(raw, "GB")
    assert (number.e164, number.kind) == (AMY, NumberKind.MOBILE)
    assert (number.foreign, number.warning) == (False, None)


@pytest.mark.parametrize(
    ("raw", "country", "e164", "kind"),
    [
        ("07400 123456", "GB", "+447400123456", "mobile"),
        ("07624 123456", "GB", "+447624123456", "mobile"),
        ("07797 712345", "GB", "+447797712345", "mobile"),
        ("07400 123456", "JE", "+447400123456", "mobile"),
        ("020 7946 0123", "GB", "+442079460123", "landline"),
        ("0300 123 4567", "GB", "+443001234567", "landline"),
        ("0345 123 4567", "gb", "+443451234567", "landline"),
        ("086 123 4567", "IE", "+353861234567", "mobile"),
        ("01 234 5678", "IE", "+35312345678", "landline"),
        ("0151/12345678", "DE", "+4915112345678", "mobile"),
    ],
)
def test_numbers_at_home_need_no_warning(raw: str, country: str, e164: str, kind: str) -> None:
    number = read_number(raw, country)
    assert (number.e164, number.kind) == (e164, kind)
    assert (number.foreign, number.warning) == (False, None)


@pytest.mark.parametrize(
    "raw",
    ["+447700900000", "+447700900999", "+441632960000", "+441632960999", "01632 960 123"],
)
def test_the_drama_ranges_are_mobiles(raw: str) -> None:
    number = read_number(raw, "GB")
    assert (number.kind, number.warning) == ("mobile", None)


def test_beside_the_drama_ranges_a_number_in_no_range_is_doubted() -> None:
    assert read_number("+447700901000", "GB").warning is not None


@pytest.mark.parametrize(
    ("raw", "country", "e164", "kind", "words"),
    [
        ("+353 86 123 4567", "GB", "+353861234567", "mobile", "Not a number of GB"),
        ("0044 7400 123456", "US", "+447400123456", "mobile", "Not a number of US"),
        ("011 44 7400 123456", "US", "+447400123456", "mobile", "Not a number of US"),
        ("+1 876 234 5678", "US", "+18762345678", "mobile", "Not a number of US"),
        ("+881 6 12345678", "GB", "+881612345678", "mobile", "Not a number of GB"),
        ("+447700900101", "IE", AMY, "mobile", "Not a number of IE"),
    ],
)
def test_a_foreign_number_is_taken_with_a_warning(
    raw: str, country: str, e164: str, kind: str, words: str
) -> None:
    number = read_number(raw, country)
    assert (number.e164, number.kind, number.foreign) == (e164, kind, True)
    assert words in str(number.warning)


@pytest.mark.parametrize(
    ("raw", "country", "kind", "words"),
    [
        ("(212) 555-0123", "US", "unknown", "Nothing in this number tells"),
        ("056 1234 5678", "GB", "unknown", "Nothing in this number tells"),
        ("07700 901000", "GB", "unknown", "no range known"),
        ("0800 123 4567", "GB", "landline", "called, not texted"),
    ],
)
def test_a_doubtful_type_is_taken_with_a_warning(
    raw: str, country: str, kind: str, words: str
) -> None:
    number = read_number(raw, country)
    assert (number.kind, number.foreign) == (kind, False)
    assert words in str(number.warning)


@pytest.mark.parametrize(
    ("raw", "country", "words"),
    [
        ("999", "GB", "999 is a number for emergencies"),
        ("112", "GB", "112 is a number for emergencies"),
        ("+44 999", "GB", "999 is a number for emergencies"),
        ("0044112", "GB", "112 is a number for emergencies"),
        ("911", "GB", "911 is a number for emergencies"),
        ("911", "US", "911 is a number for emergencies"),
        ("000", "AU", "000 is a number for emergencies"),
        ("٩٩٩", "GB", "999 is a number for emergencies"),
        ("101", "GB", "too short"),
        ("118118", "GB", "too short"),
        ("61234", "GB", "too short"),
        ("116 123", "GB", "too short"),
        ("09012 345678", "GB", "Premium-rate"),
        ("+44 909 879 0123", "GB", "Premium-rate"),
        ("9991234567", "GB", "Premium-rate"),
        ("+1 900 234 5678", "US", "Premium-rate"),
        ("+1 900 234 5678", "GB", "Premium-rate"),
        ("0845 123 4567", "GB", "cost the caller extra (084, 087)"),
        ("0871 234 5678", "GB", "cost the caller extra (084, 087)"),
        ("070 1234 5678", "GB", "personal number (070)"),
        ("07640 123456", "GB", "pager"),
        ("07700 900101", "US", "too long"),
        ("0770 900101", "GB", "too few digits"),
        ("07700 90010", "GB", "too few digits"),
        ("07700 9001011", "GB", "too long"),
        ("+44 7400 123 456 789 01", "GB", "too long"),
        ("0" * 300, "GB", "too long"),
        ("07700 900101 / 07700 900102", "GB", "give one number"),
        ("07700900101,07700900102", "GB", "give one number"),
        ("07700 900101 ext 5", "GB", "extension"),
        ("07700900101x12", "GB", "extension"),
        ("07700 9001O1", "GB", "digits only"),
        ("amy", "GB", "digits only"),
        ("+", "GB", "digits only"),
        ("07700+900101", "GB", "digits only"),
        ("", "GB", "missing"),
        (" \u200b", "GB", "missing"),
        ("4.477E+11", "GB", "spreadsheet"),
        ("().", "GB", "no phone number"),
        ("+999 123456789", "GB", "start with +"),
        ("07700 900101", "XX", "start with +"),
    ],
)
def test_what_never_reaches_a_person_is_refused(raw: str, country: str, words: str) -> None:
    with pytest.raises(BadNumber) as refused:
        read_number(raw, country)
    reason = refused.value.reason
    assert words in reason
    assert reason == str(refused.value)
    assert reason.endswith(".")
    assert "\n" not in reason
    assert "give" in reason or "enter" in reason or "start with" in reason


@given(st.text(max_size=30), st.sampled_from(["GB", "US", "IE", "XX", ""]))
def test_any_raw_text_is_refused_or_a_number_that_reads_as_itself(raw: str, country: str) -> None:
    with suppress(BadNumber):
        number = read_number(raw, country)
        assert read_number(number.e164, country) == number


@given(st.integers(0, 999))
def test_a_stored_number_is_read_as_itself_and_said_as_written(last: int) -> None:
    e164 = f"+447700900{last:03}"
    assert read_number(e164, "GB").e164 == e164
    said = national(e164, "GB")
    assert said == f"07700 900{last:03}"
    assert read_number(said, "GB").e164 == e164


@pytest.mark.parametrize(
    ("e164", "country", "said"),
    [
        (AMY, "GB", "07700 900101"),
        (AMY, "gb", "07700 900101"),
        (AMY, "IE", "+44 7700 900101"),
        ("+441632960001", "GB", "01632 960001"),
        ("+442079460123", "GB", "020 7946 0123"),
        ("+12125550123", "US", "(212) 555-0123"),
        ("+353861234567", "GB", "+353 86 123 4567"),
        ("nonsense", "GB", "nonsense"),
    ],
)
def test_a_number_is_said_as_a_person_there_writes_it(e164: str, country: str, said: str) -> None:
    assert national(e164, country) == said
    assert said.isascii()


def test_importing_the_module_does_not_load_the_tables() -> None:
    loads = "import shared.numbers, sys; print('phonenumbers' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"

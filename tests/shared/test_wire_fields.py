"""What both ends take for a time, a number, a text, an id."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError

from shared.states import Risk
from shared.wire.fields import (
    Digits,
    Flag,
    Ident,
    Moment,
    Real,
    Text,
    Whole,
    is_storable,
    read_moment,
    read_uuid,
    storable,
    word,
)

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
BOUNDS: dict[str, Any] = {
    "min_value": datetime(2000, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone itself
    "max_value": datetime(2099, 12, 30),  # noqa: DTZ001
    "timezones": OFFSETS,
}


class Everything(Schema):
    ident = Ident()
    moment = Moment()
    flag = Flag()
    whole = Whole(1, 720)
    real = Real(-90, 90)
    text = Text(10, least=1, one_line=True)
    note = Text(10)
    pin = Digits()
    risk = word(Risk)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(field=st.sampled_from(sorted(Everything().fields)), value=ANYTHING)
def test_whatever_comes_is_read_or_refused_with_one_sentence(field: str, value: Any) -> None:
    try:
        Everything().load({field: value})
    except ValidationError as fault:
        (sentences,) = fault.messages_dict.values()
        assert len(sentences) == 1
        assert sentences[0].endswith(".")


@given(st.datetimes(**BOUNDS))
def test_an_instant_is_the_same_on_both_ends(at: datetime) -> None:
    written = Everything().dump({"moment": at})["moment"]
    assert Everything().load({"moment": written})["moment"] == at
    assert read_moment(at.isoformat()) == at
    assert read_moment(at.isoformat().replace("T", "t")) == at


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-10T14:30:00",
        "2026-03-10 14:30Z",
        "2026-03-10T24:30:00Z",
        "2026-02-29T14:30:00Z",
        "2026-03-10T14:30:00+25:00",
        "1999-12-31T23:59:59Z",
        "2100-01-01T00:00:00Z",
        "2100-01-01T05:00:00-14:00",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "٢٠٢٦-03-10T14:30:00Z",
        "2026-W11-2T14:30:00Z",
        "20260310T143000Z",
        " 2026-03-10T14:30:00Z",
        "2026-03-10T14:30:00Z\n",
        1_773_151_200,
        None,
    ],
)
def test_what_is_no_instant(text: Any) -> None:
    assert read_moment(text) is None


def test_fractions_of_a_second_are_kept_to_the_microsecond() -> None:
    assert read_moment("2026-03-10T14:30:00.123456789Z") == datetime(
        2026, 3, 10, 14, 30, 0, 123456, UTC
    )


@given(st.uuids())
def test_a_uuid_is_read_as_it_is_written(one: UUID) -> None:
    assert read_uuid(str(one)) == read_uuid(str(one).upper()) == one
    for other in (one.hex, f"{{{one}}}", f"urn:uuid:{one}", f"{one} ", one.int):
        assert read_uuid(other) is None


@given(st.text(alphabet=st.characters(), max_size=30))
def test_what_is_kept_of_a_text_can_be_stored(text: str) -> None:
    kept = storable(text)
    assert is_storable(kept)
    assert len(kept) == len(text)
    kept.encode()
    if is_storable(text):
        assert kept == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), "1", True, 10**400])
def test_what_is_no_number(value: Any) -> None:
    with pytest.raises(ValidationError):
        Everything().load({"real": value})


@pytest.mark.parametrize("value", [0, 721, 1.5, 5.0, "5", True, None])
def test_what_is_no_whole_number_within_bounds(value: Any) -> None:
    with pytest.raises(ValidationError):
        Everything().load({"whole": value})


def test_bounds_are_allowed() -> None:
    found = Everything().load({"whole": 720, "real": -90, "text": "x" * 10, "pin": "482190"})
    assert found == {"whole": 720, "real": -90.0, "text": "x" * 10, "pin": "482190"}


def test_one_line_is_one_line() -> None:
    assert Everything().load({"text": " a\r\n\tb ", "note": " a\nb "}) == {
        "text": "a b",
        "note": "a\nb",
    }

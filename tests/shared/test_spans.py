"""Times as people say them, through both changes of clocks on both sides of the Atlantic."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.spans import (
    Clock,
    ago,
    clock_time,
    is_either_half,
    minutes_words,
    next_wall_time,
    parse_clock,
)

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
APIA, LORD_HOWE = ZoneInfo("Pacific/Apia"), ZoneInfo("Australia/Lord_Howe")

zones = st.sampled_from([LONDON, NEW_YORK, LORD_HOWE, ZoneInfo("Asia/Kathmandu"), ZoneInfo("UTC")])
instants = st.datetimes(
    min_value=datetime(2025, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2028, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    timezones=st.just(UTC),
)
hours, minutes = st.integers(0, 23), st.integers(0, 59)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "zone", "near", "said"),
    [
        ("2026-11-03 14:30", LONDON, "2026-11-03 09:00", "14:30"),
        ("2026-07-03 13:30", LONDON, "2026-07-03 09:00", "14:30"),
        ("2026-11-03 09:30", LONDON, "2026-11-02 17:00", "Tue 09:30"),
        ("2026-11-02 09:30", LONDON, "2026-11-03 17:00", "Mon 09:30"),
        ("2026-07-03 23:30", LONDON, "2026-07-03 12:00", "Sat 00:30"),
        ("2026-11-09 09:30", LONDON, "2026-11-03 17:00", "Mon 09:30"),
        ("2026-11-10 09:30", LONDON, "2026-11-03 17:00", "10 Nov 09:30"),
        ("2027-01-04 09:30", LONDON, "2026-11-03 17:00", "4 Jan 2027 09:30"),
        ("2026-11-03 14:30", NEW_YORK, "2026-11-03 14:00", "09:30"),
        ("2026-10-25 00:30", LONDON, "2026-10-25 00:00", "01:30 BST"),
        ("2026-10-25 01:30", LONDON, "2026-10-25 00:00", "01:30 GMT"),
        ("2026-10-25 00:00", LONDON, "2026-10-25 00:00", "01:00 BST"),
        ("2026-10-25 02:00", LONDON, "2026-10-25 00:00", "02:00"),
        ("2026-10-24 23:59", LONDON, "2026-10-25 00:00", "00:59"),
        ("2026-10-25 00:30", LONDON, "2026-10-24 12:00", "Sun 01:30 BST"),
        ("2026-11-01 05:30", NEW_YORK, "2026-11-01 05:00", "01:30 EDT"),
        ("2026-11-01 06:30", NEW_YORK, "2026-11-01 05:00", "01:30 EST"),
        ("2026-11-01 07:00", NEW_YORK, "2026-11-01 05:00", "02:00"),
        ("2026-03-29 01:00", LONDON, "2026-03-29 00:00", "02:00"),
        ("2026-03-08 07:00", NEW_YORK, "2026-03-08 06:00", "03:00"),
    ],
)
def test_an_instant_is_said_as_its_clocks_show_it(
    instant: str, zone: ZoneInfo, near: str, said: str
) -> None:
    assert clock_time(utc(instant), zone, utc(near)) == said


@pytest.mark.parametrize(
    ("wall", "zone", "now", "reached"),
    [
        ((14, 30), LONDON, "2026-11-03 09:00", "2026-11-03 14:30"),
        ((14, 30), LONDON, "2026-07-03 09:00", "2026-07-03 13:30"),
        ((14, 30), LONDON, "2026-11-03 14:30", "2026-11-04 14:30"),
        ((0, 15), LONDON, "2026-07-03 22:00", "2026-07-03 23:15"),
        ((14, 30), NEW_YORK, "2026-11-03 15:00", "2026-11-03 19:30"),
        # Spring: 01:00 GMT is 02:00 BST; a time that is skipped is reached at the jump.
        ((1, 30), LONDON, "2026-03-29 00:00", "2026-03-29 01:00"),
        ((1, 0), LONDON, "2026-03-29 00:00", "2026-03-29 01:00"),
        ((2, 0), LONDON, "2026-03-29 00:00", "2026-03-29 01:00"),
        ((1, 30), LONDON, "2026-03-29 01:00", "2026-03-30 00:30"),
        ((2, 30), LONDON, "2026-03-29 00:00", "2026-03-29 01:30"),
        ((2, 30), NEW_YORK, "2026-03-08 06:00", "2026-03-08 07:00"),
        ((3, 0), NEW_YORK, "2026-03-08 06:00", "2026-03-08 07:00"),
        # Autumn: 01:30 comes twice; the first one still ahead.
        ((1, 30), LONDON, "2026-10-25 00:00", "2026-10-25 00:30"),
        ((1, 30), LONDON, "2026-10-25 00:30", "2026-10-25 01:30"),
        ((1, 30), LONDON, "2026-10-25 01:00", "2026-10-25 01:30"),
        ((1, 30), LONDON, "2026-10-25 01:30", "2026-10-26 01:30"),
        ((2, 0), LONDON, "2026-10-25 00:30", "2026-10-25 02:00"),
        ((1, 30), NEW_YORK, "2026-11-01 05:00", "2026-11-01 05:30"),
        ((1, 30), NEW_YORK, "2026-11-01 05:45", "2026-11-01 06:30"),
        # Half an hour's change, and a day that never was.
        ((2, 15), LORD_HOWE, "2026-10-03 15:00", "2026-10-03 15:30"),
        ((10, 0), APIA, "2011-12-30 08:00", "2011-12-30 10:00"),
    ],
)
def test_a_wall_time_is_found_ahead(
    wall: tuple[int, int], zone: ZoneInfo, now: str, reached: str
) -> None:
    assert next_wall_time(*wall, zone, utc(now)) == utc(reached)


@pytest.mark.parametrize(
    ("wall", "now", "reached"),
    [
        ((2, 30), "2026-11-03 13:45", "2026-11-03 14:30"),
        ((2, 30), "2026-11-03 01:45", "2026-11-03 02:30"),
        ((9, 15), "2026-11-03 08:30", "2026-11-03 09:15"),
        ((9, 15), "2026-11-03 10:00", "2026-11-03 21:15"),
        ((12, 30), "2026-11-03 11:00", "2026-11-03 12:30"),
        ((12, 30), "2026-11-03 23:00", "2026-11-04 00:30"),
    ],
)
def test_a_time_of_either_half_is_the_nearer_one(
    wall: tuple[int, int], now: str, reached: str
) -> None:
    assert next_wall_time(*wall, LONDON, utc(now), either_half=True) == utc(reached)


@given(hours, minutes, zones, instants)
def test_the_next_wall_time_is_ahead_within_a_day_and_reads_back(
    hour: int, minute: int, zone: ZoneInfo, now: datetime
) -> None:
    reached = next_wall_time(hour, minute, zone, now)
    assert now < reached <= now + timedelta(hours=25)
    shown = reached.astimezone(zone)
    if (shown.hour, shown.minute) != (hour, minute):
        before = (reached - timedelta(seconds=1)).astimezone(zone)
        assert before.utcoffset() != shown.utcoffset()
        assert (before.hour, before.minute) < (hour, minute) < (shown.hour, shown.minute)


@given(hours, minutes, zones, instants, st.timedeltas(timedelta(0), timedelta(days=3)))
def test_asked_later_it_is_never_earlier(
    hour: int, minute: int, zone: ZoneInfo, now: datetime, later: timedelta
) -> None:
    first = next_wall_time(hour, minute, zone, now)
    second = next_wall_time(hour, minute, zone, now + later)
    assert first <= second
    assert (now + later >= first) or first == second


@given(hours, minutes, zones, instants)
def test_either_half_is_within_thirteen_hours(
    hour: int, minute: int, zone: ZoneInfo, now: datetime
) -> None:
    reached = next_wall_time(hour, minute, zone, now, either_half=True)
    assert now < reached <= now + timedelta(hours=13)


@given(instants, zones)
def test_what_is_said_can_be_read(instant: datetime, zone: ZoneInfo) -> None:
    said = clock_time(instant, zone, instant)
    local = instant.astimezone(zone)
    assert parse_clock(said[:5]) == (local.hour, local.minute)


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("14:30", (14, 30)),
        (" 14:30 ", (14, 30)),
        ("1430", (14, 30)),
        ("14.30", (14, 30)),
        ("14h30", (14, 30)),
        ("9:05", (9, 5)),
        ("00:00", (0, 0)),
        ("24:00", (0, 0)),
        ("2pm", (14, 0)),
        ("2 PM", (14, 0)),
        ("2.30pm", (14, 30)),
        ("2:30 p.m.", (14, 30)),
        ("12am", (0, 0)),
        ("12pm", (12, 0)),
        ("12.30am", (0, 30)),
        ("noon", (12, 0)),
        ("Midnight", (0, 0)),
    ],
)
def test_clock_times_are_read_as_written(raw: str, read: tuple[int, int]) -> None:
    clock = parse_clock(raw)
    assert clock == read
    assert isinstance(clock, Clock)


@pytest.mark.parametrize(
    "raw",
    ["", "2", "14", "143", "14305", "25:00", "14:60", "2400pm", "13pm", "0am", "14:3", "1:2:3",
     "half past two", "24:01", "١٤:٣٠", "-1:30", "14:30pm", "soon"],
)  # fmt: skip
def test_what_is_no_clock_time_is_none(raw: str) -> None:
    assert parse_clock(raw) is None


@given(st.text(max_size=12))
def test_reading_a_clock_never_raises(raw: str) -> None:
    read = parse_clock(raw)
    assert read is None or (read.hour in range(24) and read.minute in range(60))
    assert is_either_half(raw) in {True, False}


@given(hours, minutes)
def test_clock_times_go_in_and_come_out(hour: int, minute: int) -> None:
    for form in (f"{hour:02}:{minute:02}", f"{hour}.{minute:02}", f"{hour:02}{minute:02}"):
        assert parse_clock(form) == (hour, minute)
    half = "pm" if hour >= 12 else "am"
    assert parse_clock(f"{hour % 12 or 12}:{minute:02}{half}") == (hour, minute)


@pytest.mark.parametrize("raw", ["2:30", "9.15", "12:30", "1:00", "11h15"])
def test_morning_or_evening_is_not_said(raw: str) -> None:
    assert is_either_half(raw)


@pytest.mark.parametrize(
    "raw", ["14:30", "02:30", "0:30", "2pm", "2.30pm", "1430", "0930", "13:00", "noon", "x"]
)
def test_morning_or_evening_is_said(raw: str) -> None:
    assert not is_either_half(raw)


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 min"), (1, "1 min"), (45, "45 min"), (60, "1 h"), (65, "1 h 05"), (90, "1 h 30"),
     (720, "12 h"), (750, "12 h 30")],
)  # fmt: skip
def test_minutes_are_said_short(count: int, said: str) -> None:
    assert minutes_words(count) == said


def test_less_than_no_minutes_is_refused() -> None:
    with pytest.raises(ValueError, match="nought or more"):
        minutes_words(-1)


@pytest.mark.parametrize(
    ("delta", "said"),
    [
        (timedelta(seconds=-30), "just now"),
        (timedelta(0), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=60), "1 min ago"),
        (timedelta(minutes=5, seconds=59), "5 min ago"),
        (timedelta(minutes=90), "1 h 30 ago"),
        (timedelta(hours=47, minutes=59), "47 h 59 ago"),
        (timedelta(hours=48), "2 days ago"),
        (timedelta(days=30), "30 days ago"),
    ],
)
def test_how_long_ago_is_never_more_than_it_was(delta: timedelta, said: str) -> None:
    assert ago(delta) == said

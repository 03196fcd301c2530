"""What the dry run says."""

from server.pages.policy.showing import _after


def test_a_night_on_which_somebody_would_have_been_told_before() -> None:
    assert [_after(seconds) for seconds in (0, -0.4, 243, -243, -240)] == [
        "+0:00",
        "+0:00",
        "+4:03",
        "-4:03",
        "-4:00",
    ]

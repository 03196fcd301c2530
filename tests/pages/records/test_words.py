"""The log's sentences where there is little to say."""

import pytest

from server.pages.log import words


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"told": [{"who": "Ben", "by": ["text"]}]}, "Everybody was told: Ben by text"),
        ({"told": []}, "There was nobody who could be told"),
        ({}, "Everybody was told: no names are kept any more"),
    ],
)
def test_a_broadcast_that_reached_nobody_does_not_say_that_everybody_was_told(
    part: words.Part, said: str
) -> None:
    tell = words.SENTENCES["broadcast"]
    assert callable(tell)
    assert tell("", "", part) == said

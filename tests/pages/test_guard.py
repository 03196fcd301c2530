"""Who may send a form to the page of phones, and what is refused."""

import pytest

from server.pages.phones.view import LONGEST_TEXT
from tests.pages.rehearsal import Rehearsal
from tests.support.database import sqlite_only

pytestmark = sqlite_only
THIS = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_a_form_from_elsewhere_is_refused(rehearsal: Rehearsal, headers: dict[str, str]) -> None:
    fields = {"number": rehearsal.numbers["amy"], "body": "SOS"}
    assert rehearsal.post("/phones/text", fields, headers).status_code == 403
    assert rehearsal.page().card("amy").texts == []


@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
def test_a_form_without_the_pages_token_is_refused(rehearsal: Rehearsal, token: str) -> None:
    fields = {"number": rehearsal.numbers["amy"], "body": "SOS", "token": token}
    assert rehearsal.client.post("/phones/text", data=fields, headers=THIS).status_code == 403
    assert rehearsal.page().card("amy").texts == []


def test_the_page_is_not_served_under_a_strangers_name(rehearsal: Rehearsal) -> None:
    for host, status in [
        ("evil.example", 400),
        ("127.0.0.1:8080", 200),
        ("[::1]:8080", 200),
        ("localhost:8080", 200),
        ("wayhome.test", 200),
    ]:
        assert rehearsal.client.get("/phones", headers={"Host": host}).status_code == status, host


def test_what_cannot_be_sent_is_refused_in_a_sentence(rehearsal: Rehearsal) -> None:
    stranger = rehearsal.post("/phones/text", {"number": "+447700900999", "body": "hello"})
    assert (stranger.status_code, "No pretend phone has this number." in stranger.text) == (
        404,
        True,
    )
    amy = rehearsal.numbers["amy"]
    long = rehearsal.post("/phones/text", {"number": amy, "body": "x" * (LONGEST_TEXT + 1)})
    assert (long.status_code, "at most 480 characters" in long.text) == (400, True)
    assert rehearsal.post("/phones/text", {"number": amy, "body": " \x00 "}).status_code == 303
    assert rehearsal.page().card("amy").texts == []


def test_there_is_no_pace_in_a_rehearsal(rehearsal: Rehearsal) -> None:
    assert rehearsal.post("/phones/pace", {"do": "pause"}).status_code == 404
    assert rehearsal.post("/phones/again", {}).status_code == 404


def test_a_script_is_told_without_a_page(rehearsal: Rehearsal) -> None:
    fields = {"number": rehearsal.numbers["amy"], "body": "STATUS"}
    answer = rehearsal.post("/phones/text", fields, {"Wayhome-Quiet": "1"})
    assert (answer.status_code, answer.data) == (204, b"")
    assert rehearsal.page().card("amy").texts[0] == "STATUS"

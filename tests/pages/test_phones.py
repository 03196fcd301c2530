"""The page of pretend phones: what it shows, and that answering on it takes effect."""

from pathlib import Path

import pytest

from server.store.house import PretendText
from tests.pages.rehearsal import Rehearsal, read_html
from tests.support.clock import ManualClock
from tests.support.people import open_app, reading


def test_it_exists_only_in_a_rehearsal_and_in_the_demo(database_url: str, tmp_path: Path) -> None:
    real = Rehearsal(database_url, tmp_path, pretend=False)
    for path in ("/phones", "/phones/now"):
        assert real.client.get(path).status_code == 404
    assert real.client.post("/phones/text").status_code == 404


def test_a_rehearsal_says_so_loudly(rehearsal: Rehearsal) -> None:
    page = rehearsal.page()
    assert "REHEARSAL: nobody will be told." in page.root.one("div", class_="banner").text
    assert page.root.all("button", name="do") == []
    assert rehearsal.client.get("/").headers["Location"] == "/sign-in"


def test_everybody_has_a_phone_and_a_part(rehearsal: Rehearsal) -> None:
    page = rehearsal.page()
    assert page.card("ben").part == "Amy's and Dan's buddy, goes out alone"
    assert page.card("cat").part == "manager, cover for Amy"
    assert page.card("amy").standing == "Not out"
    assert page.card("cat").standing == "On duty"
    assert page.sentences == ["Nobody is out."]


def test_a_text_takes_effect_and_is_answered(rehearsal: Rehearsal) -> None:
    answered = rehearsal.says("amy", "visit 30 12 High St")
    assert answered.headers["Location"] == "/phones#p447700900101"
    amy = rehearsal.page().card("amy")
    assert amy.sides == ["sent", "got"]
    assert amy.texts[0] == "visit 30 12 High St"
    assert "14:30" in amy.texts[1]
    assert amy.standing == "Out until 14:30: 12 High St"
    assert rehearsal.page().sentences == ["Amy is out until 14:30."]


def test_a_quick_text_goes_by_the_same_door(rehearsal: Rehearsal) -> None:
    rehearsal.post("/phones/text", {"number": rehearsal.numbers["dan"], "reply": "STATUS"})
    assert rehearsal.page().card("dan").texts[0] == "STATUS"


def test_no_pin_is_shown_or_kept(rehearsal: Rehearsal) -> None:
    rehearsal.says("amy", "VISIT 30 12 High St")
    rehearsal.says("amy", "DONE 4821")
    assert rehearsal.page().card("amy").texts[2] == "DONE ****"
    kept = reading(rehearsal.app, lambda session: session.query(PretendText).all())
    assert not [text.body for text in kept if "4821" in text.body]


def test_who_is_late_is_said_before_anybody_else_is_told(rehearsal: Rehearsal) -> None:
    rehearsal.says("amy", "VISIT 30 12 High St")
    rehearsal.forward(minutes=33)
    page = rehearsal.page()
    assert page.mood == "Somebody is late"
    assert page.sentences == [
        "Amy was due at 14:30. So far only Amy has been reminded."
        " If nothing comes, Ben is texted at 14:40."
    ]
    assert page.card("amy").standing == "Was due at 14:30: 12 High St"


def test_an_alarm_is_told_from_raise_to_end(rehearsal: Rehearsal) -> None:
    rehearsal.says("amy", "VISIT 30 12 High St")
    rehearsal.forward(minutes=41)
    page = rehearsal.page()
    assert page.mood == "Alarm open"
    assert page.sentences[0].startswith(
        "Amy was due at 14:30 and has not been heard from. Ben was texted at 14:40. Next: Ben at"
    )
    assert page.chain[0] == ("Told", "Ben Hughes", "14:40 by text")
    assert page.chain[1][0] == "Next"
    assert page.card("ben").standing == "Told of Amy's alarm at 14:40"
    assert page.card("ben").replies[:2] == ["1", "2"]
    assert page.card("amy").standing == "Alarm open since 14:40"

    rehearsal.says("ben", "1")
    page = rehearsal.page()
    assert page.mood == "Alarm in hand"
    assert "Ben took charge at 14:41." in page.sentences[0]
    assert ("In charge", "Ben Hughes", "since 14:41") in page.chain
    assert page.card("ben").standing == "Has charge of Amy's alarm"

    rehearsal.says("ben", "SAFE 1357")
    page = rehearsal.page()
    assert page.mood == "All is well"
    assert page.chain == []
    assert page.sentences == [
        "Amy's alarm ended at 14:41: Amy is safe (Ben says so)."
        " Everyone who was told has been told that.",
        "Nobody is out.",
    ]


def test_two_alarms_are_both_told_and_answered_by_letter(rehearsal: Rehearsal) -> None:
    rehearsal.says("amy", "SOS")
    rehearsal.says("dan", "SOS")
    rehearsal.forward(minutes=0.5)
    page = rehearsal.page()
    assert [said.split()[0] for said in page.sentences] == ["Amy", "Dan"]
    assert page.card("ben").replies[:4] == ["1 A", "2 A", "1 B", "2 B"]


def test_a_duress_is_told_to_the_audience_and_not_to_the_phone(rehearsal: Rehearsal) -> None:
    rehearsal.says("amy", "VISIT 30 12 High St")
    rehearsal.says("amy", "DONE 7390")
    page = rehearsal.page()
    assert page.titles == ["Amy's safety chain: duress, alarm at 14:00"]
    assert page.sentences[0].startswith("Amy's duress PIN was used at 14:00: that phone shows")
    assert "finished" in page.card("amy").texts[-1]


def test_the_part_that_changes_is_answered_by_304_until_something_does(
    rehearsal: Rehearsal,
) -> None:
    first = rehearsal.client.get("/phones/now")
    known = {"If-None-Match": first.headers["ETag"]}
    rehearsal.clock.forward(minutes=1)
    same = rehearsal.client.get("/phones/now", headers=known)
    assert same.status_code == 304
    assert same.headers["Wayhome-Clock"] == "50460.0 1.0"
    rehearsal.says("amy", "STATUS")
    assert rehearsal.client.get("/phones/now", headers=known).status_code == 200


def test_the_part_that_changes_has_the_same_parts_as_the_page(rehearsal: Rehearsal) -> None:
    rehearsal.says("amy", "SOS")
    rehearsal.forward(minutes=0.5)

    def parts(path: str) -> dict[str, str]:
        root = read_html(rehearsal.client.get(path).text)
        return {
            one.attributes["data-live"]: one.text
            for one in root.all()
            if "data-live" in one.attributes
        }

    assert parts("/phones/now") == parts("/phones")


@pytest.mark.parametrize("sought", ["Ben", "ben", "900102"])
def test_a_phone_is_found_by_name_or_number(rehearsal: Rehearsal, sought: str) -> None:
    page = rehearsal.page(f"/phones?find={sought}")
    assert [one.text for one in page.root.all("h2", id="p447700900102-name")] == ["Ben Hughes"]
    assert len(page.root.all("article")) == 1
    assert "No phone has that" in rehearsal.page("/phones?find=Zoe").root.text


def test_an_empty_house_says_what_to_do(database_url: str, tmp_path: Path) -> None:
    app = open_app(database_url, tmp_path, ManualClock(), demo=False)
    assert "wayhome import FILE" in app.test_client().get("/phones").text

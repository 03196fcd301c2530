"""P6 and contract 6: the same MessageSid has one effect, whatever fails and whoever races."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from server.domain.refusals import Conflict
from server.hooks import commands, outings, texting
from server.store import db
from server.store.visits import Visit
from shared import grammar
from tests.hooks.conftest import NewLine
from tests.hooks.line import AGAIN, Line, words_of
from tests.support.people import AMY, reading


def visits_ever(line: Line) -> int:
    return reading(line.app, lambda s: s.query(Visit).count())


def test_the_same_text_again_gets_the_stored_answer_and_does_nothing(line: Line) -> None:
    first = line.says("amy", "VISIT 45 12 High St", sid="SM1")
    line.says("amy", "DONE 4821", sid="SM2")
    line.forward(minutes=30)
    assert line.says("amy", "VISIT 45 12 High St", sid="SM1") == first
    assert line.says("amy", "DONE 4821", sid="SM2") == "12 High St: finished at 14:00. Thank you."
    assert (visits_ever(line), line.visits("amy"), len(line.kept())) == (1, [], 2)


def test_the_same_sos_again_is_one_alarm_and_no_news(line: Line) -> None:
    for _ in range(3):
        line.says("amy", "SOS", sid="SM1")
    assert line.kinds("amy") == ["sos"]
    assert len(line.new("ben")) == 1


@pytest.mark.parametrize("words", ["SOS", "VISIT 45 12 High St", "DONE 1111", "banana"])
def test_the_same_text_many_times_at_once_has_one_effect(line: Line, words: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: line.text("amy", words, sid="SM1"), range(16)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({words_of(answer) for answer in answers}) == 1
    assert len(line.kept()) == 1
    assert len(line.kinds("amy")) == (words == "SOS")
    assert visits_ever(line) == words.startswith("VISIT")
    assert line.somebody("amy").wrong_pins == words.startswith("DONE")


def test_strangers_racing_with_themselves_are_answered_once(line: Line) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: line.text("+447700900555", "hi", sid="SM1"), range(16)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(line.kept()) == 1


def test_a_hundred_different_texts_at_once_all_count(line: Line) -> None:
    with ThreadPoolExecutor(8) as pool:
        who = ["amy", "ben", "cat", "dan"] * 6
        answers = list(pool.map(lambda name: line.text(name, "SOS"), who))
    assert {answer.status_code for answer in answers} == {200}
    assert [line.kinds(name) for name in who[:4]] == [["sos"]] * 4


def broken(*_: Any, **__: Any) -> str:
    raise RuntimeError("a fault in the program")


def test_a_fault_is_answered_with_a_sentence_and_kept(
    line: Line, monkeypatch: pytest.MonkeyPatch, may_log: set[str]
) -> None:
    may_log.add("text_failed")
    line.says("amy", "VISIT 45 12 High St")
    monkeypatch.setitem(commands.HANDLERS, grammar.Done, broken)
    answer = line.says("amy", "DONE 4821", sid="SM1")
    assert answer == (
        "That did not work here, and nothing may have changed. If you need help now, ring 999."
        " Please ring the office."
    )
    assert not re.search("alarm|safety|client|danger", answer, re.IGNORECASE)
    monkeypatch.undo()
    assert line.says("amy", "DONE 4821", sid="SM1") == answer
    assert len(line.visits("amy")) == 1
    assert line.kept()[-1].body == "DONE ****"


def test_an_sos_outlives_a_fault_in_what_is_around_it(
    line: Line, monkeypatch: pytest.MonkeyPatch, may_log: set[str]
) -> None:
    may_log.add("text_failed")
    monkeypatch.setitem(commands.HANDLERS, grammar.Sos, broken)
    for _ in range(2):
        assert line.says("amy", "SOS", sid="SM1").startswith("We have your SOS")
    assert line.kinds("amy") == ["sos"]
    assert len(line.new("ben")) == 1


def away(*_: Any, **__: Any) -> str:
    raise OperationalError("BEGIN", {}, Exception("the database is away"))


def test_with_the_database_away_she_is_told_and_the_gateway_asked_to_come_again(
    line: Line, monkeypatch: pytest.MonkeyPatch, may_log: set[str]
) -> None:
    may_log.add("text_not_stored")
    with monkeypatch.context() as patch:
        patch.setattr(db, "write", away)
        answer = line.text("amy", "SOS", sid="SM1")
        again = line.text("amy", "SOS", sid="SM1", path=AGAIN)
    assert answer.status_code == 200
    assert words_of(answer).startswith("That did not work here")
    redirect = "<Redirect>https://wayhome.example/hooks/twilio/message/again#rc=5&amp;rp=all<"
    assert redirect in answer.get_data(as_text=True)
    assert again.status_code == 503
    assert line.kinds("amy") == []
    for _ in range(2):
        taken = line.text("amy", "SOS", sid="SM1", path=AGAIN)
        assert words_of(taken).startswith("We have your SOS")
    assert line.kinds("amy") == ["sos"]
    assert words_of(line.text("amy", "SOS", sid="SM1")) == words_of(taken)


def test_if_even_the_shortest_way_fails_it_is_left_to_the_gateway(
    line: Line, monkeypatch: pytest.MonkeyPatch, may_log: set[str]
) -> None:
    may_log |= {"text_failed", "text_not_rescued"}
    with monkeypatch.context() as patch:
        patch.setitem(commands.HANDLERS, grammar.Sos, broken)
        patch.setattr(texting, "cry_out", broken)
        answer = line.text("amy", "SOS", sid="SM1")
    assert "<Redirect>" in answer.get_data(as_text=True)
    assert line.kept() == []


def test_a_refusal_leaves_nothing_behind_but_its_answer(line: Line) -> None:
    line.says("amy", "VISIT 45 12 High St")
    line.says("amy", "VISIT 30 The Willows")
    assert visits_ever(line) == 1
    assert len(line.kept()) == 2


def test_what_was_done_before_a_refusal_is_undone(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = outings.begin

    def late(sender: Any, said: Any) -> str:
        real(sender, said)
        raise Conflict("On second thoughts, no.")

    monkeypatch.setitem(commands.HANDLERS, grammar.Visit, late)
    assert line.says("amy", "VISIT 45 12 High St") == "On second thoughts, no."
    assert visits_ever(line) == 0


def test_the_door_of_the_pretend_phones_never_raises(
    new_line: NewLine, monkeypatch: pytest.MonkeyPatch, may_log: set[str]
) -> None:
    may_log.add("text_not_stored")
    line = new_line(pretend=True, demo=True)
    monkeypatch.setattr(db, "write", away)
    with line.app.app_context():
        assert texting.take_text("PI1", AMY.mobile, "OK", "pretend").startswith("That did not work")


def test_case_and_punctuation_do_not_make_it_another_visit(line: Line) -> None:
    first = line.says("amy", "VISIT 30 Same")
    line.forward(minutes=2)
    assert line.says("amy", "Visit 30 same.") == first
    assert visits_ever(line) == 1

"""One table says what every refusal means, and what it does not know ends no alarm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.gateways.base import Fate
from server.gateways.codes import CODES, judge_failure, judge_refusal

EXPECTED = {
    Fate.PERMANENT: (
        *(21211, 21214, 21217, 21408, 21608, 21610, 21612, 21614, 21617),
        *(30004, 30005, 30006, 30007),
    ),
    Fate.ACCOUNT: (20003, 20404, 21606, 21611, 30002, 30034, 63038),
    Fate.TEMPORARY: (20429, 20503, 30001, 30003, 30008),
    Fate.AMBIGUOUS: (20500,),
}
UNKNOWN = 21999


@pytest.mark.parametrize(
    ("code", "fate"), [(code, fate) for fate, codes in EXPECTED.items() for code in codes]
)
def test_the_codes_that_matter_most_mean_what_the_design_says(code: int, fate: Fate) -> None:
    assert CODES[code].fate is fate


def test_every_fate_but_acceptance_is_in_the_table() -> None:
    assert {verdict.fate for verdict in CODES.values()} == set(Fate) - {Fate.ACCEPTED}


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_has_a_plain_sentence(code: int) -> None:
    why = CODES[code].why
    assert why[0].isupper()
    assert why.endswith(".")
    assert len(why) <= 120
    assert str(code) not in why


def test_only_an_opt_out_says_that_the_person_opted_out() -> None:
    assert [code for code, verdict in CODES.items() if verdict.opted_out] == [21610]


@pytest.mark.parametrize("status", [400, 402, 403, 404, 409, 422, 451])
def test_p3_a_refusal_with_an_unknown_code_is_tried_again(status: int) -> None:
    assert judge_refusal(status, UNKNOWN).fate is Fate.TEMPORARY


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        (302, Fate.TEMPORARY),
        (400, Fate.TEMPORARY),
        (401, Fate.ACCOUNT),
        (403, Fate.ACCOUNT),
        (404, Fate.ACCOUNT),
        (407, Fate.ACCOUNT),
        (408, Fate.TEMPORARY),
        (429, Fate.TEMPORARY),
        (500, Fate.AMBIGUOUS),
        (502, Fate.AMBIGUOUS),
        (503, Fate.TEMPORARY),
        (504, Fate.AMBIGUOUS),
    ],
)
@pytest.mark.parametrize("given_as", ["no code", "its own status"])
def test_an_answer_without_a_code_is_judged_by_its_status(
    status: int, fate: Fate, given_as: str
) -> None:
    code = None if given_as == "no code" else status
    assert judge_refusal(status, code).fate is fate


def test_a_known_code_outweighs_its_status() -> None:
    assert judge_refusal(500, 21610).fate is Fate.PERMANENT
    assert judge_refusal(400, 20429).fate is Fate.TEMPORARY


@given(status=st.integers(300, 599), code=st.none() | st.integers(-1, 10**9))
def test_p3_no_refusal_counts_as_accepted(status: int, code: int | None) -> None:
    assert judge_refusal(status, code).fate is not Fate.ACCEPTED


@given(code=st.none() | st.integers(-1, 10**9) | st.sampled_from(sorted(CODES)))
def test_p3_a_failed_message_is_never_only_perhaps_failed(code: int | None) -> None:
    assert judge_failure(code).fate in {Fate.PERMANENT, Fate.ACCOUNT, Fate.TEMPORARY}


def test_a_failure_without_a_reason_is_tried_again() -> None:
    assert judge_failure(None).fate is Fate.TEMPORARY
    assert judge_failure(UNKNOWN).fate is Fate.TEMPORARY

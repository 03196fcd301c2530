"""Texts that fit the GSM 7-bit alphabet, and how many of them a phone gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.gsm7 import downgrade, fits_one, is_gsm7, segments, septets, shorten

ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà\f^{}\\[~]|€"
)


def test_the_alphabet_has_127_characters_and_10_extensions() -> None:
    assert len(set(ALPHABET)) == 127 + 10
    assert downgrade(ALPHABET) == ALPHABET
    assert septets(ALPHABET) == 127 + 2 * 10


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Amy’s visit", "Amy's visit"),
        ("‘so’ “she” „said‟", '\'so\' "she" "said"'),
        ("14:30–15:00 — now", "14:30-15:00 - now"),
        ("wait…", "wait..."),
        ("12\u00a0High\u2009St\u202fYork", "12 High St York"),
        ("a\tb", "a b"),
        ("Tŷ Gwyn, Llŷn, Ŵyn, Ŷ", "Ty Gwyn, Llyn, Wyn, Y"),
        ("siân bêch tîm côr bûm", "sian bech tim cor bum"),
        ("w\u0302 e\u0301", "w é"),
        ("café £5 à ù é", "café £5 à ù é"),
        ("Łódź, Đorđe, Škoda", "Lodz, Dorde, Skoda"),
        ("Ægir Þór straße œuf", "Ægir Thór straße oeuf".replace("ó", "o")),
        ("ﬁne", "fine"),
        ("Işıl", "Isil"),
        ("2½ hours", "2 1/2 hours"),
        ("5 × 3 → 15", "5 x 3 -> 15"),
        ("ok 👍", "ok"),
        ("👍 ok", "ok"),
        ("ok 👍🏽 thanks", "ok thanks"),
        ("ok👨‍👩‍👧now", "oknow"),
        ("👍", ""),
        ("1️⃣", "1"),
        ("\u202eOK\u202c\x00\u200b", "OK"),
        ("Привет", "??????"),
        ("日本", "??"),
        ("［", "["),
        ("€ {a}", "€ {a}"),
        ("\ud83d", ""),
    ],
)
def test_what_the_alphabet_lacks_becomes_plain(text: str, plain: str) -> None:
    assert downgrade(text) == plain


@given(st.text())
def test_downgraded_text_fits_and_stays(text: str) -> None:
    plain = downgrade(text)
    assert is_gsm7(plain)
    assert downgrade(plain) == plain


@given(st.text(alphabet=ALPHABET))
def test_what_fits_is_kept(text: str) -> None:
    assert downgrade(text) == text


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("a", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 80 + "a", 2),
        ("€" * 152, 2),
        ("€" * 153, 3),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("ŵ" * 70, 1),
        ("ŵ" * 71, 2),
        ("ŵ" * 134, 2),
        ("ŵ" * 135, 3),
        ("👍" * 35, 1),
        ("👍" * 36, 2),
        ("👍" * 66, 2),
        ("👍" * 67, 3),
        ("a" * 71 + "’", 2),
    ],
)
def test_texts_are_counted_as_phones_get_them(text: str, count: int) -> None:
    assert segments(text) == count
    assert fits_one(text) is (count <= 1)


@pytest.mark.parametrize(("text", "count"), [("", 0), ("abc", 3), ("[€]", 6), ("ŵ’…", 5)])
def test_septets_are_those_of_the_plain_text(text: str, count: int) -> None:
    assert septets(text) == count


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("12 High St", 10, "12 High St"),
        ("12 High St", 9, "12..."),
        ("12 High Street West", 15, "12 High..."),
        ("12 High Street West", 17, "12 High Street..."),
        ("12 High Street, West", 18, "12 High Street..."),
        ("Llanfairpwllgwyngyll", 10, "Llanfai..."),
        ("Tŷ Gwyn", 7, "Ty Gwyn"),
        ("€€€€€€", 8, "€€..."),
        ("€€€€€€", 9, "€€€..."),
        ("€€€", 3, "€"),
        ("abcdef", 3, "abc"),
        ("abc", 0, ""),
    ],
)
def test_a_text_is_cut_at_a_word(text: str, limit: int, short: str) -> None:
    assert shorten(text, limit) == short


@given(st.text(max_size=80), st.integers(0, 60))
def test_a_shortened_text_fits_and_begins_like_the_whole(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert septets(short) <= limit
    assert is_gsm7(short)
    assert downgrade(text).startswith(short.removesuffix("..."))


@given(st.text(max_size=200))
def test_what_fits_is_never_cut(text: str) -> None:
    assert shorten(text, septets(text)) == downgrade(text)

"""Phone numbers: read as people write them, stored E.164, refused where nobody would answer.

Contract, section 4. `phonenumbers` and its tables are loaded by the first number read, not by
importing this module, which a phone does too.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber


class NumberKind(StrEnum):
    """What answers at a number: a landline is called instead of texted."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Number:
    """A number that may be used, and what its owner should hear about it."""

    e164: str
    kind: NumberKind
    foreign: bool
    warning: str | None


class BadNumber(ValueError):
    """A number that must not be stored; `reason` is one sentence that says what would be right."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


# One numbering plan under +44, at one price.
_HOME_REGIONS = {"GB": {"GB", "GG", "IM", "JE"}}
_HOME_REGIONS |= dict.fromkeys(("GG", "IM", "JE"), _HOME_REGIONS["GB"])

# Dialled from phones of every country; none of them is ever a person.
_EMERGENCY = frozenset({"000", "110", "111", "112", "113", "118", "119", "911", "999"})

_OFCOM_MOBILE = range(447700900000, 447700901000)
_OFCOM_LANDLINE = range(441632960000, 441632961000)

# British prefixes tell more than a table of allocated ranges, which lags behind.
_GB_REFUSED = [
    (re.compile("9"), "premium"),
    (re.compile("70"), "personal"),
    (re.compile("76(?!24)"), "pager"),
    (re.compile("8[47]"), "shared"),
]
_REFUSED = {
    "premium": "Premium-rate numbers cannot be used; give {example}.",
    "shared": "Numbers that cost the caller extra (084, 087) cannot be used; give {example}.",
    "personal": (
        "A personal number (070) costs the caller extra and takes no texts; give the number "
        "it forwards to, {example}."
    ),
    "pager": "A pager cannot answer; give {example}.",
    "voicemail": "A voicemail number never reaches a person; give {example}.",
}

_FOREIGN = "Not a number of {country}: texts may come late or not at all; prove it before use."
_UNTOLD = "Nothing in this number tells whether it takes texts; prove it before use."
_UNLISTED = "This number is in no range known to be in use; check it and prove it before use."
_FREEPHONE = (
    "A freephone number is called, not texted, and may be out of reach; prove it before use."
)

_TOO_LONG = "This number is too long; give one number, {example}."
_NO_COUNTRY = "No country can be told from this; start with + and its code, as in +447700900101."
_MOST_DIGITS = 20

_WRITTEN = re.compile(r"\(?\+?[\d\s().\-/]+")
_EXTENSION = re.compile(r"\d\s*(?:ext\.?|extension|x|#|;ext=|,)\s*\d+$", re.IGNORECASE)
_SPREADSHEET = re.compile(r"\d+(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
_DOUBLE_NOUGHT = re.compile(r"^\+?\s*00")
_READ_AS_FLOAT = re.compile(r"^(\+?\d+)\.0$")
_DASHES = re.compile("[\u2010-\u2015\u2212]")


def read_number(raw: str, country: str) -> Number:
    """Give the number `raw` as someone in `country` (two letters) would dial it, or BadNumber.

    Near-misses are taken as meant: spaces, brackets, hyphens, (0), 0044, a lost leading nought
    or plus. Refused: what is impossible, emergency, short, premium-rate or never a person.
    """
    region = country.upper()
    written = _tidied(raw, region)
    _refuse_emergency(written, region)
    number = _parsed(_DOUBLE_NOUGHT.sub("+", written), region)
    _refuse_emergency(_national_digits(number), region)
    _refuse_impossible(number, region)
    e164 = f"+{number.country_code}{_national_digits(number)}"
    if int(e164) in _OFCOM_MOBILE or int(e164) in _OFCOM_LANDLINE:
        return _judged(e164, NumberKind.MOBILE, "GB", region, None)
    return _weighed(number, e164, region)


def is_country(letters: str) -> bool:
    """Whether these two capitals name a country that has phone numbers."""
    import phonenumbers

    return letters in phonenumbers.SUPPORTED_REGIONS


def national(e164: str, country: str) -> str:
    """Say a stored number as a person of `country` would write it: '07700 900101'.

    Numbers of other countries come as '+353 86 123 4567'. Only ASCII; what cannot be read is
    given back as it is.
    """
    import phonenumbers

    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    formats = phonenumbers.PhoneNumberFormat
    at_home = number.country_code == phonenumbers.country_code_for_region(country.upper())
    said = phonenumbers.format_number(
        number, formats.NATIONAL if at_home else formats.INTERNATIONAL
    )
    return re.sub(r"\s", " ", _DASHES.sub("-", said))


def _tidied(raw: str, region: str) -> str:
    """Give `raw` in digits, plus and separators only; BadNumber says what else is in it."""
    plain = unicodedata.normalize("NFKC", raw)
    shown = "".join(_digit(char) for char in plain if unicodedata.category(char) != "Cf")
    text = _DASHES.sub("-", shown).strip().removeprefix("tel:").strip()
    text = _READ_AS_FLOAT.sub(r"\1", text)
    if not text:
        raise BadNumber(f"A number is missing; give {_example(region)}.")
    if _SPREADSHEET.fullmatch(text):
        raise BadNumber(
            f"A spreadsheet has rounded this number; enter it as text, {_example(region)}."
        )
    if sum(char.isdecimal() for char in text) > _MOST_DIGITS:
        raise BadNumber(_TOO_LONG.format(example=_example(region)))
    if _EXTENSION.search(text):
        raise BadNumber(f"An extension cannot be dialled; give {_example(region)}.")
    if not _WRITTEN.fullmatch(text):
        raise BadNumber(f"A number has digits only; give {_example(region)}.")
    return text


def _digit(char: str) -> str:
    """Give the ASCII digit for a digit of any script, anything else as it is."""
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


def _refuse_emergency(written: str, region: str) -> None:
    from phonenumbers import shortnumberinfo

    digits = re.sub(r"\D", "", written)
    if digits in _EMERGENCY or shortnumberinfo.is_emergency_number(digits, region):
        raise BadNumber(
            f"{digits} is a number for emergencies or services; give a person's own, "
            f"{_example(region)}."
        )


def _parsed(written: str, region: str) -> "PhoneNumber":
    import phonenumbers

    try:
        return phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException as error:
        unknown = error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE
        said = _NO_COUNTRY if unknown else f"This is no phone number; give {_example(region)}."
        raise BadNumber(said) from None


def _refuse_impossible(number: "PhoneNumber", region: str) -> None:
    import phonenumbers

    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason == phonenumbers.ValidationResult.TOO_LONG:
        raise BadNumber(_TOO_LONG.format(example=_example(region)))
    if reason != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise BadNumber(f"This number is too short; give it whole, {_example(region)}.")


def _weighed(number: "PhoneNumber", e164: str, region: str) -> Number:
    """Judge a possible number by its type; BadNumber for types that reach no person."""
    import phonenumbers

    types = phonenumbers.PhoneNumberType
    _refuse_prefix(number, region)
    kind = phonenumbers.number_type(number)
    refused = {
        types.PREMIUM_RATE: "premium",
        types.SHARED_COST: "shared",
        types.PERSONAL_NUMBER: "personal",
        types.PAGER: "pager",
        types.VOICEMAIL: "voicemail",
    }
    if kind in refused:
        raise BadNumber(_REFUSED[refused[kind]].format(example=_example(region)))
    answers = {
        types.MOBILE: (NumberKind.MOBILE, None),
        types.FIXED_LINE: (NumberKind.LANDLINE, None),
        types.UAN: (NumberKind.LANDLINE, None),
        types.TOLL_FREE: (NumberKind.LANDLINE, _FREEPHONE),
        types.FIXED_LINE_OR_MOBILE: (NumberKind.UNKNOWN, _UNTOLD),
        types.VOIP: (NumberKind.UNKNOWN, _UNTOLD),
    }
    answer, warning = answers.get(kind, (NumberKind.UNKNOWN, _UNLISTED))
    if warning is _UNLISTED:
        _refuse_short_of_a_mobile(number, region)
    return _judged(e164, answer, phonenumbers.region_code_for_number(number), region, warning)


def _refuse_prefix(number: "PhoneNumber", region: str) -> None:
    if number.country_code != 44:
        return
    for prefix, refused in _GB_REFUSED:
        if prefix.match(_national_digits(number)):
            raise BadNumber(_REFUSED[refused].format(example=_example(region)))


def _refuse_short_of_a_mobile(number: "PhoneNumber", region: str) -> None:
    """Refuse, among numbers in no known range, those with a digit too few for any mobile."""
    import phonenumbers

    mobile = phonenumbers.PhoneNumberType.MOBILE
    if not phonenumbers.is_possible_number_for_type(number, mobile):
        raise BadNumber(f"This number has too few digits or too many; give {_example(region)}.")


def _judged(
    e164: str, kind: NumberKind, home: str | None, region: str, warning: str | None
) -> Number:
    foreign = home is not None and home not in _HOME_REGIONS.get(region, {region})
    if foreign and warning is None:
        warning = _FOREIGN.format(country=region)
    return Number(e164, kind, foreign, warning)


def _national_digits(number: "PhoneNumber") -> str:
    import phonenumbers

    return phonenumbers.national_significant_number(number)


def _example(region: str) -> str:
    """Give words for a number of `region` that would be right."""
    import phonenumbers

    if region in _HOME_REGIONS["GB"]:
        return "a mobile such as 07700 900101"
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    if example is None:
        return "a mobile with its country code, such as +447700900101"
    said = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.NATIONAL)
    return f"a mobile such as {said}"

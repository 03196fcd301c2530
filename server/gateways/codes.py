"""What Twilio's error codes mean to us: one table, and what to make of a code it does not know.

The question behind each row is 'does it heal by itself, and for whom?'. Not for this text or this
number: PERMANENT. Not for anybody: ACCOUNT. With time: TEMPORARY. Nobody can say: AMBIGUOUS.

A refusal the table does not know must not end an alarm quietly, so it is TEMPORARY: the sender's
own bounds (a few tries, then the next way beside them) end it, in the open and with its code.
Source: Twilio's error dictionary, https://www.twilio.com/docs/api/errors.
"""

from dataclasses import dataclass

from server.gateways.base import Fate


@dataclass(frozen=True)
class Verdict:
    """What to do about it, and why, in a sentence for people."""

    fate: Fate
    why: str
    opted_out: bool = False


def _all(fate: Fate, sentences: dict[int, str]) -> dict[int, Verdict]:
    return {code: Verdict(fate, why) for code, why in sentences.items()}


_PERMANENT = _all(
    Fate.PERMANENT,
    {
        21211: "The number is not a phone number.",
        21214: "The number cannot be reached.",
        21217: "The number does not look like a phone number.",
        21219: "The account is on trial and this number is not among its verified ones.",
        21265: "The number is a short code, which cannot be texted.",
        21266: "The number is the one we send from.",
        21268: "The number is a premium-rate one, which the account may not text.",
        21408: "The account may not text this number's country: allow it in Twilio's"
        " messaging geographic permissions.",
        21602: "The text was empty.",
        21604: "There was no number to send to.",
        21608: "The account is on trial and this number is not among its verified ones.",
        21612: "Our sender cannot reach this number by text.",
        21614: "The number is not a mobile.",
        21617: "The text was longer than 1,600 characters.",
        21635: "The number is a landline.",
        21703: "None of the Messaging Service's senders can text this number.",
        30004: "The network or the phone's owner blocks our texts.",
        30005: "The network does not know this number.",
        30006: "The number is a landline, or its network cannot be reached.",
        30007: "A spam filter stopped the text; the same words would be stopped again.",
        30018: "This number's network wants our sender registered first.",
        30019: "The text was too long for this number's network.",
        30024: "This number's network has not set our sender up.",
        30044: "The text was too long for a trial account.",
        63024: "The recipient is not valid.",
        63033: "The recipient is blocked from getting our texts.",
        572002: "The account is on trial and may not text this number from our sender.",
        572005: "The account is on trial and this number has not finished its verification.",
    },
)

_OPTED_OUT = {
    21610: Verdict(
        Fate.PERMANENT,
        "The person has texted STOP: nothing reaches this number until START is texted from it.",
        opted_out=True,
    ),
}

_ACCOUNT = _all(
    Fate.ACCOUNT,
    {
        10001: "The Twilio account is not active: its balance may be used up.",
        10002: "The Twilio account is on trial and may not do this.",
        20003: "Twilio refuses the account's sid or token, or the account is suspended.",
        20005: "The Twilio account is not active.",
        20006: "Twilio denies the account access.",
        20008: "The token is a test token, with which nothing is sent.",
        20010: "Twilio has disabled sending for the account.",
        20151: "Twilio refuses the account's sid or token.",
        20403: "Twilio has closed or suspended the account.",
        20404: "Twilio does not know the account, or the address is not Twilio's.",
        21212: "The sender is not a number that can be sent from.",
        21601: "The sender is not a number of the account that can text.",
        21603: "There is no sender.",
        21606: "The sender is not a number that can text for this account.",
        21607: "The account is on trial and may only send from its trial number.",
        21609: "Twilio refuses the address for delivery reports: check the public URL.",
        21611: "The sender's queue at Twilio is full: texts from it would come hours late.",
        21659: "The sender is not a number of Twilio's.",
        21660: "The sender belongs to another Twilio account.",
        21661: "The sender cannot send texts.",
        21701: "The Messaging Service does not exist.",
        21702: "The Messaging Service takes no new texts.",
        21704: "The Messaging Service has no senders.",
        21705: "The Messaging Service is not valid.",
        30002: "The Twilio account was suspended before the text was sent.",
        30032: "The sender is a toll-free number that has not been verified.",
        30033: "The sender's messaging campaign is suspended.",
        30034: "The sender is not registered, and the networks refuse its texts.",
        30035: "The sender's registration is not finished, and the networks refuse its texts.",
        63007: "Twilio does not find the sender.",
        63038: "The account has sent all the texts it may send in a day.",
        90010: "The Twilio account is not active.",
    },
)

_TEMPORARY = _all(
    Fate.TEMPORARY,
    {
        14107: "Too many texts went to this number within half a minute.",
        20429: "Twilio was asked too much at once and has not taken the text.",
        20503: "Twilio is out of service for the moment.",
        21730: "Twilio is being maintained.",
        30001: "The text waited too long in the sender's queue.",
        30003: "The phone is off, out of reach or cannot get texts.",
        30008: "The network lost the text without saying why.",
        30017: "The network is congested.",
        30022: "The networks take no more of our texts for the moment.",
        30023: "The network takes no more of our texts today.",
        30027: "The network takes no more of our texts today.",
        30036: "The text grew stale in the sender's queue.",
        30410: "The network did not answer in time; the text may or may not have come.",
        30450: "The number is blocked for a while.",
        60005: "The network failed.",
        63010: "Twilio failed while sending the text.",
        63017: "Too many texts were sent at once.",
        63018: "Too many texts were sent at once.",
    },
)

_AMBIGUOUS = _all(
    Fate.AMBIGUOUS,
    {
        # Twilio's own page on it: repeating such a request may text the person twice.
        20500: "Twilio failed inside and may or may not have taken the text.",
    },
)

CODES: dict[int, Verdict] = {
    **_PERMANENT,
    **_OPTED_OUT,
    **_ACCOUNT,
    **_TEMPORARY,
    **_AMBIGUOUS,
}
"""Every code we know, and what it means to us."""

CALLBACK_REFUSED = "21609"
"""The code with which the address for reports is refused, and with it the whole text."""

_LOCKED_OUT = frozenset({401, 403, 404, 407})
"""Statuses that, with no code beside them, mean that nobody's text would be taken."""


def judge_refusal(status: int, code: int | None) -> Verdict:
    """What a request answered with this HTTP status and code has come to."""
    known = CODES.get(code) if code is not None else None
    return known or _judge_status(status, None if code == status else code)


def judge_failure(code: int | None) -> Verdict:
    """What a message reported as failed with this code needs; never AMBIGUOUS: it has failed."""
    known = CODES.get(code) if code is not None else None
    if known is None:
        return Verdict(Fate.TEMPORARY, "The text was not delivered, for a reason not known to us.")
    if known.fate is Fate.AMBIGUOUS:
        return Verdict(Fate.TEMPORARY, known.why)
    return known


def _judge_status(status: int, code: int | None) -> Verdict:
    if status == 503:
        return Verdict(Fate.TEMPORARY, "Twilio is out of service for the moment.")
    if status >= 500:
        return Verdict(Fate.AMBIGUOUS, "Twilio failed and may or may not have taken the text.")
    if status == 429:
        return Verdict(Fate.TEMPORARY, "Twilio was asked too much at once.")
    if code is None and status in _LOCKED_OUT:
        return Verdict(Fate.ACCOUNT, "What answers at Twilio's address refuses us altogether.")
    return Verdict(Fate.TEMPORARY, "Twilio refused the text for a reason not known to us.")

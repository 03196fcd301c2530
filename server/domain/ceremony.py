"""The two ceremonies of a passkey (WebAuthn), by the library; loaded only where one is held.

User verification is always asked for: a key that lies about is not enough.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

NAME = "Wayhome"
PATIENCE_MS = 120_000


class NotGenuine(Exception):
    """What came back is not what was asked for."""


@dataclass(frozen=True)
class Asked:
    """What the browser is asked, as JSON, and the challenge that its answer must hold."""

    options: str
    challenge: bytes


@dataclass(frozen=True)
class Made:
    """A new passkey."""

    credential: str
    public_key: bytes
    counter: int


def _site(public_url: str) -> str:
    return urlsplit(public_url).hostname or ""


def _known(credentials: list[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in credentials]


def offer(public_url: str, handle: bytes, who: str, known: list[str]) -> Asked:
    """Ask for a new passkey for this person, on something that holds none of hers yet."""
    options = webauthn.generate_registration_options(
        rp_id=_site(public_url),
        rp_name=NAME,
        user_id=handle,
        user_name=who,
        timeout=PATIENCE_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_known(known),
    )
    return Asked(webauthn.options_to_json(options), options.challenge)


def take(public_url: str, answer: str, challenge: bytes) -> Made:
    """The passkey that was made; NotGenuine where it was not."""
    try:
        found = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_site(public_url),
            expected_origin=public_url,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as fault:
        raise NotGenuine(str(fault)) from None
    credential = bytes_to_base64url(found.credential_id)
    return Made(credential, found.credential_public_key, found.sign_count)


def ask(public_url: str, known: list[str]) -> Asked:
    """Ask for a signature of one of these."""
    options = webauthn.generate_authentication_options(
        rp_id=_site(public_url),
        timeout=PATIENCE_MS,
        allow_credentials=_known(known),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Asked(webauthn.options_to_json(options), options.challenge)


def named(answer: str) -> str:
    """Which passkey the answer says it is of; NotGenuine where it says nothing."""
    try:
        parsed = webauthn.helpers.parse_authentication_credential_json(answer)
    except (WebAuthnException, ValueError, KeyError, TypeError) as fault:
        raise NotGenuine(str(fault)) from None
    return bytes_to_base64url(parsed.raw_id)


def check(public_url: str, answer: str, challenge: bytes, public_key: bytes, counter: int) -> int:
    """The key's new count of uses; NotGenuine where it is not this key's answer to this."""
    try:
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_site(public_url),
            expected_origin=public_url,
            credential_public_key=public_key,
            credential_current_sign_count=counter,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as fault:
        raise NotGenuine(str(fault)) from None
    return found.new_sign_count

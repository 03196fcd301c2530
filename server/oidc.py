"""An employer's own sign-in service (OpenID Connect): asked over the network, never inside a
transaction. Authorization code with PKCE; whoever it vouches for is known by issuer and subject.

The libraries behind it are loaded with the first sign-in, not with the server.
"""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import requests

from server.config import OidcSettings

PATIENCE_S = 8
SIGNED_BY = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""Signatures by a key pair only: never `none`, never a shared secret."""
SLACK_S = 60
FRESH = timedelta(minutes=2)


class NotVouchedFor(Exception):
    """The service did not say who this is, in a way that can be believed; why, for our log."""


@dataclass(frozen=True)
class Pending:
    """What has to come back as it went out; kept encrypted in the browser that asked."""

    state: str
    nonce: str
    verifier: str
    until: float
    purpose: str
    after: str
    token: str

    def as_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class Vouched:
    """Who it is, by the service's word."""

    issuer: str
    subject: str
    two_factors: bool
    asked_at: datetime | None

    def is_fresh(self, now: datetime) -> bool:
        """Whether she was asked only now, and not found signed in from before."""
        return self.asked_at is not None and abs(now - self.asked_at) <= FRESH


@lru_cache(maxsize=4)
def _discovered(issuer: str) -> Mapping[str, Any]:
    found = _fetch(f"{issuer}/.well-known/openid-configuration")
    if found.get("issuer", "").rstrip("/") != issuer:
        raise NotVouchedFor("the service names another issuer")
    return found


def _fetch(url: str) -> dict[str, Any]:
    try:
        answer = requests.get(url, timeout=PATIENCE_S, allow_redirects=False)
        answer.raise_for_status()
        return dict(answer.json())
    except (requests.RequestException, ValueError) as fault:
        raise NotVouchedFor(f"{url}: {fault}") from None


def new_pending(now: datetime, purpose: str, after: str, token: str) -> Pending:
    """A fresh question, good for ten minutes."""
    return Pending(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(32),
        until=(now + timedelta(minutes=10)).timestamp(),
        purpose=purpose,
        after=after,
        token=token,
    )


def question(settings: OidcSettings, back: str, pending: Pending, *, anew: bool) -> str:
    """Where to send the browser. `anew`: she must be asked though she is signed in there."""
    more = {"prompt": "login", "max_age": "0"} if anew else {}
    url, _ = _client(settings, back).create_authorization_url(
        _discovered(settings.issuer)["authorization_endpoint"],
        state=pending.state,
        nonce=pending.nonce,
        code_verifier=pending.verifier,
        **more,
    )
    return str(url)


def _client(settings: OidcSettings, back: str) -> Any:
    from authlib.integrations.requests_client import OAuth2Session

    return OAuth2Session(
        settings.client_id,
        settings.client_secret,
        scope="openid",
        redirect_uri=back,
        code_challenge_method="S256",
    )


def answer(
    settings: OidcSettings, back: str, pending: Pending, code: str, now: datetime
) -> Vouched:
    """Who it is; NotVouchedFor where the code or the token is not what it must be."""
    from authlib.common.errors import AuthlibBaseError

    found = _discovered(settings.issuer)
    try:
        token = _client(settings, back).fetch_token(
            found["token_endpoint"],
            code=code,
            code_verifier=pending.verifier,
            timeout=PATIENCE_S,
        )
    except (AuthlibBaseError, requests.RequestException, ValueError) as fault:
        raise NotVouchedFor(str(fault)) from None
    claims = _believed(settings, found, str(token.get("id_token", "")), pending, now)
    when = claims.get("auth_time")
    asked_at = datetime.fromtimestamp(when, now.tzinfo) if isinstance(when, int) else None
    two = settings.checks_two_factors or "mfa" in (claims.get("amr") or [])
    return Vouched(str(claims["iss"]), str(claims["sub"]), two, asked_at)


def _believed(
    settings: OidcSettings, found: Mapping[str, Any], token: str, pending: Pending, now: datetime
) -> dict[str, Any]:
    """The token's claims, once signature, issuer, audience, times and nonce are right."""
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    wanted = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=SLACK_S,
        iss={"essential": True, "value": found["issuer"]},
        aud={"essential": True, "value": settings.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": pending.nonce},
    )
    try:
        keys = KeySet.import_key_set(_fetch(str(found["jwks_uri"])))  # type: ignore[arg-type]
        claims = jwt.decode(token, keys, algorithms=SIGNED_BY).claims
        wanted.validate(claims)
    except (JoseError, ValueError, KeyError) as fault:
        raise NotVouchedFor(f"the token: {fault}") from None
    if claims.get("azp", settings.client_id) != settings.client_id:
        raise NotVouchedFor("the token was made for somebody else")
    return dict(claims)

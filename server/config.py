"""Settings from the environment (contract 3), each read once and refused with one sentence."""

import os
import re
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from server.domain.secrets import Keyring
from server.gateways import TwilioSettings
from server.gateways.twilio.settings import NO_SENDER, SENDER

SHORTEST_SECRET = 32
OIDC = ("WAYHOME_OIDC_ISSUER", "WAYHOME_OIDC_CLIENT_ID", "WAYHOME_OIDC_CLIENT_SECRET")
NUMBER = re.compile(r"\+[1-9][0-9]{6,14}|[1-9][0-9]{2,7}", re.ASCII)
KNOWN = frozenset(
    f"WAYHOME_{name}"
    for name in """
        DATABASE_URL DATA_DIR SECRET_KEY PUBLIC_URL TWILIO_ACCOUNT_SID TWILIO_AUTH_TOKEN
        TWILIO_FROM TWILIO_API_URL HEARTBEAT_URL RATE_LIMITS SENDERS SECOND_FACTOR METRICS_TOKEN
        OIDC_ISSUER OIDC_CLIENT_ID OIDC_CLIENT_SECRET OIDC_NAME OIDC_CHECKS_TWO_FACTORS
        TRUSTED_PROXIES HOST PORT SECRETS
    """.split()  # noqa: SIM905
)
"""Every setting there is; the last three are read by docker-compose.yml alone."""
TWILIO = ("WAYHOME_TWILIO_ACCOUNT_SID", "WAYHOME_TWILIO_AUTH_TOKEN", "WAYHOME_TWILIO_FROM")


@dataclass(frozen=True)
class OidcSettings:
    """An employer's own sign-in service (OpenID Connect). `checks_two_factors`: it asks for two
    itself, so that we need not."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    checks_two_factors: bool


class BadSetting(Exception):
    """A setting that cannot be used; the sentence names it and says what would be right."""


@dataclass(frozen=True)
class Settings:
    """Everything one process of Wayhome is told from outside."""

    database_url: str
    data_dir: Path
    keys: Keyring
    public_url: str
    twilio: TwilioSettings | None
    heartbeat_url: str | None
    rate_limits: bool
    senders: int
    trusted_proxies: int = 0
    second_factor: bool = True
    metrics_token: str | None = field(default=None, repr=False)
    oidc: OidcSettings | None = None
    pretend: bool = False
    demo: bool = False

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.database_url.startswith("sqlite")

    @property
    def text_to(self) -> str | None:
        """The number people text their commands to; None where they cannot answer what we send (a
        name for a sender, a pool of numbers, a rehearsal)."""
        sender = self.twilio.sender if self.twilio else ""
        return sender if NUMBER.fullmatch(sender) else None


def read_settings(
    env: Mapping[str, str] | None = None,
    *,
    host: str = "127.0.0.1",
    port: int = 8080,
    pretend: bool = False,
    demo: bool = False,
    data_dir: Path | None = None,
) -> Settings:
    """The settings of this process; raises BadSetting naming the first that cannot be used."""
    env = os.environ if env is None else env
    folder = data_dir or Path(_value(env, "WAYHOME_DATA_DIR") or "instance")
    public_url = _public_url(env, host, port)
    return Settings(
        database_url=_database_url(env, folder),
        data_dir=folder,
        keys=Keyring(_secret(env, folder)),
        public_url=public_url,
        twilio=None if pretend or demo else _twilio(env, public_url),
        heartbeat_url=_http_url(env, "WAYHOME_HEARTBEAT_URL"),
        rate_limits=_switch(env, "WAYHOME_RATE_LIMITS", default=True),
        senders=_whole(env, "WAYHOME_SENDERS", 32, 1, 256),
        second_factor=_word(env, "WAYHOME_SECOND_FACTOR", ("required", "optional")) != "optional",
        metrics_token=_long_enough(env, "WAYHOME_METRICS_TOKEN"),
        oidc=_oidc(env),
        trusted_proxies=_whole(env, "WAYHOME_TRUSTED_PROXIES", 0, 0, 5),
        pretend=pretend or demo,
        demo=demo,
    )


def without_effect(env: Mapping[str, str] | None = None) -> list[str]:
    """A sentence for each setting that is given and that nothing reads, such as a misspelt one."""
    env = os.environ if env is None else env
    given = [name for name in env if name.startswith("WAYHOME_") and env[name].strip()]
    unread = [name for name in sorted(given) if name.removesuffix("_FILE") not in KNOWN]
    return [
        f"{name} does nothing: there is no such setting. See docs/running.md." for name in unread
    ]


def _value(env: Mapping[str, str], name: str) -> str | None:
    """The setting, or what the file named by `NAME_FILE` holds: how containers pass secrets."""
    file = env.get(f"{name}_FILE", "").strip()
    if file:
        try:
            return Path(file).read_text(encoding="utf-8").strip() or None
        except OSError as fault:
            raise BadSetting(f"{name}_FILE: {file} cannot be read: {fault.strerror}.") from None
    return env.get(name, "").strip() or None


def _database_url(env: Mapping[str, str], folder: Path) -> str:
    url = _value(env, "WAYHOME_DATABASE_URL")
    if url is None:
        _make_folder(folder)
        return f"sqlite:///{(folder / 'wayhome.db').absolute()}"
    for start in ("postgresql://", "postgres://"):
        if url.startswith(start):
            return "postgresql+psycopg://" + url.removeprefix(start)
    if url.startswith(("sqlite:///", "postgresql+psycopg://")):
        return url
    raise BadSetting("WAYHOME_DATABASE_URL: give postgresql://... or sqlite:///path.")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise BadSetting(f"WAYHOME_DATA_DIR: {folder} cannot be used: {fault.strerror}.") from None


def _secret(env: Mapping[str, str], folder: Path) -> bytes:
    given = _long_enough(env, "WAYHOME_SECRET_KEY")
    return given.encode() if given is not None else _kept_secret(folder)


def _long_enough(env: Mapping[str, str], name: str) -> str | None:
    given = _value(env, name)
    if given is not None and len(given) < SHORTEST_SECRET:
        raise BadSetting(f"{name}: give at least {SHORTEST_SECRET} random characters.")
    return given


def _kept_secret(folder: Path) -> bytes:
    """The key made on the first run and kept beside the database, readable by its owner only."""
    path = folder / "secret_key"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make_secret(path)
        return _read_secret(path)
    except OSError as fault:
        raise BadSetting(f"WAYHOME_DATA_DIR: {folder} cannot be used: {fault.strerror}.") from None


def _make_secret(path: Path) -> None:
    """Whole or not at all: several processes may start at once, and the first one's key stays."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


def _read_secret(path: Path) -> bytes:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise BadSetting(f"{path} can be read by others; run: chmod 600 {path}")
    found = path.read_bytes().strip()
    if len(found) < SHORTEST_SECRET:
        raise BadSetting(f"{path} is cut short; restore it from the backup beside the database.")
    return found


def _public_url(env: Mapping[str, str], host: str, port: int) -> str:
    return _http_url(env, "WAYHOME_PUBLIC_URL") or f"http://{host}:{port}"


def _http_url(env: Mapping[str, str], name: str) -> str | None:
    url = _value(env, name)
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or not url.isascii():
        raise BadSetting(f"{name}: give a whole address such as https://wayhome.example.org.")
    return url.rstrip("/")


def _twilio(env: Mapping[str, str], public_url: str) -> TwilioSettings | None:
    values = [_value(env, name) for name in TWILIO]
    if not any(values):
        return None
    for name, value in zip(TWILIO, values, strict=True):
        if not value:
            raise BadSetting(f"{name}: not set, though its companions are; set all three.")
    if not SENDER.fullmatch(values[2] or ""):
        raise BadSetting(f"{TWILIO[2]}: {NO_SENDER}")
    return TwilioSettings(
        account_sid=values[0] or "",
        auth_token=values[1] or "",
        sender=values[2] or "",
        api_url=_http_url(env, "WAYHOME_TWILIO_API_URL"),
        public_url=public_url,
    )


def _oidc(env: Mapping[str, str]) -> OidcSettings | None:
    values = [_value(env, name) for name in OIDC]
    if not any(values):
        return None
    for name, value in zip(OIDC, values, strict=True):
        if not value:
            raise BadSetting(f"{name}: not set, though its companions are; set all three.")
    return OidcSettings(
        issuer=_http_url(env, OIDC[0]) or "",
        client_id=values[1] or "",
        client_secret=values[2] or "",
        name=_value(env, "WAYHOME_OIDC_NAME") or "your work account",
        checks_two_factors=_switch(env, "WAYHOME_OIDC_CHECKS_TWO_FACTORS", default=False),
    )


def _word(env: Mapping[str, str], name: str, known: tuple[str, ...]) -> str:
    word = (_value(env, name) or known[0]).lower()
    if word not in known:
        raise BadSetting(f"{name}: give {' or '.join(known)}.")
    return word


def _switch(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    word = (_value(env, name) or ("on" if default else "off")).lower()
    if word not in ("on", "off"):
        raise BadSetting(f"{name}: give on or off.")
    return word == "on"


def _whole(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    word = _value(env, name) or str(default)
    if not (word.isascii() and word.isdigit() and low <= int(word) <= high):
        raise BadSetting(f"{name}: give a whole number from {low} to {high}.")
    return int(word)

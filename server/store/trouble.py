"""What a fault of the database means for the person who started a command: one sentence each."""

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from server.store.schema import NotOurs

PLACE = "The database"

SQLITE = {
    "unable to open database file": "{it} cannot be opened: its folder is missing or not writable.",
    "readonly database": "{it} is read-only for this user; make it and its folder writable.",
    "locked": "{it} is locked by another program; stop that one, then try again.",
    "disk is full": "{it} cannot grow: its disk is full. Make room, then try again.",
    "disk i/o error": "{it} cannot be read or written: its disk is full or failing.",
    "not a database": "{it} is not a database; move that file away or set WAYHOME_DATABASE_URL.",
    "malformed": "{it} is damaged; restore the newest backup.",
    "no such table": "{it} has no tables of Wayhome's; run: wayhome migrate",
    "no such column": "{it} is not at the newest schema; run: wayhome migrate",
}
POSTGRESQL = {
    "42P01": "{it} has no tables of Wayhome's; run: wayhome migrate",
    "42703": "{it} is not at the newest schema; run: wayhome migrate",
    "42501": "{it} does not let this user do that; grant it the rights it needs.",
    "25006": "{it} takes no changes: it is a standby; name the primary in WAYHOME_DATABASE_URL.",
    "53100": "{it} cannot grow: its disk is full. Make room, then try again.",
    "55P03": "{it} is held up by another program; try again.",
    "57014": "{it} took too long to answer; try again.",
}
FINAL = ("authentication failed", "does not exist", "no pg_hba.conf entry", "not permitted")


def place_of(url: str) -> str:
    """The database as a person knows it: a file's path, or a host and a name; never a password."""
    found = make_url(url)
    if found.get_backend_name() == "sqlite":
        return f"The database {found.database}"
    host = found.host or found.query.get("host") or "localhost"
    return f"The database {found.database or ''} at {host}:{found.port or 5432}"


def trouble(fault: Exception, it: str = PLACE) -> str | None:
    """The sentence for this fault; None where it is not the database's but the program's."""
    if isinstance(fault, NotOurs):
        return str(fault)
    if isinstance(fault, ArgumentError):
        return "WAYHOME_DATABASE_URL: give postgresql://... or sqlite:///path."
    if not isinstance(fault, DBAPIError):
        return None
    state = getattr(fault.orig, "sqlstate", None)
    if state in POSTGRESQL:
        return POSTGRESQL[state].format(it=it)
    if is_away(fault):
        return f"{it} cannot be reached: {reason(fault)}"
    words = str(fault.orig).lower()
    return next((s.format(it=it) for word, s in SQLITE.items() if word in words), None)


def is_away(fault: Exception) -> bool:
    """Whether this is PostgreSQL not answering, rather than answering with a fault."""
    if not isinstance(fault, DBAPIError) or type(fault.orig).__module__.startswith("sqlite3"):
        return False
    state = getattr(fault.orig, "sqlstate", None)
    return fault.connection_invalidated or (state or "08").startswith(("08", "57P"))


def is_final(fault: Exception) -> bool:
    """Whether waiting will not help: PostgreSQL answered, and turned us away."""
    return any(word in str(fault) for word in FINAL)


def reason(fault: DBAPIError) -> str:
    """The driver's own words in one line, ending in a full stop."""
    lines = [line.strip() for line in str(fault.orig).splitlines() if line.strip()]
    said = next((line for line in lines if "FATAL" in line), lines[0] if lines else "no answer")
    return said.rstrip(".") + "."

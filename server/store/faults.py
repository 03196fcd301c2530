"""What the database raises when it is away, full, locked or broken, for those who speak no SQL."""

from sqlalchemy.exc import InterfaceError, InternalError, OperationalError, TimeoutError

AWAY = (InterfaceError, InternalError, OperationalError, TimeoutError)
"""Not done, and worth another try later; every other fault of the database is one of ours."""

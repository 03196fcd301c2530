"""The database's clock, which several machines on one PostgreSQL share."""

from collections.abc import Callable

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from server.clock import monotonic_s, wall_s

EVERY_S = 1.0


def database_clock(engine: Engine) -> Callable[[], float]:
    """Reads the database's clock, seconds since the epoch.

    While the database is away it goes on from the last reading: nothing can be decided without the
    database anyway, and a clock must not be what fails.
    """
    last = [wall_s(), monotonic_s()]

    def read() -> float:
        try:
            with engine.connect() as connection:
                found = connection.execute(text("SELECT extract(epoch FROM clock_timestamp())"))
                last[:] = [float(found.scalar_one()), monotonic_s()]
        except SQLAlchemyError:
            pass
        return last[0] + (monotonic_s() - last[1])

    return read

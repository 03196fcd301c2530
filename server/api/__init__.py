"""The JSON that phones speak."""

from flask import Flask, Response, request

from server.api import (
    alarms,
    crying,
    describing,
    enrolling,
    health,
    me,
    problems,
    reading,
    visits,
    watching,
)
from server.api.book import URL
from shared.wire.mark import API_VERSION, MARK

BOOKS = (enrolling.book, me.book, visits.book, alarms.book, watching.book)
MORE = (crying.cry,)
"""Routes of these books that have a module of their own."""


def register(app: Flask) -> None:
    """Add these routes to the application."""
    api = describing.describe(app)
    for book in BOOKS:
        api.register_blueprint(book, url_prefix=URL)  # type: ignore[no-untyped-call]
    describing.serve_description(app, api)
    app.after_request(_sign)
    app.after_request(problems.every_error_is_a_problem)
    health.watch(app)


def _sign(response: Response) -> Response:
    """What a phone is told is known for Wayhome's and is for that phone alone; its connection stays
    good for the next."""
    if request.path.startswith(problems.PREFIX):
        reading.drop_rest()
        response.headers[MARK] = API_VERSION
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
    return response

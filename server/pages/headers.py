"""What every answer tells the browser: run nothing inline, load nothing from elsewhere, keep
nothing, tell nobody where one came from."""

from flask import Flask, Response

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
BARE_POLICY = "default-src 'none'; frame-ancestors 'none'"
NOTHING_ALLOWED = ", ".join(
    f"{feature}=()"
    for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": NOTHING_ALLOWED,
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
A_YEAR = "max-age=31536000; includeSubDomains"


def guard_answers(app: Flask, *, https: bool) -> None:
    """Put these headers on every answer, errors too; what a route has set itself stays."""

    @app.after_request
    def add(response: Response) -> Response:
        page = response.mimetype == "text/html"
        response.headers.setdefault("Content-Security-Policy", POLICY if page else BARE_POLICY)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers.setdefault("Strict-Transport-Security", A_YEAR)
        return response

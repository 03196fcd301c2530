"""Style sheets, scripts and pictures, served from here only, under names that change with them.

`asset_url('phones/phones.css')` carries the file's fingerprint, so a browser may keep it for ever
and still gets the new one with the next release.
"""

import hashlib
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, url_for

from server.access import ANYBODY, open_to
from server.pages.squeezing import BEST, send_packed, squeeze

HOME = Path(__file__).parent
FOR_EVER = "public, max-age=31536000, immutable"
FINGERPRINT = 16

blueprint = Blueprint("assets", __name__, url_prefix="/assets")


@dataclass(frozen=True)
class Asset:
    """One file as it is served. `packed`: the same for browsers that can unpack it."""

    data: bytes
    mimetype: str
    fingerprint: str
    packed: bytes | None


def _read(path: Path) -> Asset:
    data = path.read_bytes()
    mimetype = guess_type(path.name)[0] or "application/octet-stream"
    fingerprint = hashlib.sha256(data).hexdigest()[:FINGERPRINT]
    return Asset(data, mimetype, fingerprint, squeeze(data, BEST))


def _find() -> dict[str, Asset]:
    """`static/base.css` is base.css; `phones/static/phones.css` is phones/phones.css."""
    found = {}
    for path in sorted(HOME.rglob("static/*")):
        page = path.parent.parent.relative_to(HOME)
        found[(page / path.name).as_posix()] = _read(path)
    return found


ASSETS = _find()


@blueprint.get("/<fingerprint>/<path:name>")
@open_to(ANYBODY)
def asset(fingerprint: str, name: str) -> Response:
    """One file; kept by the browser for as long as it is this very one."""
    found = ASSETS.get(name)
    if found is None:
        abort(404)
    response = send_packed(Response(found.data, mimetype=found.mimetype), found.packed)
    if fingerprint == found.fingerprint:
        response.headers["Cache-Control"] = FOR_EVER
    return response


@open_to(ANYBODY)
def icon() -> Response:
    """What browsers ask for unasked, under the name they ask for it."""
    return Response(ASSETS["icon.svg"].data, mimetype="image/svg+xml")


def asset_url(name: str) -> str:
    """Where this file is served now."""
    return url_for("assets.asset", fingerprint=ASSETS[name].fingerprint, name=name)


def register(app: Flask) -> None:
    """Serve the files, and let templates say `asset_url`."""
    app.register_blueprint(blueprint)
    app.add_url_rule("/favicon.ico", "icon", icon)
    app.jinja_env.globals["asset_url"] = asset_url

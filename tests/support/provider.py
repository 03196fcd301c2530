"""An OpenID provider over real HTTP: discovery, keys, codes with PKCE, signed tokens.

provider = Provider(clock)
provider.person = "sub-1"          # who is signed in there
provider.change = {"nonce": "x"}   # what it gets wrong
"""

import base64
import hashlib
import secrets
import threading
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug.serving import make_server

from tests.support.clock import ManualClock
from tests.support.web import Quiet

CLIENT, SECRET = "wayhome", "a secret of the provider's and ours"


class Provider:
    """Lets in whoever `person` is, without asking; ended with `stop`."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock, self.person = clock, "sub-1"
        self.claims: dict[str, Any] = {}
        self.change: dict[str, Any] = {}
        self.algorithm = "RS256"
        self.asked: list[dict[str, str]] = []
        self._key = RSAKey.generate_key(2048, parameters={"kid": "1"})
        self._codes: dict[str, dict[str, str]] = {}
        self._server = make_server("127.0.0.1", 0, self._app(), request_handler=Quiet)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def _app(self) -> Flask:
        app = Flask("provider")
        app.add_url_rule("/.well-known/openid-configuration", view_func=self._discovery)
        app.add_url_rule("/keys", view_func=self._keys)
        app.add_url_rule("/authorize", view_func=self._authorize)
        app.add_url_rule("/token", view_func=self._token, methods=["POST"])
        return app

    def _discovery(self) -> Response:
        paths = {
            "authorization_endpoint": "/authorize",
            "token_endpoint": "/token",
            "jwks_uri": "/keys",
        }
        return jsonify(issuer=self.issuer, **{n: self.issuer + p for n, p in paths.items()})

    def _keys(self) -> Response:
        return jsonify(keys=[self._key.as_dict(private=False)])

    def _authorize(self) -> Any:
        asked = dict(request.args)
        self.asked.append(asked)
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return redirect(f"{asked['redirect_uri']}?{back}")

    def _token(self) -> Any:
        asked = self._codes.pop(request.form["code"], None)
        digest = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        wanted = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        right = asked is not None and asked["code_challenge"] == challenge
        if asked is None or not right or asked["redirect_uri"] != request.form["redirect_uri"]:
            return jsonify(error="invalid_grant"), 400
        if request.headers.get("Authorization") != wanted:
            return jsonify(error="invalid_client"), 401
        return jsonify(
            access_token="-", token_type="Bearer", expires_in=60, id_token=self._id_token(asked)
        )

    def _id_token(self, asked: dict[str, str]) -> str:
        now = int(self.clock.now().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": self.person,
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": asked["nonce"],
            **self.claims,
            **self.change,
        }
        key: Any = self._key
        if self.algorithm == "HS256":
            key = OctKey.import_key(SECRET)
        head = {"alg": self.algorithm, "kid": "1"}
        return jwt.encode(head, claims, key, algorithms=[self.algorithm])

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()

"""A small OpenID provider on 127.0.0.1: it signs in whoever presses its button, checks what a client must prove, and can be told to misbehave."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, html, redirect
from sanic.response import json as json_answer

from tests.unit.demo.serving import Serving

CLIENT, CLIENT_SECRET = "baitiao-desk", "as the provider made it"
LOGIN = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>公司登录</title><link rel="icon" href="data:,"></head>
<body><main><h1>公司登录</h1><form method="get" action="/approve"><input type="hidden" name="of" value="{of}">
<button name="who" value="wang">以王芳的身份登录</button> <button name="who" value="">不登录</button></form></main></body></html>"""


class OpenIdProvider:
    """One that is running.

    Attributes:
        people: the claims of everybody by the name on the button.
        mends: changes the claims of an id token before it is signed.
        header: of the id tokens, beside kid and alg.
        down: whether it answers 503 to everything.
        asked: the paths that were asked for.
        public: whether it takes the client without a secret.
    """

    def __init__(self) -> None:
        self.people: dict[str, dict[str, Any]] = {"wang": {"sub": "8f3e-01", "name": "王芳", "groups": ["staff", "lead"]}}
        self.mends: Callable[[dict[str, Any]], None] = lambda claims: None
        self.sign: Callable[[dict[str, Any]], str] = self.signed
        self.down, self.public = False, False
        self.asked: list[str] = []
        self._begun: dict[str, dict[str, str]] = {}
        self._codes: dict[str, tuple[str, dict[str, str]]] = {}
        self.rotate()
        self._serving = Serving(self._furnish)
        self.issuer = self._serving.address

    def close(self) -> None:
        self._serving.close()

    def rotate(self) -> None:
        """From now on it signs with another key, and knows the one before no more."""
        self.key, self.kid = rsa.generate_private_key(public_exponent=65537, key_size=2048), secrets.token_hex(4)

    def signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": self.kid})

    def approve(self, address: str, who: str = "wang") -> str:
        """What a person does whose browser was sent to that address; where it is sent back to."""
        asked = {name: values[0] for name, values in parse_qs(address.partition("?")[2]).items()}
        return self._back(asked, who)

    def _back(self, asked: dict[str, str], who: str) -> str:
        if not who:
            return f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': asked['state']})}"
        code = secrets.token_hex(16)
        self._codes[code] = who, asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.issuer})}"

    def _furnish(self, app: Sanic) -> None:
        @app.middleware("request")
        async def note(request: Request) -> HTTPResponse | None:
            self.asked.append(request.path)
            return html("busy", status=503) if self.down else None

        @app.get("/.well-known/openid-configuration")
        async def metadata(_request: Request) -> HTTPResponse:
            places = {
                "authorization_endpoint": "authorize",
                "token_endpoint": "token",
                "jwks_uri": "keys",
                "userinfo_endpoint": "userinfo",
                "end_session_endpoint": "logout",
            }
            return json_answer({"issuer": self.issuer, **{name: f"{self.issuer}/{path}" for name, path in places.items()}})

        @app.get("/keys")
        async def keys(_request: Request) -> HTTPResponse:
            return json_answer(
                {"keys": [{**json.loads(RSAAlgorithm.to_jwk(self.key.public_key())), "kid": self.kid, "use": "sig", "alg": "RS256"}]}
            )

        @app.get("/authorize")
        async def authorize(request: Request) -> HTTPResponse:
            asked = {name: values[0] for name, values in request.args.items()}
            of = secrets.token_hex(8)
            self._begun[of] = asked
            return html(LOGIN.format(of=of))

        @app.get("/approve")
        async def approve(request: Request) -> HTTPResponse:
            return redirect(self._back(self._begun.pop(request.args.get("of")), request.args.get("who", "")))

        @app.post("/token")
        async def token(request: Request) -> HTTPResponse:
            return self._token(request)

        @app.get("/userinfo")
        async def userinfo(request: Request) -> HTTPResponse:
            return json_answer(self.people[str(request.token)])

        @app.get("/logout")
        async def logout(request: Request) -> HTTPResponse:
            return html(
                f'<!doctype html><link rel="icon" href="data:,"><title>已退出</title><h1>公司登录已退出</h1><a href="{request.args["post_logout_redirect_uri"][0]}">回去</a>'
            )

    def _token(self, request: Request) -> HTTPResponse:
        form = {name: values[0] for name, values in request.form.items()}
        basic = base64.b64encode(f"{CLIENT}:{CLIENT_SECRET}".encode()).decode().replace("=", "")
        known = form.get("client_id") == CLIENT if self.public else basic in request.headers.get("authorization", "").replace("=", "")
        if not known:
            return json_answer({"error": "invalid_client"}, status=401)
        who, asked = self._codes.pop(form.get("code", ""), ("", {}))
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        fits = asked.get("code_challenge") == proof and asked.get("code_challenge_method") == "S256"
        if not who or not fits or asked["redirect_uri"] != form.get("redirect_uri") or form.get("grant_type") != "authorization_code":
            return json_answer({"error": "invalid_grant"}, status=400)
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 600, "nonce": asked["nonce"], **self.people[who]}
        self.mends(claims)
        return json_answer({"access_token": who, "token_type": "Bearer", "id_token": self.sign(claims)})

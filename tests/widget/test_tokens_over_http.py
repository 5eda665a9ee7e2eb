"""Who may use the API: tokens genuine and forged, customers known and unknown."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import jwt
import pytest
import requests

from bot.channel.tokens import AUDIENCE, issue

ANY = "a key that only serves to name the kinds of tokens, one of them of HS512"


def claims(**changes: Any) -> dict[str, Any]:
    payload = {"aud": AUDIENCE, "sub": "u-1", "exp": int(time.time()) + 60, **changes}
    return {name: value for name, value in payload.items() if value is not None}


def signed(payload: dict[str, Any], key: str, algorithm: str = "HS256") -> str:
    return jwt.encode(payload, key, algorithm=algorithm)


def unsigned(header: dict[str, Any], payload: dict[str, Any], signature: bytes = b"") -> str:
    parts = [json.dumps(header).encode(), json.dumps(payload).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def forged(secret: str) -> dict[str, str | None]:
    good = signed(claims(), secret)
    head, body, signature = good.split(".")
    other = base64.urlsafe_b64encode(json.dumps(claims(sub="u-2")).encode()).rstrip(b"=").decode()
    empty_key = hmac.new(b"", f"{head}.{body}".encode(), hashlib.sha256).digest()
    return {
        "none at all": None,
        "an empty one": "Bearer ",
        "another scheme": f"Basic {good}",
        "no scheme": good,
        "garbage": "Bearer garbage",
        "two parts": f"Bearer {head}.{body}",
        "another key": "Bearer " + signed(claims(), "another secret that is longer than 32 characters"),
        "an empty key": f"Bearer {head}.{body}." + base64.urlsafe_b64encode(empty_key).rstrip(b"=").decode(),
        "another payload": f"Bearer {head}.{other}.{signature}",
        "no signature": f"Bearer {head}.{body}.",
        "alg none": "Bearer " + unsigned({"alg": "none", "typ": "JWT"}, claims()),
        "alg None with a signature": "Bearer " + unsigned({"alg": "None"}, claims(), b"x" * 32),
        "an algorithm not allowed": "Bearer " + signed(claims(), secret, "HS512"),
        "an algorithm without a key": "Bearer " + unsigned({"alg": "RS256"}, claims(), b"x" * 256),
        "an algorithm that is no text": "Bearer " + unsigned({"alg": ["HS256"]}, claims(), b"x"),
        "expired": "Bearer " + signed(claims(exp=int(time.time()) - 1), secret),
        "no expiry": "Bearer " + signed(claims(exp=None), secret),
        "not yet valid": "Bearer " + signed(claims(nbf=int(time.time()) + 60), secret),
        "another audience": "Bearer " + signed(claims(aud="another-service"), secret),
        "no audience": "Bearer " + signed(claims(aud=None), secret),
        "no subject": "Bearer " + signed(claims(sub=None), secret),
        "an empty subject": "Bearer " + signed(claims(sub=""), secret),
        "an unknown customer": "Bearer " + signed(claims(sub="u-9"), secret),
        "a subject with a zero byte": "Bearer " + signed(claims(sub="u-1\x00"), secret),
        "another customer's order": "Bearer " + signed(claims(order="o-2"), secret),
        "an unknown order": "Bearer " + signed(claims(order="o-9"), secret),
        "an order that is no text": "Bearer " + signed(claims(order=["o-1"]), secret),
        "an employee's": "Bearer " + signed(claims(role="agent"), secret),
        "an employee's in capitals": "Bearer " + signed(claims(role="Agent"), secret),
        "a role nobody knows": "Bearer " + signed(claims(role="customer"), secret),
        "ten years": "Bearer " + signed(claims(exp=int(time.time()) + 10 * 365 * 86400), secret),
        "a huge expiry": "Bearer " + unsigned({"alg": "HS256"}, claims(exp=1e400), b"x"),
    }


@pytest.mark.parametrize("kind", list(forged(ANY)))
def test_nobody_gets_in_with(served: Any, kind: str) -> None:
    header = forged(served.secret)[kind]
    address = f"{served.address}/webhooks/widget"
    headers = {} if header is None else {"Authorization": header}
    for response in (
        requests.post(f"{address}/messages", data=b"not even json", headers=headers, timeout=20),
        requests.get(f"{address}/messages?after=x", headers=headers, timeout=20),
        requests.get(f"{address}/events", headers=headers, timeout=20),
    ):
        assert response.status_code == 401 and response.json()["status"] == 401
        assert response.headers["Content-Type"] == "application/problem+json" and response.headers["WWW-Authenticate"] == "Bearer"
    assert served.assistant.heard == []


def test_a_token_in_the_address_is_not_looked_at(served: Any) -> None:
    token = issue(served.secret, "u-1")
    assert requests.get(f"{served.address}/webhooks/widget/messages?token={token}", timeout=20).status_code == 401


def test_the_scheme_may_be_written_in_any_case(served: Any) -> None:
    headers = {"Authorization": "bearer " + signed(claims(order="o-1"), served.secret)}
    assert requests.get(f"{served.address}/webhooks/widget/messages", headers=headers, timeout=20).status_code == 200

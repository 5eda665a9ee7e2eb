"""What we sign for ourselves and leave with a browser: a session, or a sign-in under way. One kind is never taken for another."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from typing import Any, Literal

import jwt

Kind = Literal["session", "attempt"]
_ALGORITHM = "HS256"
_AUDIENCE = "baitiao-desk:"
"""Ours alone: tokens of customers have another, even where somebody gives both the same secret."""


class Seal:
    """Signs, and believes only what it has signed.

    Args:
        secret: the same on every web server, and nobody else's.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def seal(self, kind: Kind, claims: Mapping[str, Any], expires_at: float) -> str:
        """A text of letters, digits, ``-``, ``_`` and dots that holds the claims until an instant in epoch seconds."""
        marks = {"aud": _AUDIENCE + kind, "exp": int(expires_at), "jti": secrets.token_hex(8)}
        return jwt.encode({**claims, **marks}, self._secret, algorithm=_ALGORITHM)

    def opened(self, kind: Kind, text: str) -> dict[str, Any] | None:
        """The claims of a text that we have sealed as this kind and that has not expired, else None."""
        try:
            claims: dict[str, Any] = jwt.decode(
                text,
                self._secret,
                algorithms=[_ALGORITHM],
                audience=_AUDIENCE + kind,
                options={"require": ["aud", "exp", "jti"], "verify_iat": False},
            )
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError):
            return None
        return claims if claims["exp"] > time.time() else None

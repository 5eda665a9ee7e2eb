"""Customers' tokens: JSON Web Tokens (RFC 7519) that name the customer and perhaps the order on the page."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Mapping, Optional

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from actions.own_secret import own_secret
from actions.settings import MINIMUM_SECRET

AUDIENCE = "baitiao-assistant"
ROLE_AGENT = "agent"
MINIMUM_RSA_BITS = 2048
LONGEST_SUBJECT = 64


class InvalidToken(Exception):
    """The token is missing, forged, expired or not meant for this service; why is not told to the caller."""


class TokenSettingsError(RuntimeError):
    """The settings name no usable key."""


@dataclass(frozen=True)
class Claims:
    """What a verified token says.

    Attributes:
        user: the customer's id, which is also the conversation's.
        order: the order on the page, if any.
        role: `agent` for the support desk, else None.
        expires_at: epoch seconds.
    """

    user: str
    order: Optional[str]
    role: Optional[str]
    expires_at: float


class TokenVerifier:
    """Verifies tokens with one key per algorithm, so that a key can never be used as another kind of key.

    Args:
        keys: algorithm (HS256, RS256, ES256) → key.
    """

    def __init__(self, keys: Mapping[str, Any]) -> None:
        if not keys:
            raise TokenSettingsError("set BAITIAO_TOKEN_SECRET (32 characters or more) or BAITIAO_TOKEN_PUBLIC_KEY")
        self._keys = dict(keys)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ, fallback_secret: Optional[str] = None) -> TokenVerifier:
        """Builds the verifier of the settings.

        Args:
            environ: holds BAITIAO_TOKEN_SECRET and/or BAITIAO_TOKEN_PUBLIC_KEY (PEM, or the path of a PEM file).
            fallback_secret: used if neither is set; only demo mode has one.

        Raises:
            TokenSettingsError: no key, or one that is too weak or of an unknown kind.
        """
        keys: Dict[str, Any] = {}
        secret = environ.get("BAITIAO_TOKEN_SECRET") or ""
        public = environ.get("BAITIAO_TOKEN_PUBLIC_KEY") or ""
        if not secret and not public and fallback_secret:
            secret = fallback_secret
        if secret:
            if len(secret) < MINIMUM_SECRET:
                raise TokenSettingsError(f"BAITIAO_TOKEN_SECRET is shorter than {MINIMUM_SECRET} characters")
            keys["HS256"] = secret
        if public:
            algorithm, key = _public_key(public)
            keys[algorithm] = key
        return cls(keys)

    def verify(self, token: str) -> Claims:
        """The token's claims, if it is genuine, current and ours.

        Raises:
            InvalidToken: in every other case.
        """
        try:
            algorithm = jwt.get_unverified_header(token).get("alg")
            if not isinstance(algorithm, str) or algorithm not in self._keys:
                raise InvalidToken
            payload = jwt.decode(
                token,
                self._keys[algorithm],
                algorithms=[algorithm],
                audience=AUDIENCE,
                # A token issued by a machine whose clock is a second ahead is genuine all the same; expiry is not negotiable.
                options={"require": ["aud", "exp", "sub"], "verify_iat": False},
            )
            return _claims(payload)
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
            # The library's error may quote parts of the token, and a chained exception would end in a log.
            raise InvalidToken(type(error).__name__) from None

    def verify_header(self, authorization: Optional[str]) -> Claims:
        """The claims of an Authorization header of the form `Bearer <token>`.

        Raises:
            InvalidToken: no such header, or its token is not valid.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise InvalidToken
        return self.verify(token.strip())


def issue(secret: str, user: str, order: Optional[str] = None, role: Optional[str] = None, lifetime: float = 3600) -> str:
    """Signs a token with HS256.

    Args:
        secret: BAITIAO_TOKEN_SECRET or the demo secret.
        user: the customer's id.
        order: the order on the page.
        role: `agent` for the desk.
        lifetime: seconds.
    """
    payload: Dict[str, Any] = {"aud": AUDIENCE, "sub": user, "exp": int(time.time() + lifetime)}
    if order is not None:
        payload["order"] = order
    if role is not None:
        payload["role"] = role
    return jwt.encode(payload, secret, algorithm="HS256")


def demo_secret(path: Path = Path("var/demo-token-secret")) -> str:
    """This installation's own secret for demo mode."""
    return own_secret(path)


def _claims(payload: Dict[str, Any]) -> Claims:
    user, order, role = payload["sub"], payload.get("order"), payload.get("role")
    if not isinstance(user, str) or not user.strip() or len(user) > LONGEST_SUBJECT or not user.isprintable():
        raise InvalidToken
    if order is not None and (not isinstance(order, str) or not order or not order.isprintable()):
        raise InvalidToken
    if role is not None and not isinstance(role, str):
        raise InvalidToken
    return Claims(user=user, order=order, role=role, expires_at=float(payload["exp"]))


def _public_key(value: str) -> tuple[str, Any]:
    text = value.replace("\\n", "\n")
    try:
        pem = text.encode() if "-----BEGIN" in text else Path(value).read_bytes()
        key = load_pem_public_key(pem)
    except (OSError, ValueError) as error:
        raise TokenSettingsError("BAITIAO_TOKEN_PUBLIC_KEY is neither a PEM public key nor the path of one") from error
    if isinstance(key, RSAPublicKey):
        if key.key_size < MINIMUM_RSA_BITS:
            raise TokenSettingsError(f"BAITIAO_TOKEN_PUBLIC_KEY: an RSA key needs {MINIMUM_RSA_BITS} bits or more")
        return "RS256", key
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return "ES256", key
    raise TokenSettingsError("BAITIAO_TOKEN_PUBLIC_KEY must be an RSA key (RS256) or a P-256 key (ES256)")

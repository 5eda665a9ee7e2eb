"""Customers' tokens: JSON Web Tokens (RFC 7519) that name the customer and perhaps the order on the page."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from pydantic import SecretStr

from actions.setting_values import PublicKey
from actions.settings import Settings

AUDIENCE = "baitiao-assistant"
ROLE_AGENT = "agent"
LONGEST_SUBJECT = 64
LONGEST_NAME = 24
"""Characters of the name by which customers know an agent; the head of a chat has no room for more."""
LONGEST_LIFETIME = 7 * 86400
"""Seconds until the expiry of a token that is accepted: what has been stolen must end by itself."""
_CLOCKS_DIFFER = 60
"""Seconds by which the clock of whoever signs may be ahead of ours."""


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
        shown_as: of an agent: the name that customers may see, if any.
    """

    user: str
    order: str | None
    role: str | None
    expires_at: float
    shown_as: str | None = None


class TokenVerifier:
    """Verifies tokens with keys by algorithm, so that a key can never be used as another kind of key.

    Args:
        keys: algorithm (HS256, RS256, ES256) → key.
        previous: the same, keys that still hold while they are changed.
    """

    def __init__(self, keys: Mapping[str, Any], previous: Mapping[str, Any] | None = None) -> None:
        if not keys:
            raise TokenSettingsError("set BAITIAO_TOKEN_SECRET (32 characters or more) or BAITIAO_TOKEN_PUBLIC_KEY")
        self._keys: dict[str, list[Any]] = {}
        for held in (keys, previous or {}):
            for algorithm, key in held.items():
                self._keys.setdefault(algorithm, []).append(key)

    @classmethod
    def from_settings(cls, settings: Settings) -> TokenVerifier:
        """The verifier of the settings.

        Raises:
            TokenSettingsError: they name no key.
        """
        return cls(
            _by_algorithm(settings.token_secret, settings.token_public_key),
            _by_algorithm(settings.token_secret_previous, settings.token_public_key_previous),
        )

    def verify(self, token: str) -> Claims:
        """The token's claims, if it is genuine, current and ours.

        Raises:
            InvalidToken: in every other case.
        """
        try:
            algorithm = jwt.get_unverified_header(token).get("alg")
            if not isinstance(algorithm, str) or algorithm not in self._keys:
                raise InvalidToken
            return _claims(self._payload(token, algorithm))
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
            # The library's error may quote parts of the token, and a chained exception would end in a log.
            raise InvalidToken(type(error).__name__) from None

    def _payload(self, token: str, algorithm: str) -> dict[str, Any]:
        *others, last = self._keys[algorithm]
        for key in others:
            try:
                return _decoded(token, key, algorithm)
            except jwt.InvalidSignatureError:
                pass
        return _decoded(token, last, algorithm)

    def verify_header(self, authorization: str | None) -> Claims:
        """The claims of an Authorization header of the form `Bearer <token>`.

        Raises:
            InvalidToken: no such header, or its token is not valid.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise InvalidToken
        return self.verify(token.strip())


def fingerprint(token: str) -> str:
    """What a token is remembered by: a hash of what is signed.

    The signature is left out, because others can be made from it that hold as well: base64 ignores some bits, and ES256 has two for each text.
    """
    return hashlib.sha256(token.strip().rpartition(".")[0].encode()).hexdigest()


def issue(
    secret: str, user: str, order: str | None = None, role: str | None = None, lifetime: float = 3600, shown_as: str | None = None
) -> str:
    """Signs a token with HS256.

    Args:
        secret: what this installation checks tokens with.
        user: the customer's id.
        order: the order on the page.
        role: `agent` for the desk.
        lifetime: seconds.
        shown_as: the name by which customers know an agent.
    """
    # An id, so that of two tokens of one second each can be signed out by itself.
    payload: dict[str, Any] = {"aud": AUDIENCE, "sub": user, "exp": int(time.time() + lifetime), "jti": secrets.token_hex(8)}
    if order is not None:
        payload["order"] = order
    if role is not None:
        payload["role"] = role
    if shown_as is not None:
        payload["shown_as"] = shown_as
    return jwt.encode(payload, secret, algorithm="HS256")


def _by_algorithm(secret: SecretStr | None, public: PublicKey | None) -> dict[str, Any]:
    keys = {} if secret is None else {"HS256": secret.get_secret_value()}
    return keys if public is None else {**keys, public.algorithm: public.key}


def _decoded(token: str, key: Any, algorithm: str) -> dict[str, Any]:
    payload: dict[str, Any] = jwt.decode(
        token,
        key,
        algorithms=[algorithm],
        audience=AUDIENCE,
        # A token issued by a machine whose clock is a second ahead is genuine all the same; expiry is not negotiable.
        options={"require": ["aud", "exp", "sub"], "verify_iat": False},
    )
    return payload


def _claims(payload: dict[str, Any]) -> Claims:
    user, order, role = payload["sub"], payload.get("order"), payload.get("role")
    if not isinstance(user, str) or not user.strip() or len(user) > LONGEST_SUBJECT or not user.isprintable():
        raise InvalidToken
    if order is not None and (not isinstance(order, str) or not order or not order.isprintable()):
        raise InvalidToken
    # Whoever signs another role means something by it that we do not know, and must not be taken for a customer.
    if role not in (None, ROLE_AGENT):
        raise InvalidToken
    shown_as = payload.get("shown_as")
    if shown_as is not None and (
        not isinstance(shown_as, str) or not shown_as.strip() or len(shown_as) > LONGEST_NAME or not shown_as.isprintable()
    ):
        raise InvalidToken
    expires_at = float(payload["exp"])
    if not expires_at - time.time() <= LONGEST_LIFETIME + _CLOCKS_DIFFER:
        raise InvalidToken
    return Claims(user=user, order=order, role=role, expires_at=expires_at, shown_as=shown_as)

"""Tokens of customers and staff: JSON Web Tokens (RFC 7519) that name who it is, and perhaps the order on the page or what they may at the desk."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from pydantic import SecretStr

from actions.setting_values import PublicKey
from actions.settings import Settings

AUDIENCE = "baitiao-assistant"
ROLE_AGENT = "agent"
ROLE_LEAD = "lead"
ROLE_VIEWER, ROLE_ANALYST = "viewer", "analyst"
ROLE_OPERATOR, ROLE_AUTHOR, ROLE_APPROVER, ROLE_AUDITOR = "operator", "author", "approver", "auditor"
ROLE_CATALOG, ROLE_MONITOR = "catalog", "monitor"
ROLES = {
    ROLE_AGENT: "works at the desk",
    ROLE_LEAD: "sees the desk's numbers as well",
    ROLE_VIEWER: "reads the console",
    ROLE_ANALYST: "reads the console, never a conversation",
    ROLE_OPERATOR: "declares and ends incidents",
    ROLE_AUTHOR: "writes policies and experiments",
    ROLE_APPROVER: "approves what others have written",
    ROLE_AUDITOR: "reads the audit",
    ROLE_CATALOG: "a program that asks for the marks of items, and nothing else",
    ROLE_MONITOR: "a program that sends alerts, and nothing else",
}
"""Every role, with what it is for."""
CONSOLE_ROLES = (ROLE_VIEWER, ROLE_ANALYST, ROLE_OPERATOR, ROLE_AUTHOR, ROLE_APPROVER, ROLE_AUDITOR)
"""Of people; whoever has one of them may come into the console."""
_CONTAINED = {
    ROLE_LEAD: frozenset({ROLE_AGENT}),
    **{role: frozenset({ROLE_VIEWER}) for role in CONSOLE_ROLES if role != ROLE_VIEWER},
}
"""What somebody of a role may as well: a lead may do what agents do. A later role is a name, and a line here if it contains others."""
MOST_ROLES, LONGEST_ROLE = 64, 64
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
        roles: what staff may, with all that it contains, such as `agent` for the support desk; customers have none. There may be names
            among them that mean nothing here.
        expires_at: epoch seconds.
        shown_as: of an agent: the name that customers may see, if any.
    """

    user: str
    order: str | None
    roles: frozenset[str]
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


def with_contained(roles: Collection[str]) -> frozenset[str]:
    """Roles, and those that they contain."""
    return frozenset(roles).union(*(_CONTAINED.get(role, ()) for role in roles))


def issue(
    secret: str,
    user: str,
    order: str | None = None,
    role: str | None = None,
    lifetime: float = 3600,
    roles: Collection[str] = (),
    shown_as: str | None = None,
) -> str:
    """Signs a token with HS256.

    Args:
        secret: what this installation checks tokens with.
        user: the customer's id.
        order: the order on the page.
        role: `agent` for the desk.
        lifetime: seconds.
        roles: the same as a list, such as `lead`.
        shown_as: the name by which customers know an agent.
    """
    # An id, so that of two tokens of one second each can be signed out by itself.
    payload: dict[str, Any] = {"aud": AUDIENCE, "sub": user, "exp": int(time.time() + lifetime), "jti": secrets.token_hex(8)}
    if order is not None:
        payload["order"] = order
    if role is not None:
        payload["role"] = role
    if roles:
        payload["roles"] = [*roles]
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
    user, order = payload["sub"], payload.get("order")
    if not isinstance(user, str) or not user.strip() or len(user) > LONGEST_SUBJECT or not user.isprintable():
        raise InvalidToken
    if order is not None and (not isinstance(order, str) or not order or not order.isprintable()):
        raise InvalidToken
    shown_as = payload.get("shown_as")
    if shown_as is not None and (
        not isinstance(shown_as, str) or not shown_as.strip() or len(shown_as) > LONGEST_NAME or not shown_as.isprintable()
    ):
        raise InvalidToken
    expires_at = float(payload["exp"])
    if not expires_at - time.time() <= LONGEST_LIFETIME + _CLOCKS_DIFFER:
        raise InvalidToken
    return Claims(user=user, order=order, roles=_roles(payload), expires_at=expires_at, shown_as=shown_as)


def _roles(payload: Mapping[str, Any]) -> frozenset[str]:
    role, roles = payload.get("role"), payload.get("roles")
    # Whoever signs another role means something by it that we do not know, and must not be taken for a customer.
    if role not in (None, ROLE_AGENT):
        raise InvalidToken
    if roles is None:
        roles = []
    # An empty list would be a customer's token by mistake of whoever meant to sign somebody's roles.
    elif not isinstance(roles, list) or not 0 < len(roles) <= MOST_ROLES:
        raise InvalidToken
    if not all(isinstance(each, str) and 0 < len(each) <= LONGEST_ROLE and each.isprintable() for each in roles):
        raise InvalidToken
    return with_contained([*roles, *([] if role is None else [role])])

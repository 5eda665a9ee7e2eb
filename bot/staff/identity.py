"""Who somebody is by the claims of the deployment's provider: our name of them, what they are greeted by, what customers see, and what they may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channel.tokens import LONGEST_NAME, LONGEST_SUBJECT

ClaimPath = tuple[str, ...]
"""The names that lead to a claim, outermost first."""


class SignInRefused(Exception):
    """Nobody is signed in; ``why`` is a key of ``sign_in.html``, the words of what it is chained from are for the log."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Identity:
    """Who the provider says has signed in; ``expires_at`` of the id token in epoch seconds, ``shown_as`` to customers, None: by no name."""

    user: str
    shown: str
    roles: frozenset[str]
    expires_at: float
    shown_as: str | None = None


@dataclass(frozen=True)
class IdentityRules:
    """How claims are read.

    Attributes:
        user, name, role: paths through the claims.
        roles: our roles by the values that stand for them there.
        shown_as: the path to the name that customers may see; None: they see none.
    """

    user: ClaimPath
    name: ClaimPath
    role: ClaimPath
    roles: Mapping[str, str]
    shown_as: ClaimPath | None = None

    def all_in(self, claims: Mapping[str, Any]) -> bool:
        """Whether nothing that is read is missing."""
        return all(_at(claims, path) is not None for path in (self.user, self.name, self.role, self.shown_as) if path is not None)

    def read(self, claims: Mapping[str, Any]) -> Identity:
        """Who it is.

        Raises:
            SignInRefused: they are nobody here.
        """
        user, shown = _at(claims, self.user), _at(claims, self.name)
        if not isinstance(user, str) or not user.strip() or len(user) > LONGEST_SUBJECT or not user.isprintable():
            raise SignInRefused("user")
        if not isinstance(shown, str) or not shown.strip() or not shown.isprintable():
            shown = user
        given = _at(claims, self.role)
        values = [given] if isinstance(given, str) else list(given) if isinstance(given, (list, dict)) else []
        roles = frozenset(self.roles[value] for value in values if isinstance(value, str) and value in self.roles)
        if not roles:
            raise SignInRefused("role")
        return Identity(user, shown.strip()[:LONGEST_SUBJECT], roles, float(claims["exp"]), self._shown_as(claims, user))

    def _shown_as(self, claims: Mapping[str, Any], user: str) -> str | None:
        """The name for customers; what is none, or the agent's id, they never see, and the agent works all the same."""
        name = _at(claims, self.shown_as) if self.shown_as is not None else None
        if not isinstance(name, str) or not name.isprintable():
            return None
        name = name.strip()
        return name if name and len(name) <= LONGEST_NAME and name != user.strip() else None


def _at(claims: Mapping[str, Any], path: ClaimPath) -> Any:
    found: Any = claims
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found

"""The ways to sign in that a deployment offers: its provider, tokens of its login service, or both."""

from __future__ import annotations

from dataclasses import dataclass

from bot.channel.tokens import TokenVerifier
from bot.staff.attendance import Attendance
from bot.staff.entrances import Entrance
from bot.staff.oidc import Provider
from bot.staff.oidc_pages import ProviderPages
from bot.staff.rooms import Room
from bot.staff.seal import Seal
from bot.staff.sessions import Sessions


@dataclass(frozen=True)
class SignIn:
    """How the deployment's provider signs staff in.

    Attributes:
        provider: which.
        seal: of sessions and of sign-ins under way.
        longest: seconds that a session lasts; None: as long as the provider's id token.
        public_address: the origin that browsers know us by; None: what the proxies say.
        beside_tokens: whether the login service's tokens open our pages, too.
    """

    provider: Provider
    seal: Seal
    longest: float | None
    public_address: str | None
    beside_tokens: bool


def entering(
    entrance: Entrance, attendance: Attendance, verifier: TokenVerifier, always_secure: bool, sign_in: SignIn | None
) -> tuple[Sessions, tuple[Room, ...]]:
    """The sessions of an entrance, and the pages of the provider, if there is one.

    Args:
        verifier: checks the login service's tokens.
        always_secure: whether the cookie is for TLS only; without it, if the browser came by TLS.
        sign_in: at the deployment's provider; None: with tokens.
    """
    if sign_in is None:
        return Sessions(entrance, verifier, always_secure), ()
    sessions = Sessions(entrance, verifier if sign_in.beside_tokens else None, always_secure, sign_in.seal, sign_in.longest)
    return sessions, (ProviderPages(sign_in.provider, sign_in.seal, sessions, attendance, sign_in.public_address),)

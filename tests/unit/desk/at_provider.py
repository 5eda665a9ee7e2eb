"""A desk whose agents sign in at a provider, and a browser at both."""

from __future__ import annotations

from typing import Any

import requests

from bot.channel.tokens import ROLE_AGENT, ROLE_LEAD
from bot.staff.identity import IdentityRules
from bot.staff.oidc import Provider, ProviderSettings
from bot.staff.seal import Seal
from bot.staff.ways import SignIn
from tests.unit.desk.openid_provider import CLIENT, CLIENT_SECRET, OpenIdProvider

ROLES = {"desk": ROLE_AGENT, "lead": ROLE_LEAD}
PLAIN: dict[str, Any] = {"longest": None, "public_address": None, "beside_tokens": False}


def sign_in_at(provider: OpenIdProvider, **more: Any) -> SignIn:
    rules = IdentityRules(
        ("sub",), ("name",), more.pop("role_claim", ("groups",)), more.pop("roles", ROLES), more.pop("shown_as_claim", None)
    )
    settings = ProviderSettings(provider.issuer, CLIENT, more.pop("secret", CLIENT_SECRET), "openid profile", rules)
    return SignIn(Provider(settings), Seal("another secret of the tests, longer than 32"), **{**PLAIN, **more})


class Browser(requests.Session):
    """A browser that follows no redirect by itself, and whose cookies the test sees."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.desk = address

    def look(self, path: str, **options: Any) -> requests.Response:
        return self.get(path if "://" in path else self.desk + path, allow_redirects=False, timeout=20, **options)

    def sign_in(self, provider: OpenIdProvider, who: str = "wang") -> requests.Response:
        return self.look(provider.approve(self.look("/desk/oidc/start").headers["Location"], who))

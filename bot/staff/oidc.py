"""The deployment's OpenID provider: where it wants browsers sent, and who it says somebody is, believed as far as that is proven.

Everything here waits for the network: call it in a thread. The libraries are imported at first use, so that who has no provider does not wait for them.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from bot.staff.identity import Identity, IdentityRules, SignInRefused

CLOCKS_DIFFER = 60
"""Seconds by which the provider's clock may differ from ours."""
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Only what is checked with a public key: a secret that the provider shares with others proves nothing, and ``none`` less."""
_KEY_TYPES = ("RSA", "EC")
_METADATA_SECONDS, _KEYS_SECONDS, _FAILED_SECONDS = 600.0, 300.0, 3.0
_WAITS = (3.0, 5.0)
"""Seconds for a connection, and for each piece of an answer."""
_LARGEST_ANSWER = 512 * 1024


class ProviderDown(RuntimeError):
    """The provider does not answer, or not as a provider does; the words are for the log."""


@dataclass(frozen=True)
class ProviderSettings:
    """What the settings say of the provider.

    Attributes:
        secret: None for a public client.
        rules: who somebody is by their claims.
    """

    issuer: str
    client: str
    secret: str | None
    scopes: str
    rules: IdentityRules


@dataclass(frozen=True)
class Attempt:
    """A sign-in under way; its browser keeps it.

    Attributes:
        state: by which the browser that comes back is known to be the one that went.
        nonce: by which the id token is known to be for this attempt.
        verifier: proves to the provider that whoever hands in the code has begun this.
        back: where the provider sends the browser.
    """

    state: str
    nonce: str
    verifier: str
    back: str


class Provider:
    """One provider; its description and keys are remembered for a while.

    Attributes:
        settings: which, and how it is read.
    """

    def __init__(self, settings: ProviderSettings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._held: dict[str, tuple[float, dict[str, Any]]] = {}
        self._failed = (0.0, "")

    def address_for(self, attempt: Attempt) -> str:
        """Where the browser goes to sign in.

        Raises:
            ProviderDown: see there.
        """
        with _failures_told():
            url, _ = self._client(attempt).create_authorization_url(
                self._metadata()["authorization_endpoint"], state=attempt.state, nonce=attempt.nonce, code_verifier=attempt.verifier
            )
        return str(url)

    def identify(self, attempt: Attempt, code: str) -> Identity:
        """Who has signed in.

        Raises:
            ProviderDown: see there.
            SignInRefused: the provider does not take the code, or what it says is not proven, or they are nobody here.
        """
        from authlib.integrations.base_client import OAuthError

        metadata = self._metadata()
        with _failures_told():
            try:
                token = self._client(attempt).fetch_token(
                    metadata["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=attempt.verifier,
                    timeout=_WAITS,
                    allow_redirects=False,
                )
            except OAuthError as error:
                raise SignInRefused("code") from error
        claims = self._proven(token, attempt.nonce)
        return self.settings.rules.read({**self._more(token, claims), **claims})

    def way_out(self, back: str) -> str | None:
        """Where the provider's own session ends and the browser is sent back from; None if it has no such place."""
        try:
            end = self._metadata().get("end_session_endpoint")
        except ProviderDown:
            return None
        if not isinstance(end, str) or not self._may_be_asked(end):
            return None
        return f"{end}{'&' if '?' in end else '?'}{urlencode({'client_id': self.settings.client, 'post_logout_redirect_uri': back})}"

    # --- what is proven ----------------------------------------------------------------------------------------------------------------

    def _proven(self, token: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
        from joserfc.jwk import KeySet

        settings, text = self.settings, token.get("id_token")
        if not isinstance(text, str):
            raise SignInRefused("id_token")
        try:
            try:
                read = jwt.decode(text, KeySet.import_key_set(self._keys(_KEYS_SECONDS)), algorithms=[*ALGORITHMS])
            except (BadSignatureError, InvalidKeyIdError):
                # Keys change while we remember them.
                read = jwt.decode(text, KeySet.import_key_set(self._keys(0)), algorithms=[*ALGORITHMS])
            claims = CodeIDToken(
                read.claims,
                read.header,
                {
                    "iss": {"essential": True, "value": settings.issuer},
                    "aud": {"essential": True, "value": settings.client},
                    "sub": {"essential": True},
                },
                {"nonce": nonce, "client_id": settings.client, "access_token": token.get("access_token")},
            )
            claims.validate(leeway=CLOCKS_DIFFER)
        except (JoseError, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise SignInRefused("id_token") from error
        return dict(claims)

    def _more(self, token: Mapping[str, Any], claims: Mapping[str, Any]) -> dict[str, Any]:
        """What the provider says of them elsewhere, where the id token leaves out what we need."""
        place = self._metadata().get("userinfo_endpoint")
        if not isinstance(place, str) or not token.get("access_token") or self.settings.rules.all_in(claims):
            return {}
        if not self._may_be_asked(place):
            return {}
        found = _fetched(place, {"Authorization": f"Bearer {token['access_token']}"})
        # Of somebody else it would be worse than nothing.
        return found if found.get("sub") == claims.get("sub") else {}

    # --- what it tells of itself -------------------------------------------------------------------------------------------------------

    def _client(self, attempt: Attempt) -> Any:
        from authlib.integrations.requests_client import OAuth2Session

        supported = self._metadata().get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        known = "client_secret_basic" if "client_secret_basic" in supported else "client_secret_post"
        return OAuth2Session(
            self.settings.client,
            self.settings.secret,
            token_endpoint_auth_method="none" if self.settings.secret is None else known,
            scope=self.settings.scopes,
            redirect_uri=attempt.back,
            code_challenge_method="S256",
        )

    def _metadata(self) -> dict[str, Any]:
        return self._remembered(f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration", _METADATA_SECONDS, self._is_its_own)

    def _keys(self, longest: float) -> Any:
        found = self._remembered(str(self._metadata()["jwks_uri"]), longest, lambda found: isinstance(found.get("keys"), list))
        ours = [key for key in found["keys"] if isinstance(key, dict) and key.get("kty") in _KEY_TYPES and key.get("use", "sig") == "sig"]
        if not ours:
            raise ProviderDown("its key set holds no key that checks signatures")
        return {"keys": ours}

    def _is_its_own(self, found: Mapping[str, Any]) -> bool:
        places = [found.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        return found.get("issuer") == self.settings.issuer and all(isinstance(each, str) and self._may_be_asked(each) for each in places)

    def _may_be_asked(self, address: str) -> bool:
        # Over plain HTTP nobody answers but who is on this machine as the issuer is.
        issuer, parts = urlsplit(self.settings.issuer), urlsplit(address)
        return parts.scheme == "https" or (issuer.scheme == "http" and (parts.scheme, parts.hostname) == ("http", issuer.hostname))

    def _remembered(self, address: str, longest: float, good: Any) -> dict[str, Any]:
        """The document of that address, at most so many seconds old."""
        with self._lock:
            now = time.monotonic()
            fetched_at, found = self._held.get(address, (now - longest, {}))
            if found and now - fetched_at < longest:
                return found
            failed_at, words = self._failed
            # Whoever comes next need not wait for what has just failed.
            if words and now - failed_at < _FAILED_SECONDS:
                raise ProviderDown(words)
            try:
                found = _fetched(address)
                if not good(found):
                    raise ProviderDown("it describes itself as somebody else, or by addresses that are not safe")
            except ProviderDown as error:
                self._failed = (time.monotonic(), str(error))
                raise
            self._held[address], self._failed = (now, found), (0.0, "")
            return found


@contextlib.contextmanager
def _failures_told() -> Iterator[None]:
    import requests

    try:
        yield
    except (requests.RequestException, ValueError, KeyError) as error:
        # Their words may quote a code or a secret.
        raise ProviderDown(type(error).__name__) from None


def _fetched(address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    import json

    import requests

    with (
        _failures_told(),
        requests.get(address, headers={**(headers or {})}, timeout=_WAITS, allow_redirects=False, stream=True) as answer,
    ):
        if answer.status_code != 200:
            raise ProviderDown(f"it answers {answer.status_code}")
        body = answer.raw.read(_LARGEST_ANSWER + 1, decode_content=True)
        found = json.loads(body) if len(body) <= _LARGEST_ANSWER else None
    if not isinstance(found, dict):
        raise ProviderDown("it answers with something else than a JSON object of a bearable size")
    return found

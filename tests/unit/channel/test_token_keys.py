"""Which keys tokens are checked with."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from actions.callers import own_secret
from actions.setting_values import public_key, secret
from actions.settings import Settings
from bot.channel.tokens import AUDIENCE, InvalidToken, TokenSettingsError, TokenVerifier, issue

SECRET, OLD_SECRET = "a secret of the tests, longer than 32 characters", "what was the secret until somebody changed it"
READERS = {"token_secret": secret, "token_public_key": public_key}
READERS |= {f"{name}_previous": reader for name, reader in READERS.items()}


def pem(key: Any) -> str:
    return str(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())


def private(key: Any) -> bytes:
    return bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def claims() -> dict[str, Any]:
    return {"aud": AUDIENCE, "sub": "u-1", "exp": time.time() + 60}


def verifier_of(**texts: str) -> TokenVerifier:
    return TokenVerifier.from_settings(Settings.construct(**{name: READERS[name](text) for name, text in texts.items()}))


def test_there_is_no_secret_by_default() -> None:
    with pytest.raises(TokenSettingsError, match="set BAITIAO_TOKEN_SECRET"):
        verifier_of()


def test_a_secret_checks_what_is_signed_with_it() -> None:
    verifier = verifier_of(token_secret=SECRET)
    assert verifier.verify(issue(SECRET, "u-1", "o-1")).order == "o-1"
    with pytest.raises(InvalidToken):
        verifier.verify(issue("d" * 32, "u-1"))


@pytest.mark.parametrize(
    ("algorithm", "key"), [("RS256", rsa.generate_private_key(65537, 2048)), ("ES256", ec.generate_private_key(ec.SECP256R1()))]
)
def test_a_public_key_checks_its_own_algorithm_only(algorithm: str, key: Any, tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_text(pem(key))
    for setting in (pem(key), pem(key).replace("\n", "\\n"), str(file)):
        verifier = verifier_of(token_public_key=setting)
        assert verifier.verify(jwt.encode(claims(), private(key), algorithm=algorithm)).user == "u-1"
        with pytest.raises(InvalidToken):
            verifier.verify(issue(SECRET, "u-1"))


def test_a_public_key_is_no_secret() -> None:
    key = rsa.generate_private_key(65537, 2048)
    both = verifier_of(token_public_key=pem(key), token_secret=SECRET)
    import base64
    import hashlib
    import hmac
    import json

    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    signed = f"{part({'alg': 'HS256'})}.{part(claims())}"
    for guessed in (pem(key).encode(), pem(key).strip().encode()):
        mac = base64.urlsafe_b64encode(hmac.new(guessed, signed.encode(), hashlib.sha256).digest()).rstrip(b"=").decode()
        with pytest.raises(InvalidToken):
            both.verify(f"{signed}.{mac}")
    assert both.verify(issue(SECRET, "u-1")).user == "u-1"


@pytest.mark.parametrize(
    "value",
    ["no key", "/nowhere/key.pem", "-----BEGIN PUBLIC KEY-----\nrubbish\n-----END PUBLIC KEY-----",
     pem(rsa.generate_private_key(65537, 1024)), pem(ec.generate_private_key(ec.SECP384R1())), pem(ed25519.Ed25519PrivateKey.generate())],
    ids=["no key", "no file", "rubbish", "short RSA", "P-384", "Ed25519"],
)  # fmt: skip
def test_keys_of_other_kinds_are_refused(value: str) -> None:
    with pytest.raises(ValueError, match="^must be "):
        public_key(value)


RSA, EC = rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256R1())


def test_the_previous_key_holds_while_keys_are_changed_and_only_then() -> None:
    by_secret = [issue(SECRET, "u-1"), issue(OLD_SECRET, "u-1")]
    by_key = [jwt.encode(claims(), private(RSA), "RS256"), jwt.encode(claims(), private(EC), "ES256")]
    both = verifier_of(token_secret=SECRET, token_secret_previous=OLD_SECRET, token_public_key=pem(EC), token_public_key_previous=pem(RSA))
    for token in (*by_secret, *by_key):
        assert both.verify(token).user == "u-1"
    changed = verifier_of(token_secret=SECRET, token_public_key=pem(EC))
    for old in (by_secret[1], by_key[0]):
        with pytest.raises(InvalidToken):
            changed.verify(old)


def test_two_keys_of_one_kind_hold_beside_each_other_and_a_third_does_not() -> None:
    keys = [rsa.generate_private_key(65537, 2048) for _ in range(2)]
    both = verifier_of(token_public_key=pem(keys[0]), token_public_key_previous=pem(keys[1]))
    assert [both.verify(jwt.encode(claims(), private(key), "RS256")).user for key in keys] == ["u-1", "u-1"]
    with pytest.raises(InvalidToken):
        both.verify(jwt.encode(claims(), private(RSA), "RS256"))


def test_an_expired_token_of_the_previous_key_is_expired() -> None:
    with pytest.raises(InvalidToken):
        verifier_of(token_secret=SECRET, token_secret_previous=OLD_SECRET).verify(issue(OLD_SECRET, "u-1", lifetime=-1))


def test_previous_keys_alone_check_nothing() -> None:
    with pytest.raises(TokenSettingsError, match="set BAITIAO_TOKEN_SECRET"):
        verifier_of(token_secret_previous=OLD_SECRET, token_public_key_previous=pem(RSA))


@pytest.mark.parametrize("role", ["Agent", "AGENT", "agent ", "admin", "customer", "", 0, False, True, ["agent"], {"agent": 1}])
def test_the_only_role_is_agent(role: Any) -> None:
    with pytest.raises(InvalidToken):
        verifier_of(token_secret=SECRET).verify(jwt.encode({**claims(), "role": role}, SECRET, "HS256"))


@pytest.mark.parametrize("role", [None, "agent"])
def test_no_role_and_agent_are_known(role: str | None) -> None:
    assert verifier_of(token_secret=SECRET).verify(issue(SECRET, "u-1", role=role)).roles == ({role} if role else set())


@pytest.mark.parametrize(("days", "holds"), [(7, True), (8, False), (30, False), (3650, False), (10**12, False)])
def test_a_token_that_would_hold_for_longer_than_a_week_holds_not_at_all(days: int, holds: bool) -> None:
    token = issue(SECRET, "u-1", lifetime=days * 86400)
    if holds:
        assert verifier_of(token_secret=SECRET).verify(token).user == "u-1"
        return
    with pytest.raises(InvalidToken):
        verifier_of(token_secret=SECRET).verify(token)


def test_no_two_tokens_are_the_same() -> None:
    assert issue(SECRET, "u-1") != issue(SECRET, "u-1")


def test_a_secret_of_ones_own_is_this_installations_own(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret"
    secret = own_secret(path)
    assert len(secret) >= 32 and own_secret(path) == secret and path.stat().st_mode & 0o077 == 0
    assert own_secret(tmp_path / "other") != secret
    assert [file.name for file in path.parent.iterdir()] == ["secret"]

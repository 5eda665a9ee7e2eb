"""What a token's roles mean: more than one, with what they contain, those of later versions among them, and never a customer by mistake."""

from __future__ import annotations

import time
from typing import Any

import jwt
import pytest

from bot.channel.tokens import AUDIENCE, InvalidToken, TokenVerifier, issue

SECRET = "a secret of the tests, longer than 32 characters"
VERIFIER = TokenVerifier({"HS256": SECRET})


def roles_of(**claims: Any) -> frozenset[str]:
    payload = {"aud": AUDIENCE, "sub": "somebody", "exp": int(time.time()) + 60, **claims}
    return VERIFIER.verify(jwt.encode(payload, SECRET, algorithm="HS256")).roles


@pytest.mark.parametrize(
    ("claims", "roles"),
    [
        ({}, []),
        ({"role": "agent"}, ["agent"]),
        ({"roles": ["agent"]}, ["agent"]),
        ({"roles": ["lead"]}, ["agent", "lead"]),
        ({"role": "agent", "roles": ["lead"]}, ["agent", "lead"]),
        ({"roles": ["viewer", "analyst"]}, ["analyst", "viewer"]),
    ],
    ids=str,
)
def test_roles_are_read_with_what_they_contain(claims: dict[str, Any], roles: list[str]) -> None:
    # As a list: a set is printed in another order by every process, and the ids of tests must not be.
    assert sorted(roles_of(**claims)) == roles


@pytest.mark.parametrize(
    "claims",
    [{"role": "lead"}, {"role": ["agent"]}, {"roles": "lead"}, {"roles": []}, {"roles": [1]}, {"roles": [""]}, {"roles": ["a\nb"]},
     {"roles": {"lead": True}}, {"roles": ["x" * 65]}, {"roles": ["x"] * 65}],
    ids=lambda claims: str(claims)[:40],
)  # fmt: skip
def test_roles_that_cannot_be_read_are_nobodys(claims: dict[str, Any]) -> None:
    with pytest.raises(InvalidToken):
        roles_of(**claims)


def test_a_token_is_issued_with_the_roles_that_were_given() -> None:
    assert VERIFIER.verify(issue(SECRET, "lead-1", roles=["lead"])).roles == {"lead", "agent"}

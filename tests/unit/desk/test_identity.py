"""By which name customers know somebody whom the provider has signed in: that of its own claim or none, and never the id."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bot.channel.tokens import ROLE_AGENT
from bot.staff.entrances import DESK
from bot.staff.identity import IdentityRules
from bot.staff.seal import Seal
from bot.staff.sessions import Sessions

ENDS = time.time() + 600


def rules(shown_as: Any) -> IdentityRules:
    return IdentityRules(("sub",), ("name",), ("groups",), {"desk": ROLE_AGENT}, shown_as)


def claims(given: Any) -> dict[str, Any]:
    return {"sub": "8f3e-01", "name": "王芳", "groups": ["desk"], "exp": ENDS, "desk": {"pen_name": given}}


@pytest.mark.parametrize(
    ("claim", "given", "seen"),
    [
        (("desk", "pen_name"), " 小林 ", "小林"),
        (None, "小林", None),
        (("sub",), "小林", None),
        (("desk", "pen_name"), "8f3e-01", None),
        (("desk", "pen_name"), "林" * 25, None),
        (("desk", "pen_name"), "小\u202e林", None),
        (("desk", "pen_name"), ["小林"], None),
        (("desk", "pen_name"), " ", None),
        (("desk", "other"), "小林", None),
    ],
    ids=["its claim", "no claim is named", "a claim with the id", "the id", "too long", "not printable", "no text", "blank", "missing"],
)
def test_whoever_has_no_name_for_customers_works_all_the_same(claim: Any, given: Any, seen: str | None) -> None:
    identity = rules(claim).read(claims(given))
    assert (identity.user, identity.shown, identity.shown_as) == ("8f3e-01", "王芳", seen)
    sessions = Sessions(DESK, None, True, Seal("a secret of the tests, longer than 32 characters"))
    token, agent = sessions.begin(identity)
    assert agent.shown_as == seen and sessions.agent_with(token) == agent


def test_the_provider_is_asked_for_more_only_if_what_is_read_is_missing() -> None:
    assert rules(("desk", "pen_name")).all_in(claims("小林")) and rules(None).all_in(claims(None))
    assert not rules(("desk", "pen_name")).all_in(claims(None))

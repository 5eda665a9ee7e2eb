"""The settings of signing in at a provider: read whole, refused in sentences, and never half of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from actions.bootstrap import bootstrap
from actions.settings import Settings, SettingsError
from bot.bootstrap import staff_sign_in
from bot.cli import app
from bot.commands.settings import read_settings

SECRET = "a secret of the tests, longer than 32 characters"
WHOLE = {
    "BAITIAO_OIDC_ISSUER": "https://id.example/realms/staff",
    "BAITIAO_OIDC_CLIENT_ID": " desk ",
    "BAITIAO_OIDC_CLIENT_SECRET": "short, but the provider's",
    "BAITIAO_OIDC_COOKIE_SECRET": SECRET,
    "BAITIAO_OIDC_ROLE_CLAIM": "realm_access.roles",
    "BAITIAO_OIDC_NAME_CLAIM": "https://id.example/name",
    "BAITIAO_OIDC_SHOWN_AS_CLAIM": "pen_name",
    "BAITIAO_OIDC_LEAD_VALUE": "/support/主管",
    "BAITIAO_OIDC_SCOPES": "openid  email",
    "BAITIAO_OIDC_SESSION_SECONDS": "28800",
    "BAITIAO_PUBLIC_ADDRESS": "https://help.example/",
}
CLAIM = "must be the name of a claim such as groups, or a path such as realm_access.roles, not"
ADDRESS = "must be the https address of an OpenID provider, as its id tokens name it, without ? and #"
BAD = [
    ("OIDC_CONSOLE_VALUES", "operator", "must be pairs such as operator=duty, auditor=compliance, each with a value of its own, not 'operator'"),
    (
        "OIDC_CONSOLE_VALUES",
        "operator=a,author=a",
        "must be pairs such as operator=duty, auditor=compliance, each with a value of its own, not 'operator=a,author=a'",
    ),
    *[("PUBLIC_ADDRESS", text, f"must hold origins such as https://shop.example (no path, no wildcard), not '{text}'")
      for text in ("help.example", "https://help.example/desk")],
    ("PUBLIC_ADDRESS", "https://a https://b", "must be one origin such as https://help.example, not 'https://a https://b'"),
    *[("OIDC_ISSUER", text, ADDRESS) for text in ("id.example", "https://id.example/?a=b", "https://u:hush@id.example", "https://i/#x")],
    ("OIDC_ISSUER", "http://id.example", "must be an https address; http is for a provider on this machine, in demo mode"),
    ("OIDC_COOKIE_SECRET", "hush", "must have 32 characters or more"),
    ("OIDC_CLIENT_SECRET", "a\nb", "must be one line"),
    *[("OIDC_ROLE_CLAIM", text, f"{CLAIM} '{text}'") for text in ("a..b", ".a", "a.b.c.d.e.f.g.h.i")],
    ("OIDC_SHOWN_AS_CLAIM", "a..b", f"{CLAIM} 'a..b'"),
    ("OIDC_NAME_CLAIM", "x" * 201, f"{CLAIM} '{'x' * 201}'"),
    ("OIDC_SCOPES", "email", "must be scopes separated by blanks, openid among them, not 'email'"),
    ("OIDC_AGENT_VALUE", "x" * 201, "must be one line of at most 200 characters"),
    ("OIDC_LEAD_VALUE", "agent", "must be another value than BAITIAO_OIDC_AGENT_VALUE"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def whole(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in WHOLE.items():
        monkeypatch.setenv(name, text)


def problems(demo: bool, **given: Any) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as refused:
        read_settings(demo, **given)
    return refused.value.problems


def test_what_is_set_reaches_the_desk() -> None:
    here = bootstrap(read_settings(demo=False))
    sign_in = staff_sign_in(here, demo=False)
    assert sign_in is not None and not sign_in.beside_tokens
    assert (sign_in.longest, sign_in.public_address) == (28800.0, "https://help.example")
    provider = sign_in.provider.settings
    assert (provider.issuer, provider.client, provider.secret) == ("https://id.example/realms/staff", "desk", "short, but the provider's")
    rules = provider.rules
    assert (rules.role, rules.name, rules.shown_as) == (("realm_access", "roles"), ("https://id.example/name",), ("pen_name",))
    assert rules.roles == {"agent": "agent", "/support/主管": "lead"} and provider.scopes == "openid email"


def test_groups_of_the_provider_stand_for_roles_of_the_console(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAITIAO_OIDC_CONSOLE_VALUES", "operator=duty, auditor=/合规/审计")
    sign_in = staff_sign_in(bootstrap(read_settings(demo=False)), demo=False)
    assert sign_in is not None
    roles = sign_in.provider.settings.rules.roles
    assert roles == {"agent": "agent", "/support/主管": "lead", "duty": "operator", "/合规/审计": "auditor"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("boss=duty", "knows the roles viewer"),
        ("operator=agent", "must name other values than those of the desk"),
        ("catalog=shop", "not catalog"),
    ],
)
def test_what_is_no_role_of_the_console_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch, text: str, reason: str) -> None:
    monkeypatch.setenv("BAITIAO_OIDC_CONSOLE_VALUES", text)
    with pytest.raises(SettingsError, match=reason):
        staff_sign_in(bootstrap(read_settings(demo=False)), demo=False)


def test_without_an_issuer_the_desk_takes_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in WHOLE:
        monkeypatch.delenv(name)
    assert staff_sign_in(bootstrap(read_settings(demo=False)), demo=False) is None


@pytest.mark.parametrize(("name", "text", "reason"), BAD, ids=[f"{name}={text[:30]}" for name, text, _ in BAD])
def test_what_cannot_be_used_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch, name: str, text: str, reason: str) -> None:
    monkeypatch.setenv(f"BAITIAO_{name}", text)
    assert problems(demo=True) == (f"BAITIAO_{name} {reason}",)
    refused = CliRunner().invoke(app, ["settings"]).exception
    assert isinstance(refused, SettingsError) and "hush" not in str(refused)


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("BAITIAO_OIDC_CLIENT_ID", "BAITIAO_OIDC_ISSUER needs BAITIAO_OIDC_CLIENT_ID beside it"),
        ("BAITIAO_OIDC_ISSUER", "BAITIAO_OIDC_CLIENT_ID needs BAITIAO_OIDC_ISSUER beside it"),
        ("BAITIAO_OIDC_COOKIE_SECRET", "BAITIAO_OIDC_COOKIE_SECRET must be set, 32 characters or more, because BAITIAO_OIDC_ISSUER is"),
    ],
)
def test_half_a_provider_starts_nothing(monkeypatch: pytest.MonkeyPatch, missing: str, sentence: str) -> None:
    monkeypatch.delenv(missing)
    assert problems(demo=False) == (sentence,)


def test_the_demo_makes_a_secret_for_cookies_and_takes_a_provider_on_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BAITIAO_OIDC_COOKIE_SECRET")
    monkeypatch.setenv("BAITIAO_OIDC_ISSUER", "http://127.0.0.1:8080")
    own = read_settings(demo=True).oidc_cookie_secret
    assert own and read_settings(demo=True).oidc_cookie_secret == own and own != read_settings(demo=True).token_secret
    monkeypatch.setenv("BAITIAO_OIDC_COOKIE_SECRET", SECRET)
    assert problems(demo=False) == ("BAITIAO_OIDC_ISSUER must be an https address; http is for a provider on this machine, in demo mode",)


def test_a_command_that_needs_no_secret_reads_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAITIAO_OIDC_COOKIE_SECRET", "short")
    assert Settings.read_without_secrets().oidc_issuer == WHOLE["BAITIAO_OIDC_ISSUER"]


def test_the_command_hides_the_secrets() -> None:
    shown = CliRunner().invoke(app, ["settings"]).output
    assert "https://id.example/realms/staff" in shown and SECRET not in shown and "short, but" not in shown

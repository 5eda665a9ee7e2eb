"""The settings as demo mode completes them, and ``baitiao settings``: every one with its value, where that comes from, and what it means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import SecretStr

from actions.callers import own_secret
from actions.setting_values import MINIMUM_SECRET
from actions.settings import Settings, SettingsError

HIDDEN = "(hidden)"
_LONGEST = 60
_HELD = re.compile(r"(?<==).*|^[^=]+$")
"""What a parameter of an address holds; all of it if it has no name."""
_LINK = re.compile(r"\[(.*?)\]\(.*?\)")


class SettingRow(NamedTuple):
    """One setting."""

    variable: str
    value: str
    origin: str
    meaning: str


def rows() -> Iterator[SettingRow]:
    """The settings in the order of the class.

    Raises:
        SettingsError: with everything that is wrong.
    """
    Settings.read()
    asked = Settings.asked()
    for name, field in Settings.__fields__.items():
        value = _shown(name, asked[name]) if name in asked else default_of(name)
        yield SettingRow(
            Settings.variable(name), value, "environment" if name in asked else "default", _LINK.sub(r"\1", field.field_info.description)
        )


def lines() -> Iterator[str]:
    """The rows as columns, and a line for each variable that is no setting although it looks like one."""
    table = list(rows())
    widths = [max(len(row[column]) for row in table) for column in range(3)]
    for row in table:
        yield "  ".join([*(text.ljust(width) for text, width in zip(row, widths)), row.meaning])
    for variable in Settings.unknown():
        yield f"{variable} is no setting and changes nothing"


def default_of(name: str) -> str:
    """A setting's default in words."""
    default: Any = Settings.__fields__[name].default
    if isinstance(default, tuple):
        default = " ".join(default)
    if isinstance(default, bool):
        return "on" if default else "off"
    return f"{default:g}" if isinstance(default, float) else str(default or "none")


def _shown(name: str, text: str) -> str:
    if Settings.__fields__[name].type_ is SecretStr:
        return HIDDEN
    line = _masked(" ".join(text.split()))
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _masked(line: str) -> str:
    if "://" not in line:
        return line
    # A password may hold any sign, so who signs in ends at the last @ only; and a name without a password may be a key.
    # A ? before an @ belongs to either, so of such an address nothing is shown.
    line = re.sub(r"://.*\?.*@.*", "://***", line)
    line = re.sub(r"://.*@", "://***@", line)
    address, mark, query = re.sub("#.*", "#***", line).partition("?")
    return address + mark + "&".join(_HELD.sub("***", part) for part in query.split("&") if part)


TOKEN_SECRET, WEBHOOK_SECRET = Path("var/demo-token-secret"), Path("var/demo-webhook-secret")
COOKIE_SECRET = Path("var/demo-cookie-secret")


def read_settings(demo: bool, **given: Any) -> Settings:
    """The settings of the environment; in demo mode with this installation's own secrets where they name none.

    Args:
        demo: whether missing secrets are made.
        given: values that go before the environment.

    Raises:
        SettingsError: with everything that is wrong.
    """
    asked = Settings.asked()
    # Beside a public key a secret of ours would let in whoever can read it.
    if demo and not {"token_secret", "token_public_key"} & asked.keys():
        given["token_secret"] = own_secret(TOKEN_SECRET)
    if demo and "handoff_webhook" in asked and "handoff_webhook_secret" not in asked:
        given["handoff_webhook_secret"] = own_secret(WEBHOOK_SECRET)
    if demo and "oidc_issuer" in asked and "oidc_cookie_secret" not in asked:
        given["oidc_cookie_secret"] = own_secret(COOKIE_SECRET)
    settings = Settings.read(**given)
    problems = [*_sign_in_problems(settings, demo)]
    if problems:
        raise SettingsError(problems)
    return settings


def _sign_in_problems(settings: Settings, demo: bool) -> Iterator[str]:
    issuer, cookie_secret = Settings.variable("oidc_issuer"), Settings.variable("oidc_cookie_secret")
    if settings.oidc_issuer is None:
        return
    if settings.oidc_cookie_secret is None:
        yield f"{cookie_secret} must be set, {MINIMUM_SECRET} characters or more, because {issuer} is"
    if not demo and not settings.oidc_issuer.startswith("https:"):
        yield f"{issuer} must be an https address; http is for a provider on this machine, in demo mode"

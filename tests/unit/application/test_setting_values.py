"""Settings that look right and cannot be used: each is refused when settings are read, with one sentence and without what may be secret."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

from actions.bootstrap import bootstrap
from actions.core.facts import missing_methods
from actions.settings import Settings, SettingsError
from actions.state.world.facts import SqlFacts
from tests.unit.application.own_services import OwnServices

ROOT = Path(__file__).parents[3]


def pem_with_curve(curve: str) -> str:
    """The PEM text of an elliptic key whose curve has this object identifier (DER, in hex)."""
    algorithm = bytes.fromhex("06072a8648ce3d0201") + bytes.fromhex(curve)
    point = b"\x03\x42\x00\x04" + bytes(64)
    body = bytes([0x30, len(algorithm)]) + algorithm + point
    return f"-----BEGIN PUBLIC KEY-----\n{base64.b64encode(bytes([0x30, len(body)]) + body).decode()}\n-----END PUBLIC KEY-----\n"


YEARS, SECONDS = "must be in a year from 2000 to 2199", "must be a positive number of seconds, at most 604800"
DRIVER = "must name a driver that is installed, and a port and options that it knows; leave out what is not needed"
REDIS = "must be a Redis address such as redis://host:6379/0"
REDIS_OPTIONS = "must have no options after ? but those of the Redis client, each with a value that it takes"
FEW = "must have 12 different characters or more, such as `openssl rand -base64 48` prints"
EXAMPLE = "must be no example of a manual but random, such as `openssl rand -base64 48` prints"
SECRETS = ("token_secret", "token_secret_previous", "actions_secret", "handoff_webhook_secret")
KEYS = "must be an RSA key (RS256) or a P-256 key (ES256)"
REFUSED = [
    *[("now", text, f"{YEARS}, not '{text}'")
      for text in ("9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+08:00", "1999-12-31T00:00:00+08:00", "2200-01-01T00:00:00+08:00")],
    ("token_public_key", pem_with_curve("06082a811ccf5501822d"), KEYS),
    ("token_public_key", pem_with_curve("06082a030405060708" + "09"), KEYS),
    *[("database_url", text, DRIVER)
      for text in ("postgresql+nope://a:hush@h/b", "sqlite+pysqlcipher:///x", "sqlite:///x.db?timeout=hush", "sqlite:///x\udcff.db",
                   "postgresql://a:hush@h/b?hush=1", "postgresql://a:hush@h:99999/b", "postgresql://a:\udcff@h/b")],
    *[(name, text, FEW) for name in SECRETS for text in ("a" * 32, "ab1" * 20, "changeme" * 4, "x-" * 16)],
    *[(name, text, FEW) for name in SECRETS if name != "actions_secret" for text in (" " * 32, "\n" * 32, "密" * 40)],
    *[(name, text, EXAMPLE)
      for name in SECRETS
      for text in ("0123456789abcdef0123456789abcdef", "0123456789" + "abcdefghijklmnopqrstuvwxyz", "ZYXWVUTSRQPONMLKJIHGFEDCBA9876543210",
                   "Change-Me-password-secret-token-example", "your-256-bit-secret-your-256-bit-secret",
                   "a-string-secret-at-least-256-bits-long")],
    ("token_secret", "\udcff" * 40, "must be text in UTF-8"),
    ("handoff_webhook_secret", "\udcff" * 40, "must be text in UTF-8"),
    *[("redis_url", f"redis://:hush@h/0?{options}", REDIS_OPTIONS)
      for options in ("db=abc", "socket_timeout=abc", "socket_timeout=-1", "socket_connect_timeout=nan", "foo=bar", "foo=", "encoding=nope",
                      "credential_provider=x", "ssl_cert_reqs=none")],
    ("redis_url", "rediss://:hush@h/0?ssl_cert_reqs=zzz", REDIS_OPTIONS),
    *[("redis_url", text, REDIS) for text in ("redis://a b/0", "redis://a..b/0", f"redis://{'a' * 64}/0", "redis://a\udcff/0", "redis://:\udcff@a/0")],
    *[("handoff_webhook", text, "must be an http or https address") for text in ("http://a..b/", "http://h/\udcff")],
    *[("recovery_interval", text, f"{SECONDS}, not '{text}'") for text in ("1_0", "1e1", "+10", "0x10", ".", "٥", "0.0")],
    ("facts_source", "builtins:dict",
     "must name a class with the methods of core.facts.FactsSource; 'builtins:dict' lacks "
     "customer_exists, owns_order, orders, bills, snapshot"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "reason"), REFUSED, ids=[ascii(f"{name}={text}") for name, text, _ in REFUSED])
def test_what_would_fail_later_is_refused_when_settings_are_read(name: str, text: str, reason: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.read(**{name: text, **({"handoff_webhook": "http://h/"} if name == "handoff_webhook_secret" else {})})
    problems = [each for each in refused.value.problems if each.startswith(f"{Settings.variable(name)} ")]
    assert problems[0] == f"{Settings.variable(name)} {reason}" and "hush" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("now", "2000-01-01T00:00:00+08:00"),
        ("database_url", "postgres://u:p@h:5433/d?sslmode=require&connect_timeout=3"),
        ("database_url", "postgresql+psycopg2://u:p@/d?host=/var/run/postgresql"),
        ("database_url", "sqlite:///x.db?timeout=3"),
        ("redis_url", "redis://user:p%40ss@[::1]:6380/1?socket_timeout=2.5&db=3&client_name=chat"),
        ("redis_url", "rediss://h?ssl_cert_reqs=none&ssl_check_hostname=no"),
        ("recovery_interval", "0.25"),
        *[
            (name, text)
            for name in SECRETS
            for text in ("9f86d081884c7d659a2feaa0c55ad015", "kP3vR8wTz1YqLmN5bXc7JdHs2GfAe9Ku+/", "secret: horse battery staple correct")
        ],
    ],
)
def test_what_can_be_used_is_taken(name: str, text: str) -> None:
    assert getattr(Settings.read(**{name: text}), name) is not None


@pytest.mark.parametrize(("factory", "reason"), [
    ("sys:exit", "must name something that makes a facts source of a database session; it ends the program"),
    ("math:sqrt", "must name something that makes a facts source of a database session; must be real number, not Session"),
    ("builtins:repr", "must make an object with the methods of core.facts.FactsSource; it lacks customer_exists, owns_order, "),
])  # fmt: skip
def test_what_makes_no_facts_source_is_refused_before_anything_starts(factory: str, reason: str) -> None:
    with pytest.raises(SettingsError) as refused:
        bootstrap(Settings.read(facts_source=factory))
    assert str(refused.value).startswith(f"BAITIAO_FACTS_SOURCE {reason}")


def away(_session: object) -> object:
    raise ConnectionError("the account service is away")


def test_a_service_that_is_away_does_not_keep_the_servers_from_starting() -> None:
    assert bootstrap(Settings.read(facts_source=f"{__name__}:away")).facts is away


def test_sources_lack_nothing_of_a_facts_source() -> None:
    assert [missing_methods(each) for each in (SqlFacts, OwnServices, OwnServices(None))] == [[], [], []]


@pytest.mark.broad
def test_a_secret_that_is_no_text_is_refused_by_the_command_in_a_sentence() -> None:
    environment = {**os.environb, b"BAITIAO_TOKEN_SECRET": b"\xff" * 40}
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bot.cli", "token", "u-1"], cwd=ROOT, env=environment, capture_output=True, timeout=120
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, b"", b"BAITIAO_TOKEN_SECRET must be text in UTF-8\n")

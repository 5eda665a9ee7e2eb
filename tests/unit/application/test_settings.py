"""Settings: read once, refused all at once with a sentence each, printed without what is secret, and described once."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from typer.testing import CliRunner

from actions.settings import Settings, SettingsError, child_environment
from bot.cli import app, main
from bot.commands.settings import read_settings

ROOT = Path(__file__).parents[3]
SECRET = "a secret of the tests, longer than 32 characters"
KEY = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
GOOD = {
    "BAITIAO_DATABASE_URL": ("postgresql://u:p@h:5433/d", "database_url", "postgresql://u:p@h:5433/d"),
    "BAITIAO_REDIS_URL": ("rediss://:p@h:6380/1", "redis_url", "rediss://:p@h:6380/1"),
    "BAITIAO_NOW": (" 2026-11-23 08:00:00 ", "now", datetime(2026, 11, 23, tzinfo=timezone.utc)),
    "BAITIAO_PORT": ("6005", "port", 6005),
    "BAITIAO_ACTIONS_PORT": (" 6055 ", "actions_port", 6055),
    "BAITIAO_FACTS_SOURCE": ("actions.state.world.facts:SqlFacts", "facts_source", ...),
    "BAITIAO_MESSAGE_RATE": ("10/second", "message_rate", "10/second"),
    "BAITIAO_WIDGET_ORIGINS": (
        "https://shop.example,  http://[::1]:8000 https://shop.example",
        "widget_origins",
        ("https://shop.example", "http://[::1]:8000"),
    ),
    "BAITIAO_FRAME_ANCESTORS": ("'self' https://app.example", "frame_ancestors", ("self", "https://app.example")),
    "BAITIAO_RECOVERY_INTERVAL": ("0.5", "recovery_interval", 0.5),
    "BAITIAO_HANDOFF_FORMAT": ("zendesk", "handoff_format", "zendesk"),
    "BAITIAO_HANDOFF_PATIENCE": ("60", "handoff_patience", 60.0),
    "BAITIAO_RETENTION_DAYS": ("10", "retention_days", 10),
    "BAITIAO_OPS": ("off", "ops", False),
    "BAITIAO_OBSERVATION_DAYS": ("30", "observation_days", 30),
}
PORTS, SECONDS = "must be a whole number from 1 to 65535", "must be a positive number of seconds, at most 604800"
ORIGIN = "must hold origins such as https://shop.example (no path, no wildcard)"
BAD = [
    ("BAITIAO_DATABASE_URL", "nonsense", "must be a database address such as sqlite:///var/baitiao.db or postgresql://user:password@host/name"),
    ("BAITIAO_DATABASE_URL", "mysql://u:hush@h/d", "must be the address of a SQLite or PostgreSQL database, not of mysql"),
    *[("BAITIAO_REDIS_URL", text, "must be a Redis address such as redis://host:6379/0")
      for text in ("nonsense", "http://h", "redis://", "redis://h:port", "redis://h:0", "redis://h/name", "redis://:hush@h:99999")],
    ("BAITIAO_TOKEN_SECRET", "hush", "must have 32 characters or more"),
    ("BAITIAO_TOKEN_PUBLIC_KEY", "/nowhere/key.pem", "must be a PEM public key or the path of one"),
    *[("BAITIAO_NOW", text, f"must be an instant such as 2026-11-22T10:00:00+08:00, not '{text}'")
      for text in ("abc", "2026-11-22", "2026-11-22T25:00:00")],
    *[("BAITIAO_PORT", text, f"{PORTS}, not '{text}'") for text in ("abc", "0", "-1", "5005.0", "٥٠٠٥")],
    ("BAITIAO_ACTIONS_PORT", "99999", f"{PORTS}, not '99999'"),
    ("BAITIAO_ACTIONS_PORT", "5005", "must be another port than BAITIAO_PORT, not 5005 as well"),
    ("BAITIAO_ACTIONS_SECRET", "hush", "must have 32 characters or more, of ASCII and without blanks around them"),
    ("BAITIAO_FACTS_SOURCE", "nowhere.to_be_found:Facts",
     "must be package.module:name of something that can be imported, not 'nowhere.to_be_found:Facts' (No module named 'nowhere')"),
    ("BAITIAO_FACTS_SOURCE", "actions.settings:PREFIX",
     "must name something that can be called with a database session, not 'actions.settings:PREFIX'"),
    *[("BAITIAO_MESSAGE_RATE", text, f"must be a rate such as 120/minute (per second, minute, hour or day), not '{text}'")
      for text in ("fast", "0/minute", "120", "120/fortnight")],
    *[("BAITIAO_WIDGET_ORIGINS", text, f"{ORIGIN}, not '{text}'")
      for text in ("*", "shop.example", "https://shop.example/path", "https://*.example", "https://a;script-src", "null", "self")],
    ("BAITIAO_FRAME_ANCESTORS", "self https://x/y", f"{ORIGIN}, not 'https://x/y'"),
    ("BAITIAO_FRAME_ANCESTORS", "none self", "must be none alone or without it, not 'none self'"),
    *[("BAITIAO_RECOVERY_INTERVAL", text, f"{SECONDS}, not '{text}'") for text in ("0", "-1", "soon", "nan", "inf")],
    *[("BAITIAO_HANDOFF_WEBHOOK", text, "must be an http or https address") for text in ("ftp://x", "http://", "http://a b", "http://h:0/")],
    ("BAITIAO_HANDOFF_WEBHOOK_SECRET", "hush", "must have 32 characters or more"),
    ("BAITIAO_HANDOFF_FORMAT", "fax", "must be one of handoff, chatwoot, zendesk, not 'fax'"),
    ("BAITIAO_HANDOFF_PATIENCE", "1e300", f"{SECONDS}, not '1e300'"),
    *[("BAITIAO_RETENTION_DAYS", text, f"must be a whole number of days from 1 to 36500, not '{text}'") for text in ("0", "0.5", "forever")],
    *[("BAITIAO_OPS", text, f"must be on or off, not '{text}'") for text in ("false", "1")],
]  # fmt: skip


def settle(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, text in variables.items():
        monkeypatch.setenv(name, text)


def refusals(**given: Any) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as refused:
        Settings.read(**given)
    return refused.value.problems


def test_without_an_environment_every_setting_has_its_default() -> None:
    assert Settings.read() == Settings.construct()


@pytest.mark.parametrize("variable", GOOD)
def test_a_setting_is_read_from_its_variable(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    text, name, value = GOOD[variable]
    monkeypatch.setenv(variable, text)
    read = getattr(Settings.read(), name)
    assert callable(read) if value is ... else read == value


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    settle(monkeypatch, **{Settings.variable(name): " " for name in Settings.__fields__})
    assert Settings.read() == Settings.construct()


@pytest.mark.parametrize(("variable", "text", "reason"), BAD, ids=[f"{variable}={text}" for variable, text, _ in BAD])
def test_what_cannot_be_used_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch, variable: str, text: str, reason: str) -> None:
    monkeypatch.setenv(variable, text)
    assert refusals() == (f"{variable} {reason}",)
    assert "hush" not in reason, "what may be a password is not shown"


def test_everything_that_is_wrong_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {variable: text for variable, text, _ in reversed(BAD)}
    settle(monkeypatch, **wrong)
    assert sorted(problem.partition(" ")[0] for problem in refusals()) == sorted(wrong)


def test_a_setting_says_how_its_text_is_read_and_none_is_read_by_rules_of_the_library() -> None:
    assert all(callable(field.field_info.extra["reader"]) for field in Settings.__fields__.values())

    class More(Settings):
        bare: int = 1

    with pytest.raises(KeyError, match="reader"):
        More.read(bare="2")


@pytest.mark.parametrize("name", ["token_secret", "handoff_webhook_secret"])
def test_blanks_around_a_secret_are_part_of_it(name: str) -> None:
    assert getattr(Settings.read(**{name: f" {SECRET} "}), name).get_secret_value() == f" {SECRET} "


WEBHOOK_ALONE = {"BAITIAO_HANDOFF_WEBHOOK": "http://127.0.0.1:1/in"}
SHORT_SECRETS = {f"BAITIAO_{name}": "short" for name in ("TOKEN_SECRET", "TOKEN_PUBLIC_KEY", "ACTIONS_SECRET", "HANDOFF_WEBHOOK_SECRET")}
NO_SECRET_NEEDED = [
    ["diagnose", "--all"],
    ["world", "load", str(ROOT / "demo/world.yml")],
    ["handoff", "list"],
    ["handoff", "dead-letters"],
    ["handoff", "purge"],
]


@pytest.mark.broad
@pytest.mark.parametrize("command", NO_SECRET_NEEDED, ids=" ".join)
@pytest.mark.parametrize("variables", [WEBHOOK_ALONE, SHORT_SECRETS], ids=["a webhook without a secret", "secrets that are too short"])
def test_no_secret_stops_a_command_that_needs_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: list[str], variables: dict[str, str]
) -> None:
    settle(monkeypatch, **variables, BAITIAO_DATABASE_URL=f"sqlite:///{tmp_path}/world.db")
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.exception


def test_the_command_shows_a_webhook_without_a_secret_and_refuses_secrets_that_are_too_short(monkeypatch: pytest.MonkeyPatch) -> None:
    settle(monkeypatch, **WEBHOOK_ALONE)
    assert CliRunner().invoke(app, ["settings"]).exit_code == 0
    settle(monkeypatch, **SHORT_SECRETS)
    refused = CliRunner().invoke(app, ["settings"]).exception
    assert isinstance(refused, SettingsError)
    assert sorted(problem.partition(" ")[0] for problem in refused.problems) == sorted(SHORT_SECRETS)


@pytest.mark.slow
@pytest.mark.parametrize("server", [["bot.cli", "up", "--no-demo"], ["actions.server"]], ids=" ".join)
def test_no_server_starts_that_cannot_sign_its_deliveries(server: list[str], tmp_path: Path) -> None:
    environment = child_environment(
        **WEBHOOK_ALONE,
        BAITIAO_TOKEN_SECRET=SECRET,
        BAITIAO_ACTIONS_SECRET=SECRET,
        BAITIAO_DATABASE_URL=f"sqlite:///{tmp_path}/untouched.db",
    )
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", *server], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    assert (ended.returncode, ended.stdout) == (1, "") and list(tmp_path.iterdir()) == []
    assert "Traceback" not in ended.stderr
    assert ended.stderr.endswith("BAITIAO_HANDOFF_WEBHOOK_SECRET must be set, 32 characters or more, because BAITIAO_HANDOFF_WEBHOOK is\n")


def test_what_a_command_is_given_goes_before_the_environment_and_is_held_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    settle(monkeypatch, BAITIAO_PORT="6005", BAITIAO_ACTIONS_PORT="6055")
    assert Settings.read(port="7005").port == 7005
    assert refusals(port="6055") == ("BAITIAO_ACTIONS_PORT must be another port than BAITIAO_PORT, not 6055 as well",)


def test_settings_cannot_be_changed_and_do_not_show_what_is_secret() -> None:
    settings = Settings.read(token_secret=SECRET, database_url="postgresql://u:hush@h/d", redis_url="redis://:hush@h")
    with pytest.raises(TypeError):
        settings.port = 1
    assert SECRET not in repr(settings) and "hush" not in repr(settings)


def test_demo_mode_has_secrets_of_its_own_only_where_none_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    settle(monkeypatch, BAITIAO_HANDOFF_WEBHOOK="http://127.0.0.1:1/in")
    own = read_settings(demo=True)
    assert own.token_secret and own.handoff_webhook_secret and own.token_secret != own.handoff_webhook_secret
    assert read_settings(demo=True) == own, "they are made once"
    assert read_settings(demo=False).handoff_webhook_secret is None
    settle(monkeypatch, BAITIAO_HANDOFF_WEBHOOK_SECRET=SECRET, BAITIAO_TOKEN_PUBLIC_KEY=KEY)
    given = read_settings(demo=True)
    assert given.token_secret is None, "beside a public key our own secret would be a second way in"
    assert given.handoff_webhook_secret and given.handoff_webhook_secret.get_secret_value() == SECRET
    settle(monkeypatch, BAITIAO_TOKEN_SECRET="short")
    with pytest.raises(SettingsError, match="BAITIAO_TOKEN_SECRET must have 32 characters or more"):
        read_settings(demo=True)


WRONG = {"BAITIAO_PORT": "abc", "BAITIAO_REDIS_URL": "nonsense", "BAITIAO_NOW": "2026-11-22"}


def _assert_each_is_named(said: str) -> None:
    problems = [line.partition(" must be ")[0] for line in said.splitlines() if " must be " in line]
    assert problems == ["BAITIAO_REDIS_URL", "BAITIAO_NOW", "BAITIAO_PORT"] and "Traceback" not in said


@pytest.mark.slow
@pytest.mark.parametrize("command", [["bot.cli", "up"], ["actions.server"]], ids=" ".join)
def test_nothing_starts_with_wrong_settings_and_each_of_them_is_named(command: list[str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", *command],
        cwd=ROOT,
        env=child_environment(**WRONG),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 1 and ended.stdout == ""
    _assert_each_is_named(ended.stderr)


@pytest.mark.parametrize("command", [["settings"], ["up"], ["diagnose", "--all"], ["token", "u-1"]], ids=" ".join)
def test_no_command_runs_with_wrong_settings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    settle(monkeypatch, **WRONG)
    monkeypatch.setattr("sys.argv", ["baitiao", *command])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert ended.value.code == 1 and said.out == ""
    _assert_each_is_named(said.err)

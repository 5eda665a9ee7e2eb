"""`baitiao settings`: everything that can be set is shown, and nothing that is secret."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from actions.settings import PREFIX, TEST_VARIABLES, Settings
from bot.cli import app
from tests.unit.application.test_settings import KEY, ROOT, SECRET, settle


def test_the_command_shows_every_setting_with_its_origin_and_hides_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    settle(
        monkeypatch,
        BAITIAO_TOKEN_SECRET=SECRET,
        BAITIAO_DATABASE_URL="postgresql://user:hu@sh/word@host/name?sslpassword=hush",
        BAITIAO_REDIS_URL="redis://:hush@host:6379/0",
        BAITIAO_TOKEN_PUBLIC_KEY=KEY,
        BAITIAO_TOKEN_SECERT="x",
    )
    result = CliRunner().invoke(app, ["settings"])
    assert result.exit_code == 0
    shown = {line.split("  ")[0].split(" ")[0]: re.split(r"  +", line) for line in result.output.splitlines()}
    assert list(shown)[:-1] == [Settings.variable(name) for name in Settings.__fields__]
    assert shown["BAITIAO_TOKEN_SECRET"][1:3] == ["(hidden)", "environment"]
    assert shown["BAITIAO_DATABASE_URL"][1:3] == ["postgresql://***@host/name?sslpassword=***", "environment"]
    assert shown["BAITIAO_REDIS_URL"][1:3] == ["redis://***@host:6379/0", "environment"]
    assert shown["BAITIAO_PORT"][1:4] == ["5005", "default", "web server"]
    assert result.output.endswith("BAITIAO_TOKEN_SECERT is no setting and changes nothing\n")
    assert "hush" not in result.output and SECRET not in result.output and "hu@sh" not in result.output


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://h/x?token=hush", "https://h/x?token=***"),
        ("https://h/x?a=hush&token=hu=sh&hush&empty=", "https://h/x?a=***&token=***&***&empty=***"),
        ("https://hush@h:8443/x", "https://***@h:8443/x"),
        ("https://u:hush@h/x#hush", "https://***@h/x#***"),
        ("https://h/x?mail=hush@h&token=hush", "https://***"),
        ("https://h/x?token=hush#hush", "https://h/x?token=***"),
        ("https://h/in", "https://h/in"),
    ],
)
def test_of_an_address_neither_who_signs_in_nor_what_is_asked_is_shown(monkeypatch: pytest.MonkeyPatch, address: str, shown: str) -> None:
    monkeypatch.setenv("BAITIAO_HANDOFF_WEBHOOK", address)
    output = CliRunner().invoke(app, ["settings"]).output
    line = next(line for line in output.splitlines() if line.startswith("BAITIAO_HANDOFF_WEBHOOK "))
    assert line.split()[1] == shown and "hush" not in output


def test_a_variable_of_the_tests_is_not_taken_for_a_misspelt_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [ROOT / "Makefile", *(ROOT / "scripts").iterdir(), *(ROOT / "tests/widget").glob("*.py")]
    read = {name for file in files if file.is_file() for name in re.findall(rf"{PREFIX}[A-Z_]+", file.read_text("utf-8"))}
    settle(monkeypatch, **dict.fromkeys(read, "x"))
    assert set(TEST_VARIABLES) <= read and Settings.unknown() == ()


def test_a_token_for_a_role_that_nobody_has_is_not_signed() -> None:
    ended = CliRunner().invoke(app, ["token", "agent-1", "--role", "Agent"])
    assert ended.exit_code == 2 and "the roles are agent, lead, viewer" in ended.output

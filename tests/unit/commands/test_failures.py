"""What a command shows when it fails in a way that nobody expected."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
def test_an_unexpected_failure_of_a_command_shows_no_local_variables() -> None:
    program = """
import sys
from bot import cli
from bot.commands import settings

def fails():
    held = chr(104) + "ush-hush"
    raise RuntimeError("unexpected")

settings.lines, sys.argv = fails, ["baitiao", "settings"]
cli.main()
"""
    ended = subprocess.run([sys.executable, "-W", "ignore", "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 1 and "RuntimeError: unexpected" in ended.stderr and "hush-hush" not in ended.stderr

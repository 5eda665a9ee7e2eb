"""What a machine lacks is said before anything else happens, with the one command that brings it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
BASH = shutil.which("bash") or "/bin/bash"
SUDO = "" if os.geteuid() == 0 else "sudo "
TOOLS = {
    "make": "",
    "python3.10": "",
    "node": "echo v18.19.0",
    "npm": "",
    "chromium": "",
    "fc-list": "echo font",
    "initdb": "",
    "redis-server": "",
}


class Machine:
    """A machine with the tools that a test gives it, and a checkout that nothing was installed for.

    Args:
        folder: holds both.
    """

    def __init__(self, folder: Path) -> None:
        self._script = folder / "checkout/scripts/doctor"
        self._script.parent.mkdir(parents=True)
        shutil.copy(ROOT / "scripts/doctor", self._script)
        self._tools = folder / "tools"
        self._tools.mkdir()

    def give(self, **tools: str) -> None:
        """Adds tools; each does what the given line of a shell says."""
        for name, line in tools.items():
            file = self._tools / name
            file.write_text(f"#!/bin/sh\n{line}\n", "utf-8")
            file.chmod(0o755)

    def lose(self, name: str) -> None:
        """Takes a tool away."""
        (self._tools / name).unlink()

    def examine(self, *arguments: str, path: bool = True) -> tuple[int, str]:
        """The exit code and what is printed."""
        environment: dict[str, str] = {"PATH": str(self._tools) if path else "", "SYSTEM": str(self._tools / "none")}
        done = subprocess.run([BASH, str(self._script), *arguments], env=environment, capture_output=True, text=True, timeout=60)
        assert not done.stderr or done.returncode == 2, done.stderr
        return done.returncode, done.stdout


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def _missing(text: str) -> int:
    return sum(line.startswith("  missing  ") for line in text.splitlines())


def test_with_an_empty_path_everything_is_missing_and_one_command_brings_it(machine: Machine) -> None:
    code, text = machine.examine("test", path=False)
    assert code == 1 and _missing(text) == 8
    packages = "make nodejs npm chromium fonts-noto-cjk postgresql redis-server"
    assert text.splitlines()[-1] == f"  {SUDO}apt-get update && {SUDO}apt-get install -y {packages} && pyenv install --skip-existing 3.10"


def test_what_tests_need_is_not_asked_for_to_run(machine: Machine) -> None:
    machine.give(**{"make": "", "python3.10": ""})
    assert machine.examine("run") == (0, "to run:\n  ok       make\n  ok       Python 3.10 with venv\n")
    code, text = machine.examine("check")
    assert code == 1 and _missing(text) == 2 and "Chromium" not in text


def test_with_everything_there_nothing_is_said_to_be_missing(machine: Machine) -> None:
    machine.give(**TOOLS)
    code, text = machine.examine()
    assert code == 0 and _missing(text) == 0 and "apt-get" not in text


@pytest.mark.parametrize(
    ("tool", "package"),
    [("make", "make"), ("npm", "npm"), ("node", "nodejs"), ("chromium", "chromium"), ("initdb", "postgresql"), ("redis-server", "redis-server"),
     ("fc-list", "fonts-noto-cjk")],
)  # fmt: skip
def test_each_missing_tool_is_named_with_its_package(machine: Machine, tool: str, package: str) -> None:
    machine.give(**TOOLS)
    machine.lose(tool)
    code, text = machine.examine()
    assert code == 1 and _missing(text) == 1 and text.splitlines()[-1].endswith(f"install -y {package}")


@pytest.mark.parametrize(("tool", "line"), [("node", "echo v16.20.0"), ("fc-list", ""), ("python3.10", "exit 1")])
def test_a_tool_that_does_not_fit_is_missing(machine: Machine, tool: str, line: str) -> None:
    machine.give(**{**TOOLS, tool: line})
    code, text = machine.examine()
    assert code == 1 and _missing(text) == 1


def test_where_there_is_a_package_of_the_right_python_it_is_named(machine: Machine) -> None:
    machine.give(**{**TOOLS, "apt-cache": "echo Package: $2"})
    machine.lose("python3.10")
    code, text = machine.examine("run")
    assert code == 1 and text.splitlines()[-1].endswith("install -y python3.10 python3.10-venv")


def test_root_is_brought_what_is_missing_and_others_are_told(machine: Machine, tmp_path: Path) -> None:
    machine.give(**TOOLS)
    machine.lose("redis-server")
    tools, log = tmp_path / "tools", tmp_path / "log"
    machine.give(**{"apt-get": f'echo "$@" >> {log}; [ "$1" = update ] || /bin/cp {tools}/npm {tools}/redis-server'})
    code, text = machine.examine("test", "--install")
    if os.geteuid() == 0:
        assert code == 0 and log.read_text("utf-8") == "update -qq\ninstall -y -qq redis-server\n"
    else:
        assert code == 1 and not log.exists() and text.splitlines()[-1].endswith("sudo apt-get install -y redis-server")


def test_nothing_is_installed_without_being_asked(machine: Machine, tmp_path: Path) -> None:
    machine.give(**{**TOOLS, "apt-get": f"echo called > {tmp_path}/log"})
    machine.lose("npm")
    assert machine.examine("test")[0] == 1 and not (tmp_path / "log").exists()


def test_another_word_is_wrong_usage(machine: Machine) -> None:
    assert machine.examine("everything")[0] == 2


def test_the_command_says_what_the_script_says() -> None:
    command = [sys.executable, "-m", "bot.cli", "doctor"]
    environment = {**os.environ, "PATH": "/nowhere", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([*command, "check"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and done.stdout.splitlines()[-1].endswith("install -y make nodejs npm")
    assert "ok       Python 3.10" in done.stdout
    assert subprocess.run([*command, "everything"], cwd=ROOT, env=environment, capture_output=True, timeout=60).returncode == 2


def test_the_command_is_refused_outside_of_the_project(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "doctor"], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (1, "run this in the project's root, where scripts/doctor is\n")


@pytest.mark.parametrize("file", ["Makefile", ".ci/run"])
def test_tests_begin_with_it(file: str) -> None:
    lines = (ROOT / file).read_text("utf-8").splitlines()
    first = (
        lines.index(next(line for line in lines if line.startswith("test:"))) + 1
        if file == "Makefile"
        else lines.index("export CI=true") + 1
    )
    assert next(line for line in lines[first:] if line.strip()).endswith("scripts/doctor test --install")

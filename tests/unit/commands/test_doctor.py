"""What a machine lacks is said before anything else happens, with the one command that brings it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.commands.machines import Machine
from tools.pages import ROOT

pytestmark = pytest.mark.slow

SUDO = "" if os.geteuid() == 0 else "sudo "
TOOLS = {
    "make": "",
    "python3.11": "",
    "node": "echo v18.19.0",
    "npm": "",
    "chromium": "",
    "fc-list": "echo font",
    "initdb": "",
    "redis-server": "",
    "nginx": "",
}


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def _missing(text: str) -> int:
    return sum(line.startswith("  missing  ") for line in text.splitlines())


def test_with_an_empty_path_everything_is_missing_and_one_command_brings_it(machine: Machine) -> None:
    code, text = machine.examine("test", path=False)
    assert code == 1 and _missing(text) == 9
    packages = "make nodejs npm chromium-headless-shell fonts-noto-cjk postgresql redis-server nginx"
    assert text.splitlines()[-1] == f"  {SUDO}apt-get update && {SUDO}apt-get install -y {packages} && pyenv install --skip-existing 3.11"


def test_what_tests_need_is_not_asked_for_to_run(machine: Machine) -> None:
    machine.give(**{"make": "", "python3.11": ""})
    assert machine.examine("run") == (0, "to run:\n  ok       make\n  ok       Python 3.11 or 3.10 with venv\n")
    code, text = machine.examine("check")
    assert code == 1 and _missing(text) == 2 and "Chromium" not in text


def test_with_everything_there_nothing_is_said_to_be_missing(machine: Machine) -> None:
    machine.give(**TOOLS)
    code, text = machine.examine()
    assert code == 0 and _missing(text) == 0 and "apt-get" not in text


@pytest.mark.parametrize(
    ("tool", "package"),
    [("make", "make"), ("npm", "npm"), ("node", "nodejs"), ("chromium", "chromium-headless-shell"), ("initdb", "postgresql"), ("redis-server", "redis-server"), ("nginx", "nginx"),
     ("fc-list", "fonts-noto-cjk")],
)  # fmt: skip
def test_each_missing_tool_is_named_with_its_package(machine: Machine, tool: str, package: str) -> None:
    machine.give(**TOOLS)
    machine.lose(tool)
    code, text = machine.examine()
    assert code == 1 and _missing(text) == 1 and text.splitlines()[-1].endswith(f"install -y {package}")


def test_either_chromium_does(machine: Machine) -> None:
    machine.give(**TOOLS)
    machine.lose("chromium")
    machine.give(**{"chromium-headless-shell": ""})
    code, text = machine.examine()
    assert code == 0 and _missing(text) == 0


@pytest.mark.parametrize(("tool", "line"), [("node", "echo v16.20.0"), ("fc-list", ""), ("python3.11", "exit 1")])
def test_a_tool_that_does_not_fit_is_missing(machine: Machine, tool: str, line: str) -> None:
    machine.give(**{**TOOLS, tool: line})
    code, text = machine.examine()
    assert code == 1 and _missing(text) == 1


@pytest.mark.parametrize(
    ("known", "package"), [("python3.11", "python3.11 python3.11-venv"), ("python3.10", "python3.10 python3.10-venv"), ("", "python3-venv")]
)
def test_the_package_is_named_that_brings_a_python_or_what_brings_one(machine: Machine, known: str, package: str) -> None:
    machine.give(**{**TOOLS, "apt-cache": f'[ "$2" = "{known}" ] && echo Package: $2'})
    machine.lose("python3.11")
    code, text = machine.examine("run")
    assert code == 1 and text.splitlines()[-1].endswith(f"install -y {package}")


@pytest.mark.parametrize("able", ["import pip", "import venv, ensurepip"])
def test_a_python_that_is_too_new_is_good_enough_to_bring_one_that_fits(machine: Machine, able: str) -> None:
    machine.give(**{**TOOLS, "python3": f'[ "$2" = "{able}" ]'})
    machine.lose("python3.11")
    code, text = machine.examine("run")
    assert code == 0 and "brought  Python 3.11 or 3.10" in text


@pytest.mark.parametrize("only", ["python3", "python3.10", "python3.11"])
def test_either_python_does_by_whatever_name(machine: Machine, only: str) -> None:
    machine.give(**{only: ""})
    code, text = machine.examine("python")
    assert code == 0 and text.rstrip().endswith(f"/tools/{only}")


def test_what_the_folder_selects_comes_before_what_else_there_is(machine: Machine) -> None:
    machine.give(**{"python3": "", "python3.11": "", "python3.10": ""})
    assert machine.examine("python")[1].endswith("/tools/python3\n")
    machine.give(python3="exit 1")
    assert machine.examine("python")[1].endswith("/tools/python3.11\n")
    assert machine.examine("python", "3.10")[1].endswith("/tools/python3.10\n")


def test_a_python_that_uv_brought_before_is_found(machine: Machine) -> None:
    brought = machine.checkout / ".tools/python/cpython-3.11.9-linux-x86_64-gnu/bin/python3"
    brought.parent.mkdir(parents=True)
    brought.symlink_to(shutil.which("true") or "/bin/true")
    assert machine.examine("python") == (0, f"{brought.relative_to(machine.checkout)}\n")


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


def test_a_package_of_the_system_is_nearer_to_root_than_what_uv_downloads(machine: Machine, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    machine.give(**{**TOOLS, "python3": '[ "$2" = "import pip" ]', "apt-cache": "echo Package: $2"})
    machine.lose("python3.11")
    machine.give(**{"apt-get": f'[ "$1" = update ] || /bin/cp {tools}/npm {tools}/python3.11'})
    assert "brought  Python" in machine.examine("run")[1]
    code, text = machine.examine("run", "--install")
    assert code == 0 and ("brought  Python" in text) == (os.geteuid() != 0)


def test_nothing_is_installed_without_being_asked(machine: Machine, tmp_path: Path) -> None:
    machine.give(**{**TOOLS, "apt-get": f"echo called > {tmp_path}/log"})
    machine.lose("npm")
    assert machine.examine("test")[0] == 1 and not (tmp_path / "log").exists()


@pytest.mark.parametrize("words", [("everything",), ("python", "3.12"), ("run", "3.11")])
def test_other_words_are_wrong_usage(machine: Machine, words: tuple[str, ...]) -> None:
    assert machine.examine(*words)[0] == 2


def test_the_command_says_what_the_script_says_in_any_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot.cli", "doctor"]
    environment = {**os.environ, "PATH": "/nowhere", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([*command, "check"], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and done.stdout.splitlines()[-1].endswith("install -y make nodejs npm")
    assert "ok       Python 3.11 or 3.10" in done.stdout
    assert subprocess.run([*command, "everything"], cwd=tmp_path, env=environment, capture_output=True, timeout=60).returncode == 2


@pytest.mark.parametrize("file", ["Makefile", ".ci/run"])
def test_tests_begin_with_it(file: str) -> None:
    lines = (ROOT / file).read_text("utf-8").splitlines()
    first = (
        lines.index(next(line for line in lines if line.startswith("test:"))) + 1
        if file == "Makefile"
        else lines.index("export CI=true") + 1
    )
    assert next(line for line in lines[first:] if line.strip()).endswith("scripts/doctor test --install")

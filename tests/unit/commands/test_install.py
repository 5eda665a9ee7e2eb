"""Installing needs no more than some Python, and says in one sentence what it does or what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.commands.machines import Machine

pytestmark = pytest.mark.slow

PYTHON = """
echo "$0 $*" >> {log}
case "$*" in
  "-c import pip") exit {pip} ;;
  "-c import venv, ensurepip") exit 1 ;;
  *sys.exit*) [ -z "{version}" ] && exit 1; for word; do [ "$word" = "{version}" ] && exit 0; done; exit 1 ;;
  *print*) echo {version} ;;
  "-m venv"*) for folder; do :; done; /bin/mkdir -p "$folder/bin"; /bin/cp "$0" "$folder/bin/python" ;;
  *--target*) for folder; do :; done; /bin/mkdir -p "$folder/bin"; /bin/cp {uv} "$folder/bin/uv" ;;
esac
"""
"""A Python of a version, or one that does not fit, and that may have pip."""
UV = """
[ "$1 $2" = "python install" ] || exit 1
folder=$UV_PYTHON_INSTALL_DIR/cpython-3.11.9-linux-x86_64-gnu/bin
/bin/mkdir -p "$folder" && /bin/cp {python} "$folder/python3"
"""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path)
    made.borrow("bash", "mkdir", "cat")
    made.give(make="")
    return made


def python(machine: Machine, version: str = "", pip: bool = True, uv: Path = Path("none")) -> str:
    return PYTHON.format(log=machine.log, version=version, pip=0 if pip else 1, uv=uv)


def calls(machine: Machine) -> str:
    return machine.log.read_text("utf-8") if machine.log.exists() else ""


@pytest.mark.parametrize(("what", "lock"), [("run", "requirements.lock"), ("dev", "requirements-dev.lock")])
@pytest.mark.parametrize("version", ["3.10", "3.11"])
def test_a_python_that_fits_makes_the_environment(machine: Machine, what: str, lock: str, version: str) -> None:
    machine.give(python3=python(machine, version))
    done = machine.run("install", what)
    assert done.returncode == 0 and done.stdout.startswith(f"Installing {lock} into .venv/")
    assert f"--require-hashes --ignore-requires-python -r {lock}\n" in calls(machine)
    assert (machine.checkout / ".venv/bin/python").exists() and "uv" not in done.stderr


def test_an_environment_that_is_there_stays(machine: Machine) -> None:
    machine.give(python3=python(machine, "3.10"))
    machine.run("install", "run")
    machine.give(python3=python(machine, "3.11"))
    assert machine.run("install", "dev").returncode == 0
    assert calls(machine).count("-m venv") == 1


def test_another_python_that_is_named_makes_it_anew(machine: Machine, tmp_path: Path) -> None:
    machine.give(**{"python3": python(machine, "3.10"), "other": python(machine, "3.11")})
    machine.run("install", "run")
    assert machine.run("install", "run", PYTHON=str(tmp_path / "tools/other")).returncode == 0
    assert "/tools/other -m venv --clear .venv" in calls(machine)


def test_a_python_that_is_named_and_does_not_fit_is_refused(machine: Machine, tmp_path: Path) -> None:
    machine.give(**{"python3": python(machine, "3.10"), "python3.12": python(machine)})
    named = str(tmp_path / "tools/python3.12")
    done = machine.run("install", "run", PYTHON=named)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{named} is no Python 3.11 or 3.10 with venv, and the assistant runs on no other one\n"


def test_where_none_fits_uv_brings_one_and_says_so_in_one_sentence(machine: Machine, tmp_path: Path) -> None:
    brought = tmp_path / "brought"
    brought.write_text(f"#!/bin/sh\n{python(machine, '3.11')}", "utf-8")
    brought.chmod(0o755)
    machine.give(python3=python(machine), uv=UV.format(python=brought))
    done = machine.run("install", "run")
    assert done.returncode == 0
    assert done.stderr == "There is no Python 3.11 or 3.10 here, so uv brings one into .tools/ (200 MB, about a minute).\n"
    assert ".tools/python/cpython-3.11.9-linux-x86_64-gnu/bin/python3 -m venv --clear .venv" in calls(machine)


def test_where_there_is_no_uv_pip_brings_it(machine: Machine, tmp_path: Path) -> None:
    brought, uv = tmp_path / "brought", tmp_path / "uv"
    for file, text in {brought: python(machine, "3.11"), uv: UV.format(python=brought)}.items():
        file.write_text(f"#!/bin/sh\n{text}", "utf-8")
        file.chmod(0o755)
    machine.give(python3=python(machine, uv=uv))
    assert machine.run("install", "run").returncode == 0
    assert "--require-hashes -r scripts/uv.lock --target .tools/uv" in calls(machine)
    assert (machine.checkout / ".venv/bin/python").exists()


@pytest.mark.parametrize(
    ("apt", "remedy"),
    [({}, "pyenv install --skip-existing 3.11"), ({"apt-cache": "echo Package: $2"}, "apt-get install -y python3.11 python3.11-venv")],
)
def test_where_uv_cannot_one_sentence_says_what_can(machine: Machine, apt: dict[str, str], remedy: str) -> None:
    machine.give(python3=python(machine), uv="echo no network >&2; exit 1", **apt)
    done = machine.run("install", "run")
    _, sentence = done.stderr.splitlines()
    assert done.returncode == 1 and sentence.startswith("No Python 3.11 or 3.10 could be brought (.tools/uv.log says why): ")
    assert f"{remedy}` brings one, or name one that is elsewhere: make run PYTHON=/path/to/python3.11" in sentence
    assert (machine.checkout / ".tools/uv.log").read_text("utf-8") == "no network\n"


def test_on_a_machine_without_any_python_the_command_that_brings_one_is_said(machine: Machine) -> None:
    done = machine.run("install", "run")
    assert done.returncode == 1 and done.stderr.splitlines()[-1] == "  pyenv install --skip-existing 3.11"
    assert "uv brings" not in done.stderr


def test_another_word_is_wrong_usage(machine: Machine) -> None:
    assert machine.run("install", "everything").returncode == 2

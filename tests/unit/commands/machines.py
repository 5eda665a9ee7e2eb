"""Machines that have only the tools which a test gives them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tools.pages import ROOT

BASH = shutil.which("bash") or "/bin/bash"


class Machine:
    """A machine with the tools that a test gives it, and a checkout that nothing was installed for.

    Args:
        folder: holds both.
    """

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "checkout"
        for name in ("scripts/doctor", "scripts/install", "scripts/uv", "bot/commands/doctor.sh"):
            (self.checkout / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.checkout / name)
        self._tools = folder / "tools"
        self._tools.mkdir()
        self.log = folder / "log"

    def give(self, **tools: str) -> None:
        """Adds tools; each does what the given line of a shell says."""
        for name, line in tools.items():
            file = self._tools / name
            file.write_text(f"#!/bin/sh\n{line}\n", "utf-8")
            file.chmod(0o755)

    def lose(self, name: str) -> None:
        """Takes a tool away."""
        (self._tools / name).unlink()

    def borrow(self, *names: str) -> None:
        """Adds tools of the machine that runs the tests."""
        for name in names:
            (self._tools / name).symlink_to(shutil.which(name) or f"/bin/{name}")

    def examine(self, *arguments: str, path: bool = True) -> tuple[int, str]:
        """The exit code of the doctor and what it prints."""
        done = self.run("doctor", *arguments, path=path)
        assert not done.stderr or done.returncode != 1 or arguments[0] == "python", done.stderr
        return done.returncode, done.stdout

    def run(self, script: str, *arguments: str, path: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
        """What a script of the checkout does with nothing in its environment but what is given."""
        environment = {"PATH": str(self._tools) if path else "", "SYSTEM": str(self._tools / "none"), **environment}
        command = [BASH, str(self.checkout / "scripts" / script), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)

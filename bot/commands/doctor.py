"""``baitiao doctor``: what this machine lacks, as ``scripts/doctor`` finds it; that one runs where there is no Python yet."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from actions.settings import child_environment
from bot.commands.refusal import Refusal

SCRIPT = Path("scripts/doctor")
KINDS = ("run", "check", "test")


def examine(kind: str) -> int:
    """Prints what is there and what is missing; 1 if something is missing.

    Raises:
        Refusal: not in the project's root.
    """
    if not SCRIPT.is_file():
        raise Refusal(f"run this in the project's root, where {SCRIPT} is")
    # What runs this is a Python that fits, wherever it is.
    environment = {"PYTHON": sys.executable, **child_environment()}
    return subprocess.run([shutil.which("bash") or "/bin/bash", str(SCRIPT), kind], env=environment).returncode

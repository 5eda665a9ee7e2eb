"""The trained model: whether it is stale, and training it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from actions.settings import child_environment
from bot.engine.archive import lay_out, record

MODELS = Path("models")
_NAME = "baitiao"
_LOGGED = " INFO "
_PROGRESS_BAR = "it/s"
_INPUTS = ("data/nlu/**/*.yml", "data/rules/**/*.yml", "data/stories/**/*.yml", "bot/domain/**/*.yml", "bot/config.yml",
           "knowledge/glossary.yml", "knowledge/aspects.yml", "knowledge/claims.yml", "bot/language/**/*.py", "actions/knowledge/glossary.py")  # fmt: skip
"""Everything a model depends on, from the project root: data, domain, configuration and the language pipeline."""


class TrainingFailed(RuntimeError):
    """Rasa refused to train; its own output says why."""


def fingerprint() -> str:
    """A short hash of everything a model is trained from, and of the Rasa that trains it."""
    from importlib.metadata import version

    digest = hashlib.sha256(version("rasa").encode())
    for path in _inputs():
        digest.update(f"{path.as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def newest_model(folder: Path = MODELS) -> Path | None:
    """The model that is served: the newest archive of a folder."""
    models = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    return models[-1] if models else None


def is_stale() -> bool:
    """Whether the newest model was trained from anything else than what is there now."""
    model = newest_model()
    return model is None or fingerprint() not in model.name


def train() -> Path:
    """Trains a model and returns its archive.

    Raises:
        TrainingFailed: Rasa could not train.
    """
    name = f"{_NAME}-{fingerprint()}"
    data = ["--domain", "bot/domain", "--config", "bot/config.yml", "--data", "data"]
    command = [sys.executable, "-m", "bot.engine.rasa_command", "train", *data]
    # Domain and rules are validated by `make check`; here that would take a tenth of the time again.
    command += ["--out", str(MODELS), "--fixed-model-name", name, "--skip-validation"]
    if _run(command) != 0:
        raise TrainingFailed("training failed; the lines above say why")
    model = MODELS / f"{name}.tar.gz"
    # This also gives an unchanged model, which Rasa takes from its cache with its old date, a new one: the newest is the one that is served.
    lay_out(model)
    record(model)
    return model


def _run(command: list[str]) -> int:
    environment = child_environment(RASA_TELEMETRY_ENABLED="false", TF_CPP_MIN_LOG_LEVEL="3", PYTHONWARNINGS="ignore")
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8")
    held_back: list[str] = []
    for line in process.stdout or ():
        # Progress bars and the warnings of libraries would hide what is going on; only a failure makes them worth reading.
        if _LOGGED in line:
            print(line, end="", flush=True)
        elif _PROGRESS_BAR not in line:
            held_back.append(line)
    if process.wait() != 0:
        print("".join(held_back), end="", flush=True)
    return process.returncode


def _inputs() -> Iterator[Path]:
    for pattern in _INPUTS:
        yield from sorted(Path().glob(pattern))

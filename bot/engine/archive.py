"""A model's archive: how it is laid out, and whether it may be loaded. A model is a program: what stands in it runs, so a checksum is trusted."""

from __future__ import annotations

import hashlib
import hmac
import tarfile
from pathlib import Path, PurePosixPath

from actions.settings import Settings

METADATA = "metadata.json"
"""Rasa's own name for the description of a model inside its archive."""
_LARGEST = 4 * 1024**3
_MOST_MEMBERS = 100_000
_PIECE = 1 << 20


class ModelRefused(RuntimeError):
    """The archive must not be loaded; the message says why."""


def lay_out(model: Path) -> None:
    """Writes an archive anew so that it loads fast: what is asked for first stands first, and nothing is compressed.

    Nearly all of a model is weights, from which compression takes a tenth, and to unpack them would be a third of a start.
    """
    rewritten = model.with_name(f"{model.name}.part")
    with tarfile.open(model, "r:gz") as before, tarfile.open(rewritten, "w:gz", compresslevel=0) as after:
        for member in sorted(before.getmembers(), key=lambda member: member.name != METADATA):
            after.addfile(member, before.extractfile(member) if member.isreg() else None)
    rewritten.replace(model)


def record(model: Path) -> None:
    """Writes a model's checksum beside it, as ``sha256sum`` does."""
    _recorded_in(model).write_text(f"{_checksum(model)}  {model.name}\n", encoding="ascii")


def verify(model: Path, expected: str | None) -> None:
    """Makes sure that a model is the one that was meant, and that unpacking it writes nowhere else.

    Args:
        model: the archive.
        expected: its SHA-256 in hexadecimal; None: the one that training wrote beside it, or any if there is none.

    Raises:
        ModelRefused: it is another model, cannot be read, or would be unpacked outside of its folder.
    """
    try:
        found, beside = _checksum(model), _recorded(model)
        for wanted, origin in ((expected, Settings.variable("model_sha256")), (beside, _recorded_in(model).name)):
            if wanted is not None and not hmac.compare_digest(wanted.lower(), found):
                raise ModelRefused(f"{model} is not the model that {origin} names: its SHA-256 is {found}")
        if expected is None and beside is None:
            _look_inside(model)
    except (OSError, EOFError, tarfile.TarError, ValueError) as error:
        raise ModelRefused(f"{model} cannot be read ({type(error).__name__})") from None


def _look_inside(model: Path) -> None:
    size = 0
    with tarfile.open(model, "r:gz") as archive:
        for number, member in enumerate(archive):
            path = PurePosixPath(member.name)
            if path.is_absolute() or ".." in path.parts or not (member.isreg() or member.isdir()):
                raise ModelRefused(f"{model} would be unpacked outside of its folder: {member.name!r}")
            size += member.size
            if size > _LARGEST or number > _MOST_MEMBERS:
                raise ModelRefused(f"{model} holds more than a model can need")


def _checksum(model: Path) -> str:
    digest = hashlib.sha256()
    with model.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _recorded_in(model: Path) -> Path:
    return model.with_name(f"{model.name}.sha256")


def _recorded(model: Path) -> str | None:
    file = _recorded_in(model)
    return file.read_text(encoding="ascii").partition(" ")[0].strip() if file.exists() else None

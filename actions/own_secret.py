"""Secrets that an installation makes for itself."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def own_secret(path: Path) -> str:
    """The secret of a file, made on first use and readable by its owner only.

    A secret written into the code would be known to everybody and would one day guard something real.

    Raises:
        OSError: the file can be neither read nor made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    candidate = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(candidate, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(candidate, path)
    except FileExistsError:
        pass
    finally:
        candidate.unlink()
    return path.read_text(encoding="ascii")

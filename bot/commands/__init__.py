"""What the subcommands of ``baitiao`` do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from actions.bootstrap import Application, bootstrap
from actions.settings import Settings

OPERATOR = "operator"
"""Who does what is done at a terminal, in the audit."""


class Refusal(RuntimeError):
    """The command cannot do what was asked; the message says why and what to do."""


def opened() -> Application:
    """What a command works on, its database migrated. Secrets are not read: no such command needs one.

    Raises:
        SettingsError: there are settings that cannot be used.
    """
    here = bootstrap(Settings.read_without_secrets())
    here.database.migrate()
    return here


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Around writing a file that somebody has named.

    Raises:
        Refusal: it cannot be written.
    """
    try:
        yield
    except OSError as error:
        raise Refusal(f"{error.filename or path} cannot be written: {error.strerror}") from None


def day_of(given: str, option: str) -> date:
    """The day that an option names.

    Raises:
        Refusal: it names none.
    """
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise Refusal(f"{option} must be a day such as 2026-12-01, not {given}") from None

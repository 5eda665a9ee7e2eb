"""What the subcommands of ``baitiao`` do."""

from __future__ import annotations

from actions.bootstrap import Application, bootstrap
from actions.settings import Settings


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

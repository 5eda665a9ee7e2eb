"""What the subcommands of ``baitiao`` do."""

from __future__ import annotations

from actions.bootstrap import Application, bootstrap


def opened() -> Application:
    """What a command works on, its database migrated."""
    here = bootstrap()
    here.database.migrate()
    return here

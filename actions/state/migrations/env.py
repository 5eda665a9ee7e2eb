"""What Alembic runs: the migrations, on the connection ``Database.migrate`` hands over or on one of its own for developers."""

from __future__ import annotations

from alembic import context
from sqlalchemy.engine import Connection

from actions.state.tables import metadata


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    from actions.bootstrap import bootstrap

    with bootstrap().database.engine.begin() as own:
        _run(own)

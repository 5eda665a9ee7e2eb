"""What Alembic runs: the migrations, on the connection ``Database.migrate`` hands over.

Developers who call Alembic themselves say where: ``alembic -c actions/state/migrations/alembic.ini -x url=sqlite:///var/baitiao.db …``.
"""

from __future__ import annotations

from alembic import context
from sqlalchemy.engine import Connection

from actions.state.columns import metadata
from actions.state.database import Database


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    with Database(context.get_x_argument(as_dictionary=True)["url"]).engine.begin() as own:
        _run(own)

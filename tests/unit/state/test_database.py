from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, inspect, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from actions.state import database as module
from actions.state import outbox
from actions.state.conversations import CONVERSATIONS, save_tracker
from actions.state.database import Database, SchemaTooNew, head_revision
from actions.state.migrations.tables import metadata
from actions.state.world.loading import dump_world
from tests import rows_of_0010, times_of_0008

pytestmark = pytest.mark.broad

MIGRATIONS = Path(module.__file__).parent / "migrations"
ROOT = Path(module.__file__).parents[2]


def run_python(code: str, url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def test_migrating_gives_exactly_the_tables_of_the_code(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_gives_exactly_the_checks_of_the_code(database: Database) -> None:
    """Of which a comparison of tables knows nothing."""
    with database.engine.connect() as connection:
        made = {row.name: _bare(row.sql) for row in connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))}
    for table in metadata.tables.values():
        checks = [each for each in table.constraints if isinstance(each, CheckConstraint)]
        for check in checks:
            sql = check.sqltext.compile(database.engine, compile_kwargs={"literal_binds": True})
            assert _bare(f"CONSTRAINT {check.name} CHECK ({sql})") in made[table.name]
        assert made[table.name].count("CHECK(") == len(checks), table.name


def _bare(sql: str) -> str:
    return "".join(sql.split()).replace('"', "")


def test_the_head_is_what_alembic_takes_for_it() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [head_revision()]


def test_migrations_can_be_undone_for_developers(database: Database) -> None:
    config = Config(str(MIGRATIONS / "alembic.ini"))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert inspect(database.engine).get_table_names() == ["alembic_version"]
    assert database.revision() is None
    database.migrate()
    assert database.revision() == head_revision()


def test_rows_from_before_contracts_are_healthy_after_migrating(loaded: Database) -> None:
    with loaded.session() as session:
        before = dump_world(session)
    config = Config(str(MIGRATIONS / "alembic.ini"))
    with loaded.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0005")
    assert "discount" not in {column["name"] for column in inspect(loaded.engine).get_columns("orders")}
    loaded.migrate()
    with loaded.session() as session:
        assert dump_world(session) == before
    for statement in ("UPDATE orders SET discount = -1", "UPDATE users SET baitiao_other_overdue = -1"):
        with pytest.raises(IntegrityError), loaded.session() as session:
            session.execute(text(statement))


def test_migrating_makes_the_directory_and_may_run_again(tmp_path: Path) -> None:
    file = tmp_path / "new" / "100% ours" / "state.db"
    database = Database(f"sqlite:///{file}")
    database.migrate()
    database.migrate()
    assert database.revision() == head_revision()
    database.close()


def test_a_database_of_a_newer_program_is_left_alone(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'of tomorrow'"))
    reason = f"the database has schema version of tomorrow, this program knows versions up to {head_revision()}"
    with pytest.raises(SchemaTooNew, match=f"^{reason}$"):
        database.migrate()


@pytest.mark.slow
def test_several_processes_may_migrate_at_once(tmp_path: Path) -> None:
    code = "import sys; from actions.state.database import Database; Database(sys.argv[1]).migrate()"
    url = f"sqlite:///{tmp_path / 'together.db'}"
    processes = [run_python(code, url) for _ in range(4)]
    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, "")
    assert Database(url).revision() == head_revision()


def test_nothing_heavy_is_imported_when_the_schema_is_up_to_date(database: Database) -> None:
    code = """
import sys
from actions.state import audit, conversations, database, handoffs, subscriptions
from actions.state.world import facts, loading
database.Database(sys.argv[1]).migrate()
print([name for name in ("alembic", "rasa", "rasa_sdk", "spacy", "numpy", "psycopg2") if name in sys.modules])
"""
    output, errors = run_python(code, str(database.engine.url)).communicate(timeout=60)
    assert (output.strip(), errors) == ("[]", "")


@pytest.mark.parametrize(
    "address, reason",
    [
        ("nonsense", "must be a database address such as sqlite:///var/baitiao.db or postgresql://user:password@host/name"),
        ("mysql://u:secret@h/d", "must be the address of a SQLite or PostgreSQL database, not of mysql"),
    ],
)
def test_a_wrong_address_is_refused_without_showing_it(address: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{reason}$"):
        Database(address)


def test_a_postgres_address_may_be_written_the_old_way() -> None:
    assert Database("postgres://u@127.0.0.1/d").engine.dialect.name == "postgresql"


def test_making_a_database_object_touches_nothing(tmp_path: Path) -> None:
    Database(f"sqlite:///{tmp_path / 'untouched.db'}")
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_has_vanished_is_an_error_and_not_an_empty_one(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'gone.db'}")
    with pytest.raises(OperationalError), database.session() as session:
        session.execute(select(CONVERSATIONS))
    assert list(tmp_path.iterdir()) == []


def test_an_error_rolls_everything_back(database: Database) -> None:
    with pytest.raises(RuntimeError), database.session() as session:
        save_tracker(session, "u-1", "state")
        raise RuntimeError
    with database.session() as session:
        assert session.execute(select(CONVERSATIONS)).all() == []


def test_references_are_enforced(database: Database) -> None:
    with pytest.raises(IntegrityError), database.session() as session:
        session.execute(text("INSERT INTO order_lines VALUES ('o-1', 0, 'nowhere', 1)"))


def test_whoever_has_read_can_still_write_after_another_has_written(database: Database) -> None:
    with database.session() as session:
        save_tracker(session, "u-1", "first")
    with database.session() as slow:
        assert slow.execute(select(CONVERSATIONS.c.tracker)).scalars().all() == ["first"]
        with database.session() as quick:
            save_tracker(quick, "u-1", "second")
        assert slow.execute(select(CONVERSATIONS.c.tracker)).scalars().all() == ["first"]
        slow.execute(update(CONVERSATIONS).values(last_seq=7))
    with database.session() as session:
        assert session.execute(select(CONVERSATIONS.c.tracker, CONVERSATIONS.c.last_seq)).all() == [("second", 7)]


def test_a_savepoint_before_the_first_write_holds(database: Database) -> None:
    with database.session() as session:
        with session.begin_nested() as inner:
            save_tracker(session, "u-1", "lost")
            inner.rollback()
        save_tracker(session, "u-2", "kept")
    with database.session() as session:
        assert session.execute(select(CONVERSATIONS.c.id)).scalars().all() == ["u-2"]


def test_many_threads_read_and_then_write(database: Database) -> None:
    with database.session() as session:
        save_tracker(session, "u-1", "")
    failures = []

    def work() -> None:
        try:
            for _ in range(10):
                with database.session() as session:
                    session.execute(select(CONVERSATIONS)).all()
                    session.execute(update(CONVERSATIONS).values(last_seq=CONVERSATIONS.c.last_seq + 1))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.session() as session:
        assert session.execute(select(CONVERSATIONS.c.last_seq)).scalar_one() == 80


def test_times_from_before_they_were_moments_are_the_same_afterwards(database: Database) -> None:
    times_of_0008.check(database)


@pytest.mark.slow
def test_rows_from_before_pictures_notes_and_votes_live_on_with_them(database: Database) -> None:
    rows_of_0010.check(database)


def test_tables_that_were_written_anew_keep_their_checks(database: Database) -> None:
    for statement in ("UPDATE outbox SET status = 'lost'", "UPDATE outbox SET due = NULL", "UPDATE outbox SET key = 'same'"):
        with pytest.raises(IntegrityError), database.session() as session:
            outbox.put(session, "h-1", "handoff.created")
            outbox.put(session, "h-1", "handoff.created")
            session.execute(text(statement))

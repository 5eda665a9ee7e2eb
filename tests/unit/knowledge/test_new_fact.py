"""A new fact takes a field, an entry and a migration, and no other file: done here in a copy of the tree."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.knowledge.pages import ROOT

MIGRATION = """\
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{latest}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("users") as batch:
        batch.add_column(sa.Column("employee", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("users") as batch:
        batch.drop_column("employee")
"""

CAUSE = """\
id: employee_account
position: 985
title: 内部账号
level: user
kind: block
brief: []
fixed_by: nobody
when: {fact: employee, equals: true}
evidence: [employee]
explanation: [这个账号是内部账号。]
summary: 内部账号不能分期
cannot_fix: 可以换一种付款方式。
"""

PLAY = """\
import sys
from actions.core.diagnosis import diagnose
from actions.handoff.circumstances import diagnosis_block
from actions.knowledge.loading import load
from actions.state.database import Database
from actions.state.facts_source import SqlFacts
from actions.state.world import load_world_data
from bot.channel.labels import labels

knowledge, database = load(), Database("sqlite:///" + sys.argv[1])
database.migrate()
load_world_data(database, {"users": [{"id": "u-1", "employee": True}, {"id": "u-2"}]})
with database.session() as session:
    for user in ("u-1", "u-2"):
        diagnosis = diagnose(SqlFacts(session).snapshot(user), knowledge.causes.values())
        print(user, [(each.label, each.value) for cause in diagnosis_block(diagnosis, knowledge.facts).causes for each in cause.evidence])
print(labels(knowledge)["facts"].get("employee"))
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for folder in ("actions", "bot", "tools", "knowledge", "docs"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "widget", "screenshots"))
    return tmp_path


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def python(tree: Path, *arguments: str) -> str:
    return subprocess.run([sys.executable, *arguments], cwd=tree, check=True, capture_output=True, text=True).stdout


def test_a_new_fact_takes_a_field_an_entry_and_a_migration(tree: Path) -> None:
    flag = "    is_student: StrictBool = False\n"
    change(tree / "actions/core/records.py", flag, flag + "    employee: StrictBool = False\n")
    entry = "\nis_student: {"
    change(
        tree / "knowledge/facts.yml", entry, "\nemployee: {title: 内部账号, values: {true: 是}, show: everybody, about: works here}" + entry
    )
    versions = tree / "actions/state/migrations/versions"
    latest = max(path.name[:4] for path in versions.glob("[0-9]*.py"))
    (versions / "9999_employee.py").write_text(MIGRATION.format(latest=latest), encoding="utf-8")
    (tree / "knowledge/causes/employee_account.yml").write_text(CAUSE, encoding="utf-8")

    assert python(tree, "-m", "tools.generate") == "docs/knowledge.md written\n"
    assert "| `employee` | flag | everybody | works here |" in (tree / "docs/knowledge.md").read_text(encoding="utf-8")
    assert python(tree, "-W", "ignore", "-c", PLAY, "world.db").splitlines() == [
        "u-1 [('内部账号', True)]",
        "u-2 []",
        "{'title': '内部账号', 'values': {'true': '是'}}",
    ]


def test_a_field_without_an_entry_is_refused_by_name(tree: Path) -> None:
    flag = "    is_student: StrictBool = False\n"
    change(tree / "actions/core/records.py", flag, flag + "    employee: StrictBool = False\n")
    script = "from actions.knowledge.checking import check; print(*check().lines)"
    assert python(tree, "-c", script).endswith(": employee is missing\n")

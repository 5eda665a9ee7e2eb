"""The kinds of policy are no longer listed in the database: the records check them, so a new kind needs no migration."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NAME = "ck_policies_kind_choice"
# As they stand in 0001, so that going back finds what was there.
KINDS = (
    "min_amount", "max_amount", "monthly_cap", "region", "student", "age", "id_document", "channel", "app_version", "agreement", "adjustment",
    "bill_min_amount", "bill_max_ratio", "restoration_wait",
)  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("policies") as table:
        table.drop_constraint(op.f(NAME), type_="check")


def downgrade() -> None:
    with op.batch_alter_table("policies") as table:
        table.create_check_constraint(op.f(NAME), sa.column("kind").in_(KINDS))

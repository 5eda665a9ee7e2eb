"""Contracts, repayments and refunds; what was overdue elsewhere, limit changes, discounts, promotions, and whom an incident affects."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Plain SQL that SQLite and PostgreSQL both understand: SQLite can add a column with its check, but no check to a table, and a table
# that others refer to must not be written anew.
ADDED = {
    (
        "users",
        "baitiao_other_overdue",
    ): "BIGINT DEFAULT 0 NOT NULL CONSTRAINT ck_users_baitiao_other_overdue_range CHECK (baitiao_other_overdue >= 0)",
    ("users", "baitiao_auto_repayment"): "BOOLEAN DEFAULT TRUE NOT NULL",
    ("users", "baitiao_limit_changes"): "JSON DEFAULT '[]' NOT NULL",
    ("items", "promotion"): "TEXT",
    ("orders", "discount"): "BIGINT DEFAULT 0 NOT NULL CONSTRAINT ck_orders_discount_range CHECK (discount >= 0)",
    ("incidents", "affects_regions"): "JSON DEFAULT '[]' NOT NULL",
    ("incidents", "affects_merchants"): "JSON DEFAULT '[]' NOT NULL",
    ("incidents", "affects_categories"): "JSON DEFAULT '[]' NOT NULL",
    ("incidents", "affects_channels"): "JSON DEFAULT '[]' NOT NULL",
    ("incidents", "affects_app_below"): "TEXT",
}


def upgrade() -> None:
    for (table, column), definition in ADDED.items():
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {definition}")
    op.create_table(
        "contracts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("order", sa.Text(), nullable=True),
        sa.Column("bill", sa.Text(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("tenor", sa.BigInteger(), nullable=False),
        sa.Column("fee_rate_per_period", sa.Text(), nullable=False),
        sa.Column("paid_periods", sa.BigInteger(), nullable=False),
        sa.Column("next_due_on", sa.Text(), nullable=True),
        sa.Column("next_amount", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_contracts_amount_range")),
        sa.CheckConstraint("next_amount >= 0", name=op.f("ck_contracts_next_amount_range")),
        sa.CheckConstraint("tenor >= 1", name=op.f("ck_contracts_tenor_range")),
        sa.CheckConstraint("status IN ('active', 'settled', 'settled_early', 'cancelled')", name=op.f("ck_contracts_status_choice")),
        sa.ForeignKeyConstraint(["bill"], ["bills.id"], name=op.f("fk_contracts_bill")),
        sa.ForeignKeyConstraint(["order"], ["orders.id"], name=op.f("fk_contracts_order")),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_contracts_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts")),
    )
    for column in ("bill", "order", "user"):
        op.create_index(op.f(f"ix_contracts_{column}"), "contracts", [column])
    op.create_table(
        "repayments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("bill", sa.Text(), nullable=True),
        sa.Column("contract", sa.Text(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_repayments_amount_range")),
        sa.CheckConstraint("failure IN ('balance', 'card', 'limit', 'system')", name=op.f("ck_repayments_failure_choice")),
        sa.CheckConstraint("method IN ('manual', 'auto')", name=op.f("ck_repayments_method_choice")),
        sa.CheckConstraint("status IN ('processing', 'posted', 'failed')", name=op.f("ck_repayments_status_choice")),
        sa.ForeignKeyConstraint(["bill"], ["bills.id"], name=op.f("fk_repayments_bill")),
        sa.ForeignKeyConstraint(["contract"], ["contracts.id"], name=op.f("fk_repayments_contract")),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_repayments_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repayments")),
    )
    for column in ("bill", "contract", "user"):
        op.create_index(op.f(f"ix_repayments_{column}"), "repayments", [column])
    op.create_table(
        "refunds",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.Text(), nullable=False),
        sa.Column("refunded_at", sa.Text(), nullable=True),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("posted", sa.Boolean(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_refunds_amount_range")),
        sa.CheckConstraint("status IN ('requested', 'approved', 'refunded', 'rejected')", name=op.f("ck_refunds_status_choice")),
        sa.CheckConstraint("\"to\" IN ('baitiao', 'card', 'both')", name=op.f("ck_refunds_to_choice")),
        sa.ForeignKeyConstraint(["order"], ["orders.id"], name=op.f("fk_refunds_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
    )
    op.create_index(op.f("ix_refunds_order"), "refunds", ["order"])


def downgrade() -> None:
    for table in ("refunds", "repayments", "contracts"):
        op.drop_table(table)
    for table, column in reversed(ADDED):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")

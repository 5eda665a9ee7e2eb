"""The rows of worlds and the clock."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "categories",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("installment", sa.Text(), nullable=False),
        sa.CheckConstraint("installment IN ('allowed', 'excluded')", name=op.f("ck_categories_installment_choice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
    )
    op.create_table(
        "clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("now", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_clock_single_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
    )
    op.create_table(
        "incidents",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("started_at", sa.Text(), nullable=False),
        sa.Column("resolved_at", sa.Text(), nullable=True),
        sa.Column("eta", sa.Text(), nullable=True),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.CheckConstraint("component IN ('checkout', 'installment', 'account', 'credit')", name=op.f("ck_incidents_component_choice")),
        sa.CheckConstraint("severity IN ('outage', 'degraded')", name=op.f("ck_incidents_severity_choice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_table(
        "maintenance",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.Text(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.CheckConstraint("component IN ('checkout', 'installment', 'account', 'credit')", name=op.f("ck_maintenance_component_choice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenance")),
    )
    op.create_table(
        "merchants",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("installment", sa.Text(), nullable=False),
        sa.Column("paused_until", sa.Text(), nullable=True),
        sa.Column("pause_reason", sa.Text(), nullable=True),
        sa.Column("contract", sa.Text(), nullable=False),
        sa.Column("integration", sa.Text(), nullable=False),
        sa.Column("risk_block", sa.Boolean(), nullable=False),
        sa.CheckConstraint("contract IN ('active', 'expired')", name=op.f("ck_merchants_contract_choice")),
        sa.CheckConstraint("installment IN ('enabled', 'not_enrolled', 'paused')", name=op.f("ck_merchants_installment_choice")),
        sa.CheckConstraint("integration IN ('ok', 'error')", name=op.f("ck_merchants_integration_choice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merchants")),
    )
    op.create_table(
        "plans",
        sa.Column("tenor", sa.BigInteger(), nullable=False),
        sa.Column("fee_rate_per_period", sa.Text(), nullable=False),
        sa.CheckConstraint("tenor >= 1", name=op.f("ck_plans_tenor_range")),
        sa.PrimaryKeyConstraint("tenor", name=op.f("pk_plans")),
    )
    op.create_table(
        "policies",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Text(), nullable=False),
        sa.Column("effective_to", sa.Text(), nullable=True),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("regions", sa.JSON(), nullable=True),
        sa.Column("min", sa.BigInteger(), nullable=True),
        sa.Column("max", sa.BigInteger(), nullable=True),
        sa.Column("types", sa.JSON(), nullable=True),
        sa.Column("allowed", sa.JSON(), nullable=True),
        sa.Column("minimum", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=True),
        sa.Column("ratio", sa.Text(), nullable=True),
        sa.Column("hours", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('min_amount', 'max_amount', 'monthly_cap', 'region', 'student', 'age', 'id_document', 'channel', 'app_version', 'agreement', 'adjustment', 'bill_min_amount', 'bill_max_ratio', 'restoration_wait')",
            name=op.f("ck_policies_kind_choice"),
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_policies_amount_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policies")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("birth_date", sa.Text(), nullable=False),
        sa.Column("is_student", sa.Boolean(), nullable=False),
        sa.Column("account_type", sa.Text(), nullable=False),
        sa.Column("phone_bound", sa.Boolean(), nullable=False),
        sa.Column("realname", sa.Text(), nullable=False),
        sa.Column("id_document_type", sa.Text(), nullable=False),
        sa.Column("id_document_expires_on", sa.Text(), nullable=True),
        sa.Column("profile_complete", sa.Boolean(), nullable=False),
        sa.Column("bank_card", sa.Text(), nullable=False),
        sa.Column("payment_password_locked_until", sa.Text(), nullable=True),
        sa.Column("security_alert", sa.Boolean(), nullable=False),
        sa.Column("app_version", sa.Text(), nullable=False),
        sa.Column("baitiao_status", sa.Text(), nullable=False),
        sa.Column("baitiao_bound_elsewhere", sa.Boolean(), nullable=False),
        sa.Column("baitiao_retry_after", sa.Text(), nullable=True),
        sa.Column("baitiao_agreement_version", sa.BigInteger(), nullable=False),
        sa.Column("baitiao_credit_limit", sa.BigInteger(), nullable=False),
        sa.Column("baitiao_used", sa.BigInteger(), nullable=False),
        sa.Column("baitiao_secured", sa.Boolean(), nullable=False),
        sa.Column("baitiao_temporary_limit_amount", sa.BigInteger(), nullable=False),
        sa.Column("baitiao_temporary_limit_expires_on", sa.Text(), nullable=True),
        sa.Column("baitiao_exclusive_limit_amount", sa.BigInteger(), nullable=False),
        sa.Column("baitiao_exclusive_limit_skus", sa.JSON(), nullable=False),
        sa.Column("baitiao_monthly_spent", sa.JSON(), nullable=False),
        sa.Column("baitiao_overdue", sa.BigInteger(), nullable=False),
        sa.Column("baitiao_overdue_cleared_at", sa.Text(), nullable=True),
        sa.Column("baitiao_risk_block", sa.Text(), nullable=False),
        sa.Column("baitiao_installment_eligible", sa.Boolean(), nullable=False),
        sa.Column("baitiao_credit_review", sa.Text(), nullable=False),
        sa.CheckConstraint("account_type IN ('personal', 'enterprise')", name=op.f("ck_users_account_type_choice")),
        sa.CheckConstraint("baitiao_credit_review IN ('pass', 'fail')", name=op.f("ck_users_baitiao_credit_review_choice")),
        sa.CheckConstraint("baitiao_risk_block IN ('none', 'risk', 'cashout')", name=op.f("ck_users_baitiao_risk_block_choice")),
        sa.CheckConstraint(
            "baitiao_status IN ('not_activated', 'reviewing', 'rejected', 'active', 'self_locked', 'suspended', 'closed_by_user', 'closed_by_system')",
            name=op.f("ck_users_baitiao_status_choice"),
        ),
        sa.CheckConstraint("bank_card IN ('none', 'ok', 'expired', 'name_mismatch')", name=op.f("ck_users_bank_card_choice")),
        sa.CheckConstraint("id_document_type IN ('mainland', 'temporary', 'other')", name=op.f("ck_users_id_document_type_choice")),
        sa.CheckConstraint("realname IN ('unverified', 'pending', 'verified', 'rejected')", name=op.f("ck_users_realname_choice")),
        sa.CheckConstraint("baitiao_credit_limit >= 0", name=op.f("ck_users_baitiao_credit_limit_range")),
        sa.CheckConstraint("baitiao_exclusive_limit_amount >= 0", name=op.f("ck_users_baitiao_exclusive_limit_amount_range")),
        sa.CheckConstraint("baitiao_overdue >= 0", name=op.f("ck_users_baitiao_overdue_range")),
        sa.CheckConstraint("baitiao_temporary_limit_amount >= 0", name=op.f("ck_users_baitiao_temporary_limit_amount_range")),
        sa.CheckConstraint("baitiao_used >= 0", name=op.f("ck_users_baitiao_used_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_table(
        "bills",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("in_installments", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Text(), nullable=True),
        sa.Column("tenor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("status IN ('open', 'issued', 'settled')", name=op.f("ck_bills_status_choice")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_bills_amount_range")),
        sa.CheckConstraint("in_installments >= 0", name=op.f("ck_bills_in_installments_range")),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_bills_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bills")),
    )
    op.create_index(op.f("ix_bills_user"), "bills", ["user"], unique=False)
    op.create_table(
        "items",
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("installment", sa.Text(), nullable=False),
        sa.Column("tenors", sa.JSON(), nullable=False),
        sa.Column("min_down_payment", sa.Text(), nullable=False),
        sa.Column("promotion_excluded", sa.Boolean(), nullable=False),
        sa.Column("presale", sa.Text(), nullable=False),
        sa.Column("presale_balance_from", sa.Text(), nullable=True),
        sa.Column("interest_free_tenors", sa.JSON(), nullable=False),
        sa.Column("interest_free_until", sa.Text(), nullable=True),
        sa.CheckConstraint("installment IN ('allowed', 'excluded', 'full_payment')", name=op.f("ck_items_installment_choice")),
        sa.CheckConstraint("presale IN ('none', 'deposit', 'balance')", name=op.f("ck_items_presale_choice")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_items_price_range")),
        sa.ForeignKeyConstraint(["category"], ["categories.id"], name=op.f("fk_items_category")),
        sa.ForeignKeyConstraint(["merchant"], ["merchants.id"], name=op.f("fk_items_merchant")),
        sa.PrimaryKeyConstraint("sku", name=op.f("pk_items")),
    )
    op.create_index(op.f("ix_items_category"), "items", ["category"], unique=False)
    op.create_index(op.f("ix_items_merchant"), "items", ["merchant"], unique=False)
    op.create_table(
        "orders",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("risk_decision", sa.Text(), nullable=False),
        sa.Column("tenor", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.Text(), nullable=True),
        sa.Column("pay_before", sa.Text(), nullable=True),
        sa.CheckConstraint("channel IN ('app', 'web', 'wechat', 'offline')", name=op.f("ck_orders_channel_choice")),
        sa.CheckConstraint("risk_decision IN ('approve', 'decline')", name=op.f("ck_orders_risk_decision_choice")),
        sa.CheckConstraint("status IN ('cart', 'unpaid', 'paid')", name=op.f("ck_orders_status_choice")),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_orders_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
    )
    op.create_index(op.f("ix_orders_user"), "orders", ["user"], unique=False)
    op.create_table(
        "order_lines",
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_order_lines_quantity_range")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_lines_order_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["sku"], ["items.sku"], name=op.f("fk_order_lines_sku")),
        sa.PrimaryKeyConstraint("order_id", "position", name=op.f("pk_order_lines")),
    )
    op.create_index(op.f("ix_order_lines_sku"), "order_lines", ["sku"], unique=False)


def downgrade() -> None:
    op.drop_table("order_lines")
    op.drop_table("orders")
    op.drop_table("items")
    op.drop_table("bills")
    op.drop_table("users")
    op.drop_table("policies")
    op.drop_table("plans")
    op.drop_table("merchants")
    op.drop_table("maintenance")
    op.drop_table("incidents")
    op.drop_table("clock")
    op.drop_table("categories")

"""The register of policies: versions with who decided what, and rehearsals with whom they are about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXTS = ("title", "issuer", "document", "source", "owner", "rationale", "risk")
DECISIONS = ("submitted", "decided", "withdrawn")


def upgrade() -> None:
    op.create_table(
        "policy_versions",
        sa.Column("id", ROW_NUMBER, nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in TEXTS),
        sa.Column("review_on", sa.Text(), nullable=True),
        sa.Column("supersedes", sa.Text(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("trial", "backdated", "because", "ended")),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        *(
            column
            for name in DECISIONS
            for column in (sa.Column(f"{name}_by", sa.Text(), nullable=True), sa.Column(f"{name}_at", sa.BigInteger(), nullable=True))
        ),
        sa.CheckConstraint("risk IN ('low', 'medium', 'high')", name=op.f("ck_policy_versions_risk_choice")),
        sa.CheckConstraint("decision IN ('draft', 'submitted', 'approved', 'withdrawn')", name=op.f("ck_policy_versions_decision_choice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_versions")),
        sa.UniqueConstraint("policy", "version", name=op.f("uq_policy_versions_policy_version")),
    )
    op.create_table(
        "policy_trials",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("id", "policy", "day")),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("world", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.JSON(), nullable=True),
        sa.Column("score", sa.JSON(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("at", "scored_at")),
        sa.CheckConstraint("state IN ('asked', 'done', 'failed', 'scored')", name=op.f("ck_policy_trials_state_choice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_trials")),
    )
    op.create_index(op.f("ix_policy_trials_state"), "policy_trials", ["state"], unique=False)
    op.create_table(
        "trial_subjects",
        sa.Column("id", ROW_NUMBER, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("trial", "user", "kind", "subject", "effect")),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.CheckConstraint("kind IN ('order', 'bill')", name=op.f("ck_trial_subjects_kind_choice")),
        sa.CheckConstraint("effect IN ('lose', 'gain', 'narrower')", name=op.f("ck_trial_subjects_effect_choice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trial_subjects")),
    )
    op.create_index(op.f("ix_trial_subjects_trial"), "trial_subjects", ["trial"], unique=False)
    op.create_index(op.f("ix_trial_subjects_user"), "trial_subjects", ["user"], unique=False)


def downgrade() -> None:
    op.drop_table("trial_subjects")
    op.drop_table("policy_trials")
    op.drop_table("policy_versions")

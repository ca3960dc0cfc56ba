"""Lists, and what each person on them gets."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_sequence", sa.BigInteger(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("eligible", sa.Integer(), nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("frozen_on", sa.Date(), nullable=True),
        sa.Column("list_hash", sa.Text(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_batch_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    op.create_index(op.f("ix_batch_programme_id_id"), "batch", ["programme_id", "id"], unique=False)
    op.create_index(op.f("ix_batch_union_id_id"), "batch", ["union_id", "id"], unique=False)
    op.create_table(
        "benefit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_sequence", sa.BigInteger(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("subject_key", sa.Text(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=True),
        sa.Column("worker_category", sa.Text(), nullable=True),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("qty", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ineligible_because", sa.Text(), nullable=True),
        sa.Column("issued_by", sa.Uuid(), nullable=True),
        sa.Column("receipt_kind", sa.Text(), nullable=True),
        sa.Column("receipt_ref", sa.Text(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("receipted_by", sa.Uuid(), nullable=True),
        sa.Column("reversal_asked_by", sa.Uuid(), nullable=True),
        sa.Column("reversal_reason", sa.Text(), nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_benefit_batch_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_benefit_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benefit")),
        sa.UniqueConstraint("batch_id", "subject_key", name=op.f("uq_benefit_batch_id_subject_key")),
    )
    op.create_index(op.f("ix_benefit_batch_id_id"), "benefit", ["batch_id", "id"], unique=False)
    op.create_index(op.f("ix_benefit_subject_key_id"), "benefit", ["subject_key", "id"], unique=False)
    op.create_index(
        "uq_benefit_live",
        "benefit",
        ["programme_id", "subject_key"],
        unique=True,
        postgresql_where=sa.text("state IN ('eligible', 'approved', 'issued', 'receipted')"),
    )

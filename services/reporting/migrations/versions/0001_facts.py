"""The facts about activities."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "fact_activity",
        *_common(),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("attendances", sa.Integer(), nullable=False),
        sa.Column("distinct_subjects", sa.Integer(), nullable=False),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("generation", "event_id", name=op.f("pk_fact_activity")),
    )
    op.create_index(
        op.f("ix_fact_activity_generation_union_id_kind_activity_id_sequence"),
        "fact_activity",
        ["generation", "union_id", "kind", "activity_id", "sequence"],
        unique=False,
    )
    op.create_table(
        "fact_attendance",
        *_common(),
        sa.Column("session_no", sa.Integer(), nullable=False),
        sa.Column("subject_key", sa.Text(), nullable=False),
        sa.Column("worker_category", sa.Text(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("generation", "event_id", name=op.f("pk_fact_attendance")),
    )


def _common() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    )

"""The facts about members, unions, recommendations, benefits and health checks, and the tier of a contest."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables; what was told before comes in by a rebuild of reporting."""
    op.add_column("fact_activity", sa.Column("tier", sa.Text(), nullable=True))
    op.create_index(
        "ix_fact_attendance_contest",
        "fact_attendance",
        ["generation", "activity_id"],
        unique=False,
        postgresql_where=sa.text("kind = 'competition'"),
    )
    _create(
        "fact_membership",
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("subject_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("worker_category", sa.Text(), nullable=False),
        sa.Column("is_industrial_worker", sa.Boolean(), nullable=False),
        sa.Column("out_of_province", sa.Boolean(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        index=("membership_id", "sequence"),
    )
    _create(
        "fact_union",
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("org_kind", sa.Text(), nullable=False),
        sa.Column("workforce", sa.Text(), nullable=False),
        sa.Column("party_cobuilt", sa.Boolean(), nullable=False),
        sa.Column("founded_on", sa.Date(), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        index=("sequence",),
    )
    _create(
        "fact_recommendation",
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("subject_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("is_industrial_worker", sa.Boolean(), nullable=False),
        sa.Column("recommended_on", sa.Date(), nullable=True),
    )
    _create(
        "fact_target_total",
        sa.Column("target_total_id", sa.Uuid(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
    )
    _create(
        "fact_grant",
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("subject_key", sa.Text(), nullable=False),
        sa.Column("worker_category", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        index=("kind", "grant_id", "sequence"),
    )
    _create(
        "fact_health_check",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("subject_key", sa.Text(), nullable=False),
        sa.Column("worker_category", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        index=("booking_id", "sequence"),
    )


def _create(name: str, *own: sa.Column[object], index: tuple[str, ...] = ()) -> None:
    """A table of facts with what every one has, indexed by union and then by its own columns."""
    op.create_table(
        name,
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        *own,
        sa.PrimaryKeyConstraint("generation", "event_id", name=op.f(f"pk_{name}")),
    )
    columns = ["generation", "union_id", *index]
    op.create_index(op.f(f"ix_{name}_{'_'.join(columns)}"), name, columns, unique=False)

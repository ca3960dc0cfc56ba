"""Recommendations to Party organisations, and the totals that these report."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables."""
    _recommendation()
    _total()


def _recommendation() -> None:
    op.create_table(
        "party_recommendation",
        *_aggregate(),
        sa.Column("subject_key", sa.Text(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("party_org_ref", sa.Text(), nullable=False),
        sa.Column("is_industrial_worker", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("nominated_on", sa.Date(), nullable=False),
        sa.Column("nominated_by", sa.Uuid(), nullable=False),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("recommended_on", sa.Date(), nullable=True),
        sa.Column("recommended_by", sa.Uuid(), nullable=True),
        sa.Column("outcome_on", sa.Date(), nullable=True),
        sa.Column("concluded_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["union_id"], ["union_organization.id"], name=op.f("fk_party_recommendation_union_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_recommendation")),
    )
    op.create_index(op.f("ix_party_recommendation_union_id_id"), "party_recommendation", ["union_id", "id"])
    op.create_index(
        "uq_party_recommendation_one_at_a_time",
        "party_recommendation",
        ["subject_key", "party_org_ref"],
        unique=True,
        postgresql_where=sa.text("state <> 'declined'"),
    )


def _total() -> None:
    op.create_table(
        "development_target_total",
        *_aggregate(),
        sa.Column("federation_id", sa.Uuid(), nullable=False),
        sa.Column("party_org_ref", sa.Text(), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("source_ref", sa.Text(), nullable=False),
        sa.Column("reported_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["federation_id"], ["union_organization.id"], name=op.f("fk_development_target_total_federation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_target_total")),
    )
    op.create_index(
        "uq_development_target_total_one_per_period",
        "development_target_total",
        ["federation_id", "party_org_ref", "period_from", "period_to"],
        unique=True,
    )


def _aggregate() -> tuple[sa.Column[object], ...]:
    now = sa.text("clock_timestamp()")
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_sequence", sa.BigInteger(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
    )

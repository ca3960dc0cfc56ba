"""Enterprises, their head-counts, and which of them a union organises."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables; the unions that are there name no enterprise yet."""
    _enterprise()
    _headcount()
    op.add_column(
        "union_organization",
        sa.Column("enterprise_ids", sa.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
    )


def _enterprise() -> None:
    op.create_table(
        "enterprise",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_sequence", sa.BigInteger(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        _recorded_at(),
        sa.Column("federation_id", sa.Uuid(), nullable=False),
        sa.Column("uscc", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column("park", sa.Text(), nullable=True),
        sa.Column("industry_code", sa.Text(), nullable=True),
        sa.Column("size", sa.Text(), nullable=True),
        sa.Column("above_scale", sa.Boolean(), nullable=False),
        sa.Column("staff", sa.Integer(), nullable=True),
        sa.Column("women", sa.Integer(), nullable=True),
        sa.Column("counted_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["federation_id"], ["union_organization.id"], name=op.f("fk_enterprise_federation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise")),
    )
    op.create_index("uq_enterprise_uscc", "enterprise", ["uscc"], unique=True)
    op.create_index(op.f("ix_enterprise_federation_id_id"), "enterprise", ["federation_id", "id"])


def _headcount() -> None:
    op.create_table(
        "headcount",
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("staff", sa.Integer(), nullable=False),
        sa.Column("women", sa.Integer(), nullable=False),
        _recorded_at(),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_headcount_enterprise_id")),
        sa.PrimaryKeyConstraint("enterprise_id", "counted_on", name=op.f("pk_headcount")),
    )


def _recorded_at() -> sa.Column[object]:
    now = sa.text("clock_timestamp()")
    return sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=now, nullable=False)

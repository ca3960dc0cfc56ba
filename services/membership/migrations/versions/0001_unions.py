"""The unions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "union_organization",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_sequence", sa.BigInteger(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column("org_kind", sa.Text(), nullable=False),
        sa.Column("founding_mode", sa.Text(), nullable=False),
        sa.Column("workforce", sa.Text(), nullable=False),
        sa.Column("party_cobuilt", sa.Boolean(), nullable=False),
        sa.Column("superior_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("founded_on", sa.Date(), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["superior_id"], ["union_organization.id"], name=op.f("fk_union_organization_superior_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_union_organization")),
    )
    op.create_index(
        "uq_union_organization_superior_id_name",
        "union_organization",
        ["superior_id", sa.text("lower(name)")],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )

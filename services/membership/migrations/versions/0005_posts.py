"""The posts of unions."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "office_post",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_sequence", sa.BigInteger(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("subject_key", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("full_time", sa.Boolean(), nullable=False),
        sa.Column("host", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=True),
        sa.Column("resolution_ref", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["union_id"], ["union_organization.id"], name=op.f("fk_office_post_union_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_post")),
    )
    op.create_index(op.f("ix_office_post_union_id_id"), "office_post", ["union_id", "id"])
    op.create_index(op.f("ix_office_post_subject_key"), "office_post", ["subject_key"])
    op.create_index(
        "uq_office_post_one_chair",
        "office_post",
        ["union_id", "body"],
        unique=True,
        postgresql_where=sa.text("state = 'held' AND post = 'chair'"),
    )
    op.create_index(
        "uq_office_post_once_each",
        "office_post",
        ["union_id", "body", "post", "subject_key"],
        unique=True,
        postgresql_where=sa.text("state = 'held'"),
    )

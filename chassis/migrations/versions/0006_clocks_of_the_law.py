"""What falls due on which business day, so that a clock of the law survives whoever started it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "due",
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("clock", "aggregate_id", name=op.f("pk_due")),
    )
    op.create_index("ix_due_due_on", "due", ["due_on", "clock", "aggregate_id"], unique=False)

"""A job names the session that holds it; before, only the time of its last sign of life was known."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Put the session's name in the place of the time; a job at work under the old column is taken up anew."""
    op.add_column("job", sa.Column("holder", sa.Text(), nullable=True))
    op.drop_column("job", "heartbeat_at")

"""Where an account has signed in from before."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column; sessions before it are from nowhere."""
    op.add_column("signed_in_session", sa.Column("client_digest", sa.LargeBinary(), nullable=True))
    op.create_index("ix_signed_in_session_client_digest", "signed_in_session", ["client_digest"], unique=False)

"""The tree knows what kind of organisation each union is; of those that it has, a rebuild tells."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column, empty."""
    op.add_column("union_tree", sa.Column("org_kind", sa.Text(), nullable=True))

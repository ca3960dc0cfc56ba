"""What is wrong in the rows of imported files."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "import_fault",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["job.id"], name=op.f("fk_import_fault_import_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("import_id", "row", "field", name=op.f("pk_import_fault")),
    )

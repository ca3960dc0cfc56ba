"""What a union has after its founding: plaque, certificate, rung and end."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the columns."""
    texts = ("uscc", "legal_certificate_no", "dissolution_basis", "resolution_ref")
    days = ("plaque_on", "legal_certificate_until", "dissolved_on")
    op.add_column("union_organization", sa.Column("rung", sa.Text(), server_default="founded", nullable=False))
    for name in texts:
        op.add_column("union_organization", sa.Column(name, sa.Text(), nullable=True))
    for name in days:
        op.add_column("union_organization", sa.Column(name, sa.Date(), nullable=True))
    op.create_unique_constraint(op.f("uq_union_organization_uscc"), "union_organization", ["uscc"])

"""What each change of a membership led to, so that a register of any day can be read; and expulsions on file.

Nothing is in operation yet that would write rows without it: the columns are filled and required at once.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_FILL = """
    UPDATE membership_change AS change
    SET sequence = numbered.sequence,
        state = CASE change.change_type WHEN '3' THEN 'retained' ELSE 'active' END,
        union_id = membership.union_id
    FROM membership,
        (SELECT id, row_number() OVER (PARTITION BY membership_id ORDER BY change_type) AS sequence
         FROM membership_change) AS numbered
    WHERE membership.id = change.membership_id AND numbered.id = change.id
"""


def upgrade() -> None:
    """Add the columns, and fill them for joining and retaining, the only changes so far."""
    op.add_column("membership", sa.Column("expulsion_filed_on", sa.Date(), nullable=True))
    for name, kind in (("sequence", sa.BigInteger()), ("state", sa.Text()), ("union_id", sa.Uuid())):
        op.add_column("membership_change", sa.Column(name, kind, nullable=True))
    refs: sa.Column[list[str]] = sa.Column(
        "document_refs", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
    )
    op.add_column("membership_change", refs)
    op.execute(_FILL)
    for name in ("sequence", "state", "union_id"):
        op.alter_column("membership_change", name, nullable=False)
    op.alter_column("membership_change", "change_type", nullable=True)
    op.create_foreign_key(
        op.f("fk_membership_change_union_id"), "membership_change", "union_organization", ["union_id"], ["id"]
    )
    op.drop_index(op.f("ix_membership_change_membership_id"), "membership_change")
    op.create_unique_constraint(
        op.f("uq_membership_change_membership_id_sequence"), "membership_change", ["membership_id", "sequence"]
    )
    op.create_index(
        op.f("ix_membership_change_union_id_membership_id"), "membership_change", ["union_id", "membership_id"]
    )

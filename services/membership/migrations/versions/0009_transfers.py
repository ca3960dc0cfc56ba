"""Transfers from union to union; whoever is on the way belongs to a union as well."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_UNIONS = ("from_union_id", "to_union_id")


def upgrade() -> None:
    """Create the table, and let the index of belonging people know the new state."""
    _transfer()
    op.add_column("membership_change", sa.Column("from_union_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_membership_change_from_union_id"),
        "membership_change",
        "union_organization",
        ["from_union_id"],
        ["id"],
    )
    op.drop_index("uq_membership_one_per_person", "membership")
    op.create_index(
        "uq_membership_one_per_person",
        "membership",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('active', 'transferring', 'retained')"),
    )


def _transfer() -> None:
    op.create_table(
        "transfer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_sequence", sa.BigInteger(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("employment_id", sa.Uuid(), nullable=True),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in _UNIONS),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("answer_due", sa.Date(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decline_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_transfer_membership_id")),
        sa.ForeignKeyConstraint(["employment_id"], ["employment.id"], name=op.f("fk_transfer_employment_id")),
        *(
            sa.ForeignKeyConstraint([name], ["union_organization.id"], name=op.f(f"fk_transfer_{name}"))
            for name in _UNIONS
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    op.create_index(op.f("ix_transfer_membership_id"), "transfer", ["membership_id"])
    for name in _UNIONS:
        op.create_index(op.f(f"ix_transfer_{name}_id"), "transfer", [name, "id"])
    op.create_index(
        "uq_transfer_one_open",
        "transfer",
        ["membership_id"],
        unique=True,
        postgresql_where=sa.text("state = 'requested'"),
    )

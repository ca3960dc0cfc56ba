"""Persons, their work, applications, memberships and the history of these."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables."""
    _person()
    _employment()
    _application()
    _membership()
    _change()


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("subject_key", sa.Text(), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("document_kind", sa.Text(), nullable=False),
        sa.Column("document_no", sa.LargeBinary(), nullable=True),
        sa.Column("document_index", sa.LargeBinary(), nullable=True),
        sa.Column("mobile", sa.LargeBinary(), nullable=True),
        sa.Column("mobile_index", sa.LargeBinary(), nullable=True),
        sa.Column("birth_date", sa.LargeBinary(), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("sex", sa.Text(), nullable=False),
        sa.Column("ethnicity", sa.Text(), nullable=True),
        sa.Column("education", sa.Text(), nullable=True),
        sa.Column("political_status", sa.LargeBinary(), nullable=True),
        sa.Column("household_region", sa.Text(), nullable=True),
        sa.Column("household_type", sa.Text(), nullable=True),
        sa.Column("is_rural_migrant", sa.Boolean(), nullable=True),
        sa.Column("consent_version", sa.Text(), nullable=False),
        _recorded_at(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("key_id", name=op.f("uq_person_key_id")),
        sa.UniqueConstraint("subject_key", name=op.f("uq_person_subject_key")),
        sa.UniqueConstraint("document_index", name=op.f("uq_person_document_index")),
    )
    op.create_index(op.f("ix_person_mobile_index"), "person", ["mobile_index"])


def _employment() -> None:
    op.create_table(
        "employment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=True),
        sa.Column("platform", sa.Text(), nullable=True),
        sa.Column("station", sa.Text(), nullable=True),
        sa.Column("worker_category", sa.Text(), nullable=False),
        sa.Column("is_industrial_worker", sa.Boolean(), nullable=False),
        sa.Column("employment_state", sa.Text(), nullable=False),
        sa.Column("job_title", sa.Text(), nullable=True),
        sa.Column("employee_no", sa.Text(), nullable=True),
        sa.Column("skill_level", sa.Text(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("is_main", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        _recorded_at(),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_employment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employment")),
    )
    op.create_index(op.f("ix_employment_person_id"), "employment", ["person_id"])
    op.create_index(op.f("ix_employment_employer_id"), "employment", ["employer_id"])
    op.create_index("uq_employment_main", "employment", ["person_id"], unique=True, postgresql_where=sa.text("is_main"))


def _application() -> None:
    op.create_table(
        "membership_application",
        *_aggregate(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("employment_id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("consent_version", sa.Text(), nullable=False),
        sa.Column("form_ref", sa.Text(), nullable=True),
        sa.Column("member_no", sa.Text(), nullable=True),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("reject_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_application_person_id")),
        sa.ForeignKeyConstraint(
            ["employment_id"], ["employment.id"], name=op.f("fk_membership_application_employment_id")
        ),
        sa.ForeignKeyConstraint(
            ["union_id"], ["union_organization.id"], name=op.f("fk_membership_application_union_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_application")),
    )
    op.create_index(op.f("ix_membership_application_union_id_id"), "membership_application", ["union_id", "id"])
    op.create_index(
        "uq_membership_application_one_open",
        "membership_application",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("state = 'submitted'"),
    )


def _membership() -> None:
    op.create_table(
        "membership",
        *_aggregate(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("member_no", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("basis_application_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.ForeignKeyConstraint(["union_id"], ["union_organization.id"], name=op.f("fk_membership_union_id")),
        sa.ForeignKeyConstraint(
            ["basis_application_id"],
            ["membership_application.id"],
            name=op.f("fk_membership_basis_application_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("basis_application_id", name=op.f("uq_membership_basis_application_id")),
    )
    op.create_index(op.f("ix_membership_person_id"), "membership", ["person_id"])
    op.create_index(op.f("ix_membership_member_no"), "membership", ["member_no"])
    op.create_index(op.f("ix_membership_union_id_id"), "membership", ["union_id", "id"])
    op.create_index(
        "uq_membership_one_per_person",
        "membership",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('active', 'retained')"),
    )


def _change() -> None:
    op.create_table(
        "membership_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("change_type", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        _recorded_at(),
        sa.ForeignKeyConstraint(["membership_id"], ["membership.id"], name=op.f("fk_membership_change_membership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_change")),
    )
    op.create_index(op.f("ix_membership_change_membership_id"), "membership_change", ["membership_id"])


def _aggregate() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_sequence", sa.BigInteger(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        _recorded_at(),
    )


def _recorded_at() -> sa.Column[object]:
    now = sa.text("clock_timestamp()")
    return sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=now, nullable=False)

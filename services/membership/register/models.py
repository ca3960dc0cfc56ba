"""The tables of persons, their work, their memberships and the history of these."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.columns import BlindIndex, Sealed, SealedText
from chassis.models import Aggregate
from kernel.ids import new_id
from services.membership.base import Base
from services.membership.register.rules import actions


def _new_id() -> UUID:
    return UUID(new_id())


class Person(Base):
    """Somebody whom the register knows; what tells who it is lies sealed under the person's own key."""

    __tablename__ = "person"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=_new_id)
    #: The person's keys in the keystore, which is another database.
    key_id: Mapped[UUID] = mapped_column(Uuid, unique=True)
    #: The person outside membership; empty after an erasure, as the digests are.
    subject_key: Mapped[str | None] = mapped_column(Text, unique=True)
    name: Mapped[SealedText | None] = mapped_column(Sealed)
    document_kind: Mapped[str] = mapped_column(Text)
    document_no: Mapped[SealedText | None] = mapped_column(Sealed)
    document_index: Mapped[bytes | None] = mapped_column(BlindIndex, unique=True)
    mobile: Mapped[SealedText | None] = mapped_column(Sealed)
    mobile_index: Mapped[bytes | None] = mapped_column(BlindIndex, index=True)
    #: As YYYY-MM-DD.
    birth_date: Mapped[SealedText | None] = mapped_column(Sealed)
    birth_year: Mapped[int | None] = mapped_column(Integer)
    sex: Mapped[str] = mapped_column(Text)
    ethnicity: Mapped[str | None] = mapped_column(Text)
    education: Mapped[str | None] = mapped_column(Text)
    political_status: Mapped[SealedText | None] = mapped_column(Sealed)
    household_region: Mapped[str | None] = mapped_column(Text)
    household_type: Mapped[str | None] = mapped_column(Text)
    is_rural_migrant: Mapped[bool | None] = mapped_column(Boolean)
    #: The notice that the person agreed to.
    consent_version: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


class Employment(Base):
    """For whom a person works, and as what; a membership follows the main one (R-MEM-07)."""

    __tablename__ = "employment"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=_new_id)
    person_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"))
    employer_id: Mapped[UUID | None] = mapped_column(Uuid, index=True)
    platform: Mapped[str | None] = mapped_column(Text)
    station: Mapped[str | None] = mapped_column(Text)
    worker_category: Mapped[str] = mapped_column(Text)
    is_industrial_worker: Mapped[bool] = mapped_column(Boolean)
    employment_state: Mapped[str] = mapped_column(Text)
    job_title: Mapped[str | None] = mapped_column(Text)
    employee_no: Mapped[str | None] = mapped_column(Text)
    skill_level: Mapped[str | None] = mapped_column(Text)
    started_on: Mapped[date | None] = mapped_column(Date)
    is_main: Mapped[bool] = mapped_column(Boolean, server_default=true())
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())

    person: Mapped[Person] = relationship()

    __table_args__ = (
        Index(None, "person_id"),
        Index("uq_employment_main", "person_id", unique=True, postgresql_where=text("is_main")),
    )


class Membership(Aggregate, Base):
    """That a person belongs to a union."""

    __tablename__ = "membership"

    person_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    union_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("union_organization.id"))
    member_no: Mapped[str | None] = mapped_column(Text, index=True)
    state: Mapped[str] = mapped_column(Text)
    joined_on: Mapped[date] = mapped_column(Date)
    #: Since when the state holds.
    effective_on: Mapped[date] = mapped_column(Date)
    #: Since when the union above has an expulsion in its files (R-MEM-15).
    expulsion_filed_on: Mapped[date | None] = mapped_column(Date)
    #: The application that it came from; an import has none.
    basis_application_id: Mapped[UUID | None] = mapped_column(
        Uuid, ForeignKey("membership_application.id"), unique=True
    )

    person: Mapped[Person] = relationship()

    __table_args__ = (Index(None, "union_id", "id"),)

    @property
    def org_id(self) -> UUID:
        """The union that the person belongs to."""
        return self.union_id

    @property
    def membership_id(self) -> UUID:
        """The name of the id in events."""
        return self.id

    @property
    def actions(self) -> tuple[str, ...]:
        """The commands that are possible now."""
        return actions(self.state, is_filed=self.expulsion_filed_on is not None)


#: Nobody belongs to two unions at once (工会章程 arts 1, 2; R-MEM-07).
ONE_MEMBERSHIP = Index(
    "uq_membership_one_per_person",
    Membership.person_id,
    unique=True,
    postgresql_where=text("state IN ('active', 'transferring', 'retained')"),
)


class MembershipChange(Base):
    """One change of a membership, with what it led to: a row is never updated, and the last one of a day holds."""

    __tablename__ = "membership_change"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=_new_id)
    membership_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("membership.id"))
    #: As the membership's own events are numbered.
    sequence: Mapped[int] = mapped_column(BigInteger)
    #: None where the real-name register has no code for the change.
    change_type: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    union_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("union_organization.id"))
    #: Which the member left for this one.
    from_union_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("union_organization.id"))
    effective_on: Mapped[date] = mapped_column(Date)
    #: Where the papers lie that it was decided by.
    document_refs: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    #: Account that recorded it.
    decided_by: Mapped[UUID] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())

    membership: Mapped[Membership] = relationship()

    __table_args__ = (
        UniqueConstraint("membership_id", "sequence"),
        # who belonged to a union on a day is found from the union
        Index(None, "union_id", "membership_id"),
    )

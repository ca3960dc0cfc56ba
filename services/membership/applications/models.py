"""The table of applications to join."""

from datetime import date
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.models import Aggregate
from services.membership.applications.rules import APPLICATION
from services.membership.base import Base
from services.membership.register.models import Employment


class MembershipApplication(Aggregate, Base):
    """That a person asked a union to join, and what it decided."""

    __tablename__ = "membership_application"

    person_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"))
    #: The work that it was brought in with.
    employment_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("employment.id"))
    union_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("union_organization.id"))
    channel: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    applied_on: Mapped[date] = mapped_column(Date)
    #: The notice that the applicant agreed to with this application.
    consent_version: Mapped[str] = mapped_column(Text)
    form_ref: Mapped[str | None] = mapped_column(Text)
    #: The number that the member is to have.
    member_no: Mapped[str | None] = mapped_column(Text)
    #: Account that brought it in: another one decides.
    submitted_by: Mapped[UUID] = mapped_column(Uuid)
    decided_on: Mapped[date | None] = mapped_column(Date)
    decided_by: Mapped[UUID | None] = mapped_column(Uuid)
    reject_reason: Mapped[str | None] = mapped_column(Text)

    employment: Mapped[Employment] = relationship()

    __table_args__ = (Index(None, "union_id", "id"),)

    @property
    def org_id(self) -> UUID:
        """The union that decides on it."""
        return self.union_id

    @property
    def actions(self) -> tuple[str, ...]:
        """The commands that are possible now."""
        return APPLICATION.actions(self.state)


#: Nobody has two applications open at once.
ONE_OPEN = Index(
    "uq_membership_application_one_open",
    MembershipApplication.person_id,
    unique=True,
    postgresql_where=text("state = 'submitted'"),
)

"""The table of transfers."""

from datetime import date
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.models import Aggregate
from services.membership.base import Base
from services.membership.register.models import Employment, Membership
from services.membership.transfers.rules import actions


class Transfer(Aggregate, Base):
    """That a membership is to move to another union, and what that union said."""

    __tablename__ = "transfer"

    membership_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("membership.id"), index=True)
    #: The work that the membership follows; None where its holder keeps the one there was.
    employment_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("employment.id"))
    from_union_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("union_organization.id"))
    to_union_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("union_organization.id"))
    basis: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    requested_on: Mapped[date] = mapped_column(Date)
    #: The last day for an answer.
    answer_due: Mapped[date] = mapped_column(Date)
    decided_on: Mapped[date | None] = mapped_column(Date)
    #: Account that answered or took the request back.
    decided_by: Mapped[UUID | None] = mapped_column(Uuid)
    decline_reason: Mapped[str | None] = mapped_column(Text)

    membership: Mapped[Membership] = relationship()
    employment: Mapped[Employment | None] = relationship()

    __table_args__ = (
        Index(None, "from_union_id", "id"),
        Index(None, "to_union_id", "id"),
        # nobody is asked to go to two unions at once
        Index("uq_transfer_one_open", "membership_id", unique=True, postgresql_where=text("state = 'requested'")),
    )

    @property
    def org_id(self) -> UUID:
        """The union that answers."""
        return self.to_union_id

    @property
    def actions(self) -> tuple[str, ...]:
        """The commands that are possible now."""
        return actions(self.state)

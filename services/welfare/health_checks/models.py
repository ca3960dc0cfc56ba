"""The tables of health checks: days with places, and who has one. No result of anybody is ever kept."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.models import Aggregate
from services.welfare.base import Base
from services.welfare.health_checks.rules import BOOKING, TAKEN
from services.welfare.programmes.models import Programme


class Slot(Aggregate, Base):
    """A day at a provider. Whoever changes anything about its places holds its row locked."""

    __tablename__ = "slot"

    programme_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("programme.id"))
    union_id: Mapped[UUID] = mapped_column(Uuid)
    provider_id: Mapped[UUID] = mapped_column(Uuid)
    provider_name: Mapped[str] = mapped_column(Text)
    held_on: Mapped[date] = mapped_column(Date)
    quota: Mapped[int] = mapped_column(Integer)
    #: Places taken, by who came as well.
    booked: Mapped[int] = mapped_column(Integer, default=0)
    attended: Mapped[int] = mapped_column(Integer, default=0)

    programme: Mapped[Programme] = relationship()

    __table_args__ = (
        Index(None, "programme_id", "id"),
        CheckConstraint("booked BETWEEN attended AND quota", name="places"),
    )

    @property
    def org_id(self) -> UUID:
        """The union that arranged it."""
        return self.union_id


class Booking(Aggregate, Base):
    """One person's place on a day."""

    __tablename__ = "booking"

    slot_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("slot.id"))
    subject_key: Mapped[str] = mapped_column(Text)
    #: When booked, and once the person came as it was on that day.
    worker_category: Mapped[str] = mapped_column(Text)
    union_id: Mapped[UUID] = mapped_column(Uuid)
    state: Mapped[str] = mapped_column(Text)
    #: Account that marked the attendance.
    attended_by: Mapped[UUID | None] = mapped_column(Uuid)

    slot: Mapped[Slot] = relationship()

    __table_args__ = (
        Index(None, "slot_id", "id"),
        Index(
            "uq_booking_taken",
            "slot_id",
            "subject_key",
            unique=True,
            postgresql_where=text(f"state IN ({', '.join(map(repr, map(str, TAKEN)))})"),
        ),
    )

    @property
    def org_id(self) -> UUID:
        """The union that arranged the day."""
        return self.slot.union_id

    @property
    def booking_id(self) -> UUID:
        """The name of the id in events."""
        return self.id

    @property
    def programme_id(self) -> UUID:
        """The programme that pays."""
        return self.slot.programme_id

    @property
    def provider_id(self) -> UUID:
        """Who examined."""
        return self.slot.provider_id

    @property
    def on(self) -> date:
        """The day."""
        return self.slot.held_on

    @property
    def actions(self) -> tuple[str, ...]:
        """The commands that are possible now."""
        return BOOKING.actions(self.state)

"""The tables of activities and of who came to them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date, DateTime, ForeignKey, Index, Integer, Text, Uuid, func
from sqlalchemy.orm import Mapped, mapped_column

from chassis.models import Aggregate
from services.events.activities.rules import ACTIVITY
from services.events.base import Base


class Activity(Aggregate, Base):
    """An activity of one union."""

    __tablename__ = "activity"

    kind: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    theme: Mapped[str | None] = mapped_column(Text)
    carrier: Mapped[str | None] = mapped_column(Text)
    #: Of a contest: a code of its federation, which keeps its meaning when the tier is no longer in use.
    tier: Mapped[str | None] = mapped_column(Text)
    dimension: Mapped[str | None] = mapped_column(Text)
    organizer_union_id: Mapped[UUID] = mapped_column(Uuid)
    place: Mapped[str | None] = mapped_column(Text)
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    quota: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text)
    held_on: Mapped[date | None] = mapped_column(Date)
    sessions: Mapped[int] = mapped_column(Integer, default=0)
    attendances: Mapped[int] = mapped_column(Integer, default=0)
    distinct_subjects: Mapped[int] = mapped_column(Integer, default=0)
    evidence_ref: Mapped[str | None] = mapped_column(Text)
    cancel_reason: Mapped[str | None] = mapped_column(Text)
    #: Account that closed it: another one corrects and voids.
    closed_by: Mapped[UUID | None] = mapped_column(Uuid)
    #: The event that last told its state: a correction names it as what it replaces.
    last_event_id: Mapped[UUID | None] = mapped_column(Uuid)

    __table_args__ = (Index(None, "organizer_union_id", "id"),)

    @property
    def org_id(self) -> UUID:
        """The union that organises it."""
        return self.organizer_union_id

    @property
    def activity_id(self) -> UUID:
        """The name of the id in events."""
        return self.id

    @property
    def actions(self) -> tuple[str, ...]:
        """The commands that are possible now."""
        return ACTIVITY.actions(self.state)


class Attendance(Base):
    """One person in one session; the key's order also answers whether a person came at all."""

    __tablename__ = "attendance"

    activity_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("activity.id"), primary_key=True)
    subject_key: Mapped[str] = mapped_column(Text, primary_key=True)
    session_no: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    worker_category: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())

"""The facts that figures are counted from: one row for each event, never changed, and so in any order the same."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Date, DateTime, Index, Integer, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.reporting.base import Base


class _Fact:
    """What every fact has."""

    generation: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    activity_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(Text)
    union_id: Mapped[UUID] = mapped_column(Uuid)
    region_code: Mapped[str] = mapped_column(Text)
    #: Business time.
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: Machine time at the service that told it.
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ActivityFact(_Fact, Base):
    """What an activity was after one of its events; the one with the greatest sequence holds."""

    __tablename__ = "fact_activity"

    event_type: Mapped[str] = mapped_column(Text)
    sequence: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    held_on: Mapped[date | None] = mapped_column(Date)
    sessions: Mapped[int] = mapped_column(Integer)
    attendances: Mapped[int] = mapped_column(Integer)
    distinct_subjects: Mapped[int] = mapped_column(Integer)
    #: The event that this one replaces.
    corrects: Mapped[UUID | None] = mapped_column(Uuid)

    __table_args__ = (Index(None, "generation", "union_id", "kind", "activity_id", "sequence"),)


class AttendanceFact(_Fact, Base):
    """One person in one session of a closed activity."""

    __tablename__ = "fact_attendance"

    session_no: Mapped[int] = mapped_column(Integer)
    subject_key: Mapped[str] = mapped_column(Text)
    worker_category: Mapped[str] = mapped_column(Text)
    on_date: Mapped[date] = mapped_column(Date)

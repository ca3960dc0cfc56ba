"""The table of steps: who took which, of programmes and lists, and when."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Date, DateTime, Identity, Text, Uuid, func
from sqlalchemy.orm import Mapped, mapped_column

from services.welfare.base import Base


class StepTaken(Base):
    """One step of one record; a row is never changed."""

    __tablename__ = "step_taken"

    record_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    command: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[UUID] = mapped_column(Uuid)
    #: The business day.
    taken_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())

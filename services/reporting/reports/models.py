"""The table of reports: their figures and sentences are frozen with them, whatever is learned later."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Date, DateTime, Index, Integer, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from kernel.ids import new_id
from services.reporting.base import Base


class Report(Base):
    """A report of one organisation and all below it."""

    __tablename__ = "report"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=lambda: UUID(new_id()))
    org_id: Mapped[UUID] = mapped_column(Uuid)
    #: As the organisation was called then.
    org_name: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    as_of: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(Text)
    #: Account of the author.
    written_by: Mapped[UUID] = mapped_column(Uuid)
    #: Machine time.
    computed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: Of the facts that were counted; a rebuild does not count again what is written here.
    facts_generation: Mapped[int] = mapped_column(Integer)
    #: The chapters as `contracts.reporting.reports` shows them.
    chapters: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    __table_args__ = (Index(None, "org_id", "id"),)

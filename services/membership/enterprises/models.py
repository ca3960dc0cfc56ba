"""The tables of enterprises and of their head-counts."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid, func
from sqlalchemy.orm import Mapped, mapped_column

from chassis.models import Aggregate
from services.membership.base import Base
from services.membership.enterprises.rules import COMMANDS


class Enterprise(Aggregate, Base):
    """An enterprise with its latest head-count; whoever reaches its federation reaches its record."""

    __tablename__ = "enterprise"

    federation_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("union_organization.id"))
    uscc: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    short_name: Mapped[str] = mapped_column(Text)
    park: Mapped[str | None] = mapped_column(Text)
    industry_code: Mapped[str | None] = mapped_column(Text)
    size: Mapped[str | None] = mapped_column(Text)
    above_scale: Mapped[bool] = mapped_column(Boolean)
    staff: Mapped[int | None] = mapped_column(Integer)
    women: Mapped[int | None] = mapped_column(Integer)
    counted_on: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (Index(None, "federation_id", "id"),)

    @property
    def org_id(self) -> UUID:
        """The federation in whose area it lies."""
        return self.federation_id

    @property
    def enterprise_id(self) -> UUID:
        """The name of the id in events."""
        return self.id

    @property
    def actions(self) -> tuple[str, ...]:
        """The commands that are possible now: always the same, for an enterprise has no states."""
        return COMMANDS


#: An enterprise is registered once, wherever it lies.
USCC_INDEX = Index("uq_enterprise_uscc", Enterprise.uscc, unique=True)


class Headcount(Base):
    """How many worked at an enterprise on a day."""

    __tablename__ = "headcount"

    enterprise_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("enterprise.id"), primary_key=True)
    counted_on: Mapped[date] = mapped_column(Date, primary_key=True)
    staff: Mapped[int] = mapped_column(Integer)
    women: Mapped[int] = mapped_column(Integer)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())

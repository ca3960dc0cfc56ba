"""The table of contest tiers."""

from datetime import date
from uuid import UUID

from sqlalchemy import JSON, Date, Index, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from chassis.models import Aggregate
from services.events.base import Base


class ContestTier(Aggregate, Base):
    """A code that means one tier of contests in one federation, from its first day to its last."""

    __tablename__ = "contest_tier"

    union_id: Mapped[UUID] = mapped_column(Uuid)
    code: Mapped[str] = mapped_column(Text)
    name: Mapped[dict[str, str]] = mapped_column(JSON)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (Index(None, "union_id", "code", "valid_from"),)

    @property
    def org_id(self) -> UUID:
        """The federation."""
        return self.union_id

"""The table of what each person on a list gets."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.models import Aggregate
from services.welfare.base import Base
from services.welfare.batches.models import Batch
from services.welfare.grants.rules import BENEFIT, LIVE
from services.welfare.programmes.models import Programme


class Benefit(Aggregate, Base):
    """What one person on a list gets; events call it a grant."""

    __tablename__ = "benefit"

    batch_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("batch.id"))
    programme_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("programme.id"))
    subject_key: Mapped[str] = mapped_column(Text)
    #: The person's union and category on the day of the freeze.
    union_id: Mapped[UUID | None] = mapped_column(Uuid)
    worker_category: Mapped[str | None] = mapped_column(Text)
    item: Mapped[str | None] = mapped_column(Text)
    qty: Mapped[int] = mapped_column(Integer)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(Text)
    ineligible_because: Mapped[str | None] = mapped_column(Text)
    #: Account that gave it out: others ask to reverse it and do it.
    issued_by: Mapped[UUID | None] = mapped_column(Uuid)
    receipt_kind: Mapped[str | None] = mapped_column(Text)
    #: Where the signature or photo is kept.
    receipt_ref: Mapped[str | None] = mapped_column(Text)
    received_on: Mapped[date | None] = mapped_column(Date)
    #: Account that recorded the receipt.
    receipted_by: Mapped[UUID | None] = mapped_column(Uuid)
    #: Account that last asked to reverse it, and why: another one does it.
    reversal_asked_by: Mapped[UUID | None] = mapped_column(Uuid)
    reversal_reason: Mapped[str | None] = mapped_column(Text)
    #: Why it came back or was reversed, by whom and when.
    ended_because: Mapped[str | None] = mapped_column(Text)
    ended_by: Mapped[UUID | None] = mapped_column(Uuid)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    batch: Mapped[Batch] = relationship()
    programme: Mapped[Programme] = relationship()

    __table_args__ = (
        UniqueConstraint("batch_id", "subject_key"),
        Index(None, "batch_id", "id"),
        Index(None, "subject_key", "id"),
        # nobody gets the same programme twice, whatever two lists say at the same moment
        Index(
            "uq_benefit_live",
            "programme_id",
            "subject_key",
            unique=True,
            postgresql_where=text(f"state IN ({', '.join(map(repr, map(str, LIVE)))})"),
        ),
    )

    @property
    def org_id(self) -> UUID:
        """The union that made the list."""
        return self.batch.union_id

    @property
    def form(self) -> str:
        """Whether it is goods, money or a service."""
        return self.programme.form

    @property
    def actions(self) -> tuple[str, ...]:
        """The commands that are possible now."""
        return BENEFIT.actions(self.state)

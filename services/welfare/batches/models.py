"""The table of lists."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, Date, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from chassis.models import Aggregate
from services.welfare.base import Base
from services.welfare.batches.rules import BATCH


class Batch(Aggregate, Base):
    """A list of a programme, made by one union for itself and all below it.

    Whoever changes anything on a list holds its row locked, and then, if money moves, the programme's.
    """

    __tablename__ = "batch"

    programme_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("programme.id"))
    union_id: Mapped[UUID] = mapped_column(Uuid)
    name: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(Integer, default=0)
    #: People who get it; None before the list is frozen.
    eligible: Mapped[int | None] = mapped_column(Integer)
    #: Of all lines, once frozen of the eligible ones.
    amount_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    frozen_on: Mapped[date | None] = mapped_column(Date)
    list_hash: Mapped[str | None] = mapped_column(Text)
    issued_on: Mapped[date | None] = mapped_column(Date)
    #: Benefits issued that neither were received nor came back.
    waiting: Mapped[int] = mapped_column(Integer, default=0)

    __table_args__ = (Index(None, "union_id", "id"), Index(None, "programme_id", "id"))

    @property
    def org_id(self) -> UUID:
        """The union that made it."""
        return self.union_id

    @property
    def batch_id(self) -> UUID:
        """The name of the id in events."""
        return self.id

    @property
    def actions(self) -> tuple[str, ...]:
        """The commands that are possible now."""
        return BATCH.actions(self.state)

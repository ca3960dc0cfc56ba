"""The table of welfare programmes, each with its budget and what of it is bound or spent."""

from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Boolean, CheckConstraint, Date, Index, Integer, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from chassis.models import Aggregate
from contracts.welfare.programmes import ProgrammeState
from services.welfare.base import Base
from services.welfare.programmes.rules import PROGRAMME


class Programme(Aggregate, Base):
    """A programme of one union, for it and all unions below. Whoever changes its account holds its row locked."""

    __tablename__ = "programme"

    union_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(Text)
    form: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    year: Mapped[int] = mapped_column(Integer)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    budget_fen: Mapped[int] = mapped_column(BigInteger)
    #: Of benefits approved and not yet received.
    committed_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    #: Of benefits received and not reversed.
    spent_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    fund_source: Mapped[str] = mapped_column(Text)
    policy_version: Mapped[str] = mapped_column(Text)
    #: Worker categories that may get it; all where it is empty.
    categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    admits_retained: Mapped[bool] = mapped_column(Boolean)
    state: Mapped[str] = mapped_column(Text)
    opinion: Mapped[str | None] = mapped_column(Text)
    #: Resolution by which the committee approved it.
    resolution_ref: Mapped[str | None] = mapped_column(Text)
    #: Resolution by which the audit committee closed the audit.
    audit_ref: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index(None, "union_id", "id"),
        CheckConstraint("committed_fen >= 0 AND spent_fen >= 0", name="account"),
        CheckConstraint("committed_fen + spent_fen <= budget_fen", name="budget"),
    )

    @property
    def org_id(self) -> UUID:
        """The union whose programme it is."""
        return self.union_id

    @property
    def programme_id(self) -> UUID:
        """The name of the id in events."""
        return self.id

    @property
    def is_open(self) -> bool:
        """Whether anything may be frozen, approved or issued."""
        return self.state == ProgrammeState.OPEN

    @property
    def is_settled(self) -> bool:
        """Whether its account is final; what was spent was told or is about to be audited."""
        return self.state in (ProgrammeState.SETTLED, ProgrammeState.AUDITED)

    @property
    def left_fen(self) -> int:
        """What of the budget is neither bound nor spent."""
        return self.budget_fen - self.committed_fen - self.spent_fen

    @property
    def actions(self) -> tuple[str, ...]:
        """The commands that are possible now."""
        return PROGRAMME.actions(self.state)

"""What is kept of everything that one administrator proposes and another decides on; rows are kept when it ends."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Integer, Text, Uuid, func
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from kernel.ids import new_id


class FourEyes:
    """A proposal about an account, and who made it and decided on it."""

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=lambda: UUID(new_id()))
    version: Mapped[int] = mapped_column(Integer)
    account_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("account.id"))
    state: Mapped[str] = mapped_column(Text)
    #: Accounts, or the system for the first administrators.
    proposed_by: Mapped[UUID] = mapped_column(Uuid)
    decided_by: Mapped[UUID | None] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    changed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp(), onupdate=func.clock_timestamp()
    )

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class Powers(FourEyes):
    """What gives an account powers for as long as it holds."""

    ended_by: Mapped[UUID | None] = mapped_column(Uuid)

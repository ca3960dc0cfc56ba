"""What every aggregate's table has: an id, a version for If-Match, and the number of its own last event."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Integer, Text, Uuid, func
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from kernel.ids import new_id


def _new_id() -> UUID:
    return UUID(new_id())


class Aggregate:
    """Mixin of an aggregate's root. `org_id` is the union that the record belongs to; scope is checked against it."""

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=_new_id)
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)
    #: Number of the aggregate's own last event; not the row's version.
    event_sequence: Mapped[int] = mapped_column(BigInteger, nullable=False, default=0)
    region_code: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())

    def __init__(self, **values: Any) -> None:
        """Give the id now and not by the flush: events and steps of the same unit of work name it."""
        super().__init__(**{"id": _new_id(), "event_sequence": 0, **values})

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__dict__.get("version", Aggregate.version), "eager_defaults": False}

    @property
    def org_id(self) -> UUID:
        """The union that the record belongs to."""
        raise NotImplementedError

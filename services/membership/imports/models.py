"""The table of what is wrong in the rows of a file; it never holds a value of the file."""

from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Integer, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from chassis import tables
from services.membership.base import Base


class ImportFault(Base):
    """One thing that is wrong in one row; it goes with its job."""

    __tablename__ = "import_fault"

    import_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(tables.job.c.id, ondelete="CASCADE"), primary_key=True)
    #: Number in the file; the heading is row 1.
    row: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    #: Heading of the column.
    field: Mapped[str] = mapped_column(Text, primary_key=True)
    code: Mapped[str] = mapped_column(Text)
    #: What fills the words of the code: limits and choices.
    params: Mapped[dict[str, Any]] = mapped_column(JSON)

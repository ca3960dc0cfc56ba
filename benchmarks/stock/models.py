"""The table of the hot path, with the product's columns."""

from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import DateTime, Uuid, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Activity(Base):
    __tablename__ = "activity"

    id: Mapped[str] = mapped_column(Uuid(as_uuid=False), primary_key=True, default=lambda: str(uuid4()))
    kind: Mapped[str]
    title: Mapped[str]
    state: Mapped[str] = mapped_column(default="planned")
    organizer_union_id: Mapped[str] = mapped_column(Uuid(as_uuid=False))
    held_on: Mapped[date]
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    quota: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


FIELDS = tuple(column.key for column in Activity.__table__.columns)

"""The table of posts in unions, from membership's `office_post_*` events."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, Date, Index, Integer, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from gateway.base import Base


class HeldPost(Base):
    """A post in a union as its newest event tells of it; a projection."""

    __tablename__ = "held_post"
    __table_args__ = (Index("ix_held_post_subject_key", "generation", "subject_key"),)

    generation: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    post_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger)
    subject_key: Mapped[str] = mapped_column(Text)
    union_id: Mapped[UUID] = mapped_column(Uuid)
    body: Mapped[str] = mapped_column(Text)
    post: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    started_on: Mapped[date] = mapped_column(Date)

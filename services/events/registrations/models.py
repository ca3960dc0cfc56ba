"""The table of registrations."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis.models import Aggregate
from services.events.activities.models import Activity
from services.events.base import Base
from services.events.registrations.rules import actions


class Registration(Aggregate, Base):
    """One person's wish to come to one activity; all of an activity change under the lock of its row."""

    __tablename__ = "registration"

    activity_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("activity.id"))
    #: Which one it is of its activity, in the order in which they came.
    number: Mapped[int] = mapped_column(Integer)
    subject_key: Mapped[str] = mapped_column(Text)
    #: Category and union of the person on the day of registration.
    worker_category: Mapped[str] = mapped_column(Text)
    union_id: Mapped[UUID] = mapped_column(Uuid)
    state: Mapped[str] = mapped_column(Text)

    activity: Mapped[Activity] = relationship()

    __table_args__ = (
        UniqueConstraint("activity_id", "number"),
        Index(None, "activity_id", "state", "number"),
        # who cancelled may come again, as the last in the row
        Index(
            "uq_registration_live",
            "activity_id",
            "subject_key",
            unique=True,
            postgresql_where=text("state <> 'cancelled'"),
        ),
    )

    @property
    def org_id(self) -> UUID:
        """The union that organises the activity."""
        return self.activity.organizer_union_id

    @property
    def registration_id(self) -> UUID:
        """The name of the id in events."""
        return self.id

    @property
    def actions(self) -> tuple[str, ...]:
        """The commands that are possible now."""
        return actions(self.state)

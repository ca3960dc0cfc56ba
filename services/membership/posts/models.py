"""The table of posts; its indexes hold what two resolutions at once could break."""

from datetime import date
from uuid import UUID

from sqlalchemy import Boolean, Date, ForeignKey, Index, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.models import Aggregate
from services.membership.base import Base
from services.membership.posts.rules import POST


class OfficePost(Aggregate, Base):
    """A post in a union and who holds or held it."""

    __tablename__ = "office_post"

    union_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("union_organization.id"))
    subject_key: Mapped[str] = mapped_column(Text, index=True)
    body: Mapped[str] = mapped_column(Text)
    post: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    full_time: Mapped[bool] = mapped_column(Boolean)
    host: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    started_on: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    ended_reason: Mapped[str | None] = mapped_column(Text)
    resolution_ref: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index(None, "union_id", "id"),)

    @property
    def org_id(self) -> UUID:
        """The union that it is a post of."""
        return self.union_id

    @property
    def post_id(self) -> UUID:
        """The name of the id in events."""
        return self.id

    @property
    def actions(self) -> tuple[str, ...]:
        """The commands that are possible now."""
        return POST.actions(self.state)


#: A body has one chair at a time.
ONE_CHAIR = Index(
    "uq_office_post_one_chair",
    OfficePost.union_id,
    OfficePost.body,
    unique=True,
    postgresql_where=text("state = 'held' AND post = 'chair'"),
)
#: Nobody holds the same post twice at a time.
ONCE_EACH = Index(
    "uq_office_post_once_each",
    OfficePost.union_id,
    OfficePost.body,
    OfficePost.post,
    OfficePost.subject_key,
    unique=True,
    postgresql_where=text("state = 'held'"),
)

"""The table of unions: each row knows the union above it, and so the table is the tree."""

from datetime import date
from uuid import UUID

from sqlalchemy import Boolean, Date, ForeignKey, Index, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.models import Aggregate
from kernel.unseen import UNSEEN
from services.membership.base import Base
from services.membership.organisation.rules import UNION


class UnionOrganization(Aggregate, Base):
    """A union; it is its own organisation, so that whoever reaches the union reaches its record."""

    __tablename__ = "union_organization"

    name: Mapped[str] = mapped_column(Text)
    short_name: Mapped[str] = mapped_column(Text)
    org_kind: Mapped[str] = mapped_column(Text)
    founding_mode: Mapped[str] = mapped_column(Text)
    workforce: Mapped[str] = mapped_column(Text)
    party_cobuilt: Mapped[bool] = mapped_column(Boolean)
    superior_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("union_organization.id"))
    state: Mapped[str] = mapped_column(Text)
    founded_on: Mapped[date] = mapped_column(Date)
    approved_on: Mapped[date | None] = mapped_column(Date)

    @property
    def org_id(self) -> UUID:
        """The union itself."""
        return self.id

    @property
    def union_id(self) -> UUID:
        """The name of the id in events."""
        return self.id

    @property
    def actions(self) -> tuple[str, ...]:
        """The commands that are possible now."""
        return UNION.actions(self.state)


_SEEN = f"regexp_replace(normalize(name, NFKC), '[{UNSEEN}]', '', 'g')"
#: A name as people tell it from others: whatever its case and width, what nobody sees in it, and how it is spaced.
FOLDED_NAME = text(f"lower(btrim(regexp_replace({_SEEN}, '\\s+', ' ', 'g')))")

#: Names are unique below one superior, and federations among themselves.
NAME_INDEX = Index(
    "uq_union_organization_superior_id_name",
    UnionOrganization.superior_id,
    FOLDED_NAME,
    unique=True,
    postgresql_nulls_not_distinct=True,
)

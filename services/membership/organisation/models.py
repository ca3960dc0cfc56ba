"""The table of unions: each row knows the union above it, and so the table is the tree."""

from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, Date, ForeignKey, Index, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.models import Aggregate
from contracts.membership.organisation import Rung
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
    #: Whose workers it organises.
    enterprise_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default=text("'{}'"))
    rung: Mapped[str] = mapped_column(Text, server_default=Rung.FOUNDED)
    plaque_on: Mapped[date | None] = mapped_column(Date)
    #: Of the certificate as a legal person.
    uscc: Mapped[str | None] = mapped_column(Text, unique=True)
    legal_certificate_no: Mapped[str | None] = mapped_column(Text)
    legal_certificate_until: Mapped[date | None] = mapped_column(Date)
    dissolved_on: Mapped[date | None] = mapped_column(Date)
    dissolution_basis: Mapped[str | None] = mapped_column(Text)
    #: Of the members' meeting that resolved the end.
    resolution_ref: Mapped[str | None] = mapped_column(Text)

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


#: Small letters of Cyrillic and Greek that are like a Latin one, themselves or as capitals; and these Latin ones.
_FOREIGN = (
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0456\u0458\u0455\u0501\u051b\u051d\u0475\u04bb"
    "\u03b1\u03b2\u03b5\u03b6\u03b7\u03b9\u03ba\u03bc\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7"
)
_LATIN = "abekmhopctyxijsdqwvhabezhikmnoptyx"
_SEEN = f"regexp_replace(normalize(name, NFKC), '[{UNSEEN}]', '', 'g')"
_SPACED = f"btrim(regexp_replace({_SEEN}, '\\s+', ' ', 'g'))"
#: A name as people tell it from others: whatever its case and width, what nobody sees in it, how it is spaced, and
#: which alphabet lends its letters.
FOLDED_NAME = text(f"translate(lower({_SPACED}), '{_FOREIGN}', '{_LATIN}')")

#: Names are unique below one superior, and federations among themselves.
NAME_INDEX = Index(
    "uq_union_organization_superior_id_name",
    UnionOrganization.superior_id,
    FOLDED_NAME,
    unique=True,
    postgresql_nulls_not_distinct=True,
)

"""The table of consents; a withdrawn one is kept, for it proves what was allowed until then."""

from datetime import date
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.models import Aggregate
from services.membership.base import Base
from services.membership.consents.rules import CONSENT


class Consent(Aggregate, Base):
    """That a person agrees, or agreed, to one use of their data."""

    __tablename__ = "consent"

    person_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("person.id"))
    subject_key: Mapped[str] = mapped_column(Text)
    #: Where the person was a member then.
    union_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("union_organization.id"))
    purpose: Mapped[str] = mapped_column(Text)
    #: The notice that was agreed to.
    text_version: Mapped[str] = mapped_column(Text)
    #: Who gets the data, where they are shared.
    recipient: Mapped[str | None] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    granted_on: Mapped[date] = mapped_column(Date)
    withdrawn_on: Mapped[date | None] = mapped_column(Date)
    #: Where the paper lies.
    form_ref: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (Index(None, "union_id", "id"), Index(None, "subject_key", "id"))

    @property
    def org_id(self) -> UUID:
        """The union that keeps the paper."""
        return self.union_id

    @property
    def consent_id(self) -> UUID:
        """The name of the id in events."""
        return self.id

    @property
    def purpose_code(self) -> str:
        """The name of the purpose in events."""
        return self.purpose

    @property
    def effective_at(self) -> date:
        """Since when the state holds."""
        return self.withdrawn_on or self.granted_on

    @property
    def actions(self) -> tuple[str, ...]:
        """The commands that are possible now."""
        return CONSENT.actions(self.state)


#: Nobody agrees twice to the same.
ONE_GRANTED = Index(
    "uq_consent_one_granted",
    Consent.person_id,
    Consent.purpose,
    Consent.recipient,
    unique=True,
    postgresql_where=text("state = 'granted'"),
    postgresql_nulls_not_distinct=True,
)

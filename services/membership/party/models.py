"""The tables of recommendations and of the totals that Party organisations report."""

from datetime import date
from uuid import UUID

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.models import Aggregate
from services.membership.base import Base
from services.membership.party.rules import RECOMMENDATION


class PartyRecommendation(Aggregate, Base):
    """A recommendation of one person to one Party organisation, and which account took each step."""

    __tablename__ = "party_recommendation"

    subject_key: Mapped[str] = mapped_column(Text)
    union_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("union_organization.id"))
    party_org_ref: Mapped[str] = mapped_column(Text)
    #: As the register had it when the nomination was recorded.
    is_industrial_worker: Mapped[bool] = mapped_column(Boolean)
    state: Mapped[str] = mapped_column(Text)
    nominated_on: Mapped[date] = mapped_column(Date)
    nominated_by: Mapped[UUID] = mapped_column(Uuid)
    reviewed_by: Mapped[UUID | None] = mapped_column(Uuid)
    recommended_on: Mapped[date | None] = mapped_column(Date)
    recommended_by: Mapped[UUID | None] = mapped_column(Uuid)
    outcome_on: Mapped[date | None] = mapped_column(Date)
    concluded_by: Mapped[UUID | None] = mapped_column(Uuid)

    __table_args__ = (Index(None, "union_id", "id"),)

    @property
    def org_id(self) -> UUID:
        """The union that nominated."""
        return self.union_id

    @property
    def recommendation_id(self) -> UUID:
        """The name of the id in events."""
        return self.id

    @property
    def actions(self) -> tuple[str, ...]:
        """The commands that are possible now."""
        return RECOMMENDATION.actions(self.state)


#: A Party organisation has one recommendation of a person at a time, unless it declined the others.
ONE_AT_A_TIME = Index(
    "uq_party_recommendation_one_at_a_time",
    PartyRecommendation.subject_key,
    PartyRecommendation.party_org_ref,
    unique=True,
    postgresql_where=text("state <> 'declined'"),
)


class DevelopmentTargetTotal(Aggregate, Base):
    """How many development targets a Party organisation had in a period."""

    __tablename__ = "development_target_total"

    federation_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("union_organization.id"))
    party_org_ref: Mapped[str] = mapped_column(Text)
    period_from: Mapped[date] = mapped_column(Date)
    period_to: Mapped[date] = mapped_column(Date)
    total: Mapped[int] = mapped_column(Integer)
    source_ref: Mapped[str] = mapped_column(Text)
    #: Account that reported it last.
    reported_by: Mapped[UUID] = mapped_column(Uuid)

    __table_args__ = (
        Index(
            "uq_development_target_total_one_per_period",
            "federation_id",
            "party_org_ref",
            "period_from",
            "period_to",
            unique=True,
        ),
    )

    @property
    def org_id(self) -> UUID:
        """The federation in whose area the Party organisation is."""
        return self.federation_id

    @property
    def union_id(self) -> UUID:
        """The name of the federation in events."""
        return self.federation_id

    @property
    def target_total_id(self) -> UUID:
        """The name of the id in events."""
        return self.id

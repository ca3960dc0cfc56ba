"""The facts that figures are counted from: one row for each event, never changed, and so in any order the same."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Date, DateTime, Index, Integer, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from contracts.events.activities import ActivityKind
from services.reporting.base import Base


class Fact:
    """What every fact has."""

    generation: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    union_id: Mapped[UUID] = mapped_column(Uuid)
    region_code: Mapped[str] = mapped_column(Text)
    #: Business time.
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: Machine time at the service that told it.
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class StateFact(Fact):
    """What a record was after one of its events; the one with the greatest sequence holds."""

    event_type: Mapped[str] = mapped_column(Text)
    sequence: Mapped[int] = mapped_column(BigInteger)


class ActivityFact(StateFact, Base):
    """An activity."""

    __tablename__ = "fact_activity"

    activity_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(Text)
    #: Of a contest.
    tier: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    held_on: Mapped[date | None] = mapped_column(Date)
    sessions: Mapped[int] = mapped_column(Integer)
    attendances: Mapped[int] = mapped_column(Integer)
    distinct_subjects: Mapped[int] = mapped_column(Integer)
    #: The event that this one replaces.
    corrects: Mapped[UUID | None] = mapped_column(Uuid)

    __table_args__ = (Index(None, "generation", "union_id", "kind", "activity_id", "sequence"),)


class AttendanceFact(Fact, Base):
    """One person in one session of a closed activity."""

    __tablename__ = "fact_attendance"

    activity_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(Text)
    session_no: Mapped[int] = mapped_column(Integer)
    subject_key: Mapped[str] = mapped_column(Text)
    worker_category: Mapped[str] = mapped_column(Text)
    on_date: Mapped[date] = mapped_column(Date)

    # persons are counted at contests only; an index of all attendances would slow every one of them down
    __table_args__ = (
        Index(
            "ix_fact_attendance_contest",
            "generation",
            "activity_id",
            postgresql_where=text(f"kind = '{ActivityKind.COMPETITION}'"),
        ),
    )


class MembershipFact(StateFact, Base):
    """A membership: from `effective_on` on it is in this state."""

    __tablename__ = "fact_membership"

    membership_id: Mapped[UUID] = mapped_column(Uuid)
    subject_key: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    worker_category: Mapped[str] = mapped_column(Text)
    is_industrial_worker: Mapped[bool] = mapped_column(Boolean)
    out_of_province: Mapped[bool] = mapped_column(Boolean)
    effective_on: Mapped[date] = mapped_column(Date)

    __table_args__ = (Index(None, "generation", "union_id", "membership_id", "sequence"),)


class UnionFact(StateFact, Base):
    """A union organisation."""

    __tablename__ = "fact_union"

    state: Mapped[str] = mapped_column(Text)
    org_kind: Mapped[str] = mapped_column(Text)
    workforce: Mapped[str] = mapped_column(Text)
    party_cobuilt: Mapped[bool] = mapped_column(Boolean)
    founded_on: Mapped[date] = mapped_column(Date)
    approved_on: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (Index(None, "generation", "union_id", "sequence"),)


class RecommendationFact(StateFact, Base):
    """The recommendation of a member to the Party organisation."""

    __tablename__ = "fact_recommendation"

    recommendation_id: Mapped[UUID] = mapped_column(Uuid)
    subject_key: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    is_industrial_worker: Mapped[bool] = mapped_column(Boolean)
    recommended_on: Mapped[date | None] = mapped_column(Date)

    __table_args__ = (Index(None, "generation", "union_id"),)


class TargetTotalFact(StateFact, Base):
    """How many development targets a Party organisation had in a period."""

    __tablename__ = "fact_target_total"

    target_total_id: Mapped[UUID] = mapped_column(Uuid)
    period_from: Mapped[date] = mapped_column(Date)
    period_to: Mapped[date] = mapped_column(Date)
    total: Mapped[int] = mapped_column(Integer)

    __table_args__ = (Index(None, "generation", "union_id"),)


class GrantFact(StateFact, Base):
    """One person's benefit: from `on_date` on it is in this state."""

    __tablename__ = "fact_grant"

    grant_id: Mapped[UUID] = mapped_column(Uuid)
    programme_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(Text)
    form: Mapped[str] = mapped_column(Text)
    subject_key: Mapped[str] = mapped_column(Text)
    worker_category: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    on_date: Mapped[date] = mapped_column(Date)

    __table_args__ = (Index(None, "generation", "union_id", "kind", "grant_id", "sequence"),)


class HealthCheckFact(StateFact, Base):
    """One person at a health check."""

    __tablename__ = "fact_health_check"

    booking_id: Mapped[UUID] = mapped_column(Uuid)
    programme_id: Mapped[UUID] = mapped_column(Uuid)
    subject_key: Mapped[str] = mapped_column(Text)
    worker_category: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    on_date: Mapped[date] = mapped_column(Date)

    __table_args__ = (Index(None, "generation", "union_id", "booking_id", "sequence"),)

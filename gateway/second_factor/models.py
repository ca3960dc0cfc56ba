"""The tables of second factors, their recovery codes, and of removals."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, LargeBinary, Text, UniqueConstraint, Uuid, func
from sqlalchemy.orm import Mapped, mapped_column

from contracts.gateway.second_factor import FactorState, RemovalState
from gateway.accounts.proposals import FourEyes
from gateway.base import Base
from gateway.second_factor.rules import REMOVAL


class SecondFactor(Base):
    """An authenticator app of an account: the one that counts, or the one that is to take its place."""

    __tablename__ = "second_factor"
    __table_args__ = (UniqueConstraint("account_id", "state"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("account.id"))
    state: Mapped[str] = mapped_column(Text)
    #: Sealed with SM4-GCM to this row (`gateway.second_factor.sealing`).
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)
    #: Time step of the last code that was taken: that code and those before it are used up.
    last_step: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())


#: A factor whose codes signing in asks for.
ENROLLED = SecondFactor.state == FactorState.ACTIVE.value


class RecoveryCode(Base):
    """A recovery code that was not used yet, as its keyed digest."""

    __tablename__ = "recovery_code"

    account_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("account.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)


class SecondFactorRemoval(FourEyes, Base):
    """That two administrators take a second factor off an account."""

    __tablename__ = "second_factor_removal"

    #: The factor as it was when the removal was proposed; whoever enrols another one meanwhile is not locked out.
    factor_id: Mapped[UUID] = mapped_column(Uuid)

    @property
    def actions(self) -> tuple[str, ...]:
        """The commands that are possible now."""
        return REMOVAL.actions(self.state)


#: One removal of an account waits for its decision at a time.
OPEN_REMOVAL = Index(
    "uq_second_factor_removal_open",
    SecondFactorRemoval.account_id,
    unique=True,
    postgresql_where=SecondFactorRemoval.state == RemovalState.PROPOSED.value,
)

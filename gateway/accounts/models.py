"""The tables of accounts and of the roles that are granted to them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, DateTime, ForeignKey, Index, Integer, Text, Uuid, func, text
from sqlalchemy.orm import Mapped, mapped_column

from contracts.gateway.accounts import GrantState
from gateway.accounts.rules import GRANT
from gateway.base import Base
from kernel.ids import new_id


class Account(Base):
    """Somebody who may sign in; no number and no name of a person is kept here."""

    __tablename__ = "account"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=lambda: UUID(new_id()))
    version: Mapped[int] = mapped_column(Integer)
    #: Folded, so that no two differ in case or width alone.
    username: Mapped[str] = mapped_column(Text, unique=True)
    password_hash: Mapped[str] = mapped_column(Text)
    disabled: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    #: Access tokens carry it; those of an earlier epoch are refused.
    epoch: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    epoch_began_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), index=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict

    def begin_epoch(self) -> None:
        """Have every access token made so far refused."""
        self.epoch += 1
        self.epoch_began_at = func.clock_timestamp()


class RoleGrant(Base):
    """A role for an account, at a union and all below it; rows are kept when it ends."""

    __tablename__ = "role_grant"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=lambda: UUID(new_id()))
    version: Mapped[int] = mapped_column(Integer)
    account_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("account.id"))
    role: Mapped[str] = mapped_column(Text)
    union_id: Mapped[UUID | None] = mapped_column(Uuid)
    state: Mapped[str] = mapped_column(Text)
    #: Accounts, or the system for the first administrators.
    proposed_by: Mapped[UUID] = mapped_column(Uuid)
    decided_by: Mapped[UUID | None] = mapped_column(Uuid)
    ended_by: Mapped[UUID | None] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    changed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp(), onupdate=func.clock_timestamp()
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict

    @property
    def actions(self) -> tuple[str, ...]:
        """The commands that are possible now."""
        return GRANT.actions(self.state)


#: A grant that holds or may come to.
IS_OPEN = RoleGrant.state.in_((GrantState.PROPOSED.value, GrantState.ACTIVE.value))
#: An account is proposed or holds a role at a union once.
OPEN_GRANT = Index(
    "uq_role_grant_open",
    RoleGrant.account_id,
    RoleGrant.role,
    RoleGrant.union_id,
    unique=True,
    postgresql_nulls_not_distinct=True,
    postgresql_where=IS_OPEN,
)
#: Reads an account's grants, newest first.
ACCOUNT_GRANTS = Index("ix_role_grant_account_id_id", RoleGrant.account_id, RoleGrant.id)
#: Name of the constraint that keeps user names apart.
USERNAME = "uq_account_username"

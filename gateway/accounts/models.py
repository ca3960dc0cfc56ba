"""The tables of accounts, of the persons they are linked to, and of the roles that are granted to them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, DateTime, Index, Integer, Text, Uuid, exists, func, select, text
from sqlalchemy.orm import Mapped, column_property, mapped_column

from contracts.gateway.accounts import GrantState
from gateway.accounts.proposals import Powers
from gateway.accounts.rules import GRANT, LINK
from gateway.base import Base
from gateway.second_factor.models import ENROLLED, SecondFactor
from kernel.ids import new_id


class AccountLink(Powers, Base):
    """That an account is a person's own."""

    __tablename__ = "account_link"

    subject_key: Mapped[str] = mapped_column(Text)

    @property
    def actions(self) -> tuple[str, ...]:
        """The commands that are possible now."""
        return LINK.actions(self.state)


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
    #: The person whose own it is now.
    subject_key: Mapped[str | None] = column_property(
        select(AccountLink.subject_key)
        .where(AccountLink.account_id == id, AccountLink.state == GrantState.ACTIVE.value)  # noqa: A003 - the column above
        .scalar_subquery()
    )
    #: Whether signing in asks for a second factor.
    second_factor: Mapped[bool] = column_property(
        exists().where(SecondFactor.account_id == id, ENROLLED)  # noqa: A003 - as above
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict

    def begin_epoch(self) -> None:
        """Have every access token made so far refused."""
        self.epoch += 1
        self.epoch_began_at = func.clock_timestamp()


class RoleGrant(Powers, Base):
    """A role for an account, at a union and all below it."""

    __tablename__ = "role_grant"

    role: Mapped[str] = mapped_column(Text)
    union_id: Mapped[UUID | None] = mapped_column(Uuid)

    @property
    def actions(self) -> tuple[str, ...]:
        """The commands that are possible now."""
        return GRANT.actions(self.state)


_OPEN = (GrantState.PROPOSED.value, GrantState.ACTIVE.value)
#: A grant that holds or may come to.
IS_OPEN = RoleGrant.state.in_(_OPEN)
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
#: An account is proposed or linked to one person, and a person to one account.
ACCOUNT_LINKED, SUBJECT_LINKED = (
    Index(f"uq_account_link_{column.name}", column, unique=True, postgresql_where=AccountLink.state.in_(_OPEN))
    for column in (AccountLink.__table__.c.account_id, AccountLink.__table__.c.subject_key)
)

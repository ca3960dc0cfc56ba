"""The tables of sessions, their refresh tokens, and of attempts to sign in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Integer, LargeBinary, Uuid, func
from sqlalchemy.orm import Mapped, mapped_column

from gateway.base import Base


class SignedInSession(Base):
    """One sign-in and everything that followed from it, until its end."""

    __tablename__ = "signed_in_session"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), index=True)
    #: SHA-256 of the user name and the client: whoever signed in from there before is no stranger.
    client_digest: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)


class RefreshToken(Base):
    """A refresh token as its SHA-256 digest; a used one stays, so that its second use is noticed."""

    __tablename__ = "refresh_token"

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    session_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("signed_in_session.id", ondelete="CASCADE"), index=True)
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class SignInAttempts(Base):
    """Attempts at one user name, whether or not an account has it: of one client in a row, or of strangers in a day."""

    __tablename__ = "sign_in_attempts"

    #: SHA-256 of the folded user name, with the client or with the day: people type passwords into this field.
    username_digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    attempts: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    blocked_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))

"""Tells membership's other capabilities which enterprises are registered."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.membership.enterprises.models import Enterprise


def are_registered(session: Session, enterprise_ids: Collection[UUID]) -> bool:
    """Whether there is an enterprise of each of these ids, which differ."""
    if not enterprise_ids:
        return True
    statement = select(func.count()).select_from(Enterprise).where(Enterprise.id.in_(enterprise_ids))
    return session.scalar(statement) == len(enterprise_ids)

"""Business time, which an operator may set, apart from machine time, which nobody does."""

from datetime import date, datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from chassis.tables import business_clock
from kernel.zone import SHANGHAI


def business_moment(set_day: date | None) -> datetime:
    """Now in Asia/Shanghai, on the day that was set if one was."""
    now = datetime.now(SHANGHAI)
    return now if set_day is None else datetime.combine(set_day, now.timetz())


def set_day(connection: Connection) -> date | None:
    """The day an operator set, or None where business time is machine time."""
    return connection.scalar(select(business_clock.c.today))


def move(connection: Connection, day: date | None) -> None:
    """Set the business day, or let it follow machine time again."""
    statement = insert(business_clock).values(only=True, today=day)
    connection.execute(statement.on_conflict_do_update(index_elements=["only"], set_={"today": day}))

"""The metadata of the tables that belong to the gateway alone; the chassis' own tables stand beside them."""

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from chassis.tables import NAMING


class Base(DeclarativeBase):
    """Base of every table of the gateway."""

    metadata = MetaData(naming_convention=NAMING)

"""The metadata of the tables that belong to welfare alone; the chassis' own tables stand beside them."""

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from chassis.tables import NAMING


class Base(DeclarativeBase):
    """Base of every table of welfare."""

    metadata = MetaData(naming_convention=NAMING)

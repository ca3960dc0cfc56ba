"""An aggregate can be told of before it is stored."""

from uuid import UUID

from sqlalchemy import Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.models import Aggregate


class Base(DeclarativeBase):
    pass


class Book(Aggregate, Base):
    __tablename__ = "book"

    union_id: Mapped[UUID] = mapped_column(Uuid)


def test_a_new_aggregate_has_an_id_of_its_own_and_no_event_before_it_is_stored() -> None:
    one, other = Book(), Book()

    assert isinstance(one.id, UUID)
    assert one.id != other.id
    assert (one.event_sequence, other.event_sequence) == (0, 0)


def test_an_aggregate_made_with_an_id_keeps_it() -> None:
    given = Book().id

    assert Book(id=given).id == given

"""A personal value opens only with its person's key at its own place, and prints nowhere."""

import copy
import json
import logging
import pickle
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import marshmallow
import orjson
import pytest
from sqlalchemy import Uuid, create_engine, insert, select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from chassis.columns import BlindIndex, ClearText, Sealed, SealedText, seal
from chassis.keystore import PersonKey
from kernel.crypto.errors import BrokenSeal

NAME = "欧阳小娟"


class Base(DeclarativeBase):
    pass


class Somebody(Base):
    __tablename__ = "somebody"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[SealedText | None] = mapped_column("name_enc", Sealed)
    mobile: Mapped[SealedText | None] = mapped_column(Sealed)
    index: Mapped[bytes | None] = mapped_column(BlindIndex)


class SomebodyElse(Base):
    __tablename__ = "somebody_else"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[SealedText | None] = mapped_column("name_enc", Sealed)


KEY = PersonKey(uuid4(), b"d" * 16, b"s" * 16)
ROW = uuid4()


@pytest.fixture
def session() -> Any:
    engine = create_engine("sqlite://", hide_parameters=True)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


def test_a_value_comes_back_from_its_column_with_its_persons_key(session: Session) -> None:
    session.add(Somebody(id=ROW, name=seal(KEY, Somebody.name, ROW, NAME), index=b"i" * 32))
    session.commit()
    found = session.scalars(select(Somebody)).one()

    assert isinstance(found.name, SealedText)
    assert found.name.open(KEY, Somebody.name, ROW).reveal() == NAME
    assert found.mobile is None
    assert found.index == b"i" * 32
    assert session.scalars(select(Somebody.id).where(Somebody.index == b"i" * 32)).all() == [ROW]


def test_a_table_and_its_class_name_the_same_place() -> None:
    sealed = seal(KEY, Somebody.__table__.c.name_enc, ROW, NAME)
    assert sealed.open(KEY, Somebody.name, ROW).reveal() == NAME


@pytest.mark.parametrize(
    ("key", "column", "row_id"),
    [
        (PersonKey(KEY.id, b"x" * 16, KEY.seed), Somebody.name, ROW),
        (KEY, Somebody.mobile, ROW),
        (KEY, SomebodyElse.name, ROW),
        (KEY, Somebody.name, uuid4()),
    ],
    ids=["another key", "another column", "another table", "another row"],
)
def test_a_value_opens_nowhere_else_and_with_no_other_key(key: PersonKey, column: Any, row_id: UUID) -> None:
    sealed = seal(KEY, Somebody.name, ROW, NAME)
    with pytest.raises(BrokenSeal):
        sealed.open(key, column, row_id)


@pytest.mark.parametrize(
    ("column", "value"),
    [("name", NAME), ("name", NAME.encode()), ("name", ClearText(NAME)), ("index", "13800001234"), ("index", b"short")],
)
def test_a_column_refuses_what_is_neither_sealed_nor_a_digest_without_showing_it(
    session: Session, column: str, value: Any
) -> None:
    with pytest.raises(StatementError) as raised:
        session.execute(insert(Somebody).values({"id": ROW, column: value}))
    assert isinstance(raised.value.orig, TypeError)
    assert all(str(secret) not in str(raised.value) for secret in (NAME, NAME.encode(), "13800001234"))


VALUES = pytest.mark.parametrize(
    "value", [ClearText(NAME), seal(KEY, Somebody.name, ROW, NAME)], ids=["open", "sealed"]
)


@VALUES
def test_a_text_made_of_a_value_shows_nothing(value: Any, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger(__name__).warning("%s %r", value, [value])
    texts = [str(value), repr(value), f"{value:>20}", f"{value!r}", str({"name": value}), caplog.text]
    texts.append(marshmallow.fields.String().serialize("name", {"name": value}))

    assert all(text and NAME not in text and "\\x" not in text for text in texts)


@VALUES
@pytest.mark.parametrize("leave", [json.dumps, orjson.dumps, pickle.dumps, copy.deepcopy, vars, bytes, list, len])
def test_no_value_becomes_json_or_leaves_the_process(value: Any, leave: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError) as raised:
        leave(value)
    assert NAME not in str(raised.value)


def test_opened_values_compare_by_what_they_say() -> None:
    assert ClearText(NAME) == ClearText(NAME)
    assert ClearText(NAME) != ClearText("李娟")
    assert ClearText(NAME) != NAME

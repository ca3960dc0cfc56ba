"""Column types of personal data: a sealed value goes through program, log and reply without ever being seen.

name: Mapped[SealedText] = mapped_column(Sealed)

person.name = seal(key, Person.name, person.id, "李娟")
person.name.open(key, Person.name, person.id).reveal()
"""

from typing import Any, NoReturn, final
from uuid import UUID

from sqlalchemy import Column, Dialect, LargeBinary, TypeDecorator
from sqlalchemy.orm import InstrumentedAttribute

from chassis.keystore import PersonKey
from kernel.crypto import sm4

#: Bytes of an HMAC-SM3.
INDEX_BYTES = 32

#: A column, as a mapped class or a table has it.
AnyColumn = InstrumentedAttribute[Any] | Column[Any]


class _Unseen:
    """Cannot be printed, copied or pickled; no JSON library knows it, and what makes a text of it gets the mask."""

    __slots__ = ()
    _MASK = ""

    def __repr__(self) -> str:
        return self._MASK

    def __format__(self, _specification: str) -> str:
        return self._MASK

    def __reduce_ex__(self, _protocol: Any) -> NoReturn:
        raise TypeError(f"a {type(self).__name__} does not leave the process")


@final
class ClearText(_Unseen):
    """A personal value that was opened; only `reveal` shows it. Two are equal if their values are."""

    __slots__ = ("_text",)
    _MASK = "***"

    def __init__(self, text: str) -> None:
        self._text = text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ClearText) and other._text == self._text

    __hash__ = None  # type: ignore[assignment]

    def reveal(self) -> str:
        """The value itself: for a rule, a mask or a reply that may hold it."""
        return self._text


@final
class SealedText(_Unseen):
    """A personal value as it lies in its column."""

    __slots__ = ("_sealed",)
    _MASK = "<sealed>"

    def __init__(self, sealed: bytes) -> None:
        self._sealed = sealed

    def open(self, key: PersonKey, column: AnyColumn, row_id: UUID) -> ClearText:
        """Open it with the person's key, at the place where it lies. Raises the errors of `sm4.unseal`."""
        return ClearText(sm4.unseal(key.data_key, self._sealed, _place(column, row_id)).decode())

    def to_database(self) -> bytes:
        """What the column holds, for a statement that no column type sees."""
        return self._sealed


def seal(key: PersonKey, column: AnyColumn, row_id: UUID, text: str) -> SealedText:
    """Seal a value with its person's key, to its place: it opens in this column of this row and nowhere else."""
    return SealedText(sm4.seal(key.data_key, text.encode(), _place(column, row_id)))


class Sealed(TypeDecorator[SealedText]):
    """A column of sealed values; it takes nothing that is not sealed."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Raises TypeError on a value that is not sealed, and does not show it."""
        if value is None:
            return None
        if not isinstance(value, SealedText):
            raise TypeError("a Sealed column takes only what `seal` gives")
        return value.to_database()

    def process_result_value(self, value: Any, dialect: Dialect) -> SealedText | None:
        """What the column holds, still sealed."""
        return None if value is None else SealedText(bytes(value))


class BlindIndex(TypeDecorator[bytes]):
    """A column of digests by which sealed numbers are found (`kernel.crypto.blind_index`); empty after an erasure."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Raises TypeError on what is no digest, such as the number itself, and does not show it."""
        if value is not None and not (isinstance(value, bytes) and len(value) == INDEX_BYTES):
            raise TypeError(f"a BlindIndex column takes {INDEX_BYTES} bytes")
        return value


def _place(column: AnyColumn, row_id: UUID) -> bytes:
    """Names table, column and row, whatever the attribute is called in the code."""
    plain: Any = column if isinstance(column, Column) else column.property.columns[0]
    return f"{plain.table.name}.{plain.name}.{row_id}".encode()

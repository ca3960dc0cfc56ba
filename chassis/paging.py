"""Cuts a query into pages by key, so that a cursor neither skips nor repeats while rows come and go."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, SQLColumnExpression

from chassis.errors import Refused
from chassis.work import Reading

#: What each field of a list query, by its name, leaves of the list.
Filters = Mapping[str, Callable[[Reading, Any], ColumnElement[bool]]]

RowT = TypeVar("RowT")


def encode(key: str) -> str:
    """An opaque cursor that stands after the row with this key."""
    return urlsafe_b64encode(key.encode()).decode().rstrip("=")


def decode(cursor: str) -> str:
    """The key behind a cursor. Raises Refused `invalid_request` on one that this product did not make."""
    try:
        key = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError as error:
        raise bad_cursor() from error
    # the decoder skips what is no base64, and PostgreSQL takes no NUL
    if encode(key) != cursor or "\0" in key:
        raise bad_cursor()
    return key


def decode_id(cursor: str) -> UUID:
    """As `decode`, for a key that is an id."""
    try:
        return UUID(decode(cursor))
    except ValueError as error:
        raise bad_cursor() from error


def bad_cursor() -> Refused:
    """The refusal of a cursor that this product did not make."""
    return Refused("invalid_request", errors=[{"field": "cursor", "code": "not_a_cursor"}])


def newest_first(
    reading: Reading,
    statement: Select[*tuple[Any, ...]],
    request: Mapping[str, Any],
    key: SQLColumnExpression[Any],
    filters: Filters,
    view: Callable[[RowMapping], Mapping[str, Any]] = dict,
) -> dict[str, Any]:
    """The page that a `PageRequest` asks for, of a statement that selects `id`; `key` is the column of that id."""
    kept = [filters[name](reading, value) for name, value in request.items() if name in filters]
    if "cursor" in request:
        kept.append(key < decode_id(request["cursor"]))
    asked = statement.where(*kept).order_by(key.desc()).limit(request["limit"] + 1)
    rows = [view(row) for row in reading.connection.execute(asked).mappings()]
    return page(rows, request["limit"], lambda row: row["id"])


def page(rows: Sequence[RowT], limit: int, key: Callable[[RowT], Any]) -> dict[str, Any]:
    """A page from up to `limit + 1` rows, read to learn whether more follow."""
    shown = rows[:limit]
    return {"items": shown, "next": encode(str(key(shown[-1]))) if len(rows) > limit else None}

"""How every list is asked for and answered: an opaque cursor that neither skips nor repeats."""

from functools import cache
from typing import TypeVar

from contracts import fields
from contracts.declare import Request
from contracts.schema import Schema

#: Rows in a page unless the client asks for fewer or more.
DEFAULT_LIMIT = 50
#: Rows in a page at most.
LARGEST_LIMIT = 200

ViewT = TypeVar("ViewT", bound=Schema)


class PageRequest(Request):
    """The part of a list query that is the same everywhere."""

    cursor = fields.Text(longest=200, metadata={"description": "`next` of the page before; none for the first page"})
    limit = fields.Count(1, LARGEST_LIMIT, load_default=DEFAULT_LIMIT)


@cache
def page_of(view: type[Schema]) -> type[Schema]:
    """The answer to a list query: `items`, and `next` (null on the last page); one class for each view."""
    name = f"{view.__name__.removesuffix('View')}Page"
    body = {
        "__doc__": f"A page of {view.__name__}.",
        "__module__": view.__module__,
        "items": fields.Many(fields.Part(view), longest=LARGEST_LIMIT, required=True),
        "next": fields.Text(allow_none=True, required=True),
    }
    return type(name, (Schema,), body)

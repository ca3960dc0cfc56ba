"""Names the mapping in which a WSGI server hands over a request."""

from typing import Any, TypeAlias

Environment: TypeAlias = dict[str, Any]

#: Key of a function with which a server lets an application end the connection after the answer.
HANG_UP = "unionhall.hang_up"

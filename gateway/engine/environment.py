"""Names the mapping in which a WSGI server hands over a request."""

from typing import Any, TypeAlias

Environment: TypeAlias = dict[str, Any]

#: Key of a function by which an application has the server end the connection after the answer.
HANG_UP = "unionhall.hang_up"

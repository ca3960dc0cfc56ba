"""Every use of nameko's private names, in one place whose test names the version it was written for."""

from typing import Any

#: The release whose private names are used here and nowhere else.
NAMEKO_VERSION = "2.14.1"
#: Names that travel as `nameko.<name>` headers.
HEADER_PREFIX = "nameko."


def context_of(headers: dict[str, Any]) -> dict[str, Any]:
    """The worker context data that came in a message's headers, as nameko's own entrypoints read it."""
    start = len(HEADER_PREFIX)
    return {name[start:]: value for name, value in headers.items() if name.startswith(HEADER_PREFIX)}

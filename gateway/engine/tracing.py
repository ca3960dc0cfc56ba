"""Takes the trace that a request belongs to, or begins one (W3C Trace Context), so that all logs of a request meet."""

import random
import re
from dataclasses import dataclass

#: Version, trace id, parent id and flags; a later version may append more.
_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(?:-.*)?")
#: Flags of a trace that begins here: sampled.
_SAMPLED = "01"


@dataclass(frozen=True, slots=True)
class Trace:
    """The trace's id and this gateway's own place in it."""

    id: str
    traceparent: str


def trace(header: str | None) -> Trace:
    """Continue the trace of a `traceparent` header; a missing or broken one begins a new trace."""
    given = _TRACEPARENT.fullmatch(header) if header else None
    trace_id, flags = (given[1], given[2]) if given else (f"{random.getrandbits(128):032x}", _SAMPLED)
    return Trace(trace_id, f"00-{trace_id}-{random.getrandbits(64):016x}-{flags}")

"""What operators see of the requests that came over HTTP, for Prometheus."""

from functools import cache

from prometheus_client import Histogram

from gateway.engine.routing import Endpoint, Target

#: Seconds from a request's headers to its answer.
REQUESTS = Histogram(
    "unionhall_http_seconds",
    "HTTP requests answered, by operation and status",
    ("operation", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)


def answered(endpoint: Endpoint | None, status: str, seconds: float) -> None:
    """Count an answer; whatever is no operation counts under one name, for a client chooses its path."""
    operation = endpoint.operation.wire_name if isinstance(endpoint, Target) else "none"
    _series(operation, status).observe(seconds)


@cache
def _series(operation: str, status: str) -> Histogram:
    """The series of a pair; finding it anew takes a lock, and there are few pairs."""
    return REQUESTS.labels(operation, status[:3])

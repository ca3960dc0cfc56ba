"""Says with which codes an operation may be refused: its own, and those that follow from what it is."""

from contracts.declare import Kind, Operation, Scope

#: What any request may meet.
_ALWAYS = (
    "uri_too_long",
    "headers_too_large",
    "too_many_requests",
    "not_acceptable",
    "malformed_query",
    "invalid_request",
    "internal_error",
    "service_unavailable",
)
_SIGNED_IN = ("not_authenticated", "token_expired", "role_not_allowed")
_KEYED = ("idempotency_key_required", "idempotency_key_invalid", "idempotency_key_reused", "in_progress")
_BODY = ("body_broken", "body_too_large", "request_timeout", "unsupported_media_type")
_VERSIONED = ("if_match_invalid", "stale_version")


def codes(operation: Operation) -> list[str]:
    """Every code that the operation may answer with over HTTP, sorted."""
    is_command = operation.kind is Kind.COMMAND
    on_path = operation.route.parameters if operation.route else ()
    found = {*operation.errors, *_ALWAYS, operation.overdue}
    found.update(() if operation.public else _SIGNED_IN)
    found.update(() if operation.public or operation.before_factor else ("second_factor_needed",))
    found.update(("outside_scope",) if operation.scope in (Scope.FIELD, Scope.RECORD) else ())
    found.update(("not_found",) if on_path else ())
    found.update(_KEYED if operation.keyed else ())
    found.update((*_BODY, "file_empty" if operation.upload else "malformed_json") if is_command else ())
    found.update(_VERSIONED if operation.versioned else ())
    return sorted(found)

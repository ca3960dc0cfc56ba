"""Turns whatever went wrong into problem details; one table says what each exception means to a client."""

from collections.abc import Mapping

import structlog
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import MethodNotAllowed, NotFound

from chassis.errors import DeadlineExceeded, Refused, ServiceUnavailable
from chassis.offload import Overloaded
from contracts import catalogue, problem
from contracts.catalogue import Language
from contracts.declare import Operation
from gateway.engine import responses
from gateway.engine.responses import Answer
from gateway.engine.routing import status_line, with_options

#: The code of each exception; what came too late depends on the operation, and anything else is our own fault.
_CODES: Mapping[type[Exception], str] = {
    NotFound: "not_found",
    MethodNotAllowed: "method_not_allowed",
    ServiceUnavailable: "service_unavailable",
    PoolTimeout: "service_unavailable",
    Overloaded: "too_many_requests",
}
#: Seconds after which it makes sense to ask again, unless the refusal knows better.
_RETRY_AFTER = {
    "service_unavailable": "1",
    "deadline_exceeded": "1",
    "outcome_unknown": "1",
    "outcome_unknown_unkeyed": "1",
    "in_progress": "1",
    "too_many_requests": "1",
    "not_yet_known": "2",
}
#: Bad fields that one answer lists; a body of a megabyte could have a hundred thousand.
_MOST_FIELDS = 50

log = structlog.get_logger(__name__)


def answer(error: Exception, operation: Operation | None, language: Language, trace_id: str) -> Answer:
    """The answer to an exception; `operation` is what was asked for, where it was found."""
    refused = error if isinstance(error, Refused) else Refused(_code(error, operation))
    if refused.code == "internal_error" or not _has_words(refused):
        log.error("request_failed", trace_id=trace_id, exc_info=error)
        refused = Refused("internal_error")
    asked = operation and operation.wire_name
    log.info("refused", operation=asked, code=refused.code, field=refused.field, trace_id=trace_id)
    details = problem.render(
        refused.code,
        language,
        field=refused.field,
        rule_code=refused.rule_code,
        article=refused.article,
        errors=refused.errors[:_MOST_FIELDS],
        params=refused.params,
        trace_id=trace_id,
    )
    status = status_line(details["status"])
    return responses.problem(status, details, problem.MEDIA_TYPE, _headers(error, refused, language))


def _code(error: Exception, operation: Operation | None) -> str:
    if isinstance(error, DeadlineExceeded) and operation is not None:
        return operation.overdue
    return _CODES.get(type(error), "internal_error")


def _has_words(refused: Refused) -> bool:
    """Whether the catalogue knows every code; a service newer than this gateway may send one that it lacks."""
    known = catalogue.entries()
    return all(code in known for code in (refused.code, *(row["code"] for row in refused.errors)))


def _headers(error: Exception, refused: Refused, language: Language) -> list[tuple[str, str]]:
    headers = [("Content-Language", language), ("Vary", "Accept-Language")]
    if isinstance(error, MethodNotAllowed):
        headers.append(("Allow", with_options(error.valid_methods or ())))
    if seconds := refused.params.get("retry_after") or _RETRY_AFTER.get(refused.code):
        headers.append(("Retry-After", seconds))
    if catalogue.entry(refused.code).status == 401:
        headers.append(("WWW-Authenticate", _challenge(refused.code)))
    return headers


def _challenge(code: str) -> str:
    """RFC 6750, 3: an expired token is worth a refresh."""
    return 'Bearer realm="unionhall"' + (', error="invalid_token"' if code == "token_expired" else "")

"""The WSGI application: each request goes through the same steps, in the order in which they may refuse it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from chassis.commands import Call
from chassis.errors import Refused, ServiceUnavailable
from contracts.declare import Operation
from gateway.caller import NOBODY
from gateway.engine import errors, headers, requests, responses
from gateway.engine.authentication import Authentication
from gateway.engine.documents import Document
from gateway.engine.environment import Environment
from gateway.engine.probes import Probe
from gateway.engine.responses import Answer
from gateway.engine.routing import Endpoint, Router, Target
from gateway.engine.tracing import Trace, trace

StartResponse = Callable[[str, list[tuple[str, str]]], Any]

#: Requests in work at once; more are told to come again, before memory and pools are.
MOST_AT_ONCE = 500


class Asks(Protocol):
    """Whoever runs operations: a service over RPC, or the gateway itself."""

    def call(self, operation: Operation, payload: Mapping[str, Any], call: Call) -> Any:
        """The reply as JSON values. Raises what `chassis.errors` has."""
        ...


class Application:
    """Serves the contracts over HTTP."""

    def __init__(self, router: Router, authentication: Authentication, asks: Asks) -> None:
        self._router = router
        self._authentication = authentication
        self._asks = asks
        self._running = 0

    def __call__(self, environ: Environment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request. Nothing that a client sends raises."""
        begun = trace(environ.get("HTTP_TRACEPARENT"))
        self._running += 1
        try:
            answer = self._answer(environ, begun)
        finally:
            self._running -= 1
        answer.headers.append(("Trace-Id", begun.id))
        start_response(answer.status, answer.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]

    def _answer(self, environ: Environment, begun: Trace) -> Answer:
        endpoint: Endpoint | None = None
        try:
            headers.check_size(environ)
            if self._running > MOST_AT_ONCE:
                raise ServiceUnavailable
            method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
            if method == "OPTIONS":
                return responses.options(self._router.methods(path))
            endpoint, parameters = self._router.match(method, path)
            if isinstance(endpoint, Target):
                return self._operate(environ, endpoint, parameters, begun)
            return _published(environ, endpoint)
        except Exception as error:
            kind = endpoint.operation.kind if isinstance(endpoint, Target) else None
            return errors.answer(error, kind, headers.language(environ.get("HTTP_ACCEPT_LANGUAGE", "")), begun.id)

    def _operate(self, environ: Environment, target: Target, path: Mapping[str, str], begun: Trace) -> Answer:
        operation = target.operation
        actor = NOBODY if operation.public else self._authentication.caller(environ.get("HTTP_AUTHORIZATION"))
        if not operation.public and not actor.holds(operation.roles):
            raise Refused("role_not_allowed")
        _check_accept(environ, "application/json")
        key = headers.idempotency_key(environ, operation)
        version = headers.expected_version(environ, operation)
        payload = requests.payload(environ, target, path)
        target.check(payload)
        call = Call(actor, key, version, begun.traceparent)
        return responses.reply(target.status, self._asks.call(operation, payload, call))


def _published(environ: Environment, endpoint: Document | Probe) -> Answer:
    if isinstance(endpoint, Probe):
        return responses.probe(endpoint.answer())
    _check_accept(environ, endpoint.media_type.partition(";")[0])
    return responses.document(endpoint)


def _check_accept(environ: Environment, media_type: str) -> None:
    accepted = environ.get("HTTP_ACCEPT")
    if not accepted or accepted in {"*/*", media_type}:
        return
    if not headers.accepts(accepted, media_type):
        raise Refused("not_acceptable")

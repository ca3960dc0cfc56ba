"""The WSGI application: each request goes through the same steps, in the order in which they may refuse it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from time import perf_counter
from typing import Any, Protocol

from chassis.commands import Call
from chassis.errors import Refused, ServiceUnavailable
from chassis.uploads import Piece
from contracts.declare import Operation
from gateway.caller import NOBODY, Caller
from gateway.engine import bodies, errors, headers, metrics, requests, responses, uploads
from gateway.engine.authentication import Authentication
from gateway.engine.documents import Document
from gateway.engine.environment import Environment
from gateway.engine.probes import Probe
from gateway.engine.responses import Answer
from gateway.engine.routing import Endpoint, Router, Target
from gateway.engine.tracing import Trace, trace

StartResponse = Callable[[str, list[tuple[str, str]]], Any]

#: Operations asked for at once; more are told to come again, before memory and pools are.
MOST_AT_ONCE = 500


class Asks(Protocol):
    """Whoever runs operations: a service over RPC, or the gateway itself."""

    def call(self, operation: Operation, payload: Mapping[str, Any], call: Call) -> Any:
        """The reply as JSON values. Raises what `chassis.errors` has."""
        ...

    def chunk(self, service: str, file_id: str, number: int) -> bytes:
        """One piece of a file that a service hands out."""
        ...

    def put(self, service: str, piece: Piece) -> None:
        """Hand a service one piece of a file that somebody sends."""
        ...


class Application:
    """Serves the contracts over HTTP."""

    def __init__(self, router: Router, authentication: Authentication, asks: Asks) -> None:
        self._router = router
        self._authentication = authentication
        self._asks = asks
        self._asking = 0

    def __call__(self, environ: Environment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request. Nothing that a client sends raises."""
        started, current = perf_counter(), trace(environ.get("HTTP_TRACEPARENT"))
        endpoint: Endpoint | None = None
        try:
            endpoint, path = self._find(environ)
            answer = self._serve(environ, endpoint, path, current)
        except Exception as error:
            answer = _refusal(environ, endpoint, error, current)
        metrics.answered(endpoint, answer.status, perf_counter() - started)
        answer.headers.append(("Trace-Id", current.id))
        start_response(answer.status, answer.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else answer.body

    def _find(self, environ: Environment) -> tuple[Endpoint, Mapping[str, str]]:
        bodies.check_framing(environ)  # first, for it decides whether another request may follow
        headers.check_size(environ)
        return self._router.match(environ["REQUEST_METHOD"], requests.address(environ))

    def _serve(self, environ: Environment, endpoint: Endpoint, path: Mapping[str, str], current: Trace) -> Answer:
        if isinstance(endpoint, Target):
            return self._operate(environ, endpoint, path, current)
        if isinstance(endpoint, Document):
            headers.check_accept(environ, endpoint.media_type.partition(";")[0])
            return responses.document(endpoint)
        if isinstance(endpoint, Probe):
            return responses.probe(endpoint.answer())
        return responses.options(endpoint.methods)

    def _operate(self, environ: Environment, target: Target, path: Mapping[str, str], current: Trace) -> Answer:
        operation = target.operation
        actor = NOBODY if operation.public else self._caller(environ, operation)
        headers.check_accept(environ, operation.answers_with)
        key = headers.idempotency_key(environ, operation)
        version = headers.expected_version(environ, operation)
        payload = requests.payload(environ, target, path)
        if operation.upload:
            assert key is not None, "a file goes with a key"
            payload |= uploads.receive(environ, operation, actor.id, key, partial(self._put, operation.service))
        target.check(payload)
        call = Call(actor, key, version, current.traceparent, environ.get("REMOTE_ADDR", ""))
        with self._place():
            reply = self._asks.call(operation, payload, call)
        if operation.download:
            pieces = (self._asks.chunk(operation.service, reply["id"], number) for number in range(reply["chunks"]))
            return responses.file(reply, pieces)
        if operation.document:
            return responses.rendered(operation.document, reply)
        return responses.reply(target.status, reply)

    def _caller(self, environ: Environment, operation: Operation) -> Caller:
        caller = self._authentication.caller(environ.get("HTTP_AUTHORIZATION"))
        if caller.must_enrol and not operation.before_factor:
            raise Refused("second_factor_needed")
        if not caller.holds(operation.roles):
            raise Refused("role_not_allowed")
        return caller

    def _put(self, service: str, piece: Piece) -> None:
        with self._place():
            self._asks.put(service, piece)

    @contextmanager
    def _place(self) -> Iterator[None]:
        """One of the places, which nobody has whose body is still on its way."""
        if self._asking >= MOST_AT_ONCE:
            raise ServiceUnavailable
        self._asking += 1
        try:
            yield
        finally:
            self._asking -= 1


def _refusal(environ: Environment, endpoint: Endpoint | None, error: Exception, current: Trace) -> Answer:
    operation = endpoint.operation if isinstance(endpoint, Target) else None
    return errors.answer(error, operation, headers.language(environ.get("HTTP_ACCEPT_LANGUAGE", "")), current.id)

"""Finds what a method and path stand for; every route comes from a declaration in the contracts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeAlias

import marshmallow
from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Rule

from chassis.errors import Refused
from contracts.declare import Kind, Operation
from contracts.fields import Field
from contracts.schema import Schema, field_errors
from gateway.engine.documents import Document
from gateway.engine.probes import Probe


@dataclass(frozen=True, slots=True)
class Target:
    """An operation that a request leads to, with all that is the same for each request."""

    operation: Operation
    schema: Schema
    status: str
    takes_body: bool

    def from_text(self, name: str, text: str) -> Any:
        """The JSON value that a path or query string means; an unknown field keeps its text, to be refused."""
        field = self.schema.fields.get(name)
        return field.from_text(text) if isinstance(field, Field) else text

    def check(self, payload: Mapping[str, Any]) -> None:
        """Refuse a request that the service would refuse for its form, before it crosses the broker."""
        try:
            self.schema.load(payload)
        except marshmallow.ValidationError as error:
            raise Refused("invalid_request", errors=field_errors(error)) from error


@dataclass(frozen=True, slots=True)
class Options:
    """The question what an address can be asked, with its answer."""

    methods: str


Endpoint: TypeAlias = Target | Document | Probe | Options


class Router:
    """The map of all addresses. Paths are case-sensitive and never redirected."""

    def __init__(self, operations: Iterable[Operation], pages: Iterable[Document | Probe]) -> None:
        rules = [_rule(operation) for operation in operations if operation.route is not None]
        rules += [Rule(page.path, methods=("GET",), endpoint=page) for page in pages]
        self._addresses = Map(rules, merge_slashes=False).bind("gateway")

    def match(self, method: str, path: str) -> tuple[Endpoint, Mapping[str, str]]:
        """The endpoint and the path's parameters. Raises werkzeug's NotFound and MethodNotAllowed."""
        if method == "OPTIONS":
            return self._options(path), {}
        endpoint, parameters = self._addresses.match(path, method)
        return endpoint, parameters

    def _options(self, path: str) -> Options:
        allowed = self._addresses.allowed_methods(path)
        if not allowed:
            raise NotFound
        return Options(with_options(allowed))


def with_options(methods: Iterable[str]) -> str:
    """The value of an Allow header: OPTIONS is answered everywhere."""
    return ", ".join(sorted({*methods, "OPTIONS"}))


def _rule(operation: Operation) -> Rule:
    route = operation.route
    assert route is not None
    target = Target(
        operation=operation,
        schema=operation.request(),
        status=status_line(route.status),
        takes_body=operation.kind is Kind.COMMAND,
    )
    return Rule(route.path.replace("{", "<").replace("}", ">"), methods=(route.method,), endpoint=target)


def status_line(status: int) -> str:
    """The status as WSGI wants it: `404 Not Found`."""
    return f"{status} {HTTPStatus(status).phrase}"

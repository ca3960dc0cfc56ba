"""Declares commands, queries and events, so that routes, checks and documents follow from one place."""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

from contracts.roles import Role
from contracts.schema import Schema

#: Seconds a query may take before the gateway answers 503 (ADR 0004).
QUERY_DEADLINE = 1.8
#: Seconds a command may take before the gateway answers 504 `outcome_unknown`.
COMMAND_DEADLINE = 10.0
#: Bytes a JSON body may have; and where anybody may send one, who is known to nobody yet.
JSON_LIMIT, PUBLIC_LIMIT = 1024 * 1024, 16 * 1024
#: Bytes a file may have unless its route says otherwise.
FILE_LIMIT = 256 * 1024 * 1024


class Kind(StrEnum):
    """Whether an operation changes anything."""

    COMMAND = "command"
    QUERY = "query"


class Scope(StrEnum):
    """Which organisation an actor's role must reach for an operation."""

    #: The role alone decides.
    NONE = "none"
    #: The union named by the request's field `scope_field`.
    FIELD = "field"
    #: The union to which the record belongs that the operation works on.
    RECORD = "record"
    #: The answer holds only what lies below the actor's own unions.
    FILTER = "filter"


class Classification(StrEnum):
    """How far the data of an event may travel."""

    PUBLIC = "public"
    INTERNAL = "internal"
    PSEUDONYMOUS = "pseudonymous"
    SENSITIVE = "sensitive"


@dataclass(frozen=True)
class Route:
    """An HTTP method and path; names in braces are fields of the request."""

    method: str
    path: str
    status: int = 200

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the path's parameters, in order."""
        return tuple(re.findall(r"{(\w+)}", self.path))


@dataclass(frozen=True)
class TextDocument:
    """A text that a query writes for people when it is asked for, and what a browser may do with it."""

    media_type: str
    #: Content-Security-Policy of the answer.
    policy: str = "default-src 'none'"


@dataclass(frozen=True)
class Operation:
    """One command or query: what the gateway needs to serve it and the service needs to run it."""

    service: str
    capability: str
    name: str
    kind: Kind
    summary: str
    description: str
    request: type[Schema]
    reply: type[Schema] | None
    route: Route | None
    roles: frozenset[Role]
    public: bool
    scope: Scope
    scope_field: str | None
    errors: tuple[str, ...]
    deadline: float
    body_limit: int
    versioned: bool
    #: Whether a command demands an idempotency key; one whose reply holds secrets keeps no reply to repeat.
    keyed: bool
    #: Whether it is open to an account that has to enrol a second factor before anything else.
    before_factor: bool
    #: Media type of the file that a query hands out; None where the answer is JSON.
    download: str | None
    #: What the answer is where a query's reply is a text of its own; None where it is JSON.
    document: TextDocument | None
    #: Media types of the file that is a command's body; empty where the body is JSON.
    upload: tuple[str, ...]

    @property
    def wire_name(self) -> str:
        """Name of the RPC method: `membership.approve_union`."""
        return f"{self.service}.{self.name}"

    @property
    def answers_with(self) -> str:
        """Media type of the answer."""
        return self.document.media_type if self.document else self.download or "application/json"

    @property
    def overdue(self) -> str:
        """Code of the answer to a client when none came in time: what is known, and what to do."""
        if self.kind is Kind.QUERY:
            return "deadline_exceeded"
        return "outcome_unknown" if self.keyed else "outcome_unknown_unkeyed"


@dataclass(frozen=True)
class EventType:
    """One kind of domain event in one major version."""

    service: str
    capability: str
    name: str
    version: int
    summary: str
    classification: Classification
    subject: str
    schema: type[Schema]

    @property
    def routing_key(self) -> str:
        """Key on the exchange `<service>.events`; the first version has the bare name."""
        return self.name if self.version == 1 else f"{self.name}.v{self.version}"

    @property
    def type(self) -> str:
        """The CloudEvents `type`."""
        return f"cn.unionhall.{self.service}.{self.name}.v{self.version}"

    @property
    def dataschema(self) -> str:
        """The CloudEvents `dataschema`."""
        return f"urn:unionhall:schema:{self.service}.{self.name}:v{self.version}"


class Request(Schema):
    """A command or query as a client sends it: path, query string and body together."""

    operation: ClassVar[Operation]


class Event(Schema):
    """The `data` of a domain event: the aggregate's whole state that any consumer may hold."""

    event_type: ClassVar[EventType]


#: Everything declared so far, in the order of declaration; read it through `contracts.registry`.
OPERATIONS: list[type[Request]] = []
EVENTS: list[type[Event]] = []

RequestT = TypeVar("RequestT", bound=Request)
EventT = TypeVar("EventT", bound=Event)


def get(path: str) -> Route:
    """A route that reads."""
    return Route("GET", path)


def post(path: str, status: int = 200) -> Route:
    """A route that changes something; 201 where it makes a record, 202 where it starts a job."""
    return Route("POST", path, status)


def query(
    route: Route | None, *, reply: type[Schema] | None, **details: Any
) -> Callable[[type[RequestT]], type[RequestT]]:
    """Declare a query. Its request class's docstring is its description."""
    return _operation(Kind.QUERY, route, reply, deadline=details.pop("deadline", QUERY_DEADLINE), **details)


def command(
    route: Route | None, *, reply: type[Schema] | None, **details: Any
) -> Callable[[type[RequestT]], type[RequestT]]:
    """Declare a command. Its request class's docstring is its description."""
    return _operation(Kind.COMMAND, route, reply, deadline=details.pop("deadline", COMMAND_DEADLINE), **details)


def _operation(
    kind: Kind,
    route: Route | None,
    reply: type[Schema] | None,
    *,
    deadline: float,
    roles: Iterable[Role] = (),
    public: bool = False,
    scope: Scope = Scope.NONE,
    scope_field: str | None = None,
    errors: tuple[str, ...] = (),
    body_limit: int | None = None,
    versioned: bool = False,
    keyed: bool = True,
    before_factor: bool = False,
    download: str | None = None,
    document: TextDocument | None = None,
    upload: tuple[str, ...] = (),
) -> Callable[[type[RequestT]], type[RequestT]]:
    granted = frozenset(roles)
    if public == bool(granted):
        raise TypeError("an operation is either public or names its roles")
    if (scope is Scope.FIELD) != (scope_field is not None):
        raise TypeError("scope_field goes with Scope.FIELD and only with it")

    if upload and not (keyed and granted):
        raise TypeError("a file goes with the key and the actor who sends it")

    def declare(request: type[RequestT]) -> type[RequestT]:
        service, capability = _place(request)
        summary, description = _doc(request)
        missing = [name for name in route.parameters if name not in request._declared_fields] if route else []
        if missing:
            raise TypeError(f"{request.__name__}: no field for path parameters {missing}")
        request.operation = Operation(
            service=service,
            capability=capability,
            name=_snake(request.__name__),
            kind=kind,
            summary=summary,
            description=description,
            request=request,
            reply=reply,
            route=route,
            roles=granted,
            public=public,
            scope=scope,
            scope_field=scope_field,
            errors=errors,
            deadline=deadline,
            body_limit=body_limit or (FILE_LIMIT if upload else PUBLIC_LIMIT if public else JSON_LIMIT),
            versioned=versioned,
            keyed=keyed and kind is Kind.COMMAND,
            before_factor=before_factor,
            download=download,
            document=document,
            upload=upload,
        )
        OPERATIONS.append(request)
        return request

    return declare


def event(classification: Classification, *, subject: str, version: int = 1) -> Callable[[type[EventT]], type[EventT]]:
    """Declare an event; `subject` names the field that holds the aggregate's id."""

    def declare(schema: type[EventT]) -> type[EventT]:
        service, capability = _place(schema)
        summary, _ = _doc(schema)
        name = re.sub(r"_v\d+$", "", _snake(schema.__name__))
        schema.event_type = EventType(service, capability, name, version, summary, classification, subject, schema)
        EVENTS.append(schema)
        return schema

    return declare


def by_name(*events: type[EventT]) -> Mapping[str, type[EventT]]:
    """Events by the name that a state table gives them."""
    return {event.event_type.name: event for event in events}


def _place(schema: type[Schema]) -> tuple[str, str]:
    """Service and capability of a class in `contracts/<service>/<capability>.py`."""
    _, service, capability = schema.__module__.split(".")[:3]
    return service, capability


def _doc(schema: type[Schema]) -> tuple[str, str]:
    lines = inspect.cleandoc(schema.__doc__ or "").splitlines()
    if not lines:
        raise TypeError(f"{schema.__name__} has no docstring")
    return lines[0], "\n".join(lines[1:]).strip()


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()

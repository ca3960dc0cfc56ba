"""Runs commands and queries: checked request, checked right, one unit of work, one answer per key."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

import marshmallow
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from chassis import clock, idempotency, outbox
from chassis.actor import Actor
from chassis.database import TRIES, Database, committing, retried
from chassis.errors import Refused
from chassis.failpoints import failpoint
from chassis.tree import Bind, Standing, UnionTree
from chassis.work import Reading, Work
from contracts.declare import Kind, Operation, Request, Scope
from contracts.fields import Secret
from contracts.schema import Schema, field_errors

FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Call:
    """What comes with a request beside its fields."""

    actor: Actor
    #: The client's idempotency key; the gateway demands one on every POST.
    key: str | None = None
    #: Version that the client last saw (If-Match).
    expected_version: int | None = None
    traceparent: str | None = None
    #: Address that the request came from; only the gateway's own commands hear of it.
    client: str = ""


@dataclass(frozen=True)
class Handler:
    """A command or query function and what surrounds it."""

    operation: Operation
    function: Callable[..., Any]
    on: type[Any] | None
    conflicts: Mapping[str, str]
    request: Schema
    reply: Schema | None
    first: Callable[[Session, UUID], None] | None = None
    right: Callable[[Work, Any], None] | None = None

    @cached_property
    def secrets(self) -> frozenset[str]:
        """Names of the request's fields that nothing may be kept of."""
        return frozenset(name for name, field in self.request.fields.items() if isinstance(field, Secret))


#: Every registered function by wire name; a service serves those of its capabilities.
HANDLERS: dict[str, Handler] = {}


def handles(
    request: type[Request],
    *,
    on: type[Any] | None = None,
    first: Callable[[Session, UUID], None] | None = None,
    right: Callable[[Work, Any], None] | None = None,
    conflicts: Mapping[str, str] | None = None,
) -> Callable[[FunctionT], FunctionT]:
    """Register the function that does what a request asks.

    A command is `function(work, request)`, or `function(work, aggregate, request)` where `on` names the aggregate that
    the path's first parameter identifies: it comes locked, in scope and in the expected version. `first` locks what
    must be locked before the aggregate of that id, where several that change together could wait in a circle. `right`
    refuses whoever may not, where the operation's scope does not decide: before the version, of which they learn
    nothing. A query is `function(reading, request)`. The answer is whatever the reply schema can dump. `conflicts` maps
    names of database constraints to error codes.
    """
    operation = request.operation
    if on is None and (operation.versioned or operation.scope is Scope.RECORD):
        raise TypeError(f"{operation.wire_name}: a version or Scope.RECORD needs `on`")
    if on is not None and operation.scope not in {Scope.RECORD, Scope.NONE}:
        raise TypeError(f"{operation.wire_name}: `on` goes with Scope.RECORD or Scope.NONE")
    if on is None and (first or right):
        raise TypeError(f"{operation.wire_name}: `first` and `right` go with `on`")

    def register(function: FunctionT) -> FunctionT:
        if operation.wire_name in HANDLERS:
            raise TypeError(f"{operation.wire_name} has two handlers")
        reply = operation.reply() if operation.reply else None
        HANDLERS[operation.wire_name] = Handler(
            operation, function, on, conflicts or {}, request(), reply, first, right
        )
        return function

    return register


class Runner:
    """Runs the handlers of one service against its database."""

    def __init__(
        self,
        database: Database,
        tree: UnionTree,
        committed: Callable[[], None],
        digest_key: bytes,
        own: Any = None,
    ) -> None:
        """`committed` is called after each commit that recorded events: it wakes the relay.

        Requests are compared by their digests under `digest_key`. `own` is what only this service has.
        """
        self._database = database
        self._tree = tree
        self._committed = committed
        self._digest_key = digest_key
        self._own = own

    def run(self, handler: Handler, payload: Mapping[str, Any], call: Call) -> Any:
        """Do what was asked and give the reply as JSON values.

        Raises Refused for whatever the client can mend, ServiceUnavailable when the database is away.
        """
        operation = handler.operation
        if not operation.public and not call.actor.holds(operation.roles):
            raise Refused("role_not_allowed")
        request = _load(handler, payload)
        if operation.kind is Kind.QUERY:
            return retried(lambda: self._query(handler, request, call))
        # without a key nobody could tell whether a lost connection took the effect with it
        return retried(lambda: self._command(handler, payload, request, call), tries=1 if call.key is None else TRIES)

    def _query(self, handler: Handler, request: Mapping[str, Any], call: Call) -> Any:
        with self._database.reader.connect() as connection:
            self._check_field(connection, handler.operation, request, call.actor)
            answer = handler.function(Reading(connection, call.actor, self._tree, self._own), request)
            return _dump(handler, answer)

    def _command(self, handler: Handler, payload: Mapping[str, Any], request: Mapping[str, Any], call: Call) -> Any:
        with Session(self._database.writer, expire_on_commit=False) as session:
            claimed = self._claim(session, handler, payload, call)
            if claimed.answered:
                return claimed.reply
            work = self._work(session, claimed, call)
            reply = self._answer(handler, work, request, call)
            failpoint("command.after_insert")
            with committing():
                if call.key is None:
                    outbox.record(session, work.recorded)
                else:
                    outbox.close(session, call.actor.id, call.key, reply, work.recorded)
                session.commit()
        if work.recorded:
            self._committed()
        failpoint("command.before_reply")
        return reply

    def _work(self, session: Session, claimed: idempotency.Claim, call: Call) -> Work:
        return Work(
            session,
            call.actor,
            self._tree,
            claimed.set_day,
            call.traceparent,
            client=call.client,
            own=self._own,
        )

    def _claim(self, session: Session, handler: Handler, payload: Mapping[str, Any], call: Call) -> idempotency.Claim:
        if call.key is None:
            return idempotency.Claim(answered=False, set_day=clock.set_day(session.connection()))
        # even under a key, nothing is kept that would help those who guess passwords
        open_fields = {name: value for name, value in payload.items() if name not in handler.secrets}
        operation = handler.operation.wire_name
        asked = idempotency.digest(self._digest_key, operation, open_fields, call.expected_version)
        return idempotency.claim(session, call.actor.id, call.key, operation, asked)

    def _answer(self, handler: Handler, work: Work, request: Mapping[str, Any], call: Call) -> Any:
        work.standing = self._check_field(work.session, handler.operation, request, call.actor)
        targets = [] if handler.on is None else [self._target(handler, work, request, call)]
        try:
            answer = handler.function(work, *targets, request)
            work.session.flush()
        except IntegrityError as error:
            code = handler.conflicts.get(_constraint(error))
            if code is None:
                raise
            raise Refused(code) from error
        return _dump(handler, answer)

    def _target(self, handler: Handler, work: Work, request: Mapping[str, Any], call: Call) -> Any:
        """The aggregate that the request is about: found, in scope, unchanged since the client saw it, locked."""
        assert handler.on is not None
        assert handler.operation.route is not None
        wanted: UUID = request[handler.operation.route.parameters[0]]
        if handler.first is not None:
            handler.first(work.session, wanted)
        found = work.session.get(handler.on, wanted, with_for_update=True)
        if found is None:
            raise Refused("not_found")
        if handler.operation.scope is Scope.RECORD:
            self._check_reach(work.session, handler.operation, found.org_id, call.actor)
        if handler.right is not None:
            handler.right(work, found)
        if call.expected_version is not None and found.version != call.expected_version:
            raise Refused("stale_version")
        return found

    def _check_field(
        self, bind: Bind, operation: Operation, request: Mapping[str, Any], actor: Actor
    ) -> Standing | None:
        if operation.scope_field is None:
            return None
        return self._check_reach(bind, operation, request[operation.scope_field], actor, field=operation.scope_field)

    def _check_reach(
        self, bind: Bind, operation: Operation, union_id: UUID, actor: Actor, field: str | None = None
    ) -> Standing:
        standing = self._tree.standing(bind, union_id, actor.roots(operation.roles))
        if standing is None:
            raise Refused(self._tree.unknown, field=field)
        if not standing.reached:
            raise Refused("outside_scope", field=field)
        return standing


def _constraint(error: IntegrityError) -> str:
    diagnosis = getattr(error.orig, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""


def _load(handler: Handler, payload: Mapping[str, Any]) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = handler.request.load(payload)
    except marshmallow.ValidationError as error:
        raise Refused("invalid_request", errors=field_errors(error)) from error
    return loaded


def _dump(handler: Handler, answer: Any) -> Any:
    return answer if handler.reply is None else handler.reply.dump(answer)

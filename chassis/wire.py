"""How a request and its answer look on the broker: stock nameko's shape, with a deadline and an actor as headers."""

import time
from collections.abc import Mapping
from typing import Any

import orjson

from chassis.actor import Actor
from chassis.commands import Call
from chassis.connection import TRANSIENT
from chassis.errors import DeadlineExceeded, Refused, RemoteFailure, ServiceUnavailable

#: Pseudo-queue on which the broker hands replies to the channel that asked.
REPLY_TO = "amq.rabbitmq.reply-to"
#: Header with the machine time, in milliseconds, after which nobody waits for the answer.
DEADLINE = "x-deadline"
#: Headers that nameko carries on as worker context.
ACTOR, TRACEPARENT = "nameko.actor", "nameko.traceparent"


def request_body(payload: Mapping[str, Any], call: Call) -> bytes:
    """The keyword arguments of an operation's RPC method."""
    return arguments_body({"request": payload, "key": call.key, "expected_version": call.expected_version})


def arguments_body(arguments: Mapping[str, Any]) -> bytes:
    """The keyword arguments of any RPC method."""
    return orjson.dumps({"args": [], "kwargs": arguments})


def request_properties(correlation_id: str, headers: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    """The properties of a request whose answer is waited for so long; its deadline keeps it from starting late."""
    milliseconds = int(seconds * 1000)
    return {
        "delivery_mode": TRANSIENT,
        "content_type": "application/json",
        "content_encoding": "utf-8",
        "correlation_id": correlation_id,
        "reply_to": REPLY_TO,
        "expiration": str(milliseconds),
        "application_headers": {**headers, DEADLINE: int(time.time() * 1000) + milliseconds},
    }


def request_headers(call: Call) -> dict[str, Any]:
    """Headers that carry the actor and the trace."""
    headers = {ACTOR: call.actor.to_wire()}
    return headers | {TRACEPARENT: call.traceparent} if call.traceparent else headers


def actor_of(context: Mapping[str, Any]) -> Actor | None:
    """The actor that a request's context names; None where there is none, or none that this version can read."""
    try:
        return Actor.from_wire(context["actor"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def failure(error: BaseException) -> dict[str, Any]:
    """An error as stock nameko serialises one; only a refusal's details cross, never another error's text."""
    kind = type(error).__name__
    details = [error.to_wire()] if isinstance(error, Refused) else []
    return {"exc_type": kind, "exc_path": f"{type(error).__module__}.{kind}", "exc_args": details, "value": kind}


def result_of(reply: Mapping[str, Any]) -> Any:
    """The result of a reply, or its error raised: Refused, ServiceUnavailable, DeadlineExceeded or RemoteFailure."""
    error = reply["error"]
    if error is None:
        return reply["result"]
    if error["exc_type"] == Refused.__name__:
        raise Refused.from_wire(error["exc_args"][0])
    known = {ServiceUnavailable.__name__: ServiceUnavailable, DeadlineExceeded.__name__: DeadlineExceeded}
    raise known.get(error["exc_type"], RemoteFailure)(error["exc_type"])

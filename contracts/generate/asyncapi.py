"""Makes the AsyncAPI 3.0 document: every event with its exchange, routing key, message and consumers."""

from typing import Any

from contracts import registry
from contracts.declare import EventType
from contracts.envelope import HEADER_PREFIX, headers
from contracts.generate.convert import REFERENCE
from contracts.generate.envelope_schema import envelope_schema
from contracts.generate.json_schemas import data_schema
from contracts.generate.samples import sample_event
from contracts.validation import ENVELOPE_ID, whole

#: Version of the AMQP bindings that the document follows.
_BINDING = "0.3.0"
_DESCRIPTION = """\
What the services tell each other through RabbitMQ. The body is a CloudEvents 1.0 envelope in structured mode; its
attributes stand in the headers, too. An event may come twice (drop what has a known `id`) and late (`sequence` orders
the events of one subject; the newest holds the whole state). Ignore what you do not know: attributes, fields, codes."""


def document() -> dict[str, Any]:
    """The whole document as plain JSON values."""
    types = sorted(registry.events().values(), key=_key)
    schemas: dict[str, Any] = {"envelope": envelope_schema()}
    for event_type in types:
        schemas[_key(event_type)], nested = data_schema(event_type)
        schemas.update(nested)
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "unionhall events", "version": "1", "description": _DESCRIPTION},
        "defaultContentType": "application/json",
        "channels": {_key(event_type): _channel(event_type) for event_type in types},
        "operations": _operations(types),
        "components": {
            "messages": {_key(event_type): _message(event_type) for event_type in types},
            "schemas": schemas,
        },
    }


def _channel(event_type: EventType) -> dict[str, Any]:
    exchange = {"name": f"{event_type.service}.events", "type": "topic", "durable": True, "autoDelete": False}
    return {
        "address": event_type.routing_key,
        "description": event_type.summary,
        "messages": {event_type.name: {"$ref": f"#/components/messages/{_key(event_type)}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": _BINDING}},
    }


def _message(event_type: EventType) -> dict[str, Any]:
    return {
        "name": event_type.type,
        "title": event_type.name,
        "summary": event_type.summary,
        "contentType": "application/json",
        "headers": _headers(),
        "payload": whole(event_type, _reference),
        "examples": [_example(event_type)],
        "bindings": {"amqp": {"messageType": event_type.type, "bindingVersion": _BINDING}},
        "x-classification": event_type.classification.value,
    }


def _headers() -> dict[str, Any]:
    attributes = envelope_schema()["properties"]
    mirrored = headers(dict.fromkeys(attributes, ""))
    properties = {name: attributes[name.removeprefix(HEADER_PREFIX)] for name in mirrored}
    return {"type": "object", "properties": properties}


def _example(event_type: EventType) -> dict[str, Any]:
    event = sample_event(event_type)
    return {"headers": headers(event), "payload": event}


def _operations(types: list[EventType]) -> dict[str, Any]:
    sent = {f"{each.service}.send.{_key(each)}": _send(each) for each in types}
    received = {
        f"{consumer}.receive.{_key(each)}": _receive(consumer, each)
        for consumer, consumed in sorted(registry.subscriptions().items())
        for each in sorted(consumed, key=_key)
    }
    return {**sent, **received}


def _send(event_type: EventType) -> dict[str, Any]:
    amqp = {"deliveryMode": 2, "mandatory": True, "bindingVersion": _BINDING}
    return {**_operation("send", event_type.service, event_type), "bindings": {"amqp": amqp}}


def _receive(consumer: str, event_type: EventType) -> dict[str, Any]:
    amqp = {"ack": True, "bindingVersion": _BINDING}
    operation = _operation("receive", consumer, event_type)
    return {**operation, "bindings": {"amqp": amqp}, "x-queue": f"evt.{consumer}"}


def _operation(action: str, service: str, event_type: EventType) -> dict[str, Any]:
    channel = f"#/channels/{_key(event_type)}"
    return {
        "action": action,
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{event_type.name}"}],
        "tags": [{"name": service}],
    }


def _key(event_type: EventType) -> str:
    """Name of the event in the document: `events.activity_closed`, `events.activity_closed.v2`."""
    return f"{event_type.service}.{event_type.routing_key}"


def _reference(schema_id: str) -> str:
    if schema_id == ENVELOPE_ID:
        return f"{REFERENCE}envelope"
    return REFERENCE + next(_key(each) for each in registry.events().values() if each.dataschema == schema_id)

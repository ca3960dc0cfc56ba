"""Finds everything that `contracts` declares: operations, events and who consumes what."""

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType

import contracts
from contracts.declare import EVENTS, OPERATIONS, Event, EventType, Operation
from contracts.subscriptions import SUBSCRIPTIONS

#: Services that run, in the order in which a moved business clock reaches them.
SERVICES: tuple[str, ...] = ("membership", "welfare", "events", "reporting")


@cache
def _loaded() -> None:
    for package in (*SERVICES, "gateway"):
        path = [f"{root}/{package}" for root in contracts.__path__]
        for module in pkgutil.iter_modules(path):
            importlib.import_module(f"contracts.{package}.{module.name}")


@cache
def operations() -> Mapping[str, Operation]:
    """Every command and query by wire name."""
    _loaded()
    return MappingProxyType({request.operation.wire_name: request.operation for request in OPERATIONS})


@cache
def events() -> Mapping[str, EventType]:
    """Every event by CloudEvents type."""
    _loaded()
    return MappingProxyType({schema.event_type.type: schema.event_type for schema in EVENTS})


@cache
def subscriptions() -> Mapping[str, Sequence[EventType]]:
    """The events that each consuming service names; `unionctl topology` binds its queue to them."""
    _loaded()
    return MappingProxyType({consumer: _types(classes) for consumer, classes in SUBSCRIPTIONS.items()})


def is_consumed(event_type: EventType) -> bool:
    """Whether some service names this event: then an unroutable message is a failure (ADR 0003)."""
    return any(event_type in types for types in subscriptions().values())


def _types(classes: Sequence[type[Event]]) -> tuple[EventType, ...]:
    return tuple(schema.event_type for schema in classes)

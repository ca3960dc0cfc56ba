"""Makes a nameko service class from its capabilities: one RPC method for each command, query and operation."""

import importlib
import pkgutil
from collections.abc import Callable
from types import ModuleType
from typing import Any, ClassVar

from chassis.commands import HANDLERS, Handler
from chassis.core import Core
from chassis.intake import Intake
from chassis.operations import OPERATIONS
from chassis.serving import Serves
from chassis.subscribers import PROJECTIONS, REACTIONS


class Service:
    """Base of every service: it names itself, its core and its capabilities, and nothing else."""

    name: ClassVar[str]
    #: Packages of the service, or ready modules of the chassis, whose handlers it serves.
    capabilities: ClassVar[tuple[ModuleType, ...]]
    core: ClassVar[Core]

    def __init_subclass__(cls) -> None:
        for capability in cls.capabilities:
            _import_all(capability)
        for handler in HANDLERS.values():
            if handler.operation.service == cls.name:
                _serve(cls, handler.operation.name, _method(handler))
        for name in OPERATIONS:
            _serve(cls, name, _operation(name))
        projections = [one for one in PROJECTIONS if _belongs(one.function, cls.capabilities)]
        reactions = [one for one in REACTIONS if _belongs(one.function, cls.capabilities)]
        cls.core.subscribe(projections, reactions)
        if projections or reactions:
            cls.take_events = Intake.decorator(_take_events)  # type: ignore[attr-defined]

    @staticmethod
    def check_settings() -> None:
        """Raise `InvalidSettings` if a setting is wrong that only this service has; the others have none."""


def _import_all(capability: ModuleType) -> None:
    for module in pkgutil.iter_modules(getattr(capability, "__path__", ())):
        importlib.import_module(f"{capability.__name__}.{module.name}")


def _belongs(function: Callable[..., Any], capabilities: tuple[ModuleType, ...]) -> bool:
    module = function.__module__
    return any(module == one.__name__ or module.startswith(f"{one.__name__}.") for one in capabilities)


def _serve(cls: type[Service], name: str, function: Callable[..., Any]) -> None:
    function.__name__ = name
    setattr(cls, name, Serves.decorator(function))


def _method(handler: Handler) -> Callable[..., Any]:
    def serve(self: Any, request: dict[str, Any], key: str | None = None, expected_version: int | None = None) -> Any:
        return self.core.run(handler, request, key, expected_version)

    return serve


def _operation(name: str) -> Callable[..., Any]:
    def serve(self: Any, **arguments: Any) -> Any:
        return self.core.operate(name, arguments)

    return serve


def _take_events(self: Any, events: Any) -> None:
    """Apply a batch of events."""
    self.core.absorb(events)

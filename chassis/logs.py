"""One log line for each thing worth telling, as JSON, with the ids that tie it to a request and never a person's data."""

import logging
import sys
from typing import Any

import structlog

#: Libraries whose lower levels repeat what our own lines say, or hold values.
_QUIET = {"nameko": logging.ERROR, "amqp": logging.WARNING, "kombu": logging.WARNING, "sqlalchemy": logging.WARNING}


def configure(service: str, form: str) -> None:
    """Send our lines and the libraries' through one handler; `form` is `json` or `console`."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _named(service),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer = structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(level)


def _named(service: str) -> Any:
    def name(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
        return event | {"service": service}

    return name

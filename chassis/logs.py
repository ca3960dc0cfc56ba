"""One log line for each thing worth telling, as JSON, with the ids that tie it to a request and no person's data."""

import logging
import sys
import traceback
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
    final = structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer()
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_without_texts)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.ExceptionRenderer(_frames),
                final,
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


def _frames(exc_info: Any) -> str:
    """Where an error came from, and its causes, by their names: its text may hold the values of a statement."""
    error: BaseException | None = exc_info[1]
    parts = []
    while error is not None:
        parts.append("".join(traceback.format_tb(error.__traceback__)) + type(error).__name__)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\ncaused by:\n".join(parts)


def _without_texts(record: logging.LogRecord) -> bool:
    """Let a library's line name an error instead of repeating what it says."""
    if isinstance(record.args, tuple):
        record.args = tuple(type(one).__name__ if isinstance(one, BaseException) else one for one in record.args)
    return True

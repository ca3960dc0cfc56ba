"""What goes wrong while running a platform, each told in one sentence that says what to do."""

import click


class PlatformError(click.ClickException):
    """The platform can't do what was asked."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or str(self.__doc__))


class NotOurs(PlatformError):
    """This server was given by its address, so unionctl neither starts nor stops it."""


class NothingRuns(PlatformError):
    """No platform runs here; `make up` or `unionctl up` starts it, and `unionctl status` shows what runs."""


class NotReady(PlatformError):
    """The platform did not become ready in time; `unionctl logs` shows why."""


class NoBroker(PlatformError):
    """No RabbitMQ: set AMQP_URI and UNIONHALL_BROKER_API, install rabbitmq-server, or start a Docker engine."""


class NoPostgresUser(PlatformError):
    """PostgreSQL won't run as root: install util-linux for setpriv, or run as an ordinary user."""

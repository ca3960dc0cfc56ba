"""Reads the databases of all services, past the services themselves, for whoever checks what they did."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import NullPool, create_engine, text

from unionctl.platform import Platform


class Books:
    """Each service's database; a connection for each question, so that a restarted server does not matter."""

    def __init__(self, platform: Platform) -> None:
        self._engines = {
            service: create_engine(platform.database_url(service), poolclass=NullPool) for service in platform.services
        }

    @property
    def services(self) -> list[str]:
        """Names of the services that have a database."""
        return list(self._engines)

    def rows(self, service: str, statement: str, **values: Any) -> Sequence[tuple[Any, ...]]:
        """What a query gives."""
        with self._engines[service].connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement), values)]

    def one(self, service: str, statement: str, **values: Any) -> Any:
        """The first value of the first row."""
        return self.rows(service, statement, **values)[0][0]

    @contextmanager
    def locked(self, service: str, statement: str, **values: Any) -> Iterator[None]:
        """A transaction that holds whatever locks its statement takes, as a frozen process would."""
        with self._engines[service].begin() as connection:
            connection.execute(text(statement), values)
            yield

    def run(self, service: str, statement: str, **values: Any) -> None:
        """Change something that only an administrator may."""
        with self._engines[service].begin() as connection:
            connection.execute(text(statement), values)

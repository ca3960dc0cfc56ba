"""A real PostgreSQL, and each service's commands, queries and projections on a database of its own."""

from collections.abc import Callable, Iterator

import pytest

from tests.service.harness import Service, Universe
from unionctl.postgres import Postgres


@pytest.fixture(scope="session")
def started(postgres: Postgres) -> Iterator[Callable[[str], Service]]:
    """Gives the service of a name, with a migrated database; each is started once."""
    running: dict[str, Service] = {}

    def start(name: str) -> Service:
        if name not in running:
            postgres.ensure_database(name, "secret")
            running[name] = Service(name, postgres.url(name, "secret"))
        return running[name]

    yield start
    for service in running.values():
        service.database.dispose()


@pytest.fixture
def membership(started: Callable[[str], Service]) -> Service:
    return started("membership")


@pytest.fixture
def events(started: Callable[[str], Service]) -> Service:
    return started("events")


@pytest.fixture
def reporting(started: Callable[[str], Service]) -> Service:
    return started("reporting")


@pytest.fixture
def universe(membership: Service, events: Service, reporting: Service) -> Universe:
    """A federation with two unions, known to every service; each test has its own."""
    return Universe(membership, events, reporting)

"""A real PostgreSQL, and each service's commands, queries and projections on a database of its own."""

from collections.abc import Callable, Iterator

import pytest

from chassis.keystore import Keystore
from chassis.migrate import KEYSTORE, upgrade
from services.membership.imports import checking, storing
from services.membership.vault import Vault
from tests.service.benefits import TODAY, Office
from tests.service.harness import Service, Universe
from unionctl.postgres import Postgres


@pytest.fixture(scope="session")
def vault(postgres: Postgres) -> Iterator[Vault]:
    """Membership's keys, with a keystore of its own."""
    postgres.ensure_database("membership", "secret", KEYSTORE)
    address = postgres.url("membership", "secret", KEYSTORE)
    upgrade(KEYSTORE, address)
    opened = Vault(Keystore(address, b"m" * 16), b"i" * 32, b"x" * 32)
    yield opened
    opened.dispose()


@pytest.fixture(scope="session")
def started(postgres: Postgres, vault: Vault) -> Iterator[Callable[[str], Service]]:
    """Gives the service of a name, with a migrated database; each is started once."""
    running: dict[str, Service] = {}

    def start(name: str) -> Service:
        if name not in running:
            postgres.ensure_database(name, "secret")
            own = vault if name == "membership" else None
            running[name] = Service(name, postgres.url(name, "secret"), own)
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
def welfare(started: Callable[[str], Service]) -> Service:
    return started("welfare")


@pytest.fixture
def universe(membership: Service, events: Service, reporting: Service, welfare: Service) -> Universe:
    """A federation with two unions, known to every service; each test has its own."""
    return Universe(membership, events, reporting, welfare)


@pytest.fixture
def short_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short file of members has several batches."""
    monkeypatch.setattr(checking, "BATCH", 3)
    monkeypatch.setattr(storing, "BATCH", 2)


@pytest.fixture
def office(universe: Universe) -> Iterator[Office]:
    """Those who run the federation's programmes, on a day that welfare takes for today."""
    universe.welfare.set_business_day(TODAY)
    yield Office.of(universe)
    universe.welfare.set_business_day(None)

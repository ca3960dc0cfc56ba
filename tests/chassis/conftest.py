"""Toy services on the shared servers, with a database of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chassis.database import Database
from chassis.migrate import upgrade
from chassis.operator import Operator
from tests.chassis.books import Books
from tests.chassis.hub import Hub, steep_ladder
from tests.chassis.programs import Asker, Toy, Toys
from tests.chassis.toy_tables import metadata
from tests.support.proxy import Proxy
from unionctl.platform import Platform


@pytest.fixture(scope="session")
def toy_url(servers: Platform) -> str:
    password = servers.directory.password("toy")
    servers.postgres.ensure_database("toy", password)
    url = servers.postgres.url("toy", password)
    upgrade("events", url)
    return url


@pytest.fixture(scope="session")
def books(toy_url: str) -> Iterator[Books]:
    database = Database(toy_url)
    metadata.create_all(database.writer)
    yield Books(database)
    database.dispose()


@pytest.fixture(scope="session")
def hub(servers: Platform) -> Hub:
    return Hub(servers)


@pytest.fixture
def proxy(servers: Platform) -> Iterator[Proxy]:
    """Between a test's links and the broker."""
    proxy = Proxy(lambda: ("127.0.0.1", servers.broker.port))
    yield proxy
    proxy.close()


@pytest.fixture(scope="session")
def asker(servers: Platform) -> Iterator[Asker]:
    asker = Asker(servers.amqp_uri("gateway"))
    yield asker
    asker.end()


@pytest.fixture
def toys(servers: Platform, toy_url: str, books: Books, hub: Hub, tmp_path: Path) -> Iterator[Toys]:
    """For a test that starts toys of its own, or none."""
    hub.purge("evt.events", "evt.reporting", "dead.events")
    toys = Toys(servers, toy_url, tmp_path)
    yield toys
    toys.end()


@pytest.fixture(scope="module")
def toy(
    servers: Platform, toy_url: str, books: Books, hub: Hub, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Toy]:
    """For tests that leave it alive; a module has either this or `toys`."""
    hub.purge("evt.events", "evt.reporting", "dead.events")
    toys = Toys(servers, toy_url, tmp_path_factory.mktemp("toy"))
    yield toys.start()
    toys.end()


@pytest.fixture
def short_ladder(hub: Hub) -> Iterator[None]:
    hub.restore(steep_ladder())
    yield
    hub.restore()


@pytest.fixture
def operate(servers: Platform) -> Iterator[Callable[..., Any]]:
    """Calls an operation as the operator's command line does."""
    with Operator(servers.amqp_uri("unionctl")) as operator:
        yield operator.call

"""A gateway on a real database: its application is called as a server would, its services are what a test makes them."""

import base64
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.gateway.harness import World
from unionctl.directory import RunDirectory
from unionctl.postgres import Postgres, find_postgres
from unionctl.processes import Processes


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    directory = RunDirectory(Path(tmp_path_factory.mktemp("run")))
    directory.create()
    processes = Processes(directory)
    server = find_postgres(directory, processes)
    server.start()
    yield server
    server.stop()
    processes.stop_supervisor()


@pytest.fixture(scope="session")
def token_key() -> Iterator[Ed25519PrivateKey]:
    key = Ed25519PrivateKey.generate()
    os.environ["UNIONHALL_TOKEN_KEY"] = base64.b64encode(key.private_bytes_raw()).decode()
    yield key
    del os.environ["UNIONHALL_TOKEN_KEY"]


@pytest.fixture(scope="session")
def shared(postgres: Postgres, token_key: Ed25519PrivateKey) -> Iterator[World]:
    postgres.ensure_database("gateway", "secret")
    world = World(postgres.url("gateway", "secret"))
    yield world
    world.database.dispose()


@pytest.fixture
def world(shared: World) -> World:
    """Empty but for the two first administrators."""
    shared.clear()
    return shared

"""A gateway on a real database; the application is called as a server would, services are what a test makes them."""

import base64
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis import offload
from gateway.accounts import passwords
from tests.gateway.harness import World
from unionctl.postgres import Postgres


@pytest.fixture(scope="session")
def token_key() -> Iterator[Ed25519PrivateKey]:
    """The key of the tokens; with it come the gateway's other settings, those of a development machine."""
    key = Ed25519PrivateKey.generate()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UNIONHALL_ENV", "development")
        patch.setenv("UNIONHALL_FILE_KEY", base64.b64encode(bytes(32)).decode())
        patch.setenv("UNIONHALL_TOKEN_KEY", base64.b64encode(key.private_bytes_raw()).decode())
        yield key


@pytest.fixture(scope="session")
def shared(postgres: Postgres, token_key: Ed25519PrivateKey) -> Iterator[World]:
    postgres.ensure_database("gateway", "secret")
    with pytest.MonkeyPatch.context() as patch:
        # a hash that costs nothing, for the tests make hundreds
        patch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        patch.setattr(passwords, "_DECOY", passwords._HASHER.hash("nobody's"))
        # the threads of `offload` belong to one loop; these tests ask from threads that have none
        patch.setattr(offload, "_in_thread", lambda function, *arguments: function(*arguments))
        world = World(postgres.url("gateway", "secret"))
        yield world
        world.database.dispose()


@pytest.fixture
def engine(shared: World) -> World:
    """For what needs no account: the database is as the last test left it."""
    shared.forget()
    shared.revocations.look()
    return shared


@pytest.fixture
def world(shared: World) -> World:
    """Empty but for the two first administrators."""
    shared.clear()
    return shared

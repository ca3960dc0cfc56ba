"""What the migrations make is what the models say."""

import pkgutil
from importlib import import_module

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, create_engine, text

from chassis import tables
from chassis.migrate import upgrade
from contracts import registry
from unionctl.postgres import Postgres

every_service = pytest.mark.parametrize("service", registry.SERVICES)


@pytest.fixture
def url(postgres: Postgres, service: str) -> str:
    account = f"{service}_migrated"
    postgres.ensure_database(account, "secret")
    address = postgres.url(account, "secret")
    upgrade(service, address)
    return address


def declared(service: str) -> MetaData:
    """The chassis' tables and the service's in one."""
    package = import_module(f"services.{service}")
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if module.name.endswith(".models"):
            import_module(module.name)
    own: MetaData = import_module(f"services.{service}.base").Base.metadata
    whole = MetaData(naming_convention=tables.NAMING)
    for table in (*tables.metadata.sorted_tables, *own.sorted_tables):
        table.to_metadata(whole)
    return whole


def is_ours(_object: object, name: str | None, kind: str, *_: object) -> bool:
    return kind != "table" or not str(name).startswith("alembic_version")


@every_service
def test_a_migrated_database_has_exactly_the_tables_of_the_models(service: str, url: str) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True, "include_object": is_ours}
        )
        differences = compare_metadata(context, declared(service))
    engine.dispose()

    assert differences == []


@every_service
def test_migrating_again_changes_nothing(service: str, url: str) -> None:
    upgrade(service, url)

    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM generation WHERE state = 'current'")) == 1
    engine.dispose()

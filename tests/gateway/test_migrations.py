"""What the migrations make is what the models say."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData

from chassis import tables
from chassis.migrate import upgrade
from gateway.base import Base
from tests.gateway.harness import World


def is_ours(_object: object, name: str | None, kind: str, *_: object) -> bool:
    return kind != "table" or not str(name).startswith("alembic_version")


def differences(world: World) -> list[object]:
    whole = MetaData(naming_convention=tables.NAMING)
    for table in (*tables.metadata.sorted_tables, *Base.metadata.sorted_tables):
        table.to_metadata(whole)
    with world.database.writer.connect() as connection:
        opts = {"compare_type": True, "compare_server_default": True, "include_object": is_ours}
        return list(compare_metadata(MigrationContext.configure(connection, opts=opts), whole))


def test_a_migrated_database_has_exactly_the_tables_of_the_models(engine: World) -> None:
    assert differences(engine) == []


def test_migrating_again_changes_nothing(engine: World) -> None:
    upgrade("gateway", engine.database.url)

    assert differences(engine) == []

"""Brings a database to the present schema: of a service, the chassis' own tables first; the keystore stands alone."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, pool, text

#: Advisory lock under which migrations run, so that two starters take turns.
LOCK = 0x6D696772
#: Name of the database that is no service's: it holds the keys of persons.
KEYSTORE = "keystore"
#: Root of the packages that hold migrations.
_ROOT = Path(__file__).parent.parent


def upgrade(name: str, url: str) -> None:
    """Migrate a service's database, or the keystore, to the newest revision.

    Safe to repeat and to run from several places at once.
    """
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        # a migration gives up soon rather than make the running version wait for a lock
        connection.execute(text("SET lock_timeout = '4s'"))
        connection.commit()
        for chain, migrations in _chains(name).items():
            config = Config()
            config.set_main_option("script_location", str(_ROOT / "chassis" / "migrations"))
            config.set_main_option("version_locations", str(migrations / "versions"))
            config.set_main_option("path_separator", "newline")
            config.attributes.update(connection=connection, version_table=f"alembic_version_{chain}")
            command.upgrade(config, "head")
    engine.dispose()


def _chains(name: str) -> Mapping[str, Path]:
    """The chains of migrations of a database, in the order in which they run."""
    if name == KEYSTORE:
        return {KEYSTORE: _ROOT / "chassis" / "keystore_migrations"}
    home = _ROOT / "gateway" if name == "gateway" else _ROOT / "services" / name
    return {"chassis": _ROOT / "chassis" / "migrations", name: home / "migrations"}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("url")
    arguments = parser.parse_args()
    upgrade(arguments.name, arguments.url)

"""Brings one service's database to the present schema: the chassis' own tables first, then the service's."""

import argparse
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, pool, text

#: Advisory lock under which migrations run, so that two starters take turns.
LOCK = 0x6D696772
#: Root of the packages that hold migrations.
_ROOT = Path(__file__).parent.parent


def upgrade(service: str, url: str) -> None:
    """Migrate to the newest revision. Safe to repeat and to run from several places at once."""
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        # a migration gives up soon rather than make the running version wait for a lock
        connection.execute(text("SET lock_timeout = '4s'"))
        connection.commit()
        for name, versions in (("chassis", _ROOT / "chassis"), (service, _home(service))):
            config = Config()
            config.set_main_option("script_location", str(_ROOT / "chassis" / "migrations"))
            config.set_main_option("version_locations", str(versions / "migrations" / "versions"))
            config.set_main_option("path_separator", "newline")
            config.attributes.update(connection=connection, version_table=f"alembic_version_{name}")
            command.upgrade(config, "head")
    engine.dispose()


def _home(service: str) -> Path:
    return _ROOT / "gateway" if service == "gateway" else _ROOT / "services" / service


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("service")
    parser.add_argument("url")
    arguments = parser.parse_args()
    upgrade(arguments.service, arguments.url)

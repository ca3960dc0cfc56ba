"""Runs the product as its users run it, for the time of a benchmark: own servers, own data, real accounts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg2
import requests

from benchmarks.harness import Backing
from demo.accounts import ADMINISTRATORS, Registry, usernames
from demo.client import Client
from demo.loading.desk import Office
from demo.loading.office import open_office
from demo.year.generator import year
from demo.year.scale import SMALL
from unionctl.accounts import make_administrators, passwords
from unionctl.platform import Platform

#: What a client posts to draft an activity; the peer's body has the same fields.
DRAFT = {
    "kind": "study",
    "title": "First aid at the workplace, spring course for stewards",
    "starts_at": "2026-03-14T09:00:00+08:00",
    "ends_at": "2026-03-14T17:00:00+08:00",
    "quota": 40,
}
#: Seconds for one request outside a measurement.
PATIENCE = 10


@dataclass(frozen=True)
class Product:
    """The running platform with a federation, its officer's token and one activity."""

    platform: Platform
    federation_id: str
    officer: Client

    @property
    def headers(self) -> dict[str, str]:
        """The officer's access token."""
        return {"Authorization": self.officer.authorization}

    @property
    def draft(self) -> dict[str, object]:
        """A body for `write_url`."""
        return {**DRAFT, "organizer_union_id": self.federation_id}

    @property
    def write_url(self) -> str:
        """HTTP, authentication, validation, RPC, key, scope, one row and one reply stored."""
        return f"{self.platform.url}/v1/activities"

    def read_url(self) -> str:
        """HTTP, authentication, validation, RPC and one row by primary key; makes the row."""
        key = {"Idempotency-Key": "bench-read", **self.headers}
        created = requests.post(self.write_url, json=self.draft, headers=key, timeout=PATIENCE)
        created.raise_for_status()
        return f"{self.write_url}/{created.json()['id']}"

    @contextmanager
    def sql(self, service: str) -> Iterator["psycopg2.extensions.cursor"]:
        """A cursor on a service's database, in autocommit."""
        url = self.platform.database_url(service).replace("postgresql+psycopg2", "postgresql")
        connection = psycopg2.connect(url)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()


def prepare(backing: Backing) -> Product:
    """See that the platform runs and that its federation and its officers exist."""
    platform = backing.platform
    platform.start()
    make_administrators(platform, *ADMINISTRATORS)
    office = _officers(platform)
    return Product(platform, office.federation_id, office.staff.officer)


def _officers(platform: Platform) -> Office:
    planned = year(scale=SMALL)
    return open_office(Registry(platform.url, passwords(platform, usernames(planned))), planned)

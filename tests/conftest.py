"""The servers that tests of several folders share: a broker and a database of their own, beside whatever else runs."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from unionctl.platform import Platform


@pytest.fixture(scope="session")
def servers() -> Iterator[Platform]:
    """PostgreSQL and RabbitMQ with the topology of the contracts, and no service."""
    with tempfile.TemporaryDirectory() as path:
        platform = Platform(Path(path), services=())
        try:
            platform.start_servers()
            platform.prepare()
            yield platform
        finally:
            platform.stop()

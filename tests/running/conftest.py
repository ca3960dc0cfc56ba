"""Servers that the tests of this folder share: a broker and a database of their own, beside whatever else runs."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from unionctl.directory import RunDirectory
from unionctl.platform import Platform
from unionctl.processes import Processes


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


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    """A supervisor without servers."""
    processes = Processes(RunDirectory(tmp_path))
    try:
        yield processes
    finally:
        processes.stop(*processes.names())
        processes.stop_supervisor()

"""A supervisor without servers, and a whole platform, for the tests of this folder."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from unionctl.directory import RunDirectory
from unionctl.platform import Platform
from unionctl.processes import Processes


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    """The processes of a run directory of their own."""
    processes = Processes(RunDirectory(tmp_path))
    try:
        yield processes
    finally:
        processes.stop(*processes.names())
        processes.stop_supervisor()


@pytest.fixture(scope="package")
def platform() -> Iterator[Platform]:
    """A whole platform with two instances of one service."""
    with tempfile.TemporaryDirectory() as path:
        platform = Platform(Path(path))
        platform.directory.port("http.gateway.1")  # the usual port would go to whichever platform came first
        try:
            platform.start(scale={"events": 2})
            yield platform
        finally:
            platform.stop()

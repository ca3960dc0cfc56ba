"""A supervisor without servers, for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from unionctl.directory import RunDirectory
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

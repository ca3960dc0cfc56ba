"""One platform for all faults, each of which strikes what the one before left behind."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fault import table
from tests.fault.profile import PROFILE
from tests.fault.stand import SCALE, ProxiedPlatform, Stand
from unionctl.platform import DEFAULT_RUN_DIR


@pytest.fixture(scope="session")
def stand() -> Iterator[Stand]:
    """A platform with two instances of events and reporting, after one undisturbed run."""
    with tempfile.TemporaryDirectory() as path, pytest.MonkeyPatch.context() as environment:
        environment.setenv("UNIONHALL_HEARTBEAT", str(PROFILE.heartbeat))
        platform = ProxiedPlatform(Path(path))
        platform.directory.port("http.gateway.1")  # the usual port would go to whichever platform came first
        try:
            platform.start(SCALE)
            yield Stand(platform)
        finally:
            platform.stop()
            platform.proxy.close()


def pytest_sessionfinish() -> None:
    """Leave the table of runs where the next reader looks for it."""
    if table.RUNS:
        table.write(DEFAULT_RUN_DIR / "faults" / "table.md")

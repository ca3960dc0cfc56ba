"""What tests of several folders share: servers of their own, and a whole platform that holds the demo year."""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from unionctl.directory import RunDirectory
from unionctl.platform import Platform
from unionctl.postgres import Postgres, find_postgres
from unionctl.processes import Processes

# how long an example takes says how busy the machine is
settings.register_profile("unionhall", deadline=None)
settings.load_profile("unionhall")

ROOT = Path(__file__).parents[1]

#: Folders whose tests share a platform, and so a worker of `make test`; those that wait longest begin.
_TOGETHER = (("fault",), ("running", "docs", "integration"), ("chassis",))


class SharedPlatforms(LoadScopeScheduling):
    """Gives one worker all tests that share a platform, and else file by file."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        turn = _turn(ROOT / file)
        return _TOGETHER[turn][0] if turn < len(_TOGETHER) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> SharedPlatforms:
    """Say which tests go to which worker."""
    return SharedPlatforms(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest begin: shared platforms, then the files with the most tests, that no worker is left with one."""
    tests = Counter(item.path for item in items)

    def turn(item: pytest.Item) -> tuple[int, int]:
        shared = _turn(item.path)
        return shared, -tests[item.path] if shared == len(_TOGETHER) else 0

    items.sort(key=turn)


def _turn(path: Path) -> int:
    folder = path.relative_to(ROOT / "tests").parts[0]
    return next((turn for turn, folders in enumerate(_TOGETHER) if folder in folders), len(_TOGETHER))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """PostgreSQL alone, for what needs no broker; each user makes databases of its own names."""
    directory = RunDirectory(Path(tmp_path_factory.mktemp("run")))
    directory.create()
    processes = Processes(directory)
    server = find_postgres(directory, processes)
    server.start()
    yield server
    server.stop()
    processes.stop_supervisor()


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


@dataclass(frozen=True, slots=True)
class Running:
    """A platform with its services started and the demo year loaded; a test leaves its figures as they were."""

    platform: Platform
    #: What `unionctl demo` printed.
    told: str


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    """A platform of its own, made as `make demo` makes one; it notices a lost broker within seconds."""
    with tempfile.TemporaryDirectory() as path:
        platform = Platform(Path(path))
        platform.directory.port("http.gateway.1")  # the usual port would go to whichever platform came first
        command = (sys.executable, "-m", "unionctl.main", "--run-dir", path, "demo", "--small")
        environment = {**os.environ, "UNIONHALL_HEARTBEAT": "1"}
        try:
            done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
            assert done.returncode == 0, done.stdout + done.stderr
            yield Running(platform, done.stdout)
        finally:
            platform.stop()

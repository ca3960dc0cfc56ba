"""The test stand: a platform whose links can be cut, a load on it, and the check that follows each fault."""

import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from chassis.operator import Operator
from tests.fault.table import RUNS, Run
from tests.support import report
from tests.support.books import Books
from tests.support.client import Client
from tests.support.ledger import Ledger
from tests.support.load import Load
from tests.support.office import open_office
from tests.support.plans.year import plan
from tests.support.proxy import Proxy
from tests.support.rounds import Round
from tests.support.sign_ins import SignIns
from tests.support.verify import Verifier
from unionctl.platform import Platform

#: Seed of the load; any will do.
SEED = 20231
#: Instances of the services whose work others must take over.
SCALE = {"membership": 2, "welfare": 2, "events": 2, "reporting": 2}


class ProxiedPlatform(Platform):
    """A platform whose processes reach the broker through a proxy."""

    def __init__(self, run_dir: Path) -> None:
        super().__init__(run_dir)
        self.proxy = Proxy(lambda: (self.broker.host, self.broker.port))

    def amqp_uri(self, user: str) -> str:
        """The address of the proxy for one of the broker's users."""
        return self.proxy.instead_of(super().amqp_uri(user))


class Stand:
    """A running platform, everything that was asked of it so far, and what an undisturbed run reports."""

    def __init__(self, platform: ProxiedPlatform) -> None:
        self.platform = platform
        self.books = Books(platform)
        self.ledger = Ledger()
        self._sign_ins = SignIns(platform.url, secrets.token_urlsafe(12))
        self.client = self.new_client()
        self.verifier = Verifier(platform, self.books, self.ledger)
        with Operator(platform.amqp_uri("unionctl")) as operator:
            federation = open_office(self.client, operator, self._sign_ins.password)
        #: The union above all rounds, for what is no part of the load.
        self.federation: str = federation["id"]
        self.load = Load(plan(SEED), federation, self.ledger, self.new_client)
        with self.load.running():
            pass
        self.verifier.verify()
        self.undisturbed = report.read(self.client, self.books, self.load.rounds[0])
        assert all(figure["numerator"] for figure in self.undisturbed.figures.values()), "a figure counts nothing"

    def new_client(self) -> Client:
        """One more client of the gateway."""
        return Client(self.platform.url, self._sign_ins, self.ledger)

    @contextmanager
    def disturbed(self, fault: str, repetition: int = 1) -> Iterator[Run]:
        """A load during the block, and afterwards the check that nothing was lost and nothing done twice."""
        with self.recorded(fault, repetition) as run, self.load.running():
            yield run

    @contextmanager
    def recorded(self, fault: str, repetition: int = 1) -> Iterator[Run]:
        """As `disturbed`, for a block that runs the load itself."""
        run = Run(fault, repetition)
        RUNS.append(run)
        entries, rounds, started = len(self.ledger), len(self.load.rounds), time.monotonic()
        try:
            yield run
            self.verify(self.load.rounds[rounds:])
            run.verdict = "whole"
        finally:
            run.count(self.ledger.since(entries))
            run.seconds = time.monotonic() - started

    @contextmanager
    def reading_steadily(self) -> Iterator[list[int]]:
        """A client that reads the figure of the first round all the time; gives what it was told."""
        figures: list[int] = []
        over = threading.Event()

        def read() -> None:
            client = self.new_client()
            while not over.is_set():
                figures.append(report.figure(client, self.load.rounds[0])["numerator"])

        reader = threading.Thread(target=read)
        reader.start()
        try:
            yield figures
        finally:
            over.set()
            reader.join()

    def unionctl(self, *arguments: str) -> str:
        """What a command of the operator prints."""
        command = (sys.executable, "-m", "unionctl.main", "--run-dir", str(self.platform.directory.path), *arguments)
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def verify(self, rounds: Sequence[Round]) -> None:
        """Check the databases, and that the report of each round is that of an undisturbed one."""
        self.verifier.verify()
        for one in rounds:
            differences = report.read(self.client, self.books, one).differences(self.undisturbed)
            assert not differences, f"round {one.number}: {differences}"

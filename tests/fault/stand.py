"""The test stand: a platform whose links can be cut, a load on it, and the check that follows each fault."""

import secrets
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
from tests.support.load import Load, Round
from tests.support.office import open_office
from tests.support.plan import plan
from tests.support.proxy import Proxy
from tests.support.sign_ins import SignIns
from tests.support.verify import Verifier
from unionctl.platform import Platform

#: Seed of the load; any will do.
SEED = 20231
#: Instances of the services whose work others must take over.
SCALE = {"events": 2, "reporting": 2}


class ProxiedPlatform(Platform):
    """A platform whose processes reach the broker through a proxy."""

    def __init__(self, run_dir: Path) -> None:
        super().__init__(run_dir)
        self.proxy = Proxy(lambda: (self.broker.host, self.broker.port))

    def amqp_uri(self, user: str) -> str:
        """The address of the proxy for one of the broker's users."""
        return super().amqp_uri(user).replace(f":{self.broker.port}/", f":{self.proxy.port}/")


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
        self.load = Load(plan(SEED), federation, self.ledger, self.new_client)
        with self.load.running():
            pass
        self.verifier.verify()
        self._undisturbed = report.read(self.client, self.books, self.load.rounds[0])

    def new_client(self) -> Client:
        """One more client of the gateway."""
        return Client(self.platform.url, self._sign_ins, self.ledger)

    @contextmanager
    def disturbed(self, fault: str, repetition: int = 1) -> Iterator[Run]:
        """A load during the block, and afterwards the check that nothing was lost and nothing done twice."""
        run = Run(fault, repetition)
        RUNS.append(run)
        entries, rounds, started = len(self.ledger), len(self.load.rounds), time.monotonic()
        try:
            with self.load.running():
                yield run
            self.verify(self.load.rounds[rounds:])
            run.verdict = "whole"
        finally:
            run.count(self.ledger.since(entries))
            run.seconds = time.monotonic() - started

    def verify(self, rounds: Sequence[Round]) -> None:
        """Check the databases, and that the report of each round is that of an undisturbed one."""
        self.verifier.verify()
        for one in rounds:
            differences = report.read(self.client, self.books, one).differences(self._undisturbed)
            assert not differences, f"round {one.number}: {differences}"

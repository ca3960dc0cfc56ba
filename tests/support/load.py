"""Puts a platform under a load of writes by concurrent clients, round after round, each round the same plan."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from tests.support.client import Client
from tests.support.ledger import Ledger
from tests.support.plans.steps import Course
from tests.support.plans.unions import ROOT
from tests.support.rounds import Abandoned, Round
from unionctl.processes import wait_until

#: Clients at work at the same time.
CLIENTS = 8
#: Requests after which a load is in full swing.
SWING = 80
#: Seconds that a client rests after each answer: the faults need the processors too.
REST = 0.01


class Load:
    """Repeats a plan with clients that never take a maybe for an answer."""

    def __init__(
        self, plan: Sequence[Course], root: Mapping[str, Any], ledger: Ledger, client: Callable[[], Client]
    ) -> None:
        """`root` is the federation above all rounds, `client` makes one more client."""
        self.rounds: list[Round] = []
        self.ledger = ledger
        self._plan = plan
        self._root = root
        self._new_client = client
        self._taking = threading.Lock()
        self._stopping = False
        self._failures: list[BaseException] = []

    @contextmanager
    def running(self) -> Iterator[None]:
        """Work in the background until the block ends and the last round is complete, which is one at least.

        Raises what stopped a client.
        """
        self._stopping = False
        first = len(self.rounds)
        clients = [threading.Thread(target=self._work, args=(first,), daemon=True) for _ in range(CLIENTS)]
        for client in clients:
            client.start()
        try:
            self.await_requests(SWING)
            yield
        finally:
            self._stopping = True
            for client in clients:
                client.join()
            # also where the block failed: it may have waited for what the client no longer asked
            if self._failures:
                raise self._failures.pop(0)

    def await_requests(self, number: int) -> None:
        """Wait until so many more were sent, so that there is work in hand when a fault strikes."""
        wanted = len(self.ledger) + number
        wait_until(lambda: len(self.ledger) >= wanted or self.is_broken(), 120, "The load does not get on.")

    def is_broken(self) -> bool:
        """Whether a client has failed, so that the others stop."""
        return bool(self._failures)

    def _work(self, first: int) -> None:
        client = self._new_client()
        try:
            while taken := self._take(first):
                taken[0].carry_out(client, taken[1], REST)
        except Abandoned:
            pass
        except BaseException as failure:
            self._failures.append(failure)
            self._stopping = True

    def _take(self, first: int) -> tuple[Round, Course] | None:
        with self._taking:
            begun = self.rounds[first:]
            if begun and begun[-1].left:
                return begun[-1], begun[-1].left.pop(0)
            if (begun and self._stopping) or self._failures:
                return None
            self.rounds.append(Round(len(self.rounds), list(self._plan), self.is_broken, {ROOT: self._root}))
            return self.rounds[-1], self.rounds[-1].left.pop(0)

"""Puts a platform under a load of writes by concurrent clients, round after round, each round the same plan."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from contracts.events.activities import DraftActivity
from contracts.membership.organisation import ApproveUnion, FoundUnion
from contracts.roles import Role
from tests.support.client import Client
from tests.support.ledger import Ledger
from tests.support.plan import Course
from unionctl.processes import wait_until

#: Clients at work at the same time.
CLIENTS = 8
#: Requests after which a load is in full swing.
SWING = 80
#: Seconds that a client rests after each answer: the faults need the processors too.
REST = 0.01


@dataclass
class Round:
    """One passage through the plan, for a union of its own."""

    number: int
    union_id: str
    #: Courses that no client has taken yet.
    left: list[Course]
    #: Id of each activity by its title.
    activities: dict[str, str] = field(default_factory=dict)


class Load:
    """Repeats a plan with clients that never take a maybe for an answer."""

    def __init__(self, plan: Sequence[Course], federation: str, ledger: Ledger, client: Callable[[], Client]) -> None:
        """`client` makes one more client."""
        self.rounds: list[Round] = []
        self.ledger = ledger
        self._plan = plan
        self._federation = federation
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
        if self._failures:
            raise self._failures.pop()

    def await_requests(self, number: int) -> None:
        """Wait until so many more were sent, so that there is work in hand when a fault strikes."""
        wanted = len(self.ledger) + number
        wait_until(lambda: len(self.ledger) >= wanted or bool(self._failures), 120, "The load does not get on.")

    def found_union(self, client: Client, name: str) -> str:
        """Found a union below the federation and approve it; gives its id. The name is to be new."""
        fields = {
            "name": f"Mill union {name}",
            "short_name": "Mill",
            "superior_id": self._federation,
            "region_code": "330110",
            "org_kind": "joint",
            "founding_mode": "regional",
            "founded_on": "2022-03-07",
        }
        union_id: str = client.do(FoundUnion, Role.ZONE_OFFICER, f"{name}.found", **fields)["id"]
        client.do(ApproveUnion, Role.ZONE_OFFICER, f"{name}.approve", union_id=union_id, approved_on="2022-04-04")
        return union_id

    def _work(self, first: int) -> None:
        client = self._new_client()
        try:
            while taken := self._take(client, first):
                self._carry_out(client, *taken)
        except BaseException as failure:
            self._failures.append(failure)
            self._stopping = True

    def _take(self, client: Client, first: int) -> tuple[Round, Course] | None:
        with self._taking:
            begun = self.rounds[first:]
            if begun and begun[-1].left:
                return begun[-1], begun[-1].left.pop(0)
            if (begun and self._stopping) or self._failures:
                return None
            self.rounds.append(self._open_round(client))
            return self.rounds[-1], self.rounds[-1].left.pop(0)

    def _open_round(self, client: Client) -> Round:
        number = len(self.rounds)
        return Round(number, self.found_union(client, str(number)), list(self._plan))

    def _carry_out(self, client: Client, of: Round, course: Course) -> None:
        title = course.draft["title"]
        key = f"{of.number}.{title.rpartition(' ')[2]}"
        draft: Mapping[str, str] = {**course.draft, "organizer_union_id": of.union_id}
        activity_id = client.do(DraftActivity, Role.OFFICER, f"{key}.draft", **draft)["id"]
        of.activities[title] = activity_id
        for number, step in enumerate(course.steps, 1):
            time.sleep(REST)
            client.do(step.request, step.account, f"{key}.{number}", activity_id=activity_id, **step.fields)

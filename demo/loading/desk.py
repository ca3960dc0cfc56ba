"""What all loaders share: the year, who works on it, the ids learnt so far, and several hands."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from demo.accounts import Officials, Staff
from demo.year.generator import Year

#: One piece of work that waits for nothing of its stage; and called after each, with what it belongs to.
Task = Callable[[], object]
Progress = Callable[[str], None]
#: Requests that are on their way at the same time.
HANDS = 6


@dataclass(frozen=True, slots=True)
class Known:
    """A member as the platform knows them."""

    subject_key: str
    membership_id: str


@dataclass(frozen=True, slots=True)
class Office:
    """The federation's id, and the clients of those who work there."""

    federation_id: str
    staff: Staff


@dataclass(slots=True)
class Desk:
    """The year at work; unions, enterprises and members by their numbers."""

    year: Year
    unions: dict[int, str] = field(default_factory=dict)
    enterprises: dict[int, str] = field(default_factory=dict)
    members: dict[int, Known] = field(default_factory=dict)
    #: Ids of what else was made, by what was planned.
    ids: dict[object, str] = field(default_factory=dict)
    _office: Office | None = None
    _officials: Officials | None = None

    @property
    def office(self) -> Office:
        """The federation, once it is registered."""
        assert self._office is not None
        return self._office

    @property
    def staff(self) -> Staff:
        """The clients of the federation's officers."""
        return self.office.staff

    @property
    def officials(self) -> Officials:
        """The clients of those who hold posts, who have their roles from the second day on."""
        assert self._officials is not None
        return self._officials

    def open(self, office: Office) -> None:
        """Let the officers work."""
        self._office = office
        self.unions[0] = office.federation_id

    def seat(self, officials: Officials) -> None:
        """Let the officials work."""
        self._officials = officials

    def key(self, *words: object) -> str:
        """The key of a fact of this year."""
        return " ".join(map(str, (self.year.key, *words)))

    def subjects(self, people: Iterable[int]) -> list[str]:
        """Subject keys of people by their numbers."""
        return [self.members[number].subject_key for number in people]


def work(tasks: Iterable[Task], progress: Progress, said: str) -> None:
    """Do the tasks of a stage with several hands. Raises what the first that failed raised."""
    with ThreadPoolExecutor(HANDS) as pool:
        for done in [pool.submit(task) for task in tasks]:
            done.result()
            progress(said)

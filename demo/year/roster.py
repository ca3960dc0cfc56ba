"""Who can be asked to take part: members who were there when the story began and count to its end."""

import random
from collections import defaultdict
from collections.abc import Callable, Sequence

from contracts.membership.organisation import Workforce
from demo.year.days import BEGINNING, FIRST_JOINS
from demo.year.people import Person
from demo.year.unions import PlannedUnion
from kernel.codes.political_status import PoliticalStatus
from kernel.codes.worker_category import WorkerCategory

#: Members of each union who can be asked, the first of its list: whoever looks them up need not read all of it.
_ASKED = 30
#: The categories that figures tell apart.
RIDING = frozenset({WorkerCategory.COURIER, WorkerCategory.FOOD_DELIVERY_RIDER})


class Roster:
    """Draws people; each draw may take whoever another draw took."""

    def __init__(self, chance: random.Random, people: Sequence[Person], unions: Sequence[PlannedUnion]) -> None:
        self._chance = chance
        self._people = people
        self._unions = unions
        self.by_union: dict[int, list[Person]] = defaultdict(list)
        for person in people:
            asked = self.by_union[person.membership.union]
            if len(asked) < _ASKED and person.membership.joined_on <= BEGINNING and not person.membership.retained_on:
                asked.append(person)
        self._settled = [person for members in self.by_union.values() for person in members]

    def draw(self, count: int, suits: Callable[[Person], bool] = lambda _: True) -> list[Person]:
        """So many different people of old unions whom a condition suits."""
        return self._chance.sample([person for person in self._settled if suits(person)], count)

    def draw_of(self, union: int, most: int) -> list[Person]:
        """About two thirds of a union's members, and no more than so many."""
        members = self.by_union[union]
        return self._chance.sample(members, min(most, -(-2 * len(members) // 3)))

    def riders(self, count: int) -> list[Person]:
        """Couriers and food-delivery riders of the first union of new employment, there from its first day on."""
        found = [
            person
            for person in self._people
            if person.membership.joined_on == FIRST_JOINS
            and person.job.category in RIDING
            and self._unions[person.membership.union].workforce is Workforce.NEW_EMPLOYMENT
        ]
        return self._chance.sample(found, count)

    def retained(self, count: int) -> list[Person]:
        """People whose memberships were retained before the story began."""
        found = [person for person in self._people if (day := person.membership.retained_on) and day <= BEGINNING]
        return self._chance.sample(found, count)

    def of_firms(self) -> list[int]:
        """Numbers of the old unions that have members, the federation left out."""
        return [union.number for union in self._unions if union.number and self.by_union[union.number]]


def is_rider(person: Person) -> bool:
    """Whether figures tell this person apart."""
    return person.job.category in RIDING


def is_industrial(person: Person) -> bool:
    """Whether the person is an industrial worker."""
    return person.job.is_industrial_worker


def is_outside_party(person: Person) -> bool:
    """Whether the person could still join the Party."""
    return person.political_status is not PoliticalStatus.CPC_MEMBER

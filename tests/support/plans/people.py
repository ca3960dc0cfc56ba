"""The people of a round: other persons in each, and in each the same in all that reports can see."""

from dataclasses import dataclass
from itertools import cycle, islice

from kernel.codes.worker_category import WorkerCategory
from tests.support.plans import numbers
from tests.support.plans.steps import Of, Own

#: Numbers that a round has for its people; even, so that a person has the same sex in each.
PEOPLE = 40
#: Version of the notice that they agreed to.
CONSENT = "members-2021-11"
_STAFF, _COURIER, _RIDER = (WorkerCategory.EMPLOYED_STAFF, WorkerCategory.COURIER, WorkerCategory.FOOD_DELIVERY_RIDER)
_CATEGORIES = (_STAFF, _COURIER, _STAFF, _RIDER, _STAFF, WorkerCategory.TRUCK_DRIVER)
#: Where households are registered: in the county's province, and in another.
_HOUSEHOLDS = (numbers.COUNTY, "340199", numbers.COUNTY)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody by the number in the round."""

    number: int
    category: WorkerCategory
    household: str

    @property
    def name(self) -> str:
        """What the person is called."""
        return f"Reed {self.number}"

    @property
    def member_no(self) -> str:
        """The number in the union."""
        return f"M-{self.number}"

    @property
    def is_industrial_worker(self) -> bool:
        """Whoever is staff of the mill."""
        return self.category is _STAFF

    @property
    def document_no(self) -> Own:
        """The resident ID of whoever has this number in a round."""
        return Own(lambda round_number: numbers.resident_id(self.serial(round_number)))

    @property
    def mobile(self) -> Own:
        """The telephone of whoever has this number in a round."""
        return Own(lambda round_number: numbers.mobile(self.serial(round_number)))

    @property
    def step(self) -> str:
        """Name of the step that tells of the membership."""
        return f"member {self.number}"

    @property
    def subject_key(self) -> Of:
        """The person outside membership."""
        return Of(self.step, "subject_key")

    def serial(self, round_number: int) -> int:
        """The person's number among the people of all rounds."""
        return round_number * PEOPLE + self.number


def people(count: int = PEOPLE) -> list[Person]:
    """So many people; a list of more is the same list, longer."""
    kinds = zip(cycle(_CATEGORIES), cycle(_HOUSEHOLDS), strict=False)
    return [Person(number, *kind) for number, kind in enumerate(islice(kinds, count))]

"""Health checks: days that are booked out, a place given back and taken by another, and a mark made by mistake."""

from collections.abc import Iterator, Sequence

from contracts.roles import Role
from contracts.welfare import health_checks
from kernel.codes.worker_category import WorkerCategory
from tests.support.plans.members import active
from tests.support.plans.people import Person
from tests.support.plans.programmes import is_open, opened
from tests.support.plans.steps import LAST_DAY, Course, Of, Pick, Step
from tests.support.plans.unions import FEDERATION

PROGRAMME = "health checks"
_PROVIDER = "018b0000-0000-7000-8000-000000000001"
#: Places of a day, people on the first list, and days.
_QUOTA, _FIRST, _DAYS = 7, 4, 2


def beginning() -> Course:
    """The programme until it is open."""
    categories = [category.value for category in WorkerCategory]
    return Course(PROGRAMME, list(opened(PROGRAMME, "health_check", "service", categories, 0)))


def courses() -> Iterator[Course]:
    """A course for each day, with other people; riders and couriers first."""
    riders = (WorkerCategory.COURIER, WorkerCategory.FOOD_DELIVERY_RIDER)
    people = sorted(active(), key=lambda person: person.category not in riders)
    for number in range(_DAYS):
        name = f"slot {number}"
        yield Course(name, list(_steps(name, people[number::_DAYS][: _QUOTA + 1])))


def _steps(name: str, people: Sequence[Person]) -> Iterator[Step]:
    this = {"slot_id": Of(name)}
    *booked, late = people
    first, second = booked[:_FIRST], booked[_FIRST - 1 :]
    yield _opened(name)
    yield _booking(name, first, booked=len(first), already_there=0)
    yield _booking(name, second, booked=len(second) - 1, already_there=1)
    gone, mistaken = booked[0], booked[1]
    yield _pick(name, gone)
    yield Step(health_checks.CancelBooking, Role.OFFICER, _of_booking(name, gone), expects={"state": "cancelled"})
    yield _booking(name, [late], booked=1, already_there=0)
    yield _pick(name, late)
    yield Step(health_checks.AttendBooking, Role.OFFICER, _of_booking(name, late), expects={"state": "attended"})
    # the last of those who booked does not come
    came = {**this, "subject_keys": [person.subject_key for person in (*booked[1:-1], late)]}
    expects = {"attended": _QUOTA - 2, "already_there": 1}
    yield Step(health_checks.RecordAttendances, Role.OFFICER, came, expects=expects)
    yield _pick(name, mistaken)
    yield Step(health_checks.VoidAttendance, Role.ZONE_OFFICER, _of_booking(name, mistaken))


def _opened(name: str) -> Step:
    fields = {
        "programme_id": Of(PROGRAMME),
        "union_id": Of(FEDERATION),
        "provider_id": _PROVIDER,
        "provider_name": "Riverside hospital",
        "held_on": LAST_DAY.isoformat(),
        "quota": _QUOTA,
    }
    return Step(health_checks.OpenSlot, Role.ZONE_OFFICER, fields, name, [is_open(PROGRAMME)])


def _booking(name: str, people: Sequence[Person], **expects: int) -> Step:
    fields = {"slot_id": Of(name), "subject_keys": [person.subject_key for person in people]}
    return Step(health_checks.BookPeople, Role.OFFICER, fields, expects=expects)


def _pick(name: str, person: Person) -> Step:
    having = {"subject_key": person.subject_key}
    return Pick(health_checks.ListBookings, Role.OFFICER, {"slot_id": Of(name)}, _place(name, person), having=having)


def _of_booking(name: str, person: Person) -> dict[str, Of]:
    return {"booking_id": Of(_place(name, person))}


def _place(name: str, person: Person) -> str:
    return f"{name} {person.step}"

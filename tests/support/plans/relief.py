"""Winter relief: lists of one programme at the same time, what comes back, what is taken out, and the audit."""

from collections.abc import Iterator, Sequence

from contracts.roles import Role
from contracts.welfare import batches, grants
from kernel.codes.worker_category import WorkerCategory
from tests.support.plans.members import active
from tests.support.plans.people import Person
from tests.support.plans.programmes import audited, is_open, opened
from tests.support.plans.steps import LAST_DAY, Course, Of, Pick, Step
from tests.support.plans.unions import UNION

PROGRAMME = "winter relief"
#: Fen of each parcel, and parcels on one list.
_PARCEL, _LIST = 12_800, 9
#: Fen of the programme: enough for both lists.
_BUDGET = 2 * _LIST * _PARCEL
_ADMITTED = (WorkerCategory.EMPLOYED_STAFF, WorkerCategory.COURIER, WorkerCategory.FOOD_DELIVERY_RIDER)
_STOPPED = "third list cancelled"


def beginning() -> Course:
    """The programme until it is open."""
    return Course(PROGRAMME, list(opened(PROGRAMME, "winter_relief", "goods", _ADMITTED, _BUDGET)))


def courses() -> Iterator[Course]:
    """Two lists of different people at the same time."""
    for place, name in enumerate(("first list", "second list")):
        yield Course(name, list(_given_out(name, _listed(place))))


def ending() -> Iterator[Course]:
    """A list of people who have got theirs, which is cancelled; and the end of the programme."""
    over = [_over(name) for name in ("first list", "second list")]
    yield Course("third list", list(_cancelled("third list", _listed(0), over)))
    # of each list, one parcel came back and one was taken out of the account
    spent = 2 * (_LIST - 3) * _PARCEL
    yield Course("audit of the relief", list(audited(PROGRAMME, [*over, _STOPPED], spent)))


def _listed(place: int) -> Sequence[Person]:
    """The people of a list: one of them, the last, is in no category that the programme admits."""
    admitted = [person for person in active() if person.category in _ADMITTED]
    others = [person for person in active() if person.category not in _ADMITTED]
    return [*admitted[place * (_LIST - 1) : (place + 1) * (_LIST - 1)], others[place]]


def _over(name: str) -> str:
    return f"{name} is over"


def _made(name: str, people: Sequence[Person], eligible: int, after: Sequence[str]) -> Iterator[Step]:
    this = {"batch_id": Of(name)}
    wanted = {"programme_id": Of(PROGRAMME), "union_id": Of(UNION), "name": name}
    yield Step(batches.StartBatch, Role.OFFICER, wanted, name, after)
    lines = [{"subject_key": each.subject_key, "item": "parcel", "amount_fen": _PARCEL} for each in people]
    half = len(lines) // 2
    yield Step(batches.AddLines, Role.OFFICER, {**this, "lines": lines[:half]}, expects={"already_there": 0})
    rest = {**this, "lines": lines[half - 1 :]}
    yield Step(batches.AddLines, Role.OFFICER, rest, expects={"already_there": 1, "size": len(lines)})
    yield Step(batches.FreezeBatch, Role.OFFICER, this, f"{name} frozen", expects={"eligible": eligible})


def _given_out(name: str, people: Sequence[Person]) -> Iterator[Step]:
    this = {"batch_id": Of(name)}
    *bulk, signs, declines = people[:-1]
    yield from _made(name, people, len(people) - 1, [is_open(PROGRAMME)])
    seen = {**this, "list_hash": Of(f"{name} frozen", "list_hash")}
    yield Step(batches.ApproveBatch, Role.ZONE_LEADER, seen)
    yield Step(batches.IssueBatch, Role.OFFICER, this, expects={"state": "issuing"})
    received = {"received_on": LAST_DAY.isoformat(), "receipt_ref": "sheet 1"}
    for keys, known in ((bulk[:4], 0), (bulk[3:], 1)):
        sheet = {**this, **received, "subject_keys": [person.subject_key for person in keys]}
        yield Step(grants.RecordReceipts, Role.OFFICER, sheet, expects={"already_there": known})
    yield _benefit(name, signs)
    signed = {**_of_benefit(name, signs), **received, "receipt_kind": "photo"}
    yield Step(grants.ReceiptBenefit, Role.OFFICER, signed, expects={"state": "receipted"})
    yield _benefit(name, declines)
    yield Step(grants.ReturnBenefit, Role.OFFICER, {**_of_benefit(name, declines), "reason": "declined"})
    asked = {**_of_benefit(name, signs), "reason": "wrong_person"}
    yield Step(grants.AskReversal, Role.FINANCE, asked, expects={"state": "receipted"})
    yield Step(grants.ReverseBenefit, Role.ZONE_LEADER, _of_benefit(name, signs), _over(name))


def _cancelled(name: str, people: Sequence[Person], after: Sequence[str]) -> Iterator[Step]:
    # whose parcel came back or was taken out may get one; the others have theirs
    yield from _made(name, people, 2, after)
    yield Step(batches.CancelBatch, Role.OFFICER, {"batch_id": Of(name)}, _STOPPED, expects={"state": "cancelled"})


def _benefit(name: str, person: Person) -> Step:
    asked = {"batch_id": Of(name)}
    having = {"subject_key": person.subject_key}
    return Pick(grants.ListBenefits, Role.OFFICER, asked, _grant(name, person), having=having)


def _of_benefit(name: str, person: Person) -> dict[str, Of]:
    return {"grant_id": Of(_grant(name, person))}


def _grant(name: str, person: Person) -> str:
    return f"{name} {person.step}"

"""How the members of a round come in: a few by application, the others by a file that is sent twice."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import cycle

from contracts.files import CSV
from contracts.membership.applications import (
    ApproveApplication,
    RejectApplication,
    SubmitApplication,
    WithdrawApplication,
)
from contracts.membership.imports import GetImport, ImportMembers, UploadMembers
from contracts.membership.register import ListMembers, RetainMember
from contracts.roles import Role
from kernel.codes.membership_change import ChangeReason, ChangeType
from tests.support.plans import numbers
from tests.support.plans.people import CONSENT, Person, people
from tests.support.plans.steps import Course, Fields, Of, Outcome, Own, Pick, Step, day
from tests.support.plans.unions import ENTERPRISE, UNION, enterprise_name

#: People who apply, and what becomes of their applications, in turn.
APPLICANTS = 12
_ENDINGS = ("approved", "approved", "retained", "approved", "rejected", "second try")
#: Those of the file whose membership is retained from the start, and one whose document is faulty.
_RETAINED, _FAULTY = frozenset({20, 27}), 33
_JOINED, _RETAINED_ON = day(2, 20), day(7, 3)


def ending(number: int) -> str:
    """What becomes of an applicant."""
    return _ENDINGS[number % len(_ENDINGS)]


def active() -> list[Person]:
    """Those who end as members that count."""
    return [person for person in people() if _is_active(person.number)]


def courses() -> Iterator[Course]:
    """A course for each applicant, and one for the file of all others."""
    for person, outcome in zip(people(APPLICANTS), cycle(_ENDINGS), strict=False):
        yield Course(f"application {person.number}", list(_application(person, outcome)))
    yield Course("register", list(_register(people()[APPLICANTS:])))


def sent(rows: Callable[[int], str], name: str, union: str) -> Iterator[Step]:
    """Send a file, given by the number of the round, and import it; the import is named."""
    content = {"content": Own(lambda number: rows(number).encode()), "media_type": CSV}
    yield Step(UploadMembers, Role.IMPORTER, content, f"{name} file")
    wanted = {"union_id": Of(union), "file_id": Of(f"{name} file"), "consent_version": CONSENT}
    yield Step(ImportMembers, Role.IMPORTER, wanted, name)


def ended(name: str, **result: int) -> Step:
    """Wait until an import is done, with this result."""
    expects = {"state": "done", "result": {"retained": 0, "unchanged": 0, "faulty": 0, "dry_run": False, **result}}
    return Outcome(GetImport, Role.IMPORTER, {"import_id": Of(name)}, expects=expects)


def file_of(rows: Iterable[Mapping[str, str]]) -> str:
    """A file of the register; all rows have the same columns."""
    table = io.StringIO()
    first, *rest = rows
    writer = csv.DictWriter(table, list(first))
    writer.writeheader()
    writer.writerows([first, *rest])
    return table.getvalue()


def row(person: Person, serial: int) -> dict[str, str]:
    """A person as a file of the register has them."""
    return {
        "姓名": person.name,
        "证件号码": numbers.resident_id(serial),
        "移动电话": numbers.mobile(serial),
        "户籍所在地": person.household,
        "职工类别": person.category.zh,
        "是否产业工人": "是" if person.is_industrial_worker else "否",
        "会员编号": person.member_no,
        "会籍变化日期": _JOINED,
    }


def _is_active(number: int) -> bool:
    if number < APPLICANTS:
        return ending(number) in {"approved", "second try"}
    return number not in _RETAINED and number != _FAULTY


def _application(person: Person, outcome: str) -> Iterator[Step]:
    name = f"application {person.number}"
    this = {"application_id": Of(name)}
    if outcome == "second try":
        yield _submitted(person, f"{name} at first")
        yield Step(WithdrawApplication, Role.OFFICER, {"application_id": Of(f"{name} at first")})
    yield _submitted(person, name)
    decided = {**this, "decided_on": day(3, 6)}
    if outcome == "rejected":
        yield Step(RejectApplication, Role.CHAIR, {**decided, "reason": "documents_do_not_agree"})
        return
    yield Step(ApproveApplication, Role.CHAIR, decided, person.step)
    if outcome == "retained":
        membership_id = Of(person.step, "membership_id")
        retained = {"membership_id": membership_id, "reason": ChangeReason.UNEMPLOYED, "effective_on": _RETAINED_ON}
        yield Step(RetainMember, Role.CHAIR, retained, expects={"state": "retained"})


def _submitted(person: Person, name: str) -> Step:
    fields = {
        "union_id": Of(UNION),
        "applied_on": day(2, 27),
        "consent_version": CONSENT,
        "member_no": person.member_no,
        "person": {
            "name": person.name,
            "document_no": person.document_no,
            "mobile": person.mobile,
            "household_region": person.household,
        },
        "employment": {
            "employer_id": Of(ENTERPRISE),
            "worker_category": person.category,
            "is_industrial_worker": person.is_industrial_worker,
        },
    }
    return Step(SubmitApplication, Role.OFFICER, fields, name)


def _register(listed: list[Person]) -> Iterator[Step]:
    def content(number: int) -> str:
        return file_of(_row(person, number) for person in listed)

    whole: Fields = {"rows": len(listed), "faulty": 1}
    new = len(listed) - len(_RETAINED) - 1
    yield from sent(content, "import", UNION)
    yield ended("import", **whole, joined=new, retained=len(_RETAINED))
    yield from sent(content, "import again", UNION)
    yield ended("import again", **whole, joined=0, unchanged=len(listed) - 1)
    for person in listed:
        if _is_active(person.number):
            asked = {"union": Of(UNION), "member_no": person.member_no}
            yield Pick(ListMembers, Role.IMPORTER, asked, person.step, having={"state": "active"})


def _row(person: Person, round_number: int) -> dict[str, str]:
    is_retained = person.number in _RETAINED
    found = {
        **row(person, person.serial(round_number)),
        "工作单位": enterprise_name(round_number),
        "会籍变化类型": (ChangeType.RETAINED if is_retained else ChangeType.JOINED).zh,
        "会籍变化原因": ChangeReason.UNEMPLOYED.zh if is_retained else "",
    }
    if person.number == _FAULTY:
        found["证件号码"] = found["证件号码"][::-1]
    return found

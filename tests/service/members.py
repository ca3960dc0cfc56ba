"""What tests of persons and members share: people who do not exist, and their way into a union."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from contracts.membership import applications, register
from kernel.codes.sex import Sex
from kernel.identifiers.resident_id import check_character
from tests.service.harness import LONG_AGO, Union, Universe

#: A notice that was in use on every day that these tests name.
NOTICE = "members-2021-11"
#: Why and since when a membership is retained.
UNEMPLOYED = {"reason": "3", "effective_on": LONG_AGO}
#: With what one that was retained counts again, and how memberships end; each on the day of joining.
REINSTATED = {"effective_on": LONG_AGO, "employment": {"worker_category": "14"}}
WITHDRAWN = {"effective_on": LONG_AGO, "request_ref": "letter of 1 June"}
EXPELLED = {
    "effective_on": LONG_AGO,
    "court_document_ref": "judgment 7 of 2022",
    "group_opinion_ref": "minutes of group 3",
}

_numbers = count()


def resident_id(sex: Sex = Sex.FEMALE, born: date | None = None) -> str:
    """A number of a county that does not exist; each is given once, unless `born` says when."""
    number = next(_numbers)
    born = born or date(1970, 1, 1) + timedelta(days=number // 500)
    sequence = number % 500 * 2 + (sex is Sex.MALE)
    first_17 = f"330199{born:%Y%m%d}{sequence:03}"
    return first_17 + check_character(first_17)


def person_fields(**changes: Any) -> dict[str, Any]:
    return {"name": "林小满", "document_no": resident_id(), "mobile": "19900001234", **changes}


def application_fields(union: str, **changes: Any) -> dict[str, Any]:
    """The fields of an application; `person` and `employment` add to what is usual."""
    person = person_fields(**changes.pop("person", {}))
    employment = {"worker_category": "10", **changes.pop("employment", {})}
    fixed = {"union_id": union, "applied_on": LONG_AGO, "consent_version": NOTICE}
    return {**fixed, "person": person, "employment": employment, **changes}


def applied(universe: Universe, union: Union | None = None, **changes: Any) -> dict[str, Any]:
    """An application that the union's officer brought in."""
    union = union or universe.home
    fields = application_fields(union.id, **changes)
    return universe.membership.do(applications.SubmitApplication, union.officer, **fields)


def approved(universe: Universe, application: dict[str, Any], union: Union | None = None) -> dict[str, Any]:
    """The application after the union's chair approved it on the day it came in."""
    chair = (union or universe.home).chair
    asked = {"application_id": application["id"], "decided_on": application["applied_on"]}
    return universe.membership.do(applications.ApproveApplication, chair, **asked)


def member(universe: Universe, union: Union | None = None, **changes: Any) -> dict[str, Any]:
    """The view of a new active member."""
    union = union or universe.home
    decided = approved(universe, applied(universe, union, **changes), union)
    return universe.membership.do(register.GetMember, union.chair, membership_id=decided["membership_id"])


def retained(universe: Universe, view: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The view of a membership after the chair of its union retained it."""
    return changed(universe, register.RetainMember, view, **{**UNEMPLOYED, **changes})


def expelled(universe: Universe, view: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The view of a membership after its union expelled the member."""
    return changed(universe, register.ExpelMember, view, **{**EXPELLED, **changes})


def changed(universe: Universe, request: Any, view: dict[str, Any], **asked: Any) -> dict[str, Any]:
    """The view of a membership after a command of its union's chair."""
    chair = (universe.home if view["union_id"] == universe.home.id else universe.other).chair
    answer: dict[str, Any] = universe.membership.do(request, chair, membership_id=view["id"], **asked)
    return answer

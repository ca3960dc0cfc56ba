"""What becomes of a row of a file of members."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.membership.register import MembershipState
from kernel.identifiers.resident_id import check_character
from services.membership.imports.columns import HEADINGS, Fault
from services.membership.imports.rules import Decision, Entry, Standing, Terms, Union, check, check_beside, decide

TODAY = date(2023, 9, 30)
HOME = Union(uuid4(), "Mill", "approved", "330110")
BELOW, TWIN = replace(HOME, id=uuid4(), name="Dock"), replace(HOME, id=uuid4(), name="Dock")
WAITING = replace(HOME, id=uuid4(), name="Quay", state="awaiting_approval")
UNIONS = {str(HOME.id): [HOME], "Mill": [HOME], str(BELOW.id): [BELOW], "Dock": [BELOW, TWIN], "Quay": [WAITING]}
TERMS = Terms(TODAY, "members-2021-11", HOME, UNIONS)


def a_number(born: date) -> str:
    first_17 = f"330199{born:%Y%m%d}002"
    return first_17 + check_character(first_17)


def values(**changes: Any) -> dict[str, Any]:
    usual = {"name": "林小满", "document_no": a_number(date(1990, 3, 8)), "mobile": "19900001234"}
    return {**dict.fromkeys(HEADINGS), **usual, "since": TODAY, **changes}


def checked(**changes: Any) -> Any:
    """The entry, or heading and code of each fault."""
    found = check(2, values(**changes), TERMS)
    return found if isinstance(found, Entry) else [(fault.field, fault.code) for fault in found]


def test_what_a_row_does_not_say_is_what_most_are() -> None:
    entry = checked()

    assert (entry.union, entry.state, entry.retained_for) == (HOME, MembershipState.ACTIVE, None)
    assert (entry.employment["worker_category"], entry.employment["employment_state"]) == ("10", "1")
    assert entry.employment["is_industrial_worker"] is False
    assert entry.identity.document.kind == "resident_id"


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"union": "Mill"}, None),
        ({"union": str(BELOW.id)}, None),
        ({"union": "Dock"}, [("所属工会", "ambiguous_name")]),
        ({"union": "Nobody's"}, [("所属工会", "unknown_union")]),
        ({"union": "Quay"}, [("所属工会", "union_not_approved")]),
        ({"change": "1", "employment_state": "4"}, [("就业状况", "retired_cannot_join")]),
        ({"change": "1", "employment_state": "5"}, [("就业状况", "retired_cannot_join")]),
        ({"change": "1", "employment_state": "7"}, None),
        ({"change": "3", "employment_state": "4", "reason": "1"}, None),
        ({"change": "3"}, [("会籍变化原因", "required")]),
        ({"change": "3", "reason": "5"}, [("会籍变化原因", "reason_does_not_retain")]),
        ({"change": "3", "reason": "6"}, [("会籍变化原因", "reason_does_not_retain")]),
        ({"change": "4"}, [("会籍变化类型", "unknown_code")]),
        ({"since": date(2023, 10, 1)}, [("会籍变化日期", "date_in_future")]),
        ({"started_on": date(2023, 10, 1)}, [("入职日期", "date_in_future")]),
        ({"document_no": a_number(date(2007, 9, 30))}, None),
        ({"document_no": a_number(date(2007, 10, 1))}, [("证件号码", "resident_id_age")]),
        ({"document_no": a_number(date(2007, 9, 30)), "since": date(2023, 9, 29)}, [("证件号码", "resident_id_age")]),
        ({"birth_date": date(1990, 3, 9)}, [("出生日期", "birth_date_differs")]),
        ({"mobile": "1", "union": "Quay"}, [("移动电话", "mobile_format"), ("所属工会", "union_not_approved")]),
    ],
)
def test_a_row_is_decided_by_itself(changes: dict[str, Any], faults: list[tuple[str, str]] | None) -> None:
    found = checked(**changes)

    assert (None if isinstance(found, Entry) else found) == faults


@pytest.mark.parametrize(
    ("unreadable", "changes", "beside"),
    [
        (
            "education",
            {"document_no": "1", "mobile": "1"},
            [("证件号码", "resident_id_length"), ("移动电话", "mobile_format")],
        ),
        ("education", {}, []),
        (
            "document_no",
            {"mobile": "1", "union": "Quay"},
            [("移动电话", "mobile_format"), ("所属工会", "union_not_approved")],
        ),
        ("document_kind", {"document_no": "E1", "mobile": "1"}, [("移动电话", "mobile_format")]),
        ("birth_date", {"document_kind": "passport", "document_no": "E12345678"}, []),
        ("change", {"employment_state": "4"}, []),
        ("since", {"started_on": date(2023, 10, 1)}, [("入职日期", "date_in_future")]),
        ("reason", {"change": "3"}, []),
    ],
)
def test_beside_a_cell_that_cannot_be_read_all_is_told_that_does_not_hang_on_it(
    unreadable: str, changes: dict[str, Any], beside: list[tuple[str, str]]
) -> None:
    read = values(**changes, **{unreadable: None})

    found = check_beside(2, read, TERMS, [Fault(2, HEADINGS[unreadable], "unknown_code")])

    assert [(fault.field, fault.code) for fault in found] == beside


@pytest.mark.parametrize(("since", "fits"), [(date(2023, 12, 31), True), (date(2024, 1, 1), False)])
def test_a_notice_that_was_no_longer_handed_out_when_somebody_joined_is_no_consent(since: date, fits: bool) -> None:
    found = check(2, values(since=since), replace(TERMS, today=date(2024, 6, 1)))

    assert isinstance(found, Entry) == fits


def standing(union: UUID | None = None, state: str | None = None, applies: bool = False) -> Standing:
    return Standing(uuid4(), union, state, TODAY if union else None, applies)


@pytest.mark.parametrize(
    ("known", "changes", "decision"),
    [
        (None, {}, Decision.NEW),
        (standing(), {}, Decision.NEW),
        (standing(applies=True), {}, ("证件号码", "application_pending")),
        (standing(uuid4(), "active"), {}, ("证件号码", "already_a_member")),
        (standing(HOME.id, "active"), {}, Decision.UNCHANGED),
        (standing(HOME.id, "active"), {"since": None}, Decision.UNCHANGED),
        (standing(HOME.id, "active"), {"since": date(2023, 9, 29)}, ("会籍变化日期", "already_a_member")),
        (standing(HOME.id, "active"), {"change": "3", "reason": "3"}, ("会籍变化类型", "already_a_member")),
        (standing(HOME.id, "retained"), {"change": "3", "reason": "3"}, Decision.UNCHANGED),
        (standing(HOME.id, "retained"), {}, ("会籍变化类型", "already_a_member")),
    ],
)
def test_what_is_so_already_stays_and_nobody_belongs_to_two_unions(
    known: Standing | None, changes: dict[str, Any], decision: Any
) -> None:
    found = decide(checked(**changes), known)

    assert ((found.field, found.code) if isinstance(found, Fault) else found) == decision

"""Whom a programme is for."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from chassis.member_register import Member
from services.welfare.programmes.admission import Admission

HOME, ELSEWHERE = UUID(int=3), UUID(int=4)
MEMBER = Member(UUID(int=5), HOME, None, "active", "10", True, date(2023, 6, 1), date(2023, 6, 1))
EVERYBODY = Admission(frozenset([HOME]), (), admits_retained=False)


@pytest.mark.parametrize(
    ("member", "admission", "reason"),
    [
        ({}, {}, None),
        (None, {}, "not_a_member"),
        ({"state": "retained"}, {}, "membership_retained"),
        ({"state": "retained"}, {"admits_retained": True}, None),
        ({"union_id": ELSEWHERE}, {}, "outside_union"),
        ({"union_id": ELSEWHERE}, {"unions": {HOME, ELSEWHERE}}, None),
        ({}, {"categories": ["13"]}, "category_not_admitted"),
        ({"worker_category": "13"}, {"categories": ["12", "13"]}, None),
        ({"state": "retained", "union_id": ELSEWHERE}, {}, "membership_retained"),
    ],
)
def test_a_person_is_admitted_or_not_with_the_first_reason(
    member: dict[str, Any] | None, admission: dict[str, Any], reason: str | None
) -> None:
    who = None if member is None else replace(MEMBER, **member)

    assert replace(EVERYBODY, **admission).obstacle(who) == reason

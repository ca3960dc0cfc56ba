"""Registering, renaming, counting and finding enterprises."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from chassis.errors import Refused
from contracts.membership import enterprises as contract
from contracts.roles import Role
from tests.service.firms import HEADCOUNT, enterprise_fields, registered
from tests.service.harness import Service, Universe, an_actor, tomorrow


def refusal(service: Service, *asked: Any, **fields: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        service.do(*asked, **fields)
    return caught.value


def counted(universe: Universe, enterprise: dict[str, Any], day: date, staff: int, women: int = 1) -> dict[str, Any]:
    fields = {"enterprise_id": enterprise["id"], "counted_on": day, "staff": staff, "women": women}
    return universe.membership.do(contract.ReportHeadcount, universe.zone_officer, **fields)


def told(universe: Universe, enterprise: dict[str, Any]) -> list[str]:
    events = universe.membership.events_of(enterprise["id"])
    return [event.type.removeprefix("cn.unionhall.membership.") for event in events]


def listed(universe: Universe, **fields: Any) -> list[str]:
    asked = {"under": universe.federation, **fields}
    page = universe.membership.do(contract.ListEnterprises, universe.analyst, **asked)
    return [enterprise["id"] for enterprise in page["items"]]


def test_an_enterprise_is_registered_with_its_first_head_count_and_told_as_a_whole(universe: Universe) -> None:
    enterprise = registered(universe, park="Riverside park", above_scale=True, **HEADCOUNT)

    (event,) = universe.membership.events_of(enterprise["id"])
    shown = {name: value for name, value in enterprise.items() if name in event.data}
    assert dict(event.data) == {**shown, "enterprise_id": enterprise["id"]}
    assert (event.data["staff"], event.data["women"], event.data["counted_on"]) == (490, 190, "2023-06-30")
    assert (event.org_id, event.sequence, enterprise["version"]) == (universe.federation, 1, 1)
    assert enterprise["_actions"] == ["rename", "headcount"]


def test_an_enterprise_may_wait_for_its_first_head_count(universe: Universe) -> None:
    enterprise = registered(universe)

    assert (enterprise["staff"], enterprise["women"], enterprise["counted_on"]) == (None, None, None)


def test_half_a_head_count_is_none(universe: Universe) -> None:
    fields = enterprise_fields(universe.federation, staff=490)

    refused = refusal(universe.membership, contract.RegisterEnterprise, universe.zone_officer, **fields)

    assert refused.code == "invalid_request"
    assert [(error["field"], error["code"]) for error in refused.errors] == [
        ("counted_on", "required"),
        ("women", "required"),
    ]


def test_a_code_is_registered_once_however_it_is_written(universe: Universe) -> None:
    code = registered(universe)["uscc"]

    fields = enterprise_fields(universe.federation, uscc=code.lower())
    refused = refusal(universe.membership, contract.RegisterEnterprise, universe.zone_officer, **fields)

    assert refused.code == "uscc_taken"


def test_only_a_federation_has_an_area_with_enterprises(universe: Universe) -> None:
    fields = enterprise_fields(universe.home.id)

    refused = refusal(universe.membership, contract.RegisterEnterprise, universe.zone_officer, **fields)

    assert (refused.code, refused.field) == ("not_found", "federation_id")


def test_another_name_is_told_and_the_same_one_is_not(universe: Universe) -> None:
    enterprise = registered(universe)
    names = {"name": "Quarry Machines Limited", "short_name": "Quarry Machines"}

    for _ in range(2):
        asked = {"enterprise_id": enterprise["id"], **names}
        renamed = universe.membership.do(contract.RenameEnterprise, universe.zone_officer, **asked)

    assert (renamed["name"], renamed["short_name"], renamed["version"]) == (*names.values(), 2)
    assert told(universe, enterprise) == ["enterprise_registered.v1", "enterprise_renamed.v1"]


def test_the_latest_day_holds_in_whatever_order_the_counts_come(universe: Universe) -> None:
    enterprise = registered(universe, **HEADCOUNT)

    counted(universe, enterprise, date(2023, 9, 30), 500)
    shown = counted(universe, enterprise, date(2023, 8, 31), 480)

    assert (shown["counted_on"], shown["staff"]) == ("2023-09-30", 500)
    assert told(universe, enterprise) == ["enterprise_registered.v1", "enterprise_headcount_changed.v1"]


def test_a_second_count_of_a_day_replaces_the_first(universe: Universe) -> None:
    enterprise = registered(universe, **HEADCOUNT)

    shown = counted(universe, enterprise, HEADCOUNT["counted_on"], 492, 191)

    assert (shown["counted_on"], shown["staff"], shown["women"]) == ("2023-06-30", 492, 191)
    assert universe.membership.events_of(enterprise["id"])[-1].data["staff"] == 492


def test_a_count_that_says_what_is_known_is_not_told(universe: Universe) -> None:
    enterprise = registered(universe, **HEADCOUNT)

    counted(universe, enterprise, HEADCOUNT["counted_on"], 490, 190)

    assert told(universe, enterprise) == ["enterprise_registered.v1"]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [({"women": 491}, "more_women_than_staff", "women"), ({"counted_on": tomorrow()}, "date_in_future", "counted_on")],
)
def test_a_count_that_cannot_be_is_refused(universe: Universe, changes: dict[str, Any], code: str, field: str) -> None:
    fields = enterprise_fields(universe.federation, **HEADCOUNT | changes)
    first = refusal(universe.membership, contract.RegisterEnterprise, universe.zone_officer, **fields)
    asked = {"enterprise_id": registered(universe)["id"], **HEADCOUNT, **changes}
    later = refusal(universe.membership, contract.ReportHeadcount, universe.zone_officer, **asked)

    assert (first.code, first.field) == (later.code, later.field) == (code, field)


def test_an_enterprise_reads_as_it_was_answered(universe: Universe) -> None:
    enterprise = registered(universe, industry_code="C34", size="medium", **HEADCOUNT)

    found = universe.membership.do(contract.GetEnterprise, universe.analyst, enterprise_id=enterprise["id"])

    assert found == enterprise


def test_an_enterprise_that_nobody_registered_is_not_found(membership: Service) -> None:
    reader = an_actor(Role.ANALYST)

    assert refusal(membership, contract.GetEnterprise, reader, enterprise_id=uuid4()).code == "not_found"


def test_enterprises_are_listed_newest_first_and_page_by_page(universe: Universe) -> None:
    expected = [registered(universe)["id"] for _ in range(3)][::-1]

    asked = {"under": universe.federation, "limit": 2}
    first = universe.membership.do(contract.ListEnterprises, universe.analyst, **asked)
    rest = universe.membership.do(contract.ListEnterprises, universe.analyst, **asked, cursor=first["next"])

    assert [one["id"] for one in (*first["items"], *rest["items"])] == expected
    assert (len(first["items"]), rest["next"]) == (2, None)


def test_enterprises_of_another_area_are_not_listed(universe: Universe) -> None:
    registered(universe)

    assert listed(universe, under=universe.home.id) == []


@pytest.mark.parametrize("part", ["ALL_PURPOSE", "50%", "purpose 50"])
def test_a_part_of_either_name_finds_an_enterprise_whatever_its_case(universe: Universe, part: str) -> None:
    wanted = registered(universe, name="All_purpose castings", short_name="Purpose 50%")["id"]
    registered(universe, name="Allxpurpose castings", short_name="Purposes 500")

    assert listed(universe, name=part) == [wanted]


def test_a_code_finds_its_enterprise(universe: Universe) -> None:
    wanted = registered(universe)
    registered(universe)

    assert listed(universe, uscc=wanted["uscc"]) == [wanted["id"]]

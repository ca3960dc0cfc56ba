"""Founding, approving and reading unions."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from chassis.errors import Refused
from chassis.tree import DEEPEST
from contracts.membership import organisation as contract
from contracts.roles import Role
from services.membership.organisation import queries
from tests.service.firms import registered
from tests.service.harness import (
    ADMIN,
    LONG_AGO,
    Service,
    Universe,
    an_actor,
    federation_fields,
    tomorrow,
    union_fields,
)


def refusal(service: Service, *asked: Any, **fields: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        service.do(*asked, **fields)
    return caught.value


def test_a_federation_is_approved_when_it_is_registered_and_tells_both(membership: Service) -> None:
    federation = membership.do(contract.RegisterFederation, ADMIN, **federation_fields())

    told = membership.events_of(federation["id"])
    assert (federation["state"], federation["version"]) == ("approved", 1)
    assert [event.type for event in told] == [
        "cn.unionhall.membership.union_founded.v1",
        "cn.unionhall.membership.union_approved.v1",
    ]
    assert [event.sequence for event in told] == [1, 2]
    assert {event.data["approved_on"] for event in told} == {LONG_AGO.isoformat()}


def test_a_founding_waits_for_the_superior_and_carries_its_whole_state(universe: Universe) -> None:
    union = universe.founded()

    (founded,) = universe.membership.events_of(union["id"])
    assert (union["state"], union["_actions"]) == ("awaiting_approval", ["approve"])
    assert founded.org_id == founded.subject == union["id"]
    shown = {name: value for name, value in union.items() if name in founded.data}
    assert dict(founded.data) == {**shown, "union_id": union["id"]}


def test_a_union_tells_whose_workers_it_organises(universe: Universe) -> None:
    firms = [registered(universe)["id"] for _ in range(2)]

    union = universe.founded(org_kind="joint", founding_mode="joint", enterprise_ids=firms)

    (founded,) = universe.membership.events_of(union["id"])
    assert union["enterprise_ids"] == founded.data["enterprise_ids"] == firms


def test_a_federation_organises_unions_and_no_enterprises(universe: Universe) -> None:
    told = universe.membership.events_of(universe.federation)

    assert [event.data["enterprise_ids"] for event in told] == [[], []]


def test_an_enterprise_that_is_named_twice_is_one(universe: Universe) -> None:
    firm = registered(universe)["id"]
    joint = {"org_kind": "joint", "founding_mode": "joint", "enterprise_ids": [firm, firm]}
    basic = {"org_kind": "basic", "founding_mode": "single", "enterprise_ids": [firm, firm]}

    fields = union_fields(universe.federation, **joint)
    refused = refusal(universe.membership, contract.FoundUnion, universe.zone_officer, **fields)

    assert (refused.code, refused.field) == ("enterprises_do_not_fit", "enterprise_ids")
    assert universe.founded(**basic)["enterprise_ids"] == [firm]


def test_an_enterprise_has_to_be_registered_before_its_union(universe: Universe) -> None:
    basic = {"org_kind": "basic", "founding_mode": "single", "enterprise_ids": [str(uuid4())]}

    fields = union_fields(universe.federation, **basic)
    refused = refusal(universe.membership, contract.FoundUnion, universe.zone_officer, **fields)

    assert (refused.code, refused.field) == ("unknown_enterprise", "enterprise_ids")


def test_a_kind_of_union_that_cannot_come_to_be_in_a_mode_is_refused(universe: Universe) -> None:
    fields = union_fields(universe.federation, org_kind="joint", founding_mode="single")

    refused = refusal(universe.membership, contract.FoundUnion, universe.zone_officer, **fields)

    assert (refused.code, refused.field) == ("kind_does_not_fit_mode", "founding_mode")


def test_an_approved_union_may_found_others_below_itself(universe: Universe) -> None:
    below = universe.founded(universe.home.id)

    assert below["superior_id"] == universe.home.id


def test_a_union_that_waits_for_approval_may_not_found_others(universe: Universe) -> None:
    waiting = universe.founded()

    refused = refusal(universe.membership, contract.FoundUnion, universe.zone_officer, **union_fields(waiting["id"]))

    assert (refused.code, refused.field) == ("union_not_approved", "superior_id")


def test_a_founding_below_an_unknown_union_is_refused(universe: Universe) -> None:
    refused = refusal(universe.membership, contract.FoundUnion, universe.zone_officer, **union_fields(uuid4()))

    assert (refused.code, refused.field) == ("not_found", "superior_id")


@pytest.mark.parametrize("change", [str.upper, str.lower, str.title])
def test_a_name_is_taken_below_one_superior_whatever_its_case(universe: Universe, change: Any) -> None:
    name = f"Quay Union {uuid4()}"
    universe.founded(name=name)

    fields = union_fields(universe.federation, name=change(name))
    assert refusal(universe.membership, contract.FoundUnion, universe.zone_officer, **fields).code == "union_name_taken"


@pytest.mark.parametrize(
    "alike",
    [
        "QUAY Union {}",
        "Ｑｕａｙ union {}",
        "Quay\u00a0union {}",
        "Quay  union {}",
        "Qu\u0430y uni\u043en {}",
        "Quay uni\u039fn {}",
        "Quay\u3000union {}",
        "Quay union {}\u200b",
        "\u2060Quay union {}",
        "Qu\u00aday union {}",
        "Quay \u200dunion\ufe0f {}",
    ],
    ids=ascii,
)
def test_a_name_is_taken_by_one_that_looks_the_same(universe: Universe, alike: str) -> None:
    number = uuid4()
    universe.founded(name=f"Quay union {number}")

    fields = union_fields(universe.federation, name=alike.format(number))
    assert refusal(universe.membership, contract.FoundUnion, universe.zone_officer, **fields).code == "union_name_taken"


def test_no_union_is_founded_deeper_than_trees_are_read(universe: Universe) -> None:
    path = [universe.federation]
    for _ in range(DEEPEST):
        path.append(universe.approved_union(path[-1]).id)

    fields = union_fields(path[-1])
    refused = refusal(universe.membership, contract.FoundUnion, universe.zone_officer, **fields)

    assert (refused.code, refused.field, refused.params) == ("tree_too_deep", "superior_id", {"most": "21"})
    nodes = universe.membership.do(contract.GetUnionTree, universe.analyst, root=universe.federation)["nodes"]
    assert set(path) <= {node["id"] for node in nodes}


def test_the_same_name_is_free_below_another_superior(universe: Universe) -> None:
    name = f"Quay union {uuid4()}"

    assert (
        universe.founded(universe.home.id, name=name)["name"] == universe.founded(universe.other.id, name=name)["name"]
    )


def test_federations_share_one_room_of_names(membership: Service) -> None:
    federation = membership.do(contract.RegisterFederation, ADMIN, **federation_fields())

    fields = federation_fields(name=federation["name"].upper())
    assert refusal(membership, contract.RegisterFederation, ADMIN, **fields).code == "union_name_taken"


@pytest.mark.parametrize("root", ["home", "federation"])
def test_a_union_is_approved_from_above_and_never_by_itself(universe: Universe, root: str) -> None:
    union = universe.founded(universe.home.id)
    asked = {"union_id": union["id"], "approved_on": LONG_AGO}

    itself = refusal(universe.membership, contract.ApproveUnion, an_actor(Role.HIGHER_UNION, union["id"]), **asked)
    above = an_actor(Role.HIGHER_UNION, universe.home.id if root == "home" else universe.federation)
    approved = universe.membership.do(contract.ApproveUnion, above, **asked)

    assert (itself.code, itself.rule_code, itself.article) == ("own_approval", "R-ORG-04", "工会法 art 12")
    assert (approved["state"], approved["approved_on"]) == ("approved", LONG_AGO.isoformat())
    assert universe.membership.events_of(union["id"])[-1].data["state"] == "approved"


def test_a_role_beside_the_superior_does_not_reach_the_union(universe: Universe) -> None:
    union = universe.founded(universe.home.id)

    beside = an_actor(Role.HIGHER_UNION, universe.other.id)
    refused = refusal(universe.membership, contract.ApproveUnion, beside, union_id=union["id"], approved_on=LONG_AGO)

    assert refused.code == "outside_scope"


def test_an_approved_union_is_not_approved_again(universe: Universe) -> None:
    asked = {"union_id": universe.home.id, "approved_on": LONG_AGO}

    refused = refusal(universe.membership, contract.ApproveUnion, universe.zone_officer, **asked)

    assert refused.code == "illegal_transition"


def test_nobody_approves_by_a_law_that_is_not_loaded(universe: Universe) -> None:
    union, day = universe.founded(), date(2021, 12, 31)
    universe.membership.set_business_day(day)
    try:
        asked = {"union_id": union["id"], "approved_on": day}
        refused = refusal(universe.membership, contract.ApproveUnion, universe.zone_officer, **asked)
    finally:
        universe.membership.set_business_day(None)

    assert (refused.code, refused.params) == ("law_not_loaded", {"day": "2021-12-31"})
    assert refused.code in contract.ApproveUnion.operation.errors


def test_nothing_is_founded_tomorrow(universe: Universe) -> None:
    fields = union_fields(universe.federation, founded_on=tomorrow())

    refused = refusal(universe.membership, contract.FoundUnion, universe.zone_officer, **fields)

    assert (refused.code, refused.field) == ("date_in_future", "founded_on")


def test_unions_are_listed_newest_first_and_page_by_page(universe: Universe) -> None:
    founded = [universe.founded(universe.home.id)["id"] for _ in range(4)]
    expected = [*reversed(founded), universe.home.id]

    seen: list[str] = []
    cursor: dict[str, Any] = {}
    while True:
        page = universe.membership.do(contract.ListUnions, universe.analyst, under=universe.home.id, limit=2, **cursor)
        seen += [union["id"] for union in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}

    assert seen == expected


def test_a_cursor_of_another_make_is_refused(universe: Universe) -> None:
    refused = refusal(universe.membership, contract.ListUnions, universe.analyst, cursor="bm90LWFuLWlk")

    assert (refused.code, refused.errors[0]["field"]) == ("invalid_request", "cursor")


def test_a_tree_shows_parents_before_children(universe: Universe) -> None:
    below = universe.founded(universe.home.id)

    nodes = universe.membership.do(contract.GetUnionTree, universe.analyst, root=universe.federation)["nodes"]

    places = {node["id"]: place for place, node in enumerate(nodes)}
    assert set(places) == {universe.federation, universe.home.id, universe.other.id, below["id"]}
    assert all(places[node["superior_id"]] < places[node["id"]] for node in nodes if node["depth"])
    assert {node["id"]: node["depth"] for node in nodes}[below["id"]] == 2


def test_all_trees_are_shown_where_no_root_is_named(universe: Universe) -> None:
    nodes = universe.membership.do(contract.GetUnionTree, universe.analyst)["nodes"]

    assert {node["id"] for node in nodes if not node["depth"]} >= {universe.federation}
    assert universe.home.id in {node["id"] for node in nodes}


def test_a_tree_that_does_not_fit_into_one_answer_is_refused_not_cut(
    universe: Universe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "LARGEST_TREE", 2)

    refused = refusal(universe.membership, contract.GetUnionTree, universe.analyst, root=universe.federation)

    assert refused.code == "answer_too_long"


@pytest.mark.parametrize(("request_class", "name"), [(contract.GetUnion, "union_id"), (contract.GetUnionTree, "root")])
def test_a_union_that_nobody_founded_is_not_found(membership: Service, request_class: Any, name: str) -> None:
    assert refusal(membership, request_class, ADMIN, **{name: uuid4()}).code == "not_found"


def test_a_union_reads_as_it_was_answered(universe: Universe) -> None:
    union = universe.founded()

    assert universe.membership.do(contract.GetUnion, universe.analyst, union_id=union["id"]) == union

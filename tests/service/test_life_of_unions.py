"""What becomes of a union after its approval is decided above it, told whole, and never leaves a member behind."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.errors import Refused
from contracts.membership import applications, posts, register
from contracts.membership import organisation as contract
from contracts.roles import Role
from tests.service.firms import registered
from tests.service.harness import LONG_AGO, Universe, an_actor, tomorrow
from tests.service.members import applied, member
from tests.service.offices import started
from tests.service.rosters import a_row, faults, imported
from tests.service.together import at_once
from tests.service.unions import DISSOLVED, certificate, fresh, union_code

#: Each decision with what it asks for and the event that tells of it.
DECISIONS = [
    (contract.AwardPlaque, {"awarded_on": LONG_AGO}, "union_plaque_awarded"),
    (contract.RenameUnion, {"name": "Harbour carriers' union", "short_name": "Harbour"}, "union_renamed"),
    (contract.AssessUnion, {"rung": "lively"}, "union_rung_changed"),
    (contract.DissolveUnion, DISSOLVED, "union_dissolved"),
]


def decided(universe: Universe, request: Any, union_id: str, **asked: Any) -> dict[str, Any]:
    answer: dict[str, Any] = universe.membership.do(request, universe.zone_officer, union_id=union_id, **asked)
    return answer


def refusal(universe: Universe, request: Any, union_id: str, **asked: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        decided(universe, request, union_id, **asked)
    return caught.value


@pytest.mark.parametrize(("request_", "asked", "event"), DECISIONS, ids=[event for *_, event in DECISIONS])
def test_a_decision_changes_the_union_and_is_told_whole(
    universe: Universe, request_: Any, asked: dict[str, Any], event: str
) -> None:
    union_id = fresh(universe)
    view = decided(universe, request_, union_id, **asked)

    *_, told = universe.membership.events_of(union_id)
    assert told.type == f"cn.unionhall.membership.{event}.v1"
    shown = {name: view[name] for name in told.data if name in view}
    assert {name: told.data[name] for name in shown} == shown
    assert {"name", "state", "rung", "superior_id", "founded_on", "approved_on"} <= shown.keys()


@pytest.mark.parametrize(("request_", "asked", "event"), DECISIONS, ids=[event for *_, event in DECISIONS])
def test_no_union_decides_about_itself(universe: Universe, request_: Any, asked: dict[str, Any], event: str) -> None:
    union_id = fresh(universe)
    with pytest.raises(Refused) as refused:
        universe.membership.do(request_, an_actor(Role.ZONE_OFFICER, union_id), union_id=union_id, **asked)

    assert (refused.value.code, refused.value.rule_code, refused.value.article) == (
        "own_approval",
        "R-ORG-04",
        "工会法 art 12",
    )


def test_a_plaque_is_awarded_once_and_not_before_the_approval(universe: Universe) -> None:
    union_id = fresh(universe)
    day = {"awarded_on": LONG_AGO}

    early = refusal(universe, contract.AwardPlaque, union_id, awarded_on=LONG_AGO - timedelta(days=400))
    late = refusal(universe, contract.AwardPlaque, union_id, awarded_on=tomorrow())
    decided(universe, contract.AwardPlaque, union_id, **day)
    again = refusal(universe, contract.AwardPlaque, union_id, **day)

    assert [early.code, late.code, again.code] == ["before_approval", "date_in_future", "already_awarded"]


def test_a_legal_person_has_a_code_of_the_unions_department_that_no_other_has(universe: Universe) -> None:
    union_id, firm = fresh(universe), registered(universe)
    view = decided(universe, contract.RecordLegalPerson, union_id, **certificate(valid_until=tomorrow()))
    taken = refusal(universe, contract.RecordLegalPerson, fresh(universe), **certificate(uscc=view["uscc"]))
    a_firms = refusal(universe, contract.RecordLegalPerson, union_id, **certificate(uscc=firm["uscc"]))
    over = refusal(
        universe, contract.RecordLegalPerson, union_id, **certificate(valid_until=LONG_AGO - timedelta(days=1))
    )

    assert view["legal_certificate_until"] == tomorrow().isoformat()
    assert [taken.code, a_firms.code, over.code] == ["uscc_taken", "not_a_union_code", "ends_before_start"]


def test_a_renewed_certificate_takes_the_place_of_the_former(universe: Universe) -> None:
    union_id, code = fresh(universe), union_code()
    for number in ("1", "2"):
        view = decided(universe, contract.RecordLegalPerson, union_id, **certificate(uscc=code, certificate_no=number))

    assert (view["uscc"], view["legal_certificate_no"]) == (code, "2")


def test_a_name_that_a_neighbour_has_is_refused(universe: Universe) -> None:
    one, another = fresh(universe), fresh(universe)
    name = universe.membership.do(contract.GetUnion, universe.zone_officer, union_id=one)["name"]

    assert refusal(universe, contract.RenameUnion, another, name=name, short_name="Mill").code == "union_name_taken"


def test_a_union_falls_back_a_rung_and_the_same_one_is_not_told_twice(universe: Universe) -> None:
    union_id = fresh(universe)
    for rung in ("strong", "running", "running"):
        view = decided(universe, contract.AssessUnion, union_id, rung=rung)

    rungs = [told.data["rung"] for told in universe.membership.events_of(union_id)]
    assert (view["rung"], rungs) == ("running", ["founded", "founded", "strong", "running"])


def test_a_moved_union_takes_all_below_it_along(universe: Universe) -> None:
    top, union = fresh(universe), universe.approved_union()
    below = universe.approved_union(union.id)
    decided(universe, contract.MoveUnion, union.id, superior_id=top)

    reader = an_actor(Role.CHAIR, top)
    tree = universe.membership.do(contract.GetUnionTree, reader, root=top)
    assert [node["id"] for node in tree["nodes"]] == [top, union.id, below.id]


def test_a_union_does_not_come_to_lie_below_itself_or_where_nobody_acts(universe: Universe) -> None:
    union = universe.approved_union()
    below, waiting = universe.approved_union(union.id), universe.founded()

    def code(superior_id: str) -> str:
        return refusal(universe, contract.MoveUnion, union.id, superior_id=superior_id).code

    assert [code(union.id), code(below.id)] == ["below_itself", "below_itself"]
    assert [code(waiting["id"]), code("018e1c5e-9c40-7d3a-8f21-4b6d0a9e7c55")] == ["union_not_approved", "not_found"]


def test_a_union_is_moved_only_by_who_reaches_both_superiors(universe: Universe) -> None:
    union, stranger = universe.approved_union(), universe.other
    officer = an_actor(Role.ZONE_OFFICER, union.id)
    below = universe.approved_union(union.id)
    with pytest.raises(Refused) as refused:
        universe.membership.do(contract.MoveUnion, officer, union_id=below.id, superior_id=stranger.id)

    assert (refused.value.code, refused.value.field) == ("outside_scope", "superior_id")


@pytest.mark.parametrize("_time", range(5))
def test_of_two_moves_below_each_other_at_once_one_is_refused(universe: Universe, _time: int) -> None:
    one, another = fresh(universe), fresh(universe)

    def move(union_id: str, superior_id: str) -> Any:
        return lambda: decided(universe, contract.MoveUnion, union_id, superior_id=superior_id)["state"]

    assert sorted(at_once(move(one, another), move(another, one))) == ["approved", "below_itself"]


def test_a_union_is_dissolved_by_resolution_or_with_its_employer(universe: Universe) -> None:
    asked = {"dissolved_on": LONG_AGO, "basis": "resolution"}
    without = refusal(universe, contract.DissolveUnion, fresh(universe), **asked)
    with_employer = decided(universe, contract.DissolveUnion, fresh(universe), **{**asked, "basis": "employer_ended"})

    assert (without.code, without.rule_code, without.article) == (
        "resolution_missing",
        "R-ORG-05",
        "中国工会章程 art 16",
    )
    assert (with_employer["state"], with_employer["_actions"]) == ("dissolved", [])


def test_nobody_is_left_in_a_union_that_ends_but_whose_membership_is_retained(universe: Universe) -> None:
    union = universe.approved_union()
    view = member(universe, union)
    left = refusal(universe, contract.DissolveUnion, union.id, **DISSOLVED)
    asked = {"membership_id": view["id"], "reason": "4", "effective_on": LONG_AGO}
    universe.membership.do(register.RetainMember, union.chair, **asked)
    dissolved = decided(universe, contract.DissolveUnion, union.id, **DISSOLVED)

    assert (left.code, left.rule_code, left.params) == ("union_has_members", "R-ORG-06", {"members": "1"})
    assert dissolved["state"] == "dissolved"


def test_a_union_with_others_below_it_is_not_dissolved(universe: Universe) -> None:
    union = universe.approved_union()
    below = universe.approved_union(union.id)

    assert refusal(universe, contract.DissolveUnion, union.id, **DISSOLVED).code == "union_has_unions"
    decided(universe, contract.DissolveUnion, below.id, **DISSOLVED)
    assert decided(universe, contract.DissolveUnion, union.id, **DISSOLVED)["state"] == "dissolved"


def test_posts_end_with_their_union(universe: Universe) -> None:
    union = universe.approved_union(universe.home.id)
    # whoever belongs to a union below may serve in one above
    below = universe.approved_union(union.id)
    view = member(universe, below)
    post, above = started(universe, view, union.id), started(universe, view, universe.home.id)
    day = post["started_on"]
    decided(universe, contract.MoveUnion, below.id, superior_id=universe.home.id)

    decided(universe, contract.DissolveUnion, union.id, **{**DISSOLVED, "dissolved_on": day})

    *_, told = universe.membership.events_of(post["id"])
    assert (told.data["ended_on"], told.data["ended_reason"]) == (day, "union_dissolved")
    asked = {"post_id": above["id"]}
    assert universe.membership.do(posts.GetPost, universe.zone_officer, **asked)["state"] == "held"


def test_nobody_joins_a_union_that_has_ended(universe: Universe) -> None:
    union = universe.approved_union()
    waiting = applied(universe, union)
    decided(universe, contract.DissolveUnion, union.id, **DISSOLVED)
    asked = {"application_id": waiting["id"], "decided_on": LONG_AGO}
    with pytest.raises(Refused) as approved:
        universe.membership.do(applications.ApproveApplication, union.chair, **asked)
    with pytest.raises(Refused) as brought:
        applied(universe, union)
    job = imported(universe, [a_row(所属工会=union.id)], union_id=universe.federation, most_faulty_percent=100)

    assert [approved.value.code, brought.value.code] == ["union_not_approved", "union_not_approved"]
    assert faults(universe, job) == [(2, "所属工会", "union_not_approved")]


@pytest.mark.parametrize("_time", range(5))
def test_of_an_end_and_a_joining_at_once_one_is_refused(universe: Universe, _time: int) -> None:
    union = universe.approved_union()
    waiting = applied(universe, union)
    asked = {"application_id": waiting["id"], "decided_on": LONG_AGO}

    answers = at_once(
        lambda: universe.membership.do(applications.ApproveApplication, union.chair, **asked)["state"],
        lambda: decided(universe, contract.DissolveUnion, union.id, **DISSOLVED)["state"],
    )

    assert sorted(answers) in (["approved", "union_has_members"], ["dissolved", "union_not_approved"])


def test_a_retained_member_does_not_count_again_in_a_union_that_has_ended(universe: Universe) -> None:
    union = universe.approved_union()
    view = member(universe, union)
    asked = {"membership_id": view["id"], "effective_on": LONG_AGO}
    universe.membership.do(register.RetainMember, union.chair, **asked, reason="4")
    decided(universe, contract.DissolveUnion, union.id, **DISSOLVED)
    with pytest.raises(Refused) as refused:
        universe.membership.do(register.ReinstateMember, union.chair, **asked, employment={"worker_category": "10"})

    assert refused.value.code == "union_not_approved"


@pytest.mark.parametrize("_time", range(5))
def test_of_an_end_and_a_founding_below_it_at_once_one_is_refused(universe: Universe, _time: int) -> None:
    union_id = fresh(universe)

    answers = at_once(
        lambda: universe.founded(union_id)["state"],
        lambda: decided(universe, contract.DissolveUnion, union_id, **DISSOLVED)["state"],
    )

    assert sorted(answers) in (["awaiting_approval", "union_has_unions"], ["dissolved", "union_not_approved"])

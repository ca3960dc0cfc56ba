"""Transfers: asked by the old union, answered by the new one, and never two unions for one person."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from chassis.errors import Refused
from chassis.tables import due
from contracts.membership import posts, register
from contracts.membership import transfers as contract
from services.membership.transfers.rules import UNANSWERED
from tests.service.harness import LONG_AGO, Universe, tomorrow
from tests.service.members import applied, approved, changed, member, person_fields, retained
from tests.service.offices import started
from tests.service.rosters import a_row, imported, outcome
from tests.service.together import at_once
from tests.service.transfers import WORK, accepted, membership_of, requested, transfer_fields

LATER = LONG_AGO + timedelta(days=9)


@pytest.fixture
def business_days(universe: Universe) -> Iterator[Callable[[date], None]]:
    """Moves the business clock, which follows machine time again afterwards."""
    yield universe.membership.set_business_day
    universe.membership.set_business_day(None)


def refusal(universe: Universe, request: Any, actor: Any, **fields: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        universe.membership.do(request, actor, **fields)
    return caught.value


def falls_due(universe: Universe, transfer: dict[str, Any]) -> date | None:
    """The day on which it lapses, as long as the clock runs."""
    asked = select(due.c.due_on).where(due.c.aggregate_id == UUID(transfer["id"]), due.c.clock == UNANSWERED)
    with universe.membership.database.reader.connect() as connection:
        return connection.scalar(asked)


def test_a_member_on_the_way_counts_where_they_are_and_the_new_union_has_thirty_days(
    universe: Universe, business_days: Callable[[date], None]
) -> None:
    business_days(LONG_AGO)
    transfer = requested(universe)
    view = membership_of(universe, transfer)

    assert (transfer["state"], transfer["answer_due"]) == ("requested", "2022-07-01")
    assert transfer["_actions"] == ["accept", "decline", "cancel"]
    assert (view["union_id"], view["state"], view["worker_category"]) == (universe.home.id, "transferring", "10")
    *_, told = universe.membership.events_of(view["id"])
    assert (told.type, told.data["state"]) == ("cn.unionhall.membership.member_attributes_changed.v1", "transferring")
    assert falls_due(universe, transfer) == date(2022, 7, 2)


def test_an_accepted_member_belongs_to_the_new_union_with_the_new_work(universe: Universe) -> None:
    transfer = accepted(universe, requested(universe), decided_on=LATER)
    view = membership_of(universe, transfer)

    assert (transfer["state"], transfer["decided_on"]) == ("accepted", LATER.isoformat())
    assert (view["union_id"], view["state"], view["joined_on"]) == (universe.other.id, "active", "2022-06-01")
    assert (view["effective_on"], view["worker_category"]) == (LATER.isoformat(), WORK["worker_category"])
    *_, told = universe.membership.events_of(view["id"])
    assert told.type == "cn.unionhall.membership.member_transferred.v1"
    assert (told.data["from_union"], told.data["to_union"]) == (universe.home.id, universe.other.id)
    assert (told.data["union_id"], told.data["worker_category"]) == (universe.other.id, WORK["worker_category"])
    assert falls_due(universe, transfer) is None


def test_the_register_of_a_day_has_the_member_in_the_union_of_that_day(universe: Universe) -> None:
    transfer = accepted(universe, requested(universe), decided_on=LATER)

    def members(union: str, day: date) -> list[str]:
        asked = {"union": union, "as_of": day}
        page = universe.membership.do(register.ListMembers, universe.zone_officer, **asked)
        return [item["id"] for item in page["items"]]

    before = LATER - timedelta(days=1)
    assert members(universe.home.id, before) == members(universe.other.id, LATER) == [transfer["membership_id"]]
    assert members(universe.home.id, LATER) == members(universe.other.id, before) == []


def test_the_history_names_both_unions(universe: Universe) -> None:
    transfer = accepted(universe, requested(universe))
    asked = {"membership_id": transfer["membership_id"]}
    answer = universe.membership.do(register.GetMemberHistory, universe.other.chair, **asked)

    assert [(each["change_type"], each["state"]) for each in answer["changes"]] == [
        ("1", "active"),
        (None, "transferring"),
        ("2", "active"),
    ]
    last = answer["changes"][-1]
    assert (last["from_union_id"], last["union_id"]) == (universe.home.id, universe.other.id)


def test_a_declined_member_stays_and_may_be_asked_for_again(universe: Universe) -> None:
    view = member(universe)
    transfer = requested(universe, view=view)
    asked = {"transfer_id": transfer["id"], "decided_on": LATER, "reason": "does_not_work_there"}
    declined = universe.membership.do(contract.DeclineTransfer, universe.other.chair, **asked)
    again = requested(universe, view=view, requested_on=LATER)

    assert (declined["state"], declined["decline_reason"]) == ("declined", "does_not_work_there")
    assert membership_of(universe, declined)["union_id"] == universe.home.id
    assert again["id"] != transfer["id"]


def test_the_old_union_takes_a_request_back_and_the_new_one_cannot(universe: Universe) -> None:
    transfer = requested(universe)
    asked = {"transfer_id": transfer["id"]}

    assert refusal(universe, contract.CancelTransfer, universe.other.chair, **asked).code == "outside_scope"
    cancelled = universe.membership.do(contract.CancelTransfer, universe.home.officer, **asked)

    assert cancelled["state"] == "cancelled"
    assert membership_of(universe, cancelled)["state"] == "active"
    assert falls_due(universe, transfer) is None


def test_a_request_that_nobody_answers_lapses_on_the_day_after_its_last_and_the_member_stays(
    universe: Universe, business_days: Callable[[date], None]
) -> None:
    business_days(LONG_AGO)
    transfer = requested(universe)
    states = []
    for day in (date(2022, 7, 1), date(2022, 7, 2)):
        business_days(day)
        universe.membership.do_what_is_due()
        asked = {"transfer_id": transfer["id"]}
        states.append(universe.membership.do(contract.GetTransfer, universe.home.officer, **asked)["state"])

    assert states == ["requested", "lapsed"]
    view = membership_of(universe, transfer)
    assert (view["union_id"], view["state"], view["effective_on"]) == (universe.home.id, "active", "2022-07-02")
    assert falls_due(universe, transfer) is None


def test_a_request_ends_with_the_life_of_the_member(universe: Universe) -> None:
    transfer = requested(universe)
    view = membership_of(universe, transfer)
    changed(universe, register.RecordDeath, view, effective_on=LATER)

    ended = universe.membership.do(contract.GetTransfer, universe.other.chair, transfer_id=transfer["id"])
    assert (ended["state"], ended["_actions"], falls_due(universe, transfer)) == ("cancelled", [], None)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"to_union_id": "018e1c5e-9c40-7d3a-8f21-4b6d0a9e7c55"}, "not_found", "to_union_id"),
        ({"requested_on": tomorrow()}, "date_in_future", "effective_on"),
        ({"requested_on": LONG_AGO - timedelta(days=1)}, "before_last_change", "effective_on"),
        ({"employment": None}, "employment_missing", "employment"),
        (
            {"employment": {**WORK, "employer_id": "018e1c5e-9c40-7d3a-8f21-4b6d0a9e7c55"}},
            "unknown_enterprise",
            "employment.employer_id",
        ),
    ],
)
def test_a_member_is_not_sent_anywhere_or_on_any_day(
    universe: Universe, changes: dict[str, Any], code: str, field: str
) -> None:
    view = member(universe)
    asked = transfer_fields(view, universe.other, **changes)
    found = refusal(universe, contract.RequestTransfer, universe.home.officer, **asked)

    assert (found.code, found.field) == (code, field)
    assert membership_of(universe, {"membership_id": view["id"]})["state"] == "active"


def test_nobody_is_sent_where_they_are_or_to_a_union_that_waits_for_approval(universe: Universe) -> None:
    view, waiting = member(universe), universe.founded()

    def code(to: str) -> str:
        asked = transfer_fields(view, to)
        return refusal(universe, contract.RequestTransfer, universe.home.officer, **asked).code

    assert [code(universe.home.id), code(waiting["id"])] == ["already_there", "union_not_approved"]


@pytest.mark.parametrize("basis", ["residence", "loan"])
def test_whoever_moves_for_another_reason_may_keep_their_work(universe: Universe, basis: str) -> None:
    transfer = accepted(universe, requested(universe, basis=basis, employment=None))

    assert membership_of(universe, transfer)["worker_category"] == "10"


def test_a_member_on_the_way_is_not_retained_or_sent_elsewhere_and_does_not_leave(universe: Universe) -> None:
    transfer = requested(universe)
    view = membership_of(universe, transfer)

    codes = {
        refusal(universe, register.RetainMember, universe.home.chair, **asked).code
        for asked in [{"membership_id": view["id"], "reason": "3", "effective_on": LONG_AGO}]
    }
    codes.add(
        refusal(universe, contract.RequestTransfer, universe.home.officer, **transfer_fields(view, universe.other)).code
    )
    assert codes == {"illegal_transition"}
    assert view["_actions"] == ["record_death"]


def test_a_retained_member_moves_only_after_counting_again(universe: Universe) -> None:
    view = retained(universe, member(universe))
    asked = transfer_fields(view, universe.other)

    assert refusal(universe, contract.RequestTransfer, universe.home.officer, **asked).code == "illegal_transition"


def test_a_member_on_the_way_can_apply_nowhere_and_an_import_leaves_them_as_they_are(universe: Universe) -> None:
    person = person_fields()
    requested(universe, view=member(universe, person=person))

    with pytest.raises(Refused) as refused:
        applied(universe, universe.other, person=person)

    assert refused.value.code == "already_a_member"
    assert outcome(imported(universe, [a_row(证件号码=person["document_no"])])) == (0, 0, 1, 0)


def test_whoever_moves_gives_up_posts_below_the_union_that_both_belong_to(universe: Universe) -> None:
    view = member(universe)
    in_union, above = started(universe, view), started(universe, view, universe.federation)
    day = date.fromisoformat(in_union["started_on"])

    accepted(universe, requested(universe, view=view, requested_on=day), decided_on=day)

    *_, told = universe.membership.events_of(in_union["id"])
    assert (told.data["state"], told.data["ended_reason"]) == ("ended", "transferred")
    asked = {"post_id": above["id"]}
    assert universe.membership.do(posts.GetPost, universe.zone_officer, **asked)["state"] == "held"


def test_the_zone_answers_only_for_a_union_without_a_chair(universe: Universe) -> None:
    someone = member(universe, universe.other)
    transfer = requested(universe, requested_on=date(2023, 3, 1))
    asked = {"transfer_id": transfer["id"], "decided_on": date(2023, 3, 1)}
    started(universe, someone, universe.other.id, post="chair")

    found = refusal(universe, contract.AcceptTransfer, universe.zone_officer, **asked)

    assert (found.code, found.rule_code) == ("union_has_a_chair", "R-MEM-08")


def test_a_request_is_answered_once_and_not_before_it_was_made(universe: Universe) -> None:
    transfer = requested(universe, requested_on=LATER)
    asked = {"transfer_id": transfer["id"]}
    chair = universe.other.chair

    early = refusal(universe, contract.AcceptTransfer, chair, **asked, decided_on=LATER - timedelta(days=1))
    late = refusal(universe, contract.AcceptTransfer, chair, **asked, decided_on=tomorrow())
    accepted(universe, transfer, decided_on=LATER)
    again = refusal(universe, contract.AcceptTransfer, chair, **asked, decided_on=LATER)

    assert [early.code, late.code, again.code] == ["decided_before_requested", "date_in_future", "illegal_transition"]


def test_both_unions_read_a_transfer_and_a_third_does_not(universe: Universe) -> None:
    transfer, third = requested(universe), universe.approved_union()
    asked = {"transfer_id": transfer["id"]}

    for reader in (universe.home.officer, universe.other.chair):
        page = universe.membership.do(contract.ListTransfers, reader)
        assert [item["id"] for item in page["items"]] == [transfer["id"]]
        assert universe.membership.do(contract.GetTransfer, reader, **asked)["name"] == "林*满"
    assert universe.membership.do(contract.ListTransfers, third.chair)["items"] == []
    assert refusal(universe, contract.GetTransfer, third.chair, **asked).code == "not_found"


def test_each_filter_finds_its_transfers(universe: Universe) -> None:
    there, third = requested(universe), universe.approved_union()
    elsewhere = accepted(universe, requested(universe, third), third)

    def found(**asked: Any) -> list[str]:
        page = universe.membership.do(contract.ListTransfers, universe.zone_officer, **asked)
        return [item["id"] for item in page["items"]]

    assert found(from_union=universe.home.id) == [elsewhere["id"], there["id"]]
    assert found(to_union=third.id) == found(state="accepted") == [elsewhere["id"]]
    assert found(to_union=universe.home.id) == []


@pytest.mark.parametrize("_time", range(5))
def test_of_an_answer_and_a_withdrawal_at_once_one_holds(universe: Universe, _time: int) -> None:
    transfer = requested(universe)
    asked = {"transfer_id": transfer["id"]}

    def do(request: Any, actor: Any, **more: Any) -> Any:
        return lambda: universe.membership.do(request, actor, **asked, **more)["state"]

    answers = at_once(
        do(contract.AcceptTransfer, universe.other.chair, decided_on=LONG_AGO),
        do(contract.CancelTransfer, universe.home.officer),
    )

    assert sorted(answers) in (["accepted", "illegal_transition"], ["cancelled", "illegal_transition"])
    union = universe.other.id if "accepted" in answers else universe.home.id
    assert (view := membership_of(universe, transfer))["union_id"] == union and view["state"] == "active"


def test_a_transferred_member_leaves_the_new_union_and_joins_a_third(universe: Universe) -> None:
    person = person_fields()
    transfer = accepted(universe, requested(universe, view=member(universe, person=person)))
    view = membership_of(universe, transfer)
    changed(universe, register.DeclareWithdrawal, view, effective_on=LATER, request_ref="letter")

    third = universe.approved_union()
    anew = approved(universe, applied(universe, third, person=person, applied_on=LATER), third)

    assert anew["state"] == "approved"

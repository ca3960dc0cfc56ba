"""Lists from the first line to the day on which they are given out."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from chassis.actor import Actor
from chassis.errors import Refused
from contracts.roles import Role
from contracts.welfare import batches as contract
from contracts.welfare import grants, programmes
from services.welfare.batches.models import Batch
from tests.service.benefits import TODAY, Office, line, members, refusal
from tests.service.harness import Universe, an_actor
from tests.service.tidings import a_person, told


def names(events: list[Any]) -> list[str]:
    return [event.type.split(".")[3] for event in events]


def add(universe: Universe, batch: dict[str, Any], actor: Actor, *lines: dict[str, Any]) -> dict[str, Any]:
    return universe.welfare.do(contract.AddLines, actor, batch_id=batch["id"], lines=list(lines))


def test_a_person_is_on_a_list_once_however_often_added(universe: Universe, office: Office) -> None:
    batch = office.list_of(office.programme())
    one, other = members(universe, 2)

    first = add(universe, batch, office.maker, line(one), line(one, amount_fen=1))
    again = add(universe, batch, office.maker, line(one, amount_fen=1), line(other))

    assert (first["added"], first["already_there"], first["size"]) == (1, 1, 1)
    assert (again["added"], again["already_there"], again["size"]) == (1, 1, 2)
    assert {one["amount_fen"] for one in office.benefits(batch).values()} == {10_000}


def test_a_list_shows_what_is_on_it(universe: Universe, office: Office) -> None:
    batch = office.list_of(office.programme(), members(universe, 3))

    shown = universe.welfare.do(contract.GetBatch, office.maker, batch_id=batch["id"])

    assert (shown["size"], shown["amount_fen"], shown["eligible"], shown["list_hash"]) == (3, 30_000, None, None)
    assert shown["_actions"] == ["add_lines", "freeze", "cancel"]
    assert {one["state"] for one in office.benefits(batch).values()} == {"proposed"}


@pytest.mark.parametrize(("form", "code"), [("goods", "item_missing"), ("money", None)])
def test_goods_need_a_name_and_money_none(universe: Universe, office: Office, form: str, code: str | None) -> None:
    batch = office.list_of(office.programme(form=form))
    lines = [line(*members(universe)), line(*members(universe), item=None)]

    if code is None:
        assert add(universe, batch, office.maker, *lines)["added"] == 2
        return
    refused = refusal(universe.welfare, contract.AddLines, office.maker, batch_id=batch["id"], lines=lines)
    assert (refused.code, refused.field) == (code, "lines.1.item")


def test_somebody_whom_this_service_has_not_heard_of_is_not_put_on_a_list_yet(
    universe: Universe, office: Office
) -> None:
    batch = office.list_of(office.programme())
    lines = [line(*members(universe)), line(a_person())]

    refused = refusal(universe.welfare, contract.AddLines, office.maker, batch_id=batch["id"], lines=lines)

    assert (refused.code, refused.field) == ("not_yet_known", "lines.1.subject_key")
    assert office.benefits(batch) == {}


def test_a_list_is_never_too_long_to_be_frozen(universe: Universe, office: Office) -> None:
    batch = office.list_of(office.programme())
    with universe.welfare.database.writer.begin() as connection:
        nearly = update(Batch).where(Batch.id == UUID(batch["id"])).values(size=contract.LONGEST_BATCH - 1)
        connection.execute(nearly)
    lines = [line(one) for one in members(universe, 2)]

    refused = refusal(universe.welfare, contract.AddLines, office.maker, batch_id=batch["id"], lines=lines)

    assert (refused.code, refused.params) == ("batch_full", {"most": "20000"})
    assert add(universe, batch, office.maker, lines[0])["size"] == contract.LONGEST_BATCH


def test_a_list_is_for_a_union_that_the_programme_reaches(universe: Universe, office: Office) -> None:
    own = universe.welfare.do(
        programmes.DraftProgramme,
        office.maker,
        **{**_fields(office.programme("draft")), "union_id": universe.home.id},
    )
    for request, actor, fields in (
        (programmes.SubmitProgramme, office.maker, {}),
        (programmes.RecordOpinion, office.audit, {"opinion": "supported"}),
        (programmes.ApproveProgramme, office.leader, {"resolution_ref": "1"}),
        (programmes.OpenProgramme, office.maker, {}),
    ):
        universe.welfare.do(request, actor, programme_id=own["id"], **fields)
    asked = {"programme_id": own["id"], "name": "Winter"}

    refused = refusal(universe.welfare, contract.StartBatch, office.maker, union_id=universe.other.id, **asked)
    started = universe.welfare.do(contract.StartBatch, universe.home.officer, union_id=universe.home.id, **asked)

    assert (refused.code, refused.field) == ("outside_programme", "union_id")
    assert started["union_id"] == universe.home.id


def _fields(view: dict[str, Any]) -> dict[str, Any]:
    return {name: view[name] for name in programmes.DraftProgramme._declared_fields}


@pytest.mark.parametrize("state", ["draft", "approved", "suspended", "closed"])
def test_only_an_open_programme_has_new_lists(universe: Universe, office: Office, state: str) -> None:
    asked = {"programme_id": office.programme(state)["id"], "union_id": universe.home.id, "name": "Winter"}

    assert refusal(universe.welfare, contract.StartBatch, office.maker, **asked).code == "programme_not_open"


def test_freezing_decides_about_everybody_by_who_they_are_on_that_day(universe: Universe, office: Office) -> None:
    programme = office.programme(categories=["10", "13"])
    earlier = members(universe)
    office.list_of(programme, earlier, "frozen")
    people = {
        "eligible": members(universe)[0],
        "courier": members(universe, worker_category="13")[0],
        "not_a_member": members(universe, effective_on=(TODAY + timedelta(days=1)).isoformat())[0],
        "membership_retained": members(universe, state="retained")[0],
        "outside_union": members(universe, union_id=universe.other.id)[0],
        "category_not_admitted": members(universe, worker_category="12")[0],
        "already_granted": earlier[0],
    }

    batch = office.list_of(programme, list(people.values()), "frozen", union_id=universe.home.id)

    found = {name: office.benefits(batch)[key] for name, key in people.items()}
    assert {name: one["ineligible_because"] for name, one in found.items()} == {
        name: None if name in {"eligible", "courier"} else name for name in people
    }
    assert (batch["size"], batch["eligible"], batch["amount_fen"]) == (7, 2, 20_000)
    assert (found["courier"]["union_id"], found["courier"]["worker_category"]) == (universe.home.id, "13")
    assert (found["not_a_member"]["union_id"], found["not_a_member"]["worker_category"]) == (None, None)
    assert batch["frozen_on"] == TODAY.isoformat()


def test_a_retained_member_gets_what_admits_retained_members(universe: Universe, office: Office) -> None:
    retired = members(universe, state="retained")

    batch = office.list_of(office.programme(admits_retained=True), retired, "frozen")

    assert batch["eligible"] == 1


def test_who_leaves_the_state_of_a_member_after_the_freeze_keeps_the_place(universe: Universe, office: Office) -> None:
    (one,) = members(universe)
    batch = office.list_of(office.programme(), [one], "frozen")
    universe.welfare.absorber.live([told(universe, one, 2, state="retained", effective_on=TODAY.isoformat())])

    office.issue(office.approve(batch))

    assert office.benefits(batch)[one]["state"] == "issued"


def test_the_hash_is_over_the_sorted_lines_and_what_became_of_each(universe: Universe, office: Office) -> None:
    people = [*members(universe, 2), *members(universe, state="retained")]
    batch = office.list_of(office.programme(), people, "frozen")

    outcomes = dict.fromkeys(people[:2], "eligible") | {people[2]: "membership_retained"}
    rows = sorted(f"{one}\tRice and oil\t1\t10000\t{outcome}" for one, outcome in outcomes.items())
    assert batch["list_hash"] == hashlib.sha256("\n".join(rows).encode()).hexdigest()


def test_a_frozen_list_is_told_by_its_hash_and_by_nobody_on_it(universe: Universe, office: Office) -> None:
    people = members(universe, 2)
    batch = office.list_of(office.programme(), people, "frozen")

    (event,) = universe.welfare.events_of(batch["id"])

    assert (names([event]), event.data["size"], event.data["list_hash"]) == (
        ["benefit_batch_frozen"],
        2,
        batch["list_hash"],
    )
    assert not any(one in str(event.data) for one in people)


def test_an_empty_list_is_not_frozen(universe: Universe, office: Office) -> None:
    batch = office.list_of(office.programme())

    assert refusal(universe.welfare, contract.FreezeBatch, office.maker, batch_id=batch["id"]).code == "batch_empty"


def test_a_frozen_list_takes_nobody_more(universe: Universe, office: Office) -> None:
    batch = office.list_of(office.programme(), members(universe), "frozen")
    lines = [line(*members(universe))]

    refused = refusal(universe.welfare, contract.AddLines, office.maker, batch_id=batch["id"], lines=lines)

    assert refused.code == "illegal_transition"


@pytest.mark.parametrize("step", ["start", "add_lines", "freeze"])
def test_nobody_approves_a_list_that_they_had_a_hand_in(universe: Universe, office: Office, step: str) -> None:
    both = Actor(uuid4(), (*an_actor(Role.ZONE_OFFICER, universe.federation).grants, *office.leader.grants))
    by = {name: both if name == step else office.maker for name in ("start", "add_lines", "freeze")}
    programme = office.programme()
    asked = {"programme_id": programme["id"], "union_id": universe.federation, "name": "Winter"}
    batch = universe.welfare.do(contract.StartBatch, by["start"], **asked)
    add(universe, batch, by["add_lines"], line(*members(universe)))
    frozen = universe.welfare.do(contract.FreezeBatch, by["freeze"], batch_id=batch["id"])
    seen = {"batch_id": batch["id"], "list_hash": frozen["list_hash"]}

    assert refusal(universe.welfare, contract.ApproveBatch, both, **seen).code == "maker_is_checker"
    assert universe.welfare.do(contract.ApproveBatch, office.leader, **seen)["state"] == "approved"


def test_another_list_than_the_one_looked_at_is_not_approved(universe: Universe, office: Office) -> None:
    batch = office.list_of(office.programme(), members(universe), "frozen")

    asked = {"batch_id": batch["id"], "list_hash": "0" * 64}
    refused = refusal(universe.welfare, contract.ApproveBatch, office.leader, **asked)

    assert (refused.code, refused.field) == ("stale_list", "list_hash")


def test_a_list_on_which_nobody_is_eligible_is_not_approved(universe: Universe, office: Office) -> None:
    batch = office.list_of(office.programme(), members(universe, state="retained"), "frozen")

    asked = {"batch_id": batch["id"], "list_hash": batch["list_hash"]}

    assert refusal(universe.welfare, contract.ApproveBatch, office.leader, **asked).code == "nobody_eligible"


def test_approving_binds_the_sum_and_never_more_than_the_budget_has(universe: Universe, office: Office) -> None:
    programme = office.programme(budget_fen=29_999)
    first, second = (office.list_of(programme, members(universe, size), "frozen") for size in (1, 2))
    office.approve(first)

    asked = {"batch_id": second["id"], "list_hash": second["list_hash"]}
    refused = refusal(universe.welfare, contract.ApproveBatch, office.leader, **asked)

    assert (refused.code, refused.params) == ("budget_exceeded", {"left": "199.99", "needed": "200.00"})
    assert office.account(programme) == (10_000, 0)
    assert {one["state"] for one in office.benefits(first).values()} == {"approved"}
    assert {one["state"] for one in office.benefits(second).values()} == {"eligible"}


def test_issuing_tells_of_each_person_once(universe: Universe, office: Office) -> None:
    people = members(universe, 3)
    batch = office.list_of(office.programme(), [*people, *members(universe, state="retained")], "issuing")

    for one, benefit in office.benefits(batch).items():
        told = universe.welfare.events_of(benefit["id"])
        assert names(told) == (["benefit_issued"] if one in people else [])
        assert {event.data["subject_key"] for event in told} <= {one}
    (event,) = universe.welfare.events_of(office.benefits(batch)[people[0]]["id"])
    assert event.data == {
        "grant_id": event.subject,
        "batch_id": batch["id"],
        "programme_id": batch["programme_id"],
        "kind": "winter_relief",
        "form": "goods",
        "qty": 1,
        "amount_fen": 10_000,
        "subject_key": people[0],
        "worker_category": "10",
        "union_id": universe.home.id,
        "state": "issued",
        "on": TODAY.isoformat(),
    }
    assert (event.org_id, event.sequence) == (universe.federation, 1)


@pytest.mark.parametrize("state", ["building", "frozen", "approved"])
def test_nothing_goes_on_while_the_programme_is_suspended(universe: Universe, office: Office, state: str) -> None:
    batch = office.list_of(office.programme(), members(universe), state)
    asked = {"programme_id": batch["programme_id"]}
    universe.welfare.do(programmes.SuspendProgramme, office.leader, **asked)
    step: Any = {"building": office.freeze, "frozen": office.approve, "approved": office.issue}[state]

    with pytest.raises(Refused, match="programme_not_open"):
        step(batch)
    universe.welfare.do(programmes.ResumeProgramme, office.leader, **asked)

    assert step(batch)["version"] > batch["version"]


@pytest.mark.parametrize("state", ["building", "frozen", "approved"])
def test_a_cancelled_list_frees_its_people_and_its_sum(universe: Universe, office: Office, state: str) -> None:
    programme, people = office.programme(), members(universe, 2)
    batch = office.list_of(programme, people, state)

    cancelled = office.cancel(batch)

    assert (cancelled["state"], cancelled["_actions"]) == ("cancelled", [])
    assert {one["state"] for one in office.benefits(batch).values()} == {"cancelled"}
    assert office.account(programme) == (0, 0)
    assert office.list_of(programme, people, "frozen")["eligible"] == 2


def test_what_is_given_out_is_not_cancelled(universe: Universe, office: Office) -> None:
    batch = office.list_of(office.programme(), members(universe), "issuing")

    assert refusal(universe.welfare, contract.CancelBatch, office.maker, batch_id=batch["id"]).code == (
        "illegal_transition"
    )


def test_a_programme_is_not_closed_while_anything_is_bound(universe: Universe, office: Office) -> None:
    programme = office.programme()
    batch = office.list_of(programme, members(universe), "approved")
    asked = {"programme_id": programme["id"]}

    refused = refusal(universe.welfare, programmes.CloseProgramme, office.maker, **asked)
    office.cancel(batch)

    assert refused.code == "grants_open"
    assert universe.welfare.do(programmes.CloseProgramme, office.maker, **asked)["state"] == "closed"


def test_one_sees_the_lists_of_ones_own_unions_only(universe: Universe, office: Office) -> None:
    programme = office.programme()
    lists = {
        union: office.list_of(programme, members(universe), "frozen", union_id=union)["id"]
        for union in (universe.home.id, universe.other.id)
    }

    def seen(actor: Actor, **filters: Any) -> set[str]:
        listed = universe.welfare.do(contract.ListBatches, actor, **filters)
        return {one["id"] for one in listed["items"]}

    assert seen(universe.home.officer) == {lists[universe.home.id]}
    assert seen(office.audit) == set(lists.values())
    assert seen(office.audit, programme=programme["id"], state="building") == set()
    for request in (contract.GetBatch, grants.ListBenefits):
        refused = refusal(universe.welfare, request, universe.home.officer, batch_id=lists[universe.other.id])
        assert refused.code == "outside_scope"
        assert refusal(universe.welfare, request, universe.home.officer, batch_id=uuid4()).code == "not_found"


def test_the_people_of_a_list_come_page_by_page_and_by_state(universe: Universe, office: Office) -> None:
    people = [*members(universe, 2), *members(universe, state="retained")]
    batch = office.list_of(office.programme(), people, "frozen")
    asked = {"batch_id": batch["id"], "limit": 2}

    first = universe.welfare.do(grants.ListBenefits, office.maker, **asked)
    rest = universe.welfare.do(grants.ListBenefits, office.maker, cursor=first["next"], **asked)
    refused = universe.welfare.do(grants.ListBenefits, office.maker, state="ineligible", **asked)

    assert [one["subject_key"] for one in (*first["items"], *rest["items"])] == people[::-1]
    assert [one["subject_key"] for one in refused["items"]] == [people[2]]


def test_a_thousand_people_are_added_frozen_approved_issued_and_told(universe: Universe, office: Office) -> None:
    people = members(universe, 1000)

    batch = office.list_of(office.programme(budget_fen=10**8), people, "issuing")

    told = [one for one in universe.welfare.everything() if one.data.get("batch_id") == batch["id"]]
    assert (batch["eligible"], batch["amount_fen"]) == (1000, 10**7)
    assert names(told).count("benefit_issued") == 1000

"""Members: one union each, retained for a reason, read by their own unions and by masks alone."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text

from chassis.errors import Refused
from chassis.migrate import KEYSTORE
from contracts.membership import applications
from contracts.membership import register as contract
from services.membership.register.lookup import known
from services.membership.vault import Vault
from tests.service.firms import registered
from tests.service.harness import LONG_AGO, Universe, tomorrow
from tests.service.members import (
    application_fields,
    applied,
    member,
    person_fields,
    resident_id,
    retained,
)
from tests.service.together import at_once
from unionctl.postgres import Postgres


def refusal(universe: Universe, request: Any, actor: Any, **fields: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        universe.membership.do(request, actor, **fields)
    return caught.value


def history(universe: Universe, view: dict[str, Any]) -> list[tuple[Any, ...]]:
    statement = text(
        "SELECT change_type, reason, effective_on FROM membership_change WHERE membership_id = :id ORDER BY recorded_at"
    )
    with universe.membership.database.reader.connect() as connection:
        return [tuple(row) for row in connection.execute(statement, {"id": view["id"]})]


def test_a_member_is_shown_by_masks_and_attributes_alone(universe: Universe) -> None:
    number = resident_id(born=date(1990, 3, 8))
    employer = registered(universe)["id"]
    person = {"document_no": number, "mobile": "+86 139-0000-1234", "ethnicity": "01", "is_rural_migrant": True}
    view = member(universe, person=person, employment={"employer_id": employer, "employee_no": "E-7"}, member_no="M-7")

    assert (view["name"], view["mobile"]) == ("林*满", "139****1234")
    assert view["document_no"] == f"330199{'*' * 11}{number[-1]}"
    assert (view["birth_year"], view["ethnicity"], view["is_rural_migrant"]) == (1990, "01", True)
    assert (view["employer_id"], view["employee_no"], view["member_no"]) == (employer, "E-7", "M-7")
    assert (view["state"], view["joined_on"]) == ("active", "2022-06-01")
    assert view["_actions"] == ["request_transfer", "retain", "withdraw", "expel", "record_death"]


def test_nothing_that_tells_who_somebody_is_lies_open_in_the_database(universe: Universe) -> None:
    number, mobile, name = resident_id(born=date(1991, 4, 9)), "19912345678", "欧阳满满"
    person = {"document_no": number, "mobile": mobile, "name": name, "political_status": "01"}
    view = member(universe, person=person)

    with universe.membership.database.reader.connect() as connection:
        rows = connection.execute(
            text("SELECT row_to_json(person)::text FROM person WHERE subject_key = :key"), {"key": view["subject_key"]}
        )
        [row] = rows.scalars()
        messages = " ".join(connection.scalars(text("SELECT body::text FROM outbox")))
        replies = " ".join(connection.scalars(text("SELECT coalesce(reply::text, '') FROM idempotency")))
    clear = [number, mobile, name, "1991-04-09", *(part.encode().hex() for part in (number, mobile, name))]
    assert [each for each in clear if each in row + messages + replies] == []


def test_a_retained_membership_is_told_with_its_reason_and_keeps_its_history(universe: Universe) -> None:
    view = member(universe)
    since = LONG_AGO + timedelta(days=30)

    after = retained(universe, view, reason="4", effective_on=since)

    joined, told = universe.membership.events_of(view["id"])
    assert (after["state"], after["effective_on"], after["joined_on"]) == ("retained", "2022-07-01", "2022-06-01")
    assert after["_actions"] == ["reinstate", "withdraw", "expel", "record_death"]
    assert (told.type, told.sequence) == ("cn.unionhall.membership.member_retained.v1", 2)
    assert {name: told.data[name] for name in ("state", "reason", "effective_on", "joined_on")} == {
        "state": "retained",
        "reason": "4",
        "effective_on": "2022-07-01",
        "joined_on": "2022-06-01",
    }
    assert {**told.data, "state": "active", "effective_on": "2022-06-01", "reason": None} == {
        **{name: value for name, value in joined.data.items() if name != "channel"},
        "reason": None,
    }
    assert history(universe, view) == [("1", None, LONG_AGO), ("3", "4", since)]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"reason": "5"}, "reason_does_not_retain", "reason"),
        ({"reason": "6"}, "reason_does_not_retain", "reason"),
        ({"effective_on": LONG_AGO - timedelta(days=1)}, "before_last_change", "effective_on"),
        ({"effective_on": tomorrow()}, "date_in_future", "effective_on"),
    ],
)
def test_a_membership_is_not_retained_for_any_reason_nor_on_any_day(
    universe: Universe, changes: dict[str, Any], code: str, field: str
) -> None:
    view = member(universe)
    with pytest.raises(Refused) as refused:
        retained(universe, view, **changes)

    assert (refused.value.code, refused.value.field) == (code, field)
    assert len(history(universe, view)) == 1


def test_a_retained_membership_is_not_retained_again(universe: Universe) -> None:
    view = member(universe)
    retained(universe, view)
    with pytest.raises(Refused) as refused:
        retained(universe, view)

    assert refused.value.code == "illegal_transition"


def test_each_filter_finds_its_members_and_no_others(universe: Universe) -> None:
    employer = registered(universe)["id"]
    rider = member(universe, employment={"worker_category": "14"})
    welder = member(universe, employment={"employer_id": employer}, member_no="M-9")
    elsewhere = member(universe, universe.other)
    retained(universe, rider)

    def found(**asked: Any) -> list[str]:
        return [
            item["id"] for item in universe.membership.do(contract.ListMembers, universe.zone_officer, **asked)["items"]
        ]

    assert found() == [elsewhere["id"], welder["id"], rider["id"]]
    assert found(union=universe.home.id) == [welder["id"], rider["id"]]
    assert found(union=universe.federation, state="retained") == [rider["id"]]
    assert found(category="14") == [rider["id"]]
    assert found(enterprise=employer) == [welder["id"]]
    assert found(subject_key=elsewhere["subject_key"]) == [elsewhere["id"]]
    assert found(member_no="M-9") == [welder["id"]]


def test_the_members_of_another_union_are_neither_listed_nor_found(universe: Universe) -> None:
    view = member(universe)
    chair = universe.other.chair

    assert universe.membership.do(contract.ListMembers, chair)["items"] == []
    assert universe.membership.do(contract.ListMembers, chair, union=universe.home.id)["items"] == []
    assert refusal(universe, contract.GetMember, chair, membership_id=view["id"]).code == "not_found"


def test_pages_of_members_neither_skip_nor_repeat(universe: Universe) -> None:
    everybody = [member(universe)["id"] for _ in range(3)]
    seen, asked = [], {"limit": 2}
    while True:
        page = universe.membership.do(contract.ListMembers, universe.home.chair, **asked)
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        asked["cursor"] = page["next"]

    assert seen == everybody[::-1]


def test_the_register_answers_other_capabilities_by_the_subject_key(universe: Universe) -> None:
    active = member(universe, employment={"is_industrial_worker": True})
    resting = member(universe)
    retained(universe, resting)
    waiting = applied(universe)
    home, other = UUID(universe.home.id), UUID(universe.other.id)

    with universe.membership.database.reader.connect() as connection:
        found = [known(connection, view["subject_key"]) for view in (active, resting, waiting)]
        stranger = known(connection, "0" * 64)

    assert stranger is None
    assert [one is not None and one.is_active_in(home) for one in found] == [True, False, False]
    assert [one is not None and one.is_active_in(other) for one in found] == [False] * 3
    assert [one is not None and one.is_industrial_worker for one in found] == [True, False, False]


def test_old_keys_are_deleted_unless_a_person_uses_them(universe: Universe, vault: Vault, postgres: Postgres) -> None:
    view = member(universe)
    [unused] = vault.keystore.issue(1)
    engine = create_engine(postgres.url("membership", "secret", KEYSTORE))
    with engine.begin() as connection:
        connection.execute(text("UPDATE person_key SET created_at = created_at - interval '3 days'"))
    engine.dispose()

    vault.clean(universe.membership.database)

    asked = {"membership_id": view["id"]}
    assert vault.keystore.read([unused.id]) == {}
    assert universe.membership.do(contract.GetMember, universe.home.chair, **asked)["name"] == "林*满"


@pytest.mark.parametrize("_time", range(5))
def test_of_applications_of_one_person_at_once_one_waits_and_the_others_are_refused(
    universe: Universe, _time: int
) -> None:
    person = person_fields()

    def submit(union: Any) -> Any:
        fields = application_fields(union.id, person=person)
        return lambda: universe.membership.do(applications.SubmitApplication, union.officer, **fields)["state"]

    answers = at_once(*(submit(union) for union in (universe.home, universe.other) * 2))

    assert sorted(answers) == ["application_pending"] * 3 + ["submitted"]


@pytest.mark.parametrize("_time", range(5))
def test_an_application_decided_at_once_by_several_is_decided_once(universe: Universe, _time: int) -> None:
    asked = {"application_id": applied(universe)["id"], "decided_on": LONG_AGO}

    def decide(request: Any, actor: Any, **more: Any) -> Any:
        return lambda: universe.membership.do(request, actor, **asked, **more)["state"]

    answers = at_once(
        decide(applications.ApproveApplication, universe.home.chair),
        decide(applications.ApproveApplication, universe.zone_officer),
        decide(applications.RejectApplication, universe.zone_officer, reason="documents_do_not_agree"),
    )

    assert answers.count("illegal_transition") == 2
    view = universe.membership.do(
        applications.GetApplication, universe.home.chair, application_id=asked["application_id"]
    )
    assert view["state"] in answers
    assert (view["membership_id"] is not None) == ("approved" in answers)


def test_an_application_of_somebody_who_became_a_member_meanwhile_is_not_approved(universe: Universe) -> None:
    person = person_fields()
    waiting = applied(universe, person=person)
    with universe.membership.database.writer.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO membership (id, version, event_sequence, region_code, person_id, union_id, state,"
                " joined_on, effective_on) SELECT gen_random_uuid(), 1, 0, '330110', person_id, :other, 'active',"
                " applied_on, applied_on FROM membership_application WHERE id = :id"
            ),
            {"other": universe.other.id, "id": waiting["id"]},
        )

    asked = {"application_id": waiting["id"], "decided_on": LONG_AGO}
    found = refusal(universe, applications.ApproveApplication, universe.home.chair, **asked)

    assert found.code == "already_a_member"
    view = universe.membership.do(applications.GetApplication, universe.home.chair, application_id=waiting["id"])
    assert (view["state"], view["membership_id"]) == ("submitted", None)

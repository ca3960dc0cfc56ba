"""Who may do what, as people wrote it down in `tests/roles`: the role at the union itself, beside it and above it."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chassis.actor import Actor
from chassis.errors import Refused
from contracts import catalogue, registry
from contracts.declare import Operation
from contracts.events.activities import ActivityState as State
from contracts.reporting.reports import CreateReport
from contracts.roles import Role
from kernel.ids import new_id
from tests.service import welfare_requests
from tests.service.consents import TODAYS, consent_fields, consented
from tests.service.contests import TIER, contest, joined, listed, members, tier
from tests.service.firms import HEADCOUNT, enterprise_fields, registered
from tests.service.harness import (
    LONG_AGO,
    Service,
    Universe,
    activity_fields,
    an_actor,
    attendance_line,
    federation_fields,
    union_fields,
)
from tests.service.members import (
    EXPELLED,
    REINSTATED,
    UNEMPLOYED,
    WITHDRAWN,
    application_fields,
    applied,
    expelled,
    member,
    retained,
)
from tests.service.offices import STARTED, post_fields, started
from tests.service.recommendations import CONCLUDED, RECOMMENDED, nominated, nomination, reviewed, sent, total
from tests.service.rosters import file_fields, import_fields
from tests.service.tidings import a_person
from tests.service.transfers import incoming, requested, transfer_fields
from tests.service.unions import DISSOLVED, certificate, fresh

SERVICES = ("membership", "events", "reporting", "welfare")
#: Makes the fields of a request, and the record that it is about.
Prepare = Callable[[Universe], dict[str, Any]]
#: Stands for every role that the command's other rows do not name.
OTHERS = "others"
#: Commands whose record is a union.
OF_UNIONS = {
    "approve_union",
    "award_plaque",
    "record_legal_person",
    "rename_union",
    "move_union",
    "assess_union",
    "dissolve_union",
}
#: Names beside a request's fields the person who acts, where it must be one of the register.
ACTING_AS = "acting as"
#: Whoever else acts in these tests is this person.
PERSON = a_person()


def rows(service: str) -> list[dict[str, str]]:
    table = Path(__file__).parent.parent / "roles" / f"{service}.csv"
    return [{"service": service, **row} for row in csv.DictReader(table.read_text("utf-8").splitlines())]


ROWS = [row for service in SERVICES for row in rows(service)]
every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['command']}-{row['role']}")


@pytest.fixture(scope="module")
def universe(started: Callable[[str], Service]) -> Universe:
    return Universe(*(started(service) for service in SERVICES))


def on_activity(state: State, **fields: Any) -> Prepare:
    return lambda universe: {"activity_id": universe.activity(state)["id"], **fields}


def with_attendance(universe: Universe) -> dict[str, Any]:
    held = universe.activity(State.HELD)
    universe.attend(held, 1)
    return {"activity_id": held["id"], "evidence_ref": "list-1"}


def with_line(universe: Universe) -> dict[str, Any]:
    return {"activity_id": universe.activity(State.HELD)["id"], "attendances": [attendance_line()]}


def on_application(**fields: Any) -> Prepare:
    return lambda universe: {"application_id": applied(universe)["id"], **fields}


def with_somebody_else(universe: Universe) -> dict[str, Any]:
    [registration] = listed(universe, contest(universe, members(universe, 1)))
    return {"registration_id": registration["id"]}


def with_myself(universe: Universe) -> dict[str, Any]:
    joined(universe, [PERSON])
    return {"activity_id": contest(universe)["id"]}


def with_own_consent(universe: Universe) -> dict[str, Any]:
    consent = consented(universe, member(universe))
    return {"consent_id": consent["id"], ACTING_AS: consent["subject_key"]}


def waiting(universe: Universe) -> dict[str, Any]:
    return {"union_id": universe.founded(universe.federation)["id"], "approved_on": LONG_AGO}


def with_report(universe: Universe) -> dict[str, Any]:
    asked = {"org": universe.home.id, "title": "The year"}
    return {"report_id": universe.reporting.do(CreateReport, universe.analyst, **asked)["id"]}


#: What each command is asked, so that nothing but the role and its organisation can refuse it.
REQUESTS: dict[str, Prepare] = {
    "register_federation": lambda _: federation_fields(),
    "found_union": lambda universe: union_fields(universe.home.id),
    "approve_union": waiting,
    "award_plaque": lambda universe: {"union_id": fresh(universe), "awarded_on": LONG_AGO},
    "record_legal_person": lambda universe: {"union_id": fresh(universe), **certificate()},
    "rename_union": lambda universe: {"union_id": fresh(universe), "name": new_id(), "short_name": "Mill"},
    "move_union": lambda universe: {"union_id": fresh(universe), "superior_id": universe.approved_union().id},
    "assess_union": lambda universe: {"union_id": fresh(universe), "rung": "running"},
    "dissolve_union": lambda universe: {"union_id": fresh(universe), **DISSOLVED},
    "get_union": lambda universe: {"union_id": universe.home.id},
    "list_unions": lambda _: {},
    "get_union_tree": lambda universe: {"root": universe.home.id},
    # an enterprise belongs to the federation in whose area it lies
    "register_enterprise": lambda universe: enterprise_fields(universe.federation),
    "rename_enterprise": lambda universe: {"enterprise_id": registered(universe)["id"], "name": "A", "short_name": "A"},
    "report_headcount": lambda universe: {"enterprise_id": registered(universe)["id"], **HEADCOUNT},
    "get_enterprise": lambda universe: {"enterprise_id": registered(universe)["id"]},
    "list_enterprises": lambda _: {},
    "start_post": lambda universe: post_fields(universe.home.id, member(universe)),
    "end_post": lambda universe: {
        "post_id": started(universe, member(universe))["id"],
        "ended_on": STARTED,
        "reason": "resigned",
    },
    "get_post": lambda universe: {"post_id": started(universe, member(universe))["id"]},
    "list_posts": lambda _: {},
    "nominate_for_party": lambda universe: nomination(universe.home.id, member(universe)),
    "review_nomination": lambda universe: {"recommendation_id": nominated(universe)["id"]},
    "recommend_to_party": lambda universe: {
        "recommendation_id": reviewed(universe, nominated(universe))["id"],
        "recommended_on": RECOMMENDED,
    },
    "conclude_recommendation": lambda universe: {
        "recommendation_id": sent(universe)["id"],
        "outcome": "accepted",
        "outcome_on": CONCLUDED,
    },
    "get_recommendation": lambda universe: {"recommendation_id": nominated(universe)["id"]},
    "list_recommendations": lambda _: {},
    "report_development_targets": total,
    "list_development_targets": lambda _: {},
    "get_member": lambda universe: {"membership_id": member(universe)["id"]},
    "list_members": lambda _: {},
    "get_member_history": lambda universe: {"membership_id": member(universe)["id"]},
    "retain_member": lambda universe: {"membership_id": member(universe)["id"], **UNEMPLOYED},
    "reinstate_member": lambda universe: {"membership_id": retained(universe, member(universe))["id"], **REINSTATED},
    "declare_withdrawal": lambda universe: {"membership_id": member(universe)["id"], **WITHDRAWN},
    "expel_member": lambda universe: {"membership_id": member(universe)["id"], **EXPELLED},
    "file_expulsion": lambda universe: {
        "membership_id": expelled(universe, member(universe))["id"],
        "filed_on": LONG_AGO,
    },
    "record_death": lambda universe: {"membership_id": member(universe)["id"], "effective_on": LONG_AGO},
    "request_transfer": lambda universe: transfer_fields(member(universe), universe.other),
    "accept_transfer": lambda universe: {"transfer_id": incoming(universe)["id"], "decided_on": LONG_AGO},
    "decline_transfer": lambda universe: {
        "transfer_id": incoming(universe)["id"],
        "decided_on": LONG_AGO,
        "reason": "does_not_work_there",
    },
    "cancel_transfer": lambda universe: {"transfer_id": requested(universe, universe.approved_union())["id"]},
    "get_transfer": lambda universe: {"transfer_id": incoming(universe)["id"]},
    "list_transfers": lambda _: {},
    "record_consent": lambda universe: consent_fields(member(universe)),
    "give_consent": lambda universe: {
        "purpose": "publication",
        "text_version": TODAYS,
        ACTING_AS: member(universe)["subject_key"],
    },
    "record_withdrawal": lambda universe: {
        "consent_id": consented(universe, member(universe))["id"],
        "withdrawn_on": LONG_AGO,
    },
    "withdraw_consent": with_own_consent,
    "get_consent": lambda universe: {"consent_id": consented(universe, member(universe))["id"]},
    "list_consents": lambda _: {},
    "list_my_consents": lambda _: {},
    "submit_application": lambda universe: application_fields(universe.home.id),
    "approve_application": on_application(decided_on=LONG_AGO),
    "reject_application": on_application(decided_on=LONG_AGO, reason="no_labour_relation"),
    "withdraw_application": on_application(),
    "get_application": on_application(),
    "list_applications": lambda _: {},
    # a file and an import are their sender's alone; who sent no piece has no file, and who has none imports nothing
    "upload_members": lambda _: file_fields(),
    "import_members": lambda universe: import_fields(universe, new_id()),
    "get_import": lambda _: {"import_id": new_id()},
    "cancel_import": lambda _: {"import_id": new_id()},
    "list_import_faults": lambda _: {"import_id": new_id()},
    "fetch_import_report": lambda _: {"import_id": new_id()},
    "draft_activity": lambda universe: activity_fields(universe.home.id),
    "submit_activity": on_activity(State.DRAFT),
    "approve_activity": on_activity(State.SUBMITTED),
    "publish_activity": on_activity(State.APPROVED),
    "hold_activity": on_activity(State.OPEN, held_on="2023-03-01"),
    "record_attendance": with_line,
    "close_activity": with_attendance,
    "cancel_activity": on_activity(State.OPEN, reason="other"),
    "correct_activity": on_activity(State.CLOSED, held_on=LONG_AGO, sessions=2, reason_code="wrong_date"),
    "void_activity": on_activity(State.CLOSED, reason_code="wrong_date"),
    "get_activity": on_activity(State.DRAFT),
    "list_activities": lambda _: {},
    "add_contest_tier": lambda universe: {**TIER, "union_id": universe.home.id, "code": a_person()[:20]},
    "end_contest_tier": lambda universe: {
        "tier_id": tier(universe, union_id=universe.home.id, code=a_person()[:20])["id"],
        "valid_to": "2023-12-31",
    },
    "list_contest_tiers": lambda _: {},
    "register_people": lambda universe: {
        "activity_id": contest(universe)["id"],
        "subject_keys": members(universe, 1),
    },
    "register_myself": with_myself,
    "cancel_registration": with_somebody_else,
    "list_registrations": lambda universe: {"activity_id": contest(universe)["id"]},
    "list_kpis": lambda _: {},
    "get_figure": lambda universe: {"code": "K01", "org": universe.home.id},
    "explain_figure": lambda universe: {"code": "K01", "org": universe.home.id},
    "export_explanation": lambda universe: {"code": "K01", "org": universe.home.id},
    # an export is its maker's alone; who made none finds none
    "get_export": lambda _: {"export_id": new_id()},
    "fetch_export": lambda _: {"export_id": new_id()},
    "cancel_export": lambda _: {"export_id": new_id()},
    "create_report": lambda universe: {"org": universe.home.id, "title": "The year"},
    "get_report": with_report,
    "render_report_as_markdown": with_report,
    "render_report_as_html": with_report,
    "list_reports": lambda _: {},
    **welfare_requests.requests(PERSON),
}


def test_the_tables_name_every_operation_once_and_leave_no_role_out() -> None:
    named = [(row["service"], row["command"], row["role"]) for row in ROWS]
    declared = {(one.service, one.name) for one in registry.operations().values() if one.service in SERVICES}

    assert len(named) == len(set(named))
    assert {(service, command) for service, command, _ in named} == declared
    assert {(service, command) for service, command, role in named if role == OTHERS} == declared
    assert {row["command"] for row in ROWS} == set(REQUESTS)
    assert {role for _, _, role in named} <= {*Role, OTHERS}


@every_row
def test_a_role_may_do_at_each_organisation_what_the_table_says(universe: Universe, row: dict[str, str]) -> None:
    operation = registry.operations()[f"{row['service']}.{row['command']}"]
    expected = {place: int(row[place]) for place in ("own", "foreign", "parent")}
    for role in roles_of(row):
        assert (role, statuses(universe, operation, role)) == (role, expected)


def roles_of(row: dict[str, str]) -> list[Role]:
    if row["role"] != OTHERS:
        return [Role(row["role"])]
    named = {one["role"] for one in ROWS if one["command"] == row["command"]}
    return [role for role in Role if role not in named]


def statuses(universe: Universe, operation: Operation, role: Role) -> dict[str, int]:
    """How the request ends for the role at the record's own union, at its neighbour and at the union above."""
    found = {}
    fields = REQUESTS[operation.name](universe)
    person = fields.pop(ACTING_AS, PERSON)
    for place in ("own", "foreign", "parent"):
        # a union about which another decides is its own record
        own = fields["union_id"] if operation.name in OF_UNIONS else universe.home.id
        root = {"own": own, "foreign": universe.other.id, "parent": universe.federation}[place]
        actor = replace(an_actor(role, root), subject_key=person)
        found[place] = status(universe, operation, actor, fields)
        if found[place] < 400:
            fields = REQUESTS[operation.name](universe)
            person = fields.pop(ACTING_AS, PERSON)
    return found


def status(universe: Universe, operation: Operation, actor: Actor, fields: dict[str, Any]) -> int:
    service: Service = getattr(universe, operation.service)
    try:
        service.do(operation.request, actor, **fields)
    except Refused as refused:
        return catalogue.entry(refused.code).status
    assert operation.route is not None
    return operation.route.status

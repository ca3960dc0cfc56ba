"""Whatever the published document allows or forbids is answered as the document says, by real processes."""

from collections.abc import Iterator, Mapping

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode, SerializationContext
from schemathesis.checks import (
    not_a_server_error,
)
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from contracts import registry
from contracts.declare import Operation
from contracts.gateway.sessions import SignOut
from contracts.membership.imports import CSV, XLSX
from contracts.roles import Role
from demo.accounts import official_names
from tests.integration.harness import Office, Town, held, move_clock

#: What must hold of every answer.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
#: As many requests to each operation in every run, and the same.
SAME_EVERY_TIME = settings(
    max_examples=15, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
#: Roles whose accounts belong to a federation; with two administrators and a member every operation is somebody's.
AT_FEDERATION = (
    Role.ZONE_OFFICER,
    Role.ANALYST,
    Role.OFFICER,
    Role.CHAIR,
    Role.FINANCE,
    Role.AUDIT,
    Role.ZONE_LEADER,
    Role.PARTY_ORG,
)
#: Every operation; the one that ends the sessions of all others comes last.
OPERATIONS = sorted(
    (operation for operation in registry.operations().values() if operation.route),
    key=lambda operation: (operation.request is SignOut, operation.wire_name),
)

Schema = schemathesis.BaseSchema


@schemathesis.serializer(CSV, XLSX)
def as_it_is(_context: SerializationContext, value: bytes | str) -> bytes:
    """A file is what its bytes are."""
    return value if isinstance(value, bytes) else value.encode()


@pytest.fixture(scope="module")
def document(town: Town) -> Iterator[Schema]:
    yield schemathesis.openapi.from_url(f"{town.platform.url}/openapi.json")
    assert move_clock(town.account(town.system_admin), None)["state"] == "done"


@pytest.fixture(scope="module")
def tokens(town: Town, office: Office) -> Mapping[Role, str]:
    """An access token for each of several roles, of sessions that nobody else needs."""
    people = {role: town.employ(role, office.federation) for role in AT_FEDERATION}
    people |= {
        Role.SYSTEM_ADMIN: town.client("system.admin"),
        Role.SECURITY_ADMIN: town.client("admin.a"),
        # nobody is granted this one: the account's person belongs to a union
        Role.MEMBER: town.client(official_names(town.year)[0]),
    }
    return {role: client.authorization for role, client in people.items()}


@pytest.fixture(scope="module")
def known(town: Town, office: Office, tokens: Mapping[Role, str]) -> Mapping[str, str]:
    """Names of fields that ask for a record, and one that is there."""
    union_fields = ("union_id", "superior_id", "organizer_union_id", "org", "under", "root", "union")
    spare = town.employ(Role.ANALYST, office.federation).get("/v1/me")
    export = town.bearer(tokens[Role.ANALYST]).post("/v1/kpis/K01/exports", {"org": office.federation})
    report = town.bearer(tokens[Role.ANALYST]).post("/v1/reports", {"org": office.federation, "title": "The year"})
    move = move_clock(town.bearer(tokens[Role.SYSTEM_ADMIN]), None)
    return {
        **dict.fromkeys(union_fields, office.federation),
        "activity_id": held(office.officer, office.federation, close=True),
        "account_id": spare["account"]["id"],
        "grant_id": spare["grants"][0]["id"],
        "export_id": export.json()["id"],
        "report_id": report.json()["id"],
        "move_id": move["id"],
        "code": "K01",
    }


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.wire_name)
def test_every_answer_is_as_the_document_says(
    document: Schema, tokens: Mapping[Role, str], known: Mapping[str, str], operation: Operation
) -> None:
    assert operation.route is not None
    described = document.find_operation_by_label(f"{operation.route.method} {operation.route.path}")
    may = [role for role in tokens if operation.public or role in operation.roles]

    @SAME_EVERY_TIME
    @given(
        case=st.one_of([described.as_strategy(mode) for mode in GenerationMode]),
        role=st.sampled_from(may) | st.sampled_from(list(tokens)),
        names_what_is_there=st.booleans(),
    )
    def ask(case: Case, role: Role, names_what_is_there: bool) -> None:
        if names_what_is_there:
            point_at(case, known)
        response = case.call(headers={"Authorization": tokens[role]})
        case.validate_response(response, checks=CHECKS)

    ask()


def point_at(case: Case, known: Mapping[str, str]) -> None:
    """Let a request ask for records that are there."""
    for part in (case.path_parameters, case.query, case.body):
        if isinstance(part, dict):
            part.update({name: value for name, value in known.items() if name in part})

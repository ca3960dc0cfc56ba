"""Whatever the published document allows or forbids is answered as the document says, by real processes."""

from collections.abc import Iterator, Mapping
from typing import Any

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

from contracts import fields, registry
from contracts.declare import Operation
from contracts.files import CSV, XLSX
from contracts.gateway.sessions import SignOut
from contracts.roles import Role
from contracts.schema import Schema
from demo.accounts import official_names
from demo.client import Client
from tests.integration.harness import Office, Town, move_clock
from tests.integration.records import Clerk, Records

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

#: Fields whose ids are no record's: of a provider the platform keeps what each day of checks says, and no register.
NAMES_NOTHING = {"provider_id"}

Document = schemathesis.BaseSchema


@schemathesis.serializer(CSV, XLSX)
def as_it_is(_context: SerializationContext, value: bytes | str) -> bytes:
    """A file is what its bytes are."""
    return value if isinstance(value, bytes) else value.encode()


@pytest.fixture(scope="module")
def document(town: Town) -> Iterator[Document]:
    yield schemathesis.openapi.from_url(f"{town.platform.url}/openapi.json")
    assert move_clock(town.account(town.system_admin), None)["state"] == "done"


@pytest.fixture(scope="module")
def people(town: Town, office: Office) -> Mapping[Role, Client]:
    """Somebody in each of several roles."""
    return {role: town.employ(role, office.federation) for role in AT_FEDERATION} | {
        Role.SYSTEM_ADMIN: town.client("system.admin"),
        Role.SECURITY_ADMIN: town.client("admin.a"),
        # nobody is granted this one: the account's person belongs to a union
        Role.MEMBER: town.client(official_names(town.year)[0]),
    }


@pytest.fixture(scope="module")
def known(town: Town, office: Office, people: Mapping[Role, Client]) -> Records:
    """What is there for requests to name."""
    return Clerk(town, office, people).all()


@pytest.fixture(scope="module")
def tokens(people: Mapping[Role, Client]) -> Mapping[Role, str]:
    """An access token of each, of a session that nobody else needs."""
    return {role: client.authorization for role, client in people.items()}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.wire_name)
def test_every_answer_is_as_the_document_says(
    document: Document, tokens: Mapping[Role, str], known: Records, operation: Operation
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
            for part in (case.path_parameters, case.query, case.body):
                point_at(part, known[operation.service])
        response = case.call(headers={"Authorization": tokens[role]})
        case.validate_response(response, checks=CHECKS)

    ask()


def point_at(part: Any, known: Mapping[str, Any]) -> None:
    """Let what a request holds name records that are there."""
    if isinstance(part, dict):
        part.update({name: value for name, value in known.items() if name in part})
    if isinstance(part, (dict, list)):
        for inner in part.values() if isinstance(part, dict) else part:
            point_at(inner, known)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.wire_name)
def test_whatever_a_request_may_name_is_there(known: Records, operation: Operation) -> None:
    names = {*asked_for(operation.request()), *(operation.route.parameters if operation.route else ())}
    assert names - NAMES_NOTHING <= known[operation.service].keys()


def asked_for(request: Schema) -> Iterator[str]:
    """Names of the fields that ask for a record or a person, those of parts as well."""
    for name, field in request.fields.items():
        kind = field.inner if isinstance(field, fields.Many) else field
        if isinstance(kind, fields.Id | fields.SubjectKey):
            yield name
        elif isinstance(kind, fields.Part):
            yield from asked_for(kind.schema)

"""The OpenAPI document is valid and says of each route what its declaration says."""

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from contracts import catalogue, registry
from contracts.declare import Kind, Operation
from contracts.files import UploadRequest
from contracts.generate.documents import GENERATED
from contracts.roles import Role
from kernel.privacy_notices import notices

DOCUMENT = json.loads((GENERATED / "openapi.json").read_text("utf-8"))
ROUTED = [operation for operation in registry.operations().values() if operation.route]
every_route = pytest.mark.parametrize("operation", ROUTED, ids=lambda operation: operation.wire_name)


def _described(operation: Operation) -> dict[str, Any]:
    assert operation.route is not None
    described: dict[str, Any] = DOCUMENT["paths"][operation.route.path][operation.route.method.lower()]
    return described


def _parameters(operation: Operation) -> list[str]:
    named = [parameter.get("name") or parameter["$ref"] for parameter in _described(operation)["parameters"]]
    return [name.rpartition("/")[2] for name in named]


def test_the_document_is_valid_openapi() -> None:
    assert list(OpenAPIV31SpecValidator(DOCUMENT).iter_errors()) == []


def test_every_route_is_in_the_document_and_no_other() -> None:
    described = {item["operationId"] for path in DOCUMENT["paths"].values() for item in path.values()}

    assert described == {operation.wire_name for operation in ROUTED}


@every_route
def test_a_route_names_its_path_parameters(operation: Operation) -> None:
    assert operation.route is not None
    on_path = [each["name"] for each in _described(operation)["parameters"] if each.get("in") == "path"]

    assert sorted(on_path) == sorted(re.findall(r"{(\w+)}", operation.route.path))


@every_route
def test_a_keyed_command_demands_a_key_and_a_versioned_one_takes_if_match(operation: Operation) -> None:
    assert ("IdempotencyKey" in _parameters(operation)) == operation.keyed
    assert ("IfMatch" in _parameters(operation)) == operation.versioned


@every_route
def test_every_field_of_a_request_has_one_place(operation: Operation) -> None:
    content = _described(operation).get("requestBody", {}).get("content", {})
    if operation.upload:
        assert content.keys() == set(operation.upload)
        assert operation.request().fields.keys() == UploadRequest().fields.keys()
        return
    body = content["application/json"]["schema"]["$ref"].rpartition("/")[2] if content else None
    in_body = DOCUMENT["components"]["schemas"][body]["properties"].keys() if body else set()
    outside = {each["name"] for each in _described(operation)["parameters"] if "name" in each}

    assert in_body.isdisjoint(outside)
    assert in_body | outside == operation.request().fields.keys()
    assert not (operation.kind is Kind.QUERY and body)


@every_route
def test_every_error_that_an_operation_declares_is_documented_under_its_status(operation: Operation) -> None:
    responses = _described(operation)["responses"]
    for code in operation.errors:
        media = responses[str(catalogue.entry(code).status)]["content"]["application/problem+json"]
        assert code in media["examples"]


@every_route
def test_a_route_is_open_to_all_or_says_to_whom(operation: Operation) -> None:
    described = _described(operation)

    assert described["security"] == ([] if operation.public else [{"bearer": []}])
    assert described["x-roles"] == sorted(operation.roles)
    assert {"401", "403"} <= described["responses"].keys() or operation.public


@every_route
def test_the_examples_of_a_route_follow_their_schemas(operation: Operation) -> None:
    described = _described(operation)
    contents = [described.get("requestBody", {}), *described["responses"].values()]
    for media in (each.get("content", {}).get("application/json") for each in contents):
        if media:
            _check(media["schema"], media["example"])


@pytest.mark.parametrize("code", DOCUMENT["components"]["examples"])
def test_the_example_of_a_refusal_follows_the_schema_of_problems(code: str) -> None:
    _check({"$ref": "#/components/schemas/Problem"}, DOCUMENT["components"]["examples"][code]["value"])


def test_every_role_that_an_account_can_have_is_explained() -> None:
    assert DOCUMENT["x-roles"].keys() == set(Role) - {Role.SYSTEM}


def test_every_view_with_actions_says_what_they_are() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    told = {name: view["properties"]["_actions"] for name, view in schemas.items() if "_actions" in view["properties"]}

    assert {"UnionView", "ActivityView", "GrantView", "ClockMove", "Export"} <= told.keys()
    assert all("state allows next" in each["description"] for each in told.values())


def test_every_code_that_is_a_number_is_named() -> None:
    for field in _objects(DOCUMENT):
        values = field.get("enum") or field.get("examples") or ()
        codes = [code for code in values if isinstance(code, str) and code.isdecimal()]
        assert field.get("x-enumDescriptions", {}).keys() >= set(codes)


def test_a_courier_is_named_where_a_category_is_asked_for() -> None:
    asked = DOCUMENT["components"]["schemas"]["EmploymentDetails"]["properties"]["worker_category"]

    assert asked["x-enumDescriptions"]["13"] == "快递员, courier"


@pytest.mark.parametrize("request_name", ["SubmitApplication", "ImportMembers"])
def test_whoever_must_name_a_notice_is_told_which_there_are(request_name: str) -> None:
    described = DOCUMENT["components"]["schemas"][request_name]["properties"]["consent_version"]["description"]

    assert all(f"`{notice.version}` ({notice.days})" in described for notice in notices().values())


@pytest.mark.parametrize("view", ["FigureView", "ReportFigure"])
def test_a_figure_says_what_its_numbers_are_in(view: str) -> None:
    properties = DOCUMENT["components"]["schemas"][view]["properties"]

    assert "fen" in properties["numerator"]["description"]
    assert "`unit`" in properties["value"]["description"]


def _objects(node: Any) -> Iterator[dict[str, Any]]:
    """Every JSON object of a document."""
    if isinstance(node, dict):
        yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _objects(inner)


def _check(schema: dict[str, Any], example: Any) -> None:
    whole = {**schema, "components": DOCUMENT["components"]}
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(whole, format_checker=checker).validate(example)

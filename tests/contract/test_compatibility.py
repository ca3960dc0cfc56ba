"""A released contract may grow in every additive way and in no other."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from contracts.compatibility import event_faults, openapi_faults

Schema = dict[str, Any]
Change = Callable[[Schema], object]

EVENT: Schema = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "region": {"type": "string", "pattern": "^[0-9]{6}$"},
        "theme": {"type": ["string", "null"], "maxLength": 20},
        "count": {"type": "integer", "minimum": 0, "maximum": 10},
        "parts": {"type": "array", "maxItems": 5, "items": {"$ref": "#/$defs/Part"}},
    },
    "required": ["id"],
    "$defs": {"Part": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}},
}
#: The same as a closed request, with a closed code list.
REQUEST: Schema = {
    "type": "object",
    "properties": {
        "day": {"type": "string", "format": "date"},
        "count": {"type": "integer", "minimum": 1, "maximum": 10},
        "reason": {"type": "string", "enum": ["weather", "other"]},
        "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
    },
    "required": ["day"],
    "additionalProperties": False,
}


def _set(name: str, **keywords: object) -> Change:
    return lambda schema: schema["properties"].setdefault(name, {}).update(keywords)


def _drop(name: str) -> Change:
    return lambda schema: schema["properties"].pop(name)


def _require(name: str) -> Change:
    return lambda schema: schema["required"].append(name)


def _changed(schema: Schema, *changes: Change) -> Schema:
    changed = copy.deepcopy(schema)
    for change in changes:
        change(changed)
    return changed


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param([], id="nothing"),
        pytest.param([_set("place", type="string")], id="a new optional field"),
        pytest.param([_set("theme", description="Words")], id="a description"),
        pytest.param([_set("theme", examples=["x"])], id="examples of an open list"),
        pytest.param(
            [lambda schema: schema["$defs"]["Part"]["properties"].update(size={"type": "integer"})],
            id="a new optional field in a part",
        ),
    ],
)
def test_an_event_may_grow(changes: list[Change]) -> None:
    assert list(event_faults(EVENT, _changed(EVENT, *changes))) == []


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param([_drop("theme")], id="an optional field is gone"),
        pytest.param([_drop("id"), lambda schema: schema["required"].clear()], id="a required field is gone"),
        pytest.param([_set("theme", type="string")], id="null is ruled out"),
        pytest.param([_set("id", type=["string", "null"])], id="null is new"),
        pytest.param([_set("count", type="string")], id="another type"),
        pytest.param([_require("theme")], id="an optional field is required"),
        pytest.param([_set("place", type="string"), _require("place")], id="a new required field"),
        pytest.param([lambda schema: schema["required"].clear()], id="a required field is optional"),
        pytest.param([_set("count", maximum=9)], id="a narrower limit"),
        pytest.param([_set("count", maximum=11)], id="a wider limit"),
        pytest.param([_set("theme", maxLength=10)], id="a shorter text"),
        pytest.param([_set("theme", enum=["a", "b"])], id="a closed list"),
        pytest.param([_set("region", pattern="^[0-9]{12}$")], id="another pattern"),
        pytest.param([_set("id", format="date")], id="another format"),
        pytest.param(
            [lambda schema: schema["$defs"]["Part"]["properties"].update(name={"type": "integer"})],
            id="another type in a part",
        ),
        pytest.param(
            [lambda schema: schema["$defs"]["Part"]["required"].append("size")], id="a required field in a part"
        ),
    ],
)
def test_an_event_may_not_change(changes: list[Change]) -> None:
    assert list(event_faults(EVENT, _changed(EVENT, *changes)))


def _document(request: Schema = REQUEST, answer: Schema = EVENT, parameters: tuple[Schema, ...] = ()) -> Schema:
    answer = {name: value for name, value in answer.items() if name != "$defs"}
    answer["properties"] = {**answer["properties"], "parts": REQUEST["properties"]["parts"]}
    return {
        "paths": {
            "/v1/things": {
                "post": {
                    "parameters": [{"$ref": "#/components/parameters/IfMatch"}, *parameters],
                    "requestBody": {
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Request"}}}
                    },
                    "responses": {
                        "201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Answer"}}}},
                        "409": {},
                    },
                }
            }
        },
        "components": {
            "schemas": {"Request": request, "Answer": answer, "Part": EVENT["$defs"]["Part"]},
            "parameters": {"IfMatch": {"name": "If-Match", "in": "header", "schema": {"type": "string"}}},
        },
    }


def _parameter(**more: object) -> Schema:
    return {"name": "as_of", "in": "query", "schema": {"type": "string"}, **more}


ADDED_CODE = _set("reason", enum=["weather", "other", "organiser"])


@pytest.mark.parametrize(
    "present",
    [
        pytest.param(_document(), id="nothing"),
        pytest.param(_document(_changed(REQUEST, _set("place", type="string"))), id="a new optional field"),
        pytest.param(_document(_changed(REQUEST, _set("count", maximum=99))), id="a wider limit"),
        pytest.param(_document(_changed(REQUEST, ADDED_CODE)), id="a new code"),
        pytest.param(_document(_changed(REQUEST, lambda schema: schema["required"].clear())), id="a field is optional"),
        pytest.param(_document(answer=_changed(EVENT, _set("place", type="string"))), id="a new field in the answer"),
        pytest.param(_document(answer=_changed(EVENT, _require("theme"))), id="the answer always has a field"),
        pytest.param(
            _document(answer=_changed(EVENT, _set("count", maximum=9))), id="the answer keeps a narrower limit"
        ),
        pytest.param(_document(parameters=(_parameter(),)), id="a new optional parameter"),
    ],
)
def test_a_route_may_grow(present: Schema) -> None:
    assert list(openapi_faults(_document(), present)) == []


@pytest.mark.parametrize(
    "present",
    [
        pytest.param(_document() | {"paths": {}}, id="the route is gone"),
        pytest.param(_document(_changed(REQUEST, _drop("count"))), id="a field is gone"),
        pytest.param(_document(_changed(REQUEST, _set("count", type="string"))), id="another type"),
        pytest.param(_document(_changed(REQUEST, _set("count", maximum=9))), id="a narrower limit"),
        pytest.param(_document(_changed(REQUEST, _set("reason", enum=["other"]))), id="a code is gone"),
        pytest.param(_document(_changed(REQUEST, _require("count"))), id="a field is required"),
        pytest.param(_document(answer=_changed(EVENT, _drop("theme"))), id="the answer lost a field"),
        pytest.param(
            _document(answer=_changed(EVENT, _set("id", type=["string", "null"]))), id="the answer may be null"
        ),
        pytest.param(
            _document(answer=_changed(EVENT, lambda schema: schema["required"].clear())), id="may lack a field"
        ),
        pytest.param(_document(parameters=(_parameter(required=True),)), id="a new required parameter"),
    ],
)
def test_a_route_may_not_shrink(present: Schema) -> None:
    assert list(openapi_faults(_document(), present))


def test_a_parameter_may_not_go_or_become_required() -> None:
    released = _document(parameters=(_parameter(),))

    assert list(openapi_faults(released, _document()))
    assert list(openapi_faults(released, _document(parameters=(_parameter(required=True),))))


def test_an_answer_keeps_its_status() -> None:
    present = _document()
    responses = present["paths"]["/v1/things"]["post"]["responses"]
    responses["200"] = responses.pop("201")

    assert list(openapi_faults(_document(), present)) == ["POST /v1/things: no longer answers 201"]

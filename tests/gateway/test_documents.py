"""What the gateway publishes to everybody."""

import json
import re
from html.parser import HTMLParser

import pytest

from contracts import registry
from contracts.roles import EVERYBODY, EXPLAINED
from gateway.engine.page_fields import row, rows
from tests.gateway.harness import World
from tests.gateway.test_errors import assert_problem


@pytest.mark.parametrize("path", ["/openapi.json", "/asyncapi.json", "/schemas/membership.union_founded.v1.json"])
def test_a_generated_document_is_published(engine: World, path: str) -> None:
    answer = engine.client.get(path)

    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert json.loads(answer.data)
    assert answer.headers["Cache-Control"] == "public, max-age=300"


def test_every_event_has_its_schema_here(engine: World) -> None:
    for event in registry.events().values():
        assert engine.client.get(f"/schemas/{event.service}.{event.name}.v{event.version}.json").status_code == 200


@pytest.mark.parametrize("path", ["/schemas", "/schemas/"])
def test_a_list_names_every_schema_and_leads_to_it(engine: World, path: str) -> None:
    listed = engine.client.get(path)

    assert (listed.status_code, listed.content_type) == (200, "application/json")
    named = {each["name"]: each["url"] for each in listed.json}
    events = {f"{event.service}.{event.name}.v{event.version}" for event in registry.events().values()}
    assert events < named.keys()
    assert all(engine.client.get(url).json["$id"] for url in named.values())


@pytest.mark.parametrize("path", ["/schemas/..%2fopenapi.json", "/schemas/none.json", "/catalogue.toml", "/docs/none"])
def test_nothing_else_is(engine: World, path: str) -> None:
    assert_problem(engine.client.get(path), 404, "not_found")


def test_every_route_of_the_contracts_is_served(engine: World) -> None:
    for operation in registry.operations().values():
        if operation.route is not None:
            path = re.sub(r"{\w+}", "x", operation.route.path)
            assert operation.route.method in engine.client.options(path).headers["Allow"]


class Page(HTMLParser):
    """Collects the ids of operations, what the page would load or run, where it leads, and what people read."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.loaded: set[str] = set()
        self.links: set[str] = set()
        self.lines: list[str] = []
        self.feed(text)

    def handle_data(self, data: str) -> None:
        self.lines += [data.strip()] if data.strip() else []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "details":
            self.ids.add(given["id"] or "")
        if tag in {"script", "img", "iframe"}:
            self.loaded.add(tag)
        if tag == "a":
            self.links.add(given["href"] or "")
        if tag == "link":
            self.loaded.add(given["href"] or "")


def test_people_read_every_operation_on_one_page(engine: World) -> None:
    answer = engine.client.get("/docs", headers={"Accept": "text/html,*/*;q=0.8"})
    page = Page(answer.text)

    assert answer.content_type == "text/html; charset=utf-8"
    assert page.ids == {name for name, operation in registry.operations().items() if operation.route}


def test_the_page_has_two_addresses(engine: World) -> None:
    assert engine.client.get("/docs/").data == engine.client.get("/docs").data


def test_whoever_comes_to_the_door_is_led_to_everything_that_is_published(engine: World) -> None:
    answer = engine.client.get("/", headers={"Accept": "text/html,*/*;q=0.8"})
    page = Page(answer.text)

    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    assert page.links == {"/docs", "/openapi.json", "/asyncapi.json", "/schemas", "/live", "/ready"}
    assert {engine.client.get(link).status_code for link in page.links} == {200}
    assert {"接口说明", "Reference"} <= set(page.lines)


def test_people_read_words_and_not_notation(engine: World) -> None:
    lines = Page(engine.client.get("/docs").text).lines

    assert not [line for line in lines if "`" in line or line in {"None", "Done", "Found"}]


def test_the_page_begins_with_how_to_sign_in(engine: World) -> None:
    text = engine.client.get("/docs").text

    assert "<p>Sign in with a user name" in text
    assert "<pre>curl http://127.0.0.1:8600/v1/sessions -H " in text


def test_every_role_is_explained_and_all_of_them_are_called_anyone(engine: World) -> None:
    lines = Page(engine.client.get("/docs").text).lines

    assert all(lines[lines.index(role) + 1] == explained for role, explained in EXPLAINED.items())
    everybody = [one for one in registry.operations().values() if one.route and one.roles == set(EVERYBODY)]
    assert lines.count("Anyone signed in.") == len(everybody) > 0


LINE = "#/components/schemas/Line"
API = {
    "components": {
        "schemas": {
            "List": {
                "properties": {
                    "lines": {"type": "array", "minItems": 1, "maxItems": 9, "items": {"$ref": LINE}},
                    "names": {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 5}},
                    "best": {"anyOf": [{"$ref": LINE}, {"type": "null"}]},
                },
                "required": ["lines"],
            },
            "Line": {
                "properties": {
                    "on": {"type": ["string", "null"], "format": "date", "description": "When."},
                    "kind": {"type": ["string", "null"], "enum": ["a", "b", None]},
                    "count": {"type": "integer", "minimum": 1, "maximum": 2_147_483_647, "default": 1},
                },
                "required": ["on", "kind"],
            },
        }
    }
}


def test_each_field_is_told_with_what_it_holds_and_its_limits() -> None:
    told = {each.name: (each.form, each.about) for each in rows(API, {"$ref": "#/components/schemas/List"})}

    line = {
        "on": ("date or null", "When"),
        "kind": ("text or null", "`a`, `b`"),
        "count": ("whole number, from 1, by default 1, optional", ""),
    }
    assert told == {
        "lines": ("list, 1–9 items; each: object", ""),
        **{f"lines[].{name}": row for name, row in line.items()},
        "names": ("list; each: text, 1–5 characters, optional", ""),
        "best": ("object or null, optional", ""),
        **{f"best.{name}": row for name, row in line.items()},
    }


def test_a_code_is_told_with_its_name() -> None:
    names = {"13": "快递员, courier", "90": "其他, other"}
    field = {"type": "string", "enum": ["13", "90"], "x-enumDescriptions": names}

    assert row(API, "category", field, required=True).about == "`13` 快递员, courier; `90` 其他, other"


def test_the_page_loads_nothing_but_its_own_style_sheet(engine: World) -> None:
    answer = engine.client.get("/docs")

    assert Page(answer.text).loaded == {"/docs.css"}
    assert "default-src 'none'; style-src 'self'" in answer.headers["Content-Security-Policy"]
    assert engine.client.get("/docs.css").content_type == "text/css; charset=utf-8"


def test_liveness_and_readiness_are_two_things(engine: World) -> None:
    assert engine.client.get("/live").status_code == 200
    assert engine.client.get("/ready").status_code == 200

    engine.connected = False

    assert engine.client.get("/live").status_code == 200
    assert engine.client.get("/ready").status_code == 503

"""What the gateway publishes to everybody."""

import json
import re
from html.parser import HTMLParser

import pytest

from contracts import registry
from tests.gateway.harness import World


@pytest.mark.parametrize("path", ["/openapi.json", "/asyncapi.json", "/schemas/membership.union_founded.v1.json"])
def test_a_generated_document_is_published(engine: World, path: str) -> None:
    answer = engine.client.get(path)

    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert json.loads(answer.data)
    assert answer.headers["Cache-Control"] == "public, max-age=300"


def test_every_event_has_its_schema_here(engine: World) -> None:
    for event in registry.events().values():
        assert engine.client.get(f"/schemas/{event.service}.{event.name}.v{event.version}.json").status_code == 200


@pytest.mark.parametrize("path", ["/schemas/", "/schemas/..%2fopenapi.json", "/catalogue.toml"])
def test_nothing_else_is(engine: World, path: str) -> None:
    assert engine.client.get(path).status_code == 404


def test_every_route_of_the_contracts_is_served(engine: World) -> None:
    for operation in registry.operations().values():
        if operation.route is not None:
            path = re.sub(r"{\w+}", "x", operation.route.path)
            assert operation.route.method in engine.client.options(path).headers["Allow"]


class Page(HTMLParser):
    """Collects the ids of operations and what the page would load or run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.loaded: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "details":
            self.ids.add(given["id"] or "")
        if tag in {"script", "img", "iframe"}:
            self.loaded.add(tag)
        if tag == "link":
            self.loaded.add(given["href"] or "")


def test_people_read_every_operation_on_one_page(engine: World) -> None:
    answer = engine.client.get("/docs", headers={"Accept": "text/html,*/*;q=0.8"})
    page = Page(answer.text)

    assert answer.content_type == "text/html; charset=utf-8"
    assert page.ids == {name for name, operation in registry.operations().items() if operation.route}


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

"""Nothing can be refused with a code that has no words."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts import catalogue

ROOT = Path(__file__).parents[2]
#: Calls whose first argument is a code.
REFUSING = {"Refused", "Refusal"}


def _codes(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            first = node.args[:1] if isinstance(node.func, ast.Name) and node.func.id in REFUSING else []
            named = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
            yield from (str(each.value) for each in (*first, *named) if isinstance(each, ast.Constant))


@pytest.mark.parametrize("package", ["chassis", "services", "gateway"])
def test_every_code_that_stands_in_the_source_is_in_the_catalogue(package: str) -> None:
    found = {code: source for source in (ROOT / package).rglob("*.py") for code in _codes(source)}

    assert found
    assert {code: str(source) for code, source in found.items() if code not in catalogue.entries()} == {}

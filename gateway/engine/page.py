"""The page on which people read what the API offers, made from the OpenAPI document when the process starts."""

import html
from collections.abc import Iterator, Mapping
from importlib.resources import files
from string import Template
from typing import Any

import orjson

from gateway.engine.documents import Document

#: The page loads its own style sheet and nothing else.
_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

_SECTION = Template("<section>\n<h2>$name</h2>\n$operations\n</section>")
_OPERATION = Template(
    "<details id='$id'><summary><b>$method</b> <code>$path</code> $summary</summary>\n"
    "<p>$description</p>\n<p>$who</p>\n$fields\n<dl>$answers</dl></details>"
)
_ROW = Template("<tr><td><code>$name</code></td><td>$where</td><td>$kind</td><td>$about</td></tr>")
_ANSWER = Template("<dt>$status</dt><dd>$description</dd>")

Json = Mapping[str, Any]


def pages() -> tuple[Document, Document]:
    """`/docs` and its style sheet."""
    api: Json = orjson.loads(files("contracts").joinpath("generated/openapi.json").read_bytes())
    here = files("gateway.engine")
    text = Template(here.joinpath("page.html").read_text("utf-8")).substitute(
        title=_safe(api["info"]["title"]),
        description=_safe(api["info"]["description"]),
        sections="\n".join(_sections(api)),
    )
    return (
        Document("/docs", "text/html; charset=utf-8", text.encode(), _POLICY),
        Document("/docs.css", "text/css; charset=utf-8", here.joinpath("page.css").read_bytes()),
    )


def _sections(api: Json) -> Iterator[str]:
    for tag in api["tags"]:
        operations = [
            _operation(api, method, path, operation)
            for path, methods in api["paths"].items()
            for method, operation in methods.items()
            if tag["name"] in operation["tags"]
        ]
        yield _SECTION.substitute(name=_safe(tag["name"]), operations="\n".join(operations))


def _operation(api: Json, method: str, path: str, operation: Json) -> str:
    rows = [*_parameters(api, operation), *_body(api, operation)]
    roles = operation.get("x-roles")
    return _OPERATION.substitute(
        id=_safe(operation["operationId"]),
        method=method.upper(),
        path=_safe(path),
        summary=_safe(operation["summary"]),
        description=_safe(operation.get("description", "")),
        who=f"Roles: {_safe(', '.join(roles))}" if roles else "Everybody, without a token",
        fields=f"<table>{''.join(rows)}</table>" if rows else "",
        answers="".join(
            _ANSWER.substitute(status=_safe(status), description=_safe(_resolved(api, answer)["description"]))
            for status, answer in operation["responses"].items()
        ),
    )


def _parameters(api: Json, operation: Json) -> Iterator[str]:
    for given in operation.get("parameters", ()):
        parameter = _resolved(api, given)
        schema, required = parameter["schema"], parameter.get("required", False)
        about = parameter.get("description") or schema.get("description", "")
        yield _row(parameter["name"], parameter["in"], schema, required, about)


def _body(api: Json, operation: Json) -> Iterator[str]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = _resolved(api, content.get("schema", {}))
    for name, given in schema.get("properties", {}).items():
        field = _resolved(api, given)
        yield _row(name, "body", field, name in schema.get("required", ()), field.get("description", ""))


def _row(name: str, where: str, schema: Json, required: bool, about: str) -> str:
    choices = ", ".join(str(each) for each in schema.get("enum", ()))
    kind = schema.get("format") or schema.get("type", "")
    words = kind if isinstance(kind, str) else " or ".join(kind)
    return _ROW.substitute(
        name=_safe(name),
        where=_safe(where),
        kind=_safe(words + ("" if required else ", optional")),
        about=_safe(about or choices),
    )


def _resolved(api: Json, node: Json) -> Json:
    found: Any = node
    if reference := node.get("$ref"):
        found = api
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
    resolved: Json = found
    return resolved


def _safe(text: str) -> str:
    return html.escape(text)

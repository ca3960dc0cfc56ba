"""The pages on which people read what the gateway offers, made from the OpenAPI document when the process starts."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib.resources import files
from string import Template
from textwrap import dedent

import orjson

from gateway.engine.documents import Document
from gateway.engine.page_fields import Json, Row, resolved, row, rows

#: A page loads its own style sheet and nothing else.
_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_HTML = "text/html; charset=utf-8"

_SECTION = Template("<section>\n<h2>$name</h2>\n<p>$description</p>\n$operations\n</section>")
_OPERATION = Template(
    "<details id='$id'><summary><b>$method</b> <code>$path</code> $summary</summary>\n"
    "<p>$description</p>\n<p>$who</p>\n$fields\n<dl>$answers</dl></details>"
)
_TABLE = Template("<table><caption>$caption</caption>$rows</table>")
_ROW = Template("<tr><td><code>$name</code></td><td>$form</td><td>$about</td></tr>")
_TERM = Template("<dt>$term</dt><dd>$meaning</dd>")


def pages() -> Iterator[Document]:
    """`/`, `/docs` and their style sheet."""
    here = files("gateway.engine")
    api: Json = orjson.loads(files("contracts").joinpath("generated/openapi.json").read_bytes())
    text = Template(here.joinpath("page.html").read_text("utf-8")).substitute(
        title=_safe(api["info"]["title"]),
        description="\n".join(_paragraphs(api["info"]["description"])),
        roles="".join(
            f"<dt><code>{_safe(role)}</code></dt><dd>{_safe(is_)}</dd>" for role, is_ in api["x-roles"].items()
        ),
        sections="\n".join(_sections(api)),
    )
    reference = Document("/docs", _HTML, text.encode(), _POLICY)
    yield Document("/", _HTML, here.joinpath("home.html").read_bytes(), _POLICY)
    yield from (reference, replace(reference, path="/docs/"))
    yield Document("/docs.css", "text/css; charset=utf-8", here.joinpath("page.css").read_bytes())


def _sections(api: Json) -> Iterator[str]:
    for tag in api["tags"]:
        operations = [
            _operation(api, method, path, operation)
            for path, methods in api["paths"].items()
            for method, operation in methods.items()
            if tag["name"] in operation["tags"]
        ]
        yield _SECTION.substitute(
            name=_safe(tag["name"]), description=_prose(tag["description"]), operations="\n".join(operations)
        )


def _operation(api: Json, method: str, path: str, operation: Json) -> str:
    return _OPERATION.substitute(
        id=_safe(operation["operationId"]),
        method=method.upper(),
        path=_safe(path),
        summary=_prose(operation["summary"]),
        description=_prose(operation.get("description", "")),
        who=_prose(_who(api, operation["x-roles"])),
        fields="".join(_requested(api, operation)),
        answers="".join(
            _TERM.substitute(term=_safe(status), meaning=_answer(api, answer))
            for status, answer in operation["responses"].items()
        ),
    )


def _who(api: Json, roles: list[str]) -> str:
    if not roles:
        return "Everybody, without a token."
    if set(roles) == api["x-roles"].keys():
        return "Anyone signed in."
    return f"Roles: {', '.join(f'`{role}`' for role in roles)}."


def _requested(api: Json, operation: Json) -> Iterator[str]:
    parameters = [resolved(api, given) for given in operation.get("parameters", ())]
    for place in ("path", "query", "header"):
        named = [
            row(
                api,
                each["name"],
                each["schema"],
                required=each.get("required", False),
                about=each.get("description", ""),
            )
            for each in parameters
            if each["in"] == place
        ]
        yield _table(place.capitalize(), named)
    yield _table("Body", rows(api, _json(operation.get("requestBody", {}))))


def _answer(api: Json, answer: Json) -> str:
    if "application/json" in answer.get("content", {}):
        return _table("Answer", rows(api, _json(answer))) or "An empty object."
    if "application/problem+json" in answer.get("content", {}):
        return _prose(answer["description"])
    return _prose("A text or file: " + ", ".join(f"`{media_type}`" for media_type in answer["content"]))


def _json(holder: Json) -> Json:
    schema: Json = holder.get("content", {}).get("application/json", {}).get("schema", {})
    return schema


def _table(caption: str, of: Iterable[Row]) -> str:
    lines = [_ROW.substitute(name=_safe(each.name), form=_safe(each.form), about=_prose(each.about)) for each in of]
    return _TABLE.substitute(caption=caption, rows="".join(lines)) if lines else ""


def _paragraphs(text: str) -> Iterator[str]:
    """What an empty line parts, each as prose; an indented one as it stands, as Markdown has it."""
    for part in text.split("\n\n"):
        yield f"<pre>{_safe(dedent(part))}</pre>" if part.startswith("    ") else f"<p>{_prose(part)}</p>"


def _prose(text: str) -> str:
    """Escaped text in which what stands between backticks is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", _safe(text))


def _safe(text: str) -> str:
    return html.escape(text)

"""The one shape in which anything refuses: RFC 9457 problem details, with the words in both languages."""

from collections.abc import Iterable, Mapping
from typing import Any

from contracts import catalogue, fields
from contracts.catalogue import Language
from contracts.schema import Schema

#: Media type of every body that this module builds.
MEDIA_TYPE = "application/problem+json"
#: What `type` begins with; the code follows.
TYPE_PREFIX = "urn:unionhall:problem:"


class FieldProblem(Schema):
    """What is wrong with one field of a request."""

    field = fields.Text(shortest=0, required=True, metadata={"description": "Path in the request: `attendances.0.on`"})
    code = fields.Text(required=True)
    messages = fields.Words(required=True)
    params = fields.Params(metadata={"description": "What the words name: `least` and `most`, or `choices`"})


class Problem(Schema):
    """Why a request was refused (RFC 9457). `code` is for programs, `detail` and `messages` are for people."""

    type = fields.Text(required=True, metadata={"description": "`urn:unionhall:problem:` and the code"})
    title = fields.Text(required=True)
    status = fields.Count(400, 599, required=True)
    detail = fields.Text(longest=2000, required=True, metadata={"description": "In the language that was asked for"})
    code = fields.Text(required=True)
    messages = fields.Words(required=True)
    field = fields.Text(metadata={"description": "The field that the refusal is about"})
    rule_code = fields.Text(metadata={"description": "The rule that refused: `R-ORG-18`"})
    article = fields.Text(metadata={"description": "The article of law behind the rule"})
    errors = fields.Many(fields.Part(FieldProblem), metadata={"description": "Every bad field of an invalid request"})
    trace_id = fields.Text(metadata={"description": "Under this id the logs tell what happened"})


def render(
    code: str,
    language: Language,
    *,
    field: str | None = None,
    rule_code: str | None = None,
    article: str | None = None,
    errors: Iterable[Mapping[str, Any]] = (),
    params: Mapping[str, object] | None = None,
    trace_id: str | None = None,
) -> dict[str, Any]:
    """Build the body for a code; `errors` are rows of `schema.field_errors`, `params` fill the placeholders."""
    entry = catalogue.entry(code)
    messages = _messages(code, params or {})
    optional = {
        "field": field,
        "rule_code": rule_code,
        "article": article,
        "errors": [{**row, "messages": _messages(row["code"], row.get("params", {}))} for row in errors] or None,
        "trace_id": trace_id,
    }
    return {
        "type": TYPE_PREFIX + code,
        "title": code.replace("_", " ").capitalize(),
        "status": entry.status,
        "detail": messages[language],
        "code": code,
        "messages": messages,
        **{name: value for name, value in optional.items() if value is not None},
    }


def _messages(code: str, params: Mapping[str, object]) -> dict[str, str]:
    entry = catalogue.entry(code)
    return {language: entry.text(language, **params) for language in catalogue.LANGUAGES}

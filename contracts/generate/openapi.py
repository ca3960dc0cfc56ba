"""Makes the OpenAPI 3.1 document: every route with what it takes, gives and refuses."""

import importlib
import warnings
from itertools import groupby
from typing import Any

from contracts import catalogue, problem, registry
from contracts.declare import Kind, Operation
from contracts.generate import refusals
from contracts.generate.convert import OPENAPI_VERSION, REFERENCE, Converter
from contracts.generate.samples import sample
from contracts.problem import Problem
from contracts.roles import EXPLAINED

#: Codes whose answer says in `Retry-After` when to come back.
_RETRY = {
    "in_progress",
    "too_many_requests",
    "not_yet_known",
    "service_unavailable",
    "deadline_exceeded",
    "outcome_unknown",
    "outcome_unknown_unkeyed",
}
#: What the words of codes name in the examples.
_NAMED = {"state": "closed", "possible": "correct, void", "today": "2024-03-08", "day": "2024-03-08", "most": 200}
_DESCRIPTION = """\
Everything that a client may ask of the platform. Refusals are problem details (RFC 9457) in Chinese and English;
`code` is for programs. Codes in answers are open lists: ignore what you do not know. `x-roles` names the roles that
may ask (and at the top what each is), `x-scope` how far they reach.

Sign in with a user name and its password, and where the answer is `second_factor_needed` again with the `code` that
the authenticator app shows, or a recovery code. The answer's `access_token` goes into the header `Authorization` of
every other request and is good for 10 minutes. Before it ends, `POST /v1/sessions/refresh` with
`{"refresh_token": "…"}` gives two new tokens; each refresh token works once, and 12 hours after signing in the session
is over. `POST /v1/sessions/end` ends it at once.

Where the platform asks for a second factor of whoever acts for others, their first answer has `must_enrol`: then
`POST /v1/me/second-factor` gives a secret for an authenticator app, `POST /v1/me/second-factor/confirm` with the app's
first code gives recovery codes, and the next refresh gives a token with their roles.

    curl http://127.0.0.1:8600/v1/sessions -H 'Content-Type: application/json' -d '{"username": "…", "password": "…"}'
    curl http://127.0.0.1:8600/v1/me -H 'Authorization: Bearer …'"""
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "A key of the client's for this action, best a UUID. The same key and body give the same answer, "
    "done once. It is kept in clear: nothing about people belongs in it.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,128}$"},
    "example": "018e1c5e-9c40-7d3a-8f21-4b6d0a9e7c53",
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "`ETag` of the version that the client saw; another version is a 412. `*` takes any.",
    "schema": {"type": "string", "pattern": r'^(\*|"[0-9]{1,9}")$'},
    "example": '"3"',
}
#: A file, as its bytes are.
_FILE = {"schema": {"type": "string", "format": "binary"}}
_ACCEPT_LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "description": "Language of `detail` in a refusal: `zh` (the default) or `en`.",
    "schema": {"type": "string", "maxLength": 200},
    "example": "zh",
}


def document() -> dict[str, Any]:
    """The whole document as plain JSON values."""
    requests, replies = Converter(closed=True), Converter(closed=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # apispec renames a schema whose name is taken, and only warns
        paths = _paths(requests, replies)
        replies.reference(Problem)
    twice = requests.definitions.keys() & replies.definitions.keys()
    if twice:
        raise TypeError(f"one name for a request and an answer: {sorted(twice)}")
    return {
        "openapi": OPENAPI_VERSION,
        "info": {"title": "unionhall", "version": "1", "description": _DESCRIPTION},
        "servers": [{"url": "/"}],
        "tags": _tags(),
        "paths": paths,
        "x-roles": {role.value: explained for role, explained in EXPLAINED.items()},
        "components": {
            "schemas": dict(sorted({**requests.definitions, **replies.definitions}.items())),
            "parameters": {
                "IdempotencyKey": _IDEMPOTENCY_KEY,
                "IfMatch": _IF_MATCH,
                "AcceptLanguage": _ACCEPT_LANGUAGE,
            },
            "headers": {
                "ETag": {"description": "Version of the record, for If-Match", "schema": {"type": "string"}},
                "Repr-Digest": {
                    "description": "SHA-256 of the whole file (RFC 9530): `sha-256=:<base64>:`",
                    "schema": {"type": "string"},
                },
                "Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer", "minimum": 0}},
            },
            "examples": _examples(),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _routed() -> list[Operation]:
    return [operation for operation in registry.operations().values() if operation.route]


def _paths(requests: Converter, replies: Converter) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for operation in sorted(_routed(), key=lambda each: each.wire_name):
        assert operation.route is not None
        item = paths.setdefault(operation.route.path, {})
        item[operation.route.method.lower()] = _operation(operation, requests, replies)
    return dict(sorted(paths.items()))


def _operation(operation: Operation, requests: Converter, replies: Converter) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.wire_name,
        "tags": [_tag(operation)],
        "summary": operation.summary,
    }
    if operation.description:
        described["description"] = operation.description
    described["parameters"] = _parameters(operation, requests)
    body = _body(operation, requests)
    if body:
        described["requestBody"] = body
    described["responses"] = {**_success(operation, replies), **_refusals(operation)}
    described["security"] = [] if operation.public else [{"bearer": []}]
    described["x-roles"] = sorted(operation.roles)
    described["x-scope"] = operation.scope.value
    return described


def _parameters(operation: Operation, requests: Converter) -> list[dict[str, Any]]:
    assert operation.route is not None
    on_path = operation.route.parameters
    request = requests.convert(operation.request)
    taken = on_path if operation.kind is Kind.COMMAND else tuple(request["properties"])
    parameters = [
        {
            "name": name,
            "in": "path" if name in on_path else "query",
            "required": name in on_path or name in request.get("required", ()),
            "schema": request["properties"][name],
        }
        for name in taken
    ]
    headers = ["AcceptLanguage"]
    headers += ["IdempotencyKey"] if operation.keyed else []
    headers += ["IfMatch"] if operation.versioned else []
    return parameters + [{"$ref": f"#/components/parameters/{name}"} for name in headers]


def _body(operation: Operation, requests: Converter) -> dict[str, Any] | None:
    assert operation.route is not None
    if operation.upload:
        return {"required": True, "content": dict.fromkeys(operation.upload, _FILE)}
    request = operation.request(exclude=operation.route.parameters)
    if operation.kind is Kind.QUERY or not request.fields:
        return None
    return {"required": True, "content": {"application/json": _media(requests, requests.reference(request))}}


def _success(operation: Operation, replies: Converter) -> dict[str, Any]:
    assert operation.route is not None
    response: dict[str, Any] = {"description": "Done" if operation.kind is Kind.COMMAND else "Found"}
    if operation.document:
        response["content"] = {operation.answers_with: {"schema": {"type": "string"}}}
    if operation.download:
        response["content"] = {operation.download: _FILE}
        response["headers"] = {"Repr-Digest": {"$ref": "#/components/headers/Repr-Digest"}}
    if operation.reply:
        response["content"] = {"application/json": _media(replies, replies.reference(operation.reply))}
        if "version" in operation.reply().fields:
            response["headers"] = {"ETag": {"$ref": "#/components/headers/ETag"}}
    return {str(operation.route.status): response}


def _media(converter: Converter, schema: dict[str, Any]) -> dict[str, Any]:
    return {"schema": schema, "example": sample(schema, converter.definitions)}


def _refusals(operation: Operation) -> dict[str, Any]:
    def status(code: str) -> int:
        return catalogue.entry(code).status

    by_status = groupby(sorted(refusals.codes(operation), key=status), key=status)
    return {str(number): _refusal(list(codes)) for number, codes in by_status}


def _refusal(codes: list[str]) -> dict[str, Any]:
    examples = {code: {"$ref": f"#/components/examples/{code}"} for code in codes}
    media = {"schema": {"$ref": f"{REFERENCE}Problem"}, "examples": examples}
    response: dict[str, Any] = {"description": ", ".join(f"`{code}`" for code in codes)}
    if not _RETRY.isdisjoint(codes):
        response["headers"] = {"Retry-After": {"$ref": "#/components/headers/Retry-After"}}
    return {**response, "content": {problem.MEDIA_TYPE: media}}


def _examples() -> dict[str, Any]:
    used = sorted({code for operation in _routed() for code in refusals.codes(operation)})
    return {code: {"summary": catalogue.text(code, "en"), "value": _example(code)} for code in used}


def _example(code: str) -> dict[str, Any]:
    errors = [{"field": "name", "code": "required"}] if code == "invalid_request" else []
    return problem.render(code, "zh", errors=errors, params=_NAMED)


def _tag(operation: Operation) -> str:
    return f"{operation.service}.{operation.capability}"


def _tags() -> list[dict[str, str]]:
    places = {_tag(operation): operation.request.__module__ for operation in _routed()}
    return [{"name": tag, "description": _why(module)} for tag, module in sorted(places.items())]


def _why(module: str) -> str:
    return (importlib.import_module(module).__doc__ or "").strip()

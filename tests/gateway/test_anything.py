"""Whatever bytes arrive, the answer is never our own failure, and carries no header that a client wrote."""

import io
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder

from contracts import registry
from contracts.roles import Role
from tests.gateway.harness import World

# the database and the application are the same for every example
EXAMPLES = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)

PATHS = sorted(
    {operation.route.path for operation in registry.operations().values() if operation.route}
    | {"/openapi.json", "/docs", "/live", "/ready", "/"}
)
#: Text as WSGI servers give it: bytes read as Latin-1.
latin = st.binary(max_size=60).map(lambda data: data.decode("latin-1"))
names = st.sampled_from(
    [
        "HTTP_ACCEPT",
        "HTTP_ACCEPT_LANGUAGE",
        "HTTP_AUTHORIZATION",
        "HTTP_IDEMPOTENCY_KEY",
        "HTTP_IF_MATCH",
        "HTTP_TRACEPARENT",
        "HTTP_TRANSFER_ENCODING",
        "CONTENT_LENGTH",
        "CONTENT_TYPE",
        "QUERY_STRING",
        "PATH_INFO",
    ]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def environment(world: World, method: str, path: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
    everybody = world.token_of(*(role for role in Role if role is not Role.SYSTEM))
    return {
        **EnvironBuilder(method=method).get_environ(),
        "PATH_INFO": path,
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_AUTHORIZATION": f"Bearer {everybody}",
        "HTTP_IDEMPOTENCY_KEY": "key",
        "wsgi.input": io.BytesIO(body),
        **headers,
    }


def assert_sane(world: World, environ: dict[str, Any]) -> None:
    world.services.otherwise = lambda *_: {}
    answer = world.raw(environ)

    assert answer.status_code < 500, answer.text
    for name, value in answer.headers.items():
        assert "\r" not in name + value
        assert "\n" not in name + value
    if answer.status_code >= 400 and environ["REQUEST_METHOD"] != "HEAD":
        assert answer.json["code"]
        assert set(answer.json["messages"]) == {"zh", "en"}


@EXAMPLES
@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "OPTIONS", "x"]),
    path=st.sampled_from(PATHS) | latin.map(lambda tail: f"/v1/unions/{tail}") | latin,
    body=st.binary(max_size=200),
    headers=st.dictionaries(names, latin, max_size=4),
)
def test_arbitrary_bytes_are_never_our_failure(
    engine: World, method: str, path: str, body: bytes, headers: dict[str, str]
) -> None:
    assert_sane(engine, environment(engine, method, path, body, headers))


COMMANDS = [
    operation for operation in registry.operations().values() if operation.route and operation.kind == "command"
]


@EXAMPLES
@given(data=st.data())
def test_arbitrary_values_in_known_fields_are_never_our_failure(engine: World, data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from(COMMANDS))
    assert operation.route is not None
    fields = [name for name in operation.request._declared_fields if name not in operation.route.parameters]
    chosen = st.fixed_dictionaries({}, optional=dict.fromkeys(fields, values))
    body = json.dumps(data.draw(chosen)).encode()
    path = operation.route.path.replace("{", "").replace("}", "")

    assert_sane(engine, environment(engine, operation.route.method, path, body, {}))


@EXAMPLES
@given(username=st.text(max_size=120), password=st.text(max_size=40))
def test_arbitrary_credentials_are_never_our_failure(engine: World, username: str, password: str) -> None:
    body = json.dumps({"username": username, "password": password}, ensure_ascii=True).encode()

    assert_sane(engine, environment(engine, "POST", "/v1/sessions", body, {}))


@EXAMPLES
@given(query=latin, cursor=st.text(max_size=30))
def test_arbitrary_parameters_are_never_our_failure(engine: World, query: str, cursor: str) -> None:
    for given_query in (query, f"cursor={query}", f"limit={query}"):
        assert_sane(engine, environment(engine, "GET", "/v1/grants", b"", {"QUERY_STRING": given_query}))
    answer = engine.client.get(
        "/v1/grants",
        query_string={"cursor": cursor},
        headers={"Authorization": f"Bearer {engine.token_of(Role.AUDITOR)}"},
    )
    assert answer.status_code in {200, 422}

"""What of a request and an answer survives the way over the broker."""

from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.actor import SYSTEM, Actor, Grant
from chassis.commands import Call
from chassis.errors import DeadlineExceeded, Refused, RemoteFailure, ServiceUnavailable
from chassis.wire import ACTOR, TRACEPARENT, actor_of, failure, request_body, request_headers, result_of
from contracts.roles import Role

GRANTS = st.builds(Grant, st.sampled_from(Role), st.none() | st.uuids())
ACTORS = st.builds(Actor, st.uuids(), st.lists(GRANTS, max_size=5).map(tuple))
CODES = st.text(max_size=10)
PROBLEMS = st.builds(
    Refused,
    CODES,
    field=st.none() | CODES,
    rule_code=st.none() | CODES,
    article=st.none() | CODES,
    errors=st.lists(st.dictionaries(CODES, CODES, max_size=2), max_size=2),
    params=st.dictionaries(CODES, CODES, max_size=2),
)


@given(ACTORS)
def test_an_actor_arrives_as_it_was_sent(actor: Actor) -> None:
    assert actor_of({"actor": actor.to_wire()}) == actor


@pytest.mark.parametrize(
    "context", [{}, {"actor": None}, {"actor": 5}, {"actor": "{}"}, {"actor": '{"id":1,"grants":5}'}]
)
def test_an_actor_that_nobody_can_read_is_none(context: dict[str, object]) -> None:
    assert actor_of(context) is None


def test_a_role_of_a_later_version_makes_nobody_of_its_holder() -> None:
    wire = orjson.dumps({"id": str(UUID(int=1)), "grants": [["archivist", None]]}).decode()

    assert actor_of({"actor": wire}) is None


@given(PROBLEMS)
def test_a_refusal_arrives_whole(refused: Refused) -> None:
    reply = orjson.loads(orjson.dumps({"result": None, "error": failure(refused)}))

    with pytest.raises(Refused) as arrived:
        result_of(reply)
    assert arrived.value.to_wire() == refused.to_wire()


@pytest.mark.parametrize(
    ("error", "arrives"),
    [
        (ServiceUnavailable("database"), ServiceUnavailable),
        (DeadlineExceeded("events"), DeadlineExceeded),
        (KeyError("330110198001011234"), RemoteFailure),
    ],
)
def test_of_another_error_only_the_kind_arrives(error: Exception, arrives: type[Exception]) -> None:
    wire = orjson.dumps({"result": None, "error": failure(error)})

    assert b"330110198001011234" not in wire
    with pytest.raises(arrives):
        result_of(orjson.loads(wire))


def test_a_result_arrives() -> None:
    assert result_of({"result": {"id": 1}, "error": None}) == {"id": 1}


def test_a_request_has_the_shape_that_stock_nameko_gives_it() -> None:
    call = Call(SYSTEM, key="k", expected_version=3, traceparent="00-1-2-01")

    assert orjson.loads(request_body({"a": 1}, call)) == {
        "args": [],
        "kwargs": {"request": {"a": 1}, "key": "k", "expected_version": 3},
    }
    assert request_headers(call) == {ACTOR: SYSTEM.to_wire(), TRACEPARENT: "00-1-2-01"}
    assert TRACEPARENT not in request_headers(Call(SYSTEM))

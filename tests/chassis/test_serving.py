"""Requests and answers over a real broker, at one service that none of them may bring down."""

import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID, uuid4

import orjson
import pytest
from nameko.standalone.rpc import ClusterRpcProxy

from chassis.actor import SYSTEM
from contracts.events.activities import DraftActivity, GetActivity
from tests.chassis.books import Books
from tests.chassis.hub import Hub
from tests.chassis.programs import Asker, Toy
from tests.chassis.samples import draft_of
from tests.chassis.waiting import PATIENCE, eventually
from unionctl.platform import Platform

READ = GetActivity.operation
DRAFT = DraftActivity.operation
#: An activity whose view the toy cannot write as JSON.
UNSENDABLE = str(UUID(int=1))

#: A command as it lies on the broker.
BODY = orjson.dumps({"args": [], "kwargs": {"request": draft_of("past the clients")}})


def anything() -> dict[str, str]:
    return {"activity_id": str(uuid4())}


@contextmanager
def turned_away(toy: Toy, reason: str) -> Iterator[None]:
    """Expect the toy to count one more message that it refuses for this reason."""
    before = toy.metric("unionhall_refused_messages_total", reason=reason)
    yield
    eventually(
        lambda: toy.metric("unionhall_refused_messages_total", reason=reason) > before, f"no message was {reason}"
    )


def request(hub: Hub, exchange: str, key: str, body: bytes = BODY, headers: Mapping[str, object] | None = None) -> None:
    """Send a command past every client of ours."""
    hub.publish(exchange, key, body, application_headers={"nameko.actor": SYSTEM.to_wire(), **(headers or {})})


@pytest.fixture(autouse=True)
def still_serving(toy: Toy, asker: Asker) -> Iterator[None]:
    """Whatever a test did, the service goes on as the same process."""
    yield
    toy.signal(signal.SIGCONT)
    eventually(lambda: isinstance(asker(READ, anything(), seconds=2), dict), "the service does not answer any more")
    assert toy.lives()


def test_a_query_is_answered(toy: Toy, asker: Asker) -> None:
    assert asker(READ, anything())["title"] == str(toy.process.pid)


def test_a_command_sent_twice_takes_effect_once_and_answers_the_same(asker: Asker, books: Books) -> None:
    key, title = str(uuid4()), f"twice {uuid4()}"

    first = asker(DRAFT, draft_of(title), key=key)

    assert asker(DRAFT, draft_of(title), key=key) == first
    assert books.effects_called(title) == 1


def test_a_frozen_service_is_given_up_at_the_deadline_and_then_at_once(toy: Toy, asker: Asker) -> None:
    """Without the circuit the third caller would wait for a deadline as well."""
    toy.signal(signal.SIGSTOP)

    answers = [asker(READ, anything(), seconds=seconds) for seconds in (0.3, 0.3, 2 * PATIENCE)]

    assert answers == ["DeadlineExceeded", "DeadlineExceeded", "ServiceUnavailable"]


def test_a_request_that_nobody_waits_for_any_more_is_not_begun(toy: Toy, hub: Hub, books: Books) -> None:
    before = books.effects_called("past the clients")

    with turned_away(toy, "late"):
        request(hub, "nameko-rpc", DRAFT.wire_name, headers={"x-deadline": int(time.time() * 1000) - 1})

    assert books.effects_called("past the clients") == before


@pytest.mark.parametrize(("exchange", "key"), [("", "call.events"), ("membership.events", DRAFT.wire_name)])
def test_a_message_that_went_round_the_request_exchange_is_not_served(
    toy: Toy, hub: Hub, books: Books, exchange: str, key: str
) -> None:
    """Every service may publish to the default exchange; only the RPC exchange says who may ask."""
    before = books.effects_called("past the clients")
    with hub.channel() as channel:
        channel.queue_bind("call.events", "membership.events", DRAFT.wire_name)

    with turned_away(toy, "stray"):
        request(hub, exchange, key)

    assert books.effects_called("past the clients") == before


@pytest.mark.parametrize(
    "body", [b"", b"\xff not JSON 330110", b"[]", b'{"args": 5, "kwargs": {}}', b'{"args": [], "kwargs": 7}', b"{}"]
)
def test_an_undecodable_request_is_turned_away_and_not_logged(toy: Toy, hub: Hub, body: bytes) -> None:
    with turned_away(toy, "undecodable"):
        request(hub, "nameko-rpc", READ.wire_name, body)

    assert "330110" not in toy.log()


def test_a_deadline_that_is_no_number_is_turned_away(toy: Toy, hub: Hub) -> None:
    with turned_away(toy, "undecodable"):
        request(hub, "nameko-rpc", READ.wire_name, headers={"x-deadline": "soon"})


@pytest.mark.parametrize(
    "actor", ["", "{", "[]", '{"id": "7", "grants": []}', '{"id": "018e1c5e-9c40-7d3a-8f21-4b6d0a9e7c55"}']
)
def test_an_actor_that_cannot_be_read_is_nobody(asker: Asker, actor: str) -> None:
    """An error while a worker gets its dependencies would end the whole container (stack notes 2.2)."""
    assert asker(READ, anything(), headers={"nameko.actor": actor}) == "not_authenticated"


def test_an_answer_that_cannot_be_written_is_the_service_s_failure(asker: Asker) -> None:
    """An error while a result is handled would end the whole container (stack notes finding 4)."""
    assert asker(READ, {"activity_id": UNSENDABLE}) == "RemoteFailure"


def test_an_error_of_its_own_tells_the_caller_nothing_about_it(asker: Asker) -> None:
    assert asker(DRAFT, draft_of("fail for a reason")) == "RemoteFailure"


def test_a_method_that_this_version_lacks_is_unavailable(toy: Toy, asker: Asker) -> None:
    with turned_away(toy, "stray"):
        assert asker(replace(READ, name="no_such_method"), anything()) == "ServiceUnavailable"


def test_a_deleted_queue_is_declared_again(hub: Hub, asker: Asker) -> None:
    with hub.channel() as channel:
        channel.queue_delete("call.events")

    eventually(lambda: isinstance(asker(READ, anything(), seconds=2), dict), "the service does not answer any more")


def test_other_requests_are_served_while_one_waits_for_the_database(asker: Asker, books: Books) -> None:
    """A driver that blocks the loop (psycopg 3 as it comes, stack notes finding 9) would let nobody else answer."""
    with books.held(42) as lock:
        slow = asker.ask(DRAFT, draft_of("wait 42"))
        eventually(lambda: lock.keeps(1), "the command did not begin")

        assert isinstance(asker(READ, anything()), dict)
        assert not asker.has_answer(slow)

    assert asker.answer(slow)["title"] == "wait 42"


def test_more_commands_than_connections_wait_their_turn(asker: Asker, books: Books) -> None:
    with books.held(43) as lock:
        slow = [asker.ask(DRAFT, draft_of("wait 43")) for _ in range(12)]
        eventually(lambda: lock.keeps(8), "the commands did not begin")

    assert {asker.answer(number)["title"] for number in slow} == {"wait 43"}


def test_stock_nameko_can_ask(servers: Platform, toy: Toy) -> None:
    """What the architecture promises to whoever explores by hand."""
    with ClusterRpcProxy(
        {"AMQP_URI": servers.amqp_uri("unionctl")}, timeout=PATIENCE, context_data={"actor": SYSTEM.to_wire()}
    ) as cluster:
        assert cluster.events.get_clock() is None

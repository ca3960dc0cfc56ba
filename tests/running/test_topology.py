"""The topology on a real broker: applied twice, repaired, and tried with each user's own rights."""

from dataclasses import replace
from uuid import uuid4

import amqp
import pytest
from tenacity import retry, retry_if_result, stop_after_delay, wait_fixed

from chassis.topology import from_contracts
from contracts.registry import SERVICES
from tests.running.broker_client import channel
from unionctl import topology
from unionctl.errors import PlatformError
from unionctl.platform import Platform


def fetch(servers: Platform, queue: str) -> list[dict[str, object]]:
    """Take what waits in a queue, as administrator."""
    path = ("queues", servers.broker.vhost, queue, "get")
    body = {"count": 100, "ackmode": "ack_requeue_false", "encoding": "auto"}
    messages: list[dict[str, object]] = servers.broker.api.post(*path, body=body)
    return messages


@retry(retry=retry_if_result(lambda messages: not messages), stop=stop_after_delay(30), wait=wait_fixed(0.1))
def await_message(servers: Platform, queue: str) -> list[dict[str, object]]:
    return fetch(servers, queue)


def publish(channel: amqp.Channel, body: str, exchange: str, key: str) -> None:
    """Publish and wait for the broker's confirm; raises AccessRefused where the user may not."""
    channel.confirm_select()
    channel.basic_publish_confirm(amqp.Message(body, delivery_mode=2), exchange, key, mandatory=True)


def test_applying_the_topology_again_changes_nothing(servers: Platform) -> None:
    assert servers.apply_topology() == []


def test_a_lost_binding_a_changed_policy_and_a_changed_password_are_repaired(servers: Platform) -> None:
    api, vhost = servers.broker.api, servers.broker.vhost
    api.delete("policies", vhost, "retry.1s")
    api.delete("bindings", vhost, "e", "dead", "q", "dead.events", "events")
    api.put("users", "events", body={"password": "changed by hand", "tags": ""})
    api.put("permissions", vhost, "reporting", body={"configure": ".*", "write": ".*", "read": ".*"})

    assert sorted(servers.apply_topology()) == [
        "bound dead.events to dead events",
        "set permissions reporting",
        "set policy retry.1s",
        "set user events",
    ]


def test_a_binding_that_the_contracts_no_longer_name_is_removed(servers: Platform) -> None:
    api, vhost = servers.broker.api, servers.broker.vhost
    body = {"routing_key": "no_longer_told"}
    api.post("bindings", vhost, "e", "membership.events", "q", "evt.reporting", body=body)
    assert servers.apply_topology() == ["unbound evt.reporting from membership.events no_longer_told"]


def test_a_queue_of_another_kind_is_refused_with_one_sentence(servers: Platform) -> None:
    api, vhost = servers.broker.api, servers.broker.vhost
    api.put("queues", vhost, "evt.other", body={"durable": True, "arguments": {"x-queue-type": "classic"}})
    wanted = replace(from_contracts(), queues=("evt.other",))
    try:
        with pytest.raises(PlatformError, match=r"evt\.other has other arguments"):
            topology.apply(servers.broker, servers.directory.password, wanted)
    finally:
        api.delete("queues", vhost, "evt.other")


def test_a_message_on_the_ladder_comes_home(servers: Platform) -> None:
    body = str(uuid4())
    with channel(servers, "reporting") as reporting:
        publish(reporting, body, "retry.1s", "evt.reporting")
    (message,) = await_message(servers, "evt.reporting")
    assert (message["payload"], message["routing_key"], message["exchange"]) == (body, "evt.reporting", "")


def test_a_rejected_message_is_a_dead_letter_of_its_consumer(servers: Platform) -> None:
    body = str(uuid4())
    with channel(servers, "events") as events:
        publish(events, body, "events.events", "activity_closed")
    with channel(servers, "reporting") as reporting:
        message = reporting.basic_get("evt.reporting")
        reporting.basic_reject(message.delivery_tag, requeue=False)
        (dead,) = await_message(servers, "dead.reporting")
    assert (dead["payload"], dead["routing_key"]) == (body, "reporting")


def test_a_dead_letter_that_nobody_can_take_is_parked(servers: Platform) -> None:
    body = str(uuid4())
    with channel(servers, "reporting") as reporting:
        publish(reporting, body, "dead", "reporting")
        message = reporting.basic_get("dead.reporting")
        reporting.basic_reject(message.delivery_tag, requeue=False)
        (parked,) = await_message(servers, "dead.parked")
    assert parked["payload"] == body


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reads_no_queue_of_another(servers: Platform, service: str) -> None:
    for other in set(SERVICES) - {service}:
        with channel(servers, service) as refused, pytest.raises(amqp.AccessRefused):
            refused.basic_get(f"dead.{other}")


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_publishes_on_its_own_exchange_and_on_no_other(servers: Platform, service: str) -> None:
    with channel(servers, service) as allowed:
        allowed.confirm_select()
        allowed.basic_publish_confirm(amqp.Message("{}"), f"{service}.events", "nobody_listens")
    for other in set(SERVICES) - {service}:
        with channel(servers, service) as refused, pytest.raises(amqp.AccessRefused):
            publish(refused, "{}", f"{other}.events", "nobody_listens")


def test_a_service_serves_its_own_requests_and_sends_none(servers: Platform) -> None:
    with channel(servers, "events") as events:
        events.queue_declare("call.events", auto_delete=True)
        events.queue_bind("call.events", "nameko-rpc", "events.*")
        with channel(servers, "gateway") as gateway:
            publish(gateway, "{}", "nameko-rpc", "events.plan_activity")
        assert events.basic_get("call.events", no_ack=True) is not None
    with channel(servers, "reporting") as refused, pytest.raises(amqp.AccessRefused):
        publish(refused, "{}", "nameko-rpc", "events.plan_activity")
    with channel(servers, "events") as refused:
        refused.queue_declare("call.events", auto_delete=True)
        with pytest.raises(amqp.AccessRefused):
            refused.queue_bind("call.events", "nameko-rpc", "membership.*")


def test_the_gateway_gets_replies_without_a_queue_of_its_own(servers: Platform) -> None:
    replies: list[str] = []
    with channel(servers, "gateway") as gateway, channel(servers, "events") as events:
        gateway.basic_consume("amq.rabbitmq.reply-to", no_ack=True, callback=lambda reply: replies.append(reply.body))
        events.queue_declare("call.events", auto_delete=True)
        events.queue_bind("call.events", "nameko-rpc", "events.*")
        request = amqp.Message("{}", reply_to="amq.rabbitmq.reply-to")
        gateway.basic_publish(request, "nameko-rpc", "events.plan_activity")
        received = None
        while received is None:
            received = events.basic_get("call.events", no_ack=True)
        events.basic_publish(amqp.Message("done"), routing_key=received.reply_to)
        while not replies:
            gateway.connection.drain_events(timeout=10)
    assert replies == ["done"]

"""How many messages wait is asked on one connection that outlives the question, and a lost one is made anew."""

from collections.abc import Iterator

import pytest

from chassis.queue_length import UNKNOWN, QueueLengths
from chassis.topology_names import event_queue
from tests.chassis.hub import Hub
from tests.chassis.waiting import eventually
from tests.support.proxy import Proxy
from unionctl.platform import Platform

QUEUE = event_queue("events")


@pytest.fixture
def lengths(servers: Platform, hub: Hub, proxy: Proxy) -> Iterator[QueueLengths]:
    hub.purge(QUEUE)
    lengths = QueueLengths(proxy.instead_of(servers.amqp_uri("events")), "events")
    yield lengths
    lengths.stop()
    hub.purge(QUEUE)


def test_what_waits_is_counted_on_one_connection(hub: Hub, proxy: Proxy, lengths: QueueLengths) -> None:
    assert lengths.waiting(QUEUE, "dead.events") == [0, 0]
    hub.found_union()
    eventually(lambda: lengths.waiting(QUEUE) == [1], "the event does not wait")
    assert proxy.cut() == 1


def test_after_a_lost_connection_one_answer_is_missing(hub: Hub, proxy: Proxy, lengths: QueueLengths) -> None:
    assert lengths.waiting(QUEUE) == [0]
    proxy.cut()
    assert lengths.waiting(QUEUE, QUEUE) == [UNKNOWN, UNKNOWN]
    assert lengths.waiting(QUEUE) == [0]


def test_a_queue_that_is_not_there_says_nothing_of_the_next(lengths: QueueLengths) -> None:
    assert lengths.waiting("no.such.queue") == [UNKNOWN]
    assert lengths.waiting(QUEUE) == [0]

"""Links between a service and its broker that fall silent, break, or carry nothing for a while."""

from uuid import uuid4

from contracts.events.activities import DraftActivity, GetActivity
from tests.chassis.books import Books
from tests.chassis.hub import Hub
from tests.chassis.programs import Asker, Toys
from tests.chassis.samples import draft_of
from tests.chassis.waiting import eventually
from tests.support.proxy import Proxy
from unionctl.platform import Platform

DRAFT, READ = DraftActivity.operation, GetActivity.operation
#: Links of one toy: requests, events, the ladder, the relay and the dead letters.
LINKS = 5


def test_a_service_comes_back_from_links_that_only_look_open(
    servers: Platform, toys: Toys, hub: Hub, books: Books, asker: Asker, proxy: Proxy
) -> None:
    """Without `Link._beat` the consumer waits on its half-open socket for ever (stack notes finding 3)."""
    toy = toys.start(amqp_uri=proxy.instead_of(servers.amqp_uri("events")))

    assert proxy.go_silent() == LINKS
    event_id = hub.found_union()

    eventually(lambda: books.effects(event_id) == 1, "the event was not handled")
    eventually(lambda: isinstance(asker(READ, {"activity_id": str(uuid4())}, seconds=1), dict), "no answer")
    drafted = asker(DRAFT, draft_of("after the silence"))
    eventually(lambda: books.published(drafted["id"]), "nothing was published")
    assert toy.lives()


def test_a_caller_comes_back_from_a_link_that_only_looks_open(servers: Platform, toys: Toys, proxy: Proxy) -> None:
    toys.start()
    asker = Asker(proxy.instead_of(servers.amqp_uri("gateway")))
    try:
        assert proxy.go_silent() == 1

        eventually(lambda: isinstance(asker(READ, {"activity_id": str(uuid4())}, seconds=1), dict), "no answer")
    finally:
        asker.end()


def test_a_reply_that_cannot_be_sent_is_given_when_the_key_comes_again(
    servers: Platform, toys: Toys, asker: Asker, books: Books, proxy: Proxy
) -> None:
    """A failed reply ends the container of stock nameko (stack notes finding 4).

    Without the check of the link in `CallServer._answer` the write to a link that is gone would be such a failure.
    """
    toy = toys.start(amqp_uri=proxy.instead_of(servers.amqp_uri("events")))
    key, title = str(uuid4()), f"{uuid4()} wait 51"
    with books.held(51) as lock:
        lost = asker.ask(DRAFT, draft_of(title), key=key, seconds=1)
        eventually(lambda: lock.keeps(1), "the command did not begin")
        proxy.close()
        eventually(lambda: toy.events().count("link_lost") >= LINKS, "the end of the links was not noticed")
    eventually(lambda: books.effects_called(title) == 1, "the command did not end")
    assert asker.answer(lost) == "DeadlineExceeded"
    assert toy.lives()
    assert "died" not in toy.events()


def test_a_broken_link_is_made_again_and_the_key_gives_the_true_answer(
    servers: Platform, toys: Toys, asker: Asker, books: Books, proxy: Proxy
) -> None:
    toys.start(amqp_uri=proxy.instead_of(servers.amqp_uri("events")))
    key, title = str(uuid4()), f"{uuid4()} wait 52"
    with books.held(52) as lock:
        lost = asker.ask(DRAFT, draft_of(title), key=key, seconds=1)
        eventually(lambda: lock.keeps(1), "the command did not begin")
        assert proxy.cut() == LINKS

    assert asker.answer(lost) == "DeadlineExceeded"
    eventually(lambda: isinstance(asker(DRAFT, draft_of(title), key=key, seconds=5), dict), "no answer")
    assert books.effects_called(title) == 1


def test_events_in_hand_when_the_link_breaks_come_again_and_take_effect_once(
    servers: Platform, toys: Toys, hub: Hub, books: Books, proxy: Proxy
) -> None:
    toy = toys.start(amqp_uri=proxy.instead_of(servers.amqp_uri("events")))
    with books.held(53) as lock:
        event_ids = [hub.found_union(name) for name in ("a wait 53", "b", "c")]
        eventually(lambda: lock.keeps(1), "the batch did not begin")
        assert proxy.cut() == LINKS

    # what the broker delivers again stands before this one
    event_ids.append(hub.found_union("d"))
    eventually(lambda: all(books.effects(event_id) for event_id in event_ids), "not every event was handled")
    assert toy.stop() == 0
    assert hub.unsettled("evt.events") == 0
    assert [books.effects(event_id) for event_id in event_ids] == [1, 1, 1, 1]


def test_under_a_memory_alarm_callers_are_told_acknowledgements_go_on_and_nothing_is_lost(
    toys: Toys, hub: Hub, books: Books, asker: Asker
) -> None:
    """Publishing blocks without limit under an alarm (stack notes finding 6).

    If the intake published on the link on which it takes, its acknowledgements would stop with it; if a command
    published, its caller would wait.
    """
    toy = toys.start()
    with books.held(54) as lock:
        handled = toy.counts("unionhall_events_handled_total", outcome="ok")
        event_ids = [hub.found_union("tell me, wait 54"), hub.found_union("tell me too")]
        eventually(lambda: lock.keeps(1), "the batch did not begin")
        with hub.under_alarm():
            told = [asker(READ, {"activity_id": str(uuid4())}) for _ in range(2)]
            lock.release()
            eventually(lambda: handled() == len(event_ids), "the events were not handled")
            toy.kill()
            assert hub.unsettled("evt.events") == 0
            assert [books.published(event_id) for event_id in event_ids] == [False, False]
            toys.start()

    assert told == ["DeadlineExceeded", "ServiceUnavailable"]
    eventually(lambda: all(books.published(event_id) for event_id in event_ids), "not everything was published")
    eventually(lambda: isinstance(asker(READ, {"activity_id": str(uuid4())}, seconds=1), dict), "no answer")

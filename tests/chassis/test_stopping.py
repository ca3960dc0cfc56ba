"""SIGTERM at the worst moments, and processes beside each other: nothing is lost, callers get their answers."""

import signal
from uuid import uuid4

from contracts.events.activities import DraftActivity, GetActivity
from tests.chassis.books import Books
from tests.chassis.hub import Hub
from tests.chassis.programs import Asker, Toy, Toys
from tests.chassis.samples import draft_of
from tests.chassis.waiting import eventually

DRAFT, READ = DraftActivity.operation, GetActivity.operation
#: Requests that one process takes at a time, which is how many workers it has.
WORKERS = 10


def test_a_process_told_to_stop_finishes_its_batch_and_acknowledges_it(toys: Toys, hub: Hub, books: Books) -> None:
    """Stock nameko loses the acknowledgements of what is in flight (stack notes finding 5).

    Without the wait in `Intake.stop` the link would end before the batch is committed, and the batch come again.
    """
    toy = toys.start()
    with books.held(61) as lock:
        event_ids = [hub.found_union(name) for name in ("a wait 61", "b", "c")]
        eventually(lambda: lock.keeps(1), "the batch did not begin")
        toy.signal(signal.SIGTERM)
        eventually(lambda: "stopping" in toy.events(), "the signal was not noticed")

    assert toy.process.wait(30) == 0
    assert books.effects(event_ids[0]) == 1
    # what had come in but not begun is for the next process
    toys.start()
    eventually(lambda: all(books.effects(event_id) for event_id in event_ids), "not every event was handled")
    assert [books.effects(event_id) for event_id in event_ids] == [1, 1, 1]


def test_a_batch_that_was_committed_before_the_stop_does_not_come_again(toys: Toys, hub: Hub, books: Books) -> None:
    """A broker may forget an acknowledgement that the end of its connection comes right after.

    Without `Link.part` in `Linked.stop` this failed in two of three runs.
    """
    toy = toys.start()
    with books.held(62) as lock:
        hub.found_union(f"{uuid4()} wait 62")
        eventually(lambda: lock.keeps(1), "the batch did not begin")
        toy.signal(signal.SIGTERM)
        eventually(lambda: "stopping" in toy.events(), "the signal was not noticed")

    assert toy.process.wait(30) == 0
    assert hub.unsettled("evt.events") == 0


def test_a_process_told_to_stop_answers_every_request_it_has_taken(toys: Toys, asker: Asker, books: Books) -> None:
    """Without the order in which `Serves` and `CallServer` stop, the link would end before the answers are sent."""
    toy = toys.start()
    with books.held(63) as lock:
        asked = [asker.ask(DRAFT, draft_of("wait 63"), key=str(uuid4())) for _ in range(WORKERS)]
        eventually(lambda: lock.keeps(8), "the commands did not begin")
        toy.signal(signal.SIGTERM)
        eventually(lambda: "stopping" in toy.events(), "the signal was not noticed")
        # one that came before the consumer was cancelled waits for a worker, and runs out of time
        eventually(
            lambda: asker(READ, {"activity_id": str(uuid4())}, seconds=1.0) == "ServiceUnavailable",
            "a process that stops takes requests",
        )

    assert {asker.answer(number)["title"] for number in asked} == {"wait 63"}
    assert toy.process.wait(30) == 0


def test_a_second_signal_changes_nothing(toys: Toys, asker: Asker, books: Books) -> None:
    toy = toys.start()
    with books.held(64) as lock:
        asked = asker.ask(DRAFT, draft_of("wait 64"))
        eventually(lambda: lock.keeps(1), "the command did not begin")
        toy.signal(signal.SIGTERM)
        eventually(lambda: toy.events().count("stopping") == 1, "the first signal was not noticed")
        toy.signal(signal.SIGTERM)
        eventually(lambda: toy.events().count("stopping") == 2, "the second signal was not noticed")

    assert asker.answer(asked)["title"] == "wait 64"
    assert toy.process.wait(30) == 0


def test_a_process_told_to_stop_while_it_starts_ends(toys: Toys) -> None:
    toy = toys.launch(amqp_uri="amqp://events:x@127.0.0.1:1/unionhall")
    eventually(lambda: "link_lost" in toy.events(), "the toy did not start")

    assert toy.stop() == 0


def test_a_process_told_to_stop_under_an_alarm_ends_by_itself(toys: Toys, hub: Hub, books: Books) -> None:
    """Without the time limits in `Relay.stop` and `Linked.stop` the last resort of `run` would have to end it."""
    toy = toys.start()
    with books.held(65) as lock:
        event_id = hub.found_union("tell me, wait 65")
        eventually(lambda: lock.keeps(1), "the batch did not begin")
        with hub.under_alarm():
            lock.release()
            eventually(lambda: toy.metric("unionhall_outbox_depth"), "nothing waits in the outbox")
            assert toy.stop() == 0

    toys.start()
    eventually(lambda: books.published(event_id), "the event was not published")


def test_two_processes_share_requests_and_one_goes_on_alone(toys: Toys, asker: Asker, books: Books) -> None:
    first, second = toys.start(), toys.start()
    with books.held(66) as lock:
        asked = [asker.ask(DRAFT, draft_of("wait 66")) for _ in range(8)]
        eventually(lambda: lock.keeps(8), "the commands did not begin")
    assert {asker.answer(number)["title"] for number in asked} == {"wait 66"}
    assert all(served(toy) > 0 for toy in (first, second))

    first.kill()

    assert asker(READ, {"activity_id": str(uuid4())})["title"] == str(second.process.pid)
    drafted = asker(DRAFT, draft_of("one is left"))
    eventually(lambda: books.published(drafted["id"]), "the relay was not taken over")


def test_a_service_that_does_not_run_is_unavailable_at_once(toys: Toys, asker: Asker) -> None:
    toys.start().stop()

    assert asker(READ, {"activity_id": str(uuid4())}) == "ServiceUnavailable"


def served(toy: Toy) -> float:
    """Commands that a toy has answered."""
    return toy.metric("unionhall_call_seconds_count", method=DRAFT.name, outcome="ok")

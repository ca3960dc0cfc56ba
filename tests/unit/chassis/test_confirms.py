"""What a publisher learns of each message, in whatever order the broker says it."""

from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import eventlet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.confirms import Confirms, Outcome, Unconfirmed


class FakeLink:
    """A link with one channel, whose events the test sends."""

    def __init__(self) -> None:
        self.blocked = False
        self.was_cut = False
        self.written: list[Any] = []
        self.events: dict[str, set[Any]] = defaultdict(set)

    def channel(self) -> "FakeLink":
        return self

    def confirm_select(self) -> None:
        """Agreed."""

    def send_method(self, *frame: Any) -> None:
        self.written.append(frame)

    def cut(self) -> None:
        self.was_cut = True

    def ack(self, tag: int, multiple: bool = False) -> None:
        self._tell("basic_ack", tag, multiple)

    def nack(self, tag: int, multiple: bool = False) -> None:
        self._tell("basic_nack", tag, multiple)

    def give_back(self, message_id: str) -> None:
        message = SimpleNamespace(properties={"message_id": message_id})
        self._tell("basic_return", Exception(), "exchange", "key", message)

    def _tell(self, event: str, *arguments: Any) -> None:
        for heard in self.events[event]:
            heard(*arguments)


@pytest.fixture
def link() -> FakeLink:
    return FakeLink()


def publishing(link: FakeLink, count: int) -> Confirms:
    """Confirms with so many messages under way, of the ids "1", "2" and so on."""
    confirms = Confirms(link)  # type: ignore[arg-type]
    for number in range(1, count + 1):
        confirms.publish("exchange", "key", b"{}", str(number))
    return confirms


def test_a_batch_is_known_when_each_message_is_acknowledged(link: FakeLink) -> None:
    confirms = publishing(link, 2)
    eventlet.spawn_n(link.ack, 1)
    eventlet.spawn_n(link.ack, 2)

    assert confirms.wait() == Outcome(frozenset(), frozenset())
    assert not link.was_cut


def test_a_returned_message_is_known_as_such_though_it_is_acknowledged(link: FakeLink) -> None:
    confirms = publishing(link, 2)
    link.give_back("2")
    link.ack(2, multiple=True)

    assert confirms.wait() == Outcome(frozenset(), frozenset({"2"}))


def test_refusals_of_many_messages_at_once_name_each(link: FakeLink) -> None:
    confirms = publishing(link, 3)
    link.ack(1)
    link.nack(3, multiple=True)

    assert confirms.wait() == Outcome(frozenset({"2", "3"}), frozenset())


def test_the_next_batch_knows_nothing_of_the_last(link: FakeLink) -> None:
    confirms = publishing(link, 1)
    link.give_back("1")
    link.ack(1)
    confirms.wait()
    confirms.publish("exchange", "key", b"{}", "2")
    link.ack(2)

    assert confirms.wait() == Outcome(frozenset(), frozenset())


def test_a_lost_link_tells_whoever_waits(link: FakeLink) -> None:
    confirms = publishing(link, 1)
    eventlet.spawn_n(confirms.lost)

    with pytest.raises(Unconfirmed, match="link lost"):
        confirms.wait()


def test_a_silent_broker_is_taken_for_lost(link: FakeLink) -> None:
    """Without the cut, a confirm that comes late would be taken for one of the messages sent again."""
    confirms = publishing(link, 1)

    with pytest.raises(Unconfirmed, match="in time"):
        confirms.wait(0.001)
    assert link.was_cut


def test_a_broker_that_blocks_publishers_is_not_left_and_not_sent_more(link: FakeLink) -> None:
    """Without this, a publisher would pile up one more batch in memory with each attempt, and all would come out."""
    confirms = publishing(link, 1)
    link.blocked = True

    with pytest.raises(Unconfirmed, match="in time"):
        confirms.wait(0.001)
    with pytest.raises(Unconfirmed, match="blocked"):
        confirms.publish("exchange", "key", b"{}", "1")
    assert not link.was_cut
    assert len(link.written) == 1


@given(
    st.lists(st.sampled_from(["acked", "refused", "returned"]), min_size=1, max_size=30).flatmap(
        lambda fates: st.tuples(st.just(fates), st.permutations(range(len(fates))))
    )
)
def test_each_message_s_fate_is_told_whatever_the_order(drawn: tuple[list[str], list[int]]) -> None:
    fates, order = drawn
    link = FakeLink()
    confirms = publishing(link, len(fates))
    for place in order:
        if fates[place] == "returned":
            link.give_back(str(place + 1))
        settle = link.nack if fates[place] == "refused" else link.ack
        settle(place + 1)

    def having(fate: str) -> frozenset[str]:
        return frozenset(str(place + 1) for place, one in enumerate(fates) if one == fate)

    assert confirms.wait() == Outcome(having("refused"), having("returned"))

"""Where the ladder sends what could not be handled, whatever a stranger wrote into its headers."""

import time
from types import SimpleNamespace
from typing import Any, cast

import pytest
from amqp.serialization import dumps
from hypothesis import given
from hypothesis import strategies as st

from chassis.confirms import Confirms, Outcome, Unconfirmed
from chassis.ladder import (
    ATTEMPTS,
    DEATH_ID,
    ERROR,
    FIRST_FAILED,
    MOST_ATTEMPTS,
    REASON,
    Failure,
    Ladder,
    attempts_in,
    body_of,
    first_failed_in,
)
from chassis.topology_names import DEAD_EXCHANGE, RETRY_STEPS, retry_exchange

FAILED = Failure("LookupError", permanent=False)
FIRST_STEP = retry_exchange(next(iter(RETRY_STEPS)))
#: A number that is read from eight bytes and cannot be written into as many again.
UNWRITABLE = 2**64 - 1
#: What an AMQP header may hold.
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=3,
)


class Broker:
    """A publishing channel that writes headers as AMQP does and confirms at once."""

    def __init__(self) -> None:
        self.took: list[tuple[str, bytes, str, dict[str, Any]]] = []

    def publish(self, exchange: str, key: str, body: bytes, message_id: str, **properties: Any) -> None:
        dumps("F", [properties["application_headers"]])
        self.took.append((exchange, body, message_id, properties["application_headers"]))

    def wait(self) -> Outcome:
        return Outcome(frozenset(), frozenset())


def message(body: bytes | str = b"{}", **headers: Any) -> Any:
    """An event as it arrives, with headers of `x-…` names."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return SimpleNamespace(body=body, properties={"message_id": "the id", "application_headers": named})


def taken(event: Any, failure: Failure = FAILED) -> tuple[str, bytes, str, dict[str, Any]]:
    """What the broker got for an event that failed."""
    broker, ladder = Broker(), Ladder("events")
    ladder.up(cast(Confirms, broker))
    assert ladder.take(event, failure) == broker.took[0][0]
    [took] = broker.took
    return took


@pytest.mark.parametrize(("before", "exchange"), [(0, FIRST_STEP), (4, "retry.1h"), (5, DEAD_EXCHANGE)])
def test_each_failure_is_a_step_higher_and_the_last_is_death(before: int, exchange: str) -> None:
    sent, _, _, headers = taken(message(x_attempts=before))
    assert (sent, headers[ATTEMPTS]) == (exchange, before + 1)


@pytest.mark.parametrize("strange", ["five", "", None, True, 1.5, -1, MOST_ATTEMPTS + 1, 10**12, [1], {}])
def test_a_count_that_the_ladder_cannot_have_written_counts_as_none(strange: Any) -> None:
    exchange, _, _, headers = taken(message(x_attempts=strange))
    assert (exchange, headers[ATTEMPTS]) == (FIRST_STEP, 1)


@pytest.mark.parametrize("strange", ["yesterday", None, True, -1, 10**17])
def test_a_first_failure_that_is_no_past_moment_is_now(strange: Any) -> None:
    before = int(time.time())
    *_, headers = taken(message(x_first_failed=strange))
    assert before <= headers[FIRST_FAILED] <= time.time()


def test_a_later_failure_keeps_the_moment_of_the_first() -> None:
    *_, headers = taken(message(x_attempts=1, x_first_failed=1_700_000_000))
    assert headers[FIRST_FAILED] == 1_700_000_000


@given(st.dictionaries(st.sampled_from([ATTEMPTS, FIRST_FAILED]), ANYTHING))
def test_whatever_stands_in_a_header_is_read_without_an_error(headers: dict[str, Any]) -> None:
    assert 0 <= attempts_in(headers) <= MOST_ATTEMPTS
    assert (first_failed_in(headers) or 0) <= time.time()


def test_what_cannot_be_written_again_is_dead_with_its_reason_and_its_body() -> None:
    exchange, body, message_id, headers = taken(message(b"poison", x_strange=UNWRITABLE))
    assert (exchange, body, message_id) == (DEAD_EXCHANGE, b"poison", "the id")
    assert (headers[REASON], headers[ERROR]) == ("invalid", "LookupError; error on its way")
    assert headers[DEATH_ID]
    assert "x-strange" not in headers


def test_a_text_that_is_no_unicode_has_bytes() -> None:
    assert body_of(message("\ud800")) == b"\xed\xa0\x80"


def test_a_ladder_without_a_link_sends_nothing_to_the_dead() -> None:
    with pytest.raises(Unconfirmed):
        Ladder("events").take(message(), FAILED)

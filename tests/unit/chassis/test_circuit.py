"""When callers of a silent service are told at once."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chassis.circuit import TOLERATED, TRIAL_INTERVAL, Circuit


def open_circuit(now: float) -> Circuit:
    circuit = Circuit()
    for _ in range(TOLERATED):
        circuit.missed(now)
    return circuit


def test_one_missed_deadline_stops_nobody() -> None:
    circuit = Circuit()
    circuit.missed(0.0)

    assert all(circuit.lets_through(0.0) for _ in range(5))


def test_an_open_circuit_lets_one_call_through_after_each_interval() -> None:
    circuit = open_circuit(0.0)
    moments = [0.0, 0.5, TRIAL_INTERVAL, TRIAL_INTERVAL, 1.5 * TRIAL_INTERVAL, 2 * TRIAL_INTERVAL]

    assert [circuit.lets_through(now) for now in moments] == [False, False, True, False, False, True]


def test_an_answer_closes_it() -> None:
    circuit = open_circuit(0.0)
    circuit.answered()

    assert all(circuit.lets_through(0.0) for _ in range(5))


def test_an_answer_between_two_missed_deadlines_starts_the_count_anew() -> None:
    circuit = Circuit()
    circuit.missed(0.0)
    circuit.answered()
    circuit.missed(0.0)

    assert circuit.lets_through(0.0)


@given(st.lists(st.floats(0, 10, allow_nan=False), max_size=60))
def test_an_open_circuit_never_lets_two_calls_through_in_one_interval(moments: list[float]) -> None:
    circuit = open_circuit(0.0)

    passed = [now for now in sorted(moments) if circuit.lets_through(now)]

    assert all(later - earlier >= TRIAL_INTERVAL for earlier, later in pairwise(passed))

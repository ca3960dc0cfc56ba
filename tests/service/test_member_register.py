"""Who somebody was on a day, from what membership told in any order, twice, and after a rebuild."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis import generations
from chassis.member_register import Member, members_on
from contracts.envelope import Envelope
from kernel.ids import new_id
from tests.service.harness import Service, Universe
from tests.service.tidings import a_person, told

START = date(2023, 1, 1)


def on(service: Service, day: date, *people: str) -> dict[str, Member | None]:
    with service.database.reader.connect() as connection:
        return members_on(connection, people, day)


def since(days: int) -> dict[str, str]:
    return {"effective_on": (START + timedelta(days=days)).isoformat()}


@pytest.mark.parametrize("service_name", ["welfare", "events"])
def test_a_person_is_who_they_were_on_the_day_in_every_service_that_listens(
    universe: Universe, service_name: str
) -> None:
    service: Service = getattr(universe, service_name)
    one = a_person()
    service.absorber.live(
        [
            told(universe, one, 1, **since(0), worker_category="13"),
            told(universe, one, 2, **since(10), state="retained", worker_category="90"),
        ]
    )

    states = {days: on(service, START + timedelta(days=days), one)[one] for days in (-1, 0, 9, 10, 999)}

    assert states[-1] is None
    assert {days: member and (member.is_active, member.worker_category) for days, member in states.items()} == {
        -1: None,
        0: (True, "13"),
        9: (True, "13"),
        10: (False, "90"),
        999: (False, "90"),
    }


def test_somebody_unknown_is_left_out_and_who_is_no_member_yet_is_none(universe: Universe) -> None:
    known, stranger = a_person(), a_person()
    universe.welfare.absorber.live([told(universe, known, **since(1))])

    assert on(universe.welfare, START, known, stranger) == {known: None}
    assert on(universe.welfare, START) == {}


def test_of_two_states_that_begin_on_one_day_the_later_told_holds(universe: Universe) -> None:
    one = a_person()
    universe.welfare.absorber.live(
        [told(universe, one, 2, **since(0), state="retained"), told(universe, one, 1, **since(0))]
    )

    found = on(universe.welfare, START, one)[one]

    assert found is not None and found.state == "retained"


def test_whoever_left_and_joined_again_on_one_day_is_a_member(universe: Universe) -> None:
    one, (before, after) = a_person(), sorted((new_id(), new_id()))
    universe.welfare.absorber.live(
        [
            told(universe, one, 1, membership_id=after, **since(5)),
            told(universe, one, 2, membership_id=before, **since(5), state="withdrawn"),
            told(universe, one, 1, membership_id=before, **since(0)),
        ]
    )

    found = [on(universe.welfare, START + timedelta(days=days), one)[one] for days in (4, 5)]

    assert [member and str(member.membership_id) for member in found] == [before, after]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_no_order_and_no_repetition_changes_who_somebody_was(
    universe: Universe, history: list[tuple[int, bool]], shuffle: random.Random
) -> None:
    one = a_person()
    facts = [
        told(universe, one, place + 1, **since(days), state="active" if active else "retained")
        for place, (days, active) in enumerate(history)
    ]
    heard: list[Envelope] = [*facts, *facts[::2]]
    shuffle.shuffle(heard)
    for event in heard:
        universe.welfare.absorber.live([event])

    for day in range(7):
        begun = [(days, place, active) for place, (days, active) in enumerate(history) if days <= day]
        found = on(universe.welfare, START + timedelta(days=day), one)[one]
        assert (found and found.is_active) == (max(begun)[2] if begun else None)


def test_a_rebuilt_register_says_the_same(universe: Universe) -> None:
    one = a_person()
    event = told(universe, one, **since(0))
    universe.welfare.absorber.live([event])
    before = on(universe.welfare, START, one)
    unions = universe.membership.everything()

    number = generations.open_next(universe.welfare.database, "building")
    universe.welfare.absorber.history(number, [*unions, event])
    generations.switch(universe.welfare.database, number)

    assert on(universe.welfare, START, one) == before != {one: None}

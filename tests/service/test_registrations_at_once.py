"""Many who register and give places back, at once and in any order: the quota holds, and so does the order."""

from collections import Counter
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.events import activities
from contracts.events import registrations as contract
from tests.service.contests import (
    a_member_with_an_account,
    cancel,
    contest,
    hold,
    listed,
    members,
    register,
    states,
)
from tests.service.harness import Universe
from tests.service.together import at_once


def counted(universe: Universe, activity: dict[str, Any]) -> Counter[str]:
    return Counter(row["state"] for row in listed(universe, activity))


def test_of_those_who_want_the_last_place_at_once_one_has_it(universe: Universe) -> None:
    opened = contest(universe, quota=1)
    people = members(universe, 6)

    mine = [a_member_with_an_account(one) for one in people]
    answers = at_once(
        *(partial(universe.events.do, contract.RegisterMyself, one, activity_id=opened["id"]) for one in mine)
    )

    rows = listed(universe, opened)
    assert sorted(answer["state"] for answer in answers) == ["confirmed", *["waitlisted"] * 5]
    assert [row["state"] for row in rows] == ["confirmed", *["waitlisted"] * 5]
    assert {row["subject_key"] for row in rows} == set(people)


def test_who_registers_from_two_places_at_once_is_registered_once(universe: Universe) -> None:
    opened = contest(universe, quota=3)
    [person] = members(universe, 1)
    actor = a_member_with_an_account(person)

    alone = partial(universe.events.do, contract.RegisterMyself, actor, activity_id=opened["id"])
    at_once(alone, alone, partial(register, universe, opened, [person]), partial(register, universe, opened, [person]))

    assert [row["state"] for row in listed(universe, opened)] == ["confirmed"]


def test_places_given_back_at_once_go_to_as_many_who_wait(universe: Universe) -> None:
    people = members(universe, 8)
    opened = contest(universe, people, quota=4)
    rows = listed(universe, opened)

    answers = at_once(*(partial(cancel, universe, row) for row in rows[:4]))

    assert [answer["state"] for answer in answers] == ["cancelled"] * 4
    assert states(universe, opened) == dict.fromkeys(people[:4], "cancelled") | dict.fromkeys(people[4:], "confirmed")


def test_neighbours_in_the_row_who_leave_at_once_do_not_wait_for_each_other(universe: Universe) -> None:
    """Giving a place back promotes a neighbour whose own registration is being given back at that moment."""
    for _ in range(5):
        people = members(universe, 6)
        opened = contest(universe, people, quota=3)

        answers = at_once(*(partial(cancel, universe, row) for row in reversed(listed(universe, opened))))

        assert [answer["state"] for answer in answers] == ["cancelled"] * 6
        assert counted(universe, opened) == {"cancelled": 6}


def test_who_registers_while_a_place_is_given_back_does_not_overtake(universe: Universe) -> None:
    first, waits, newcomer = members(universe, 3)
    opened = contest(universe, [first, waits], quota=1)
    [row, _] = listed(universe, opened)

    at_once(partial(cancel, universe, row), partial(register, universe, opened, [newcomer]))

    assert states(universe, opened) == {first: "cancelled", waits: "confirmed", newcomer: "waitlisted"}


def test_a_contest_that_is_cancelled_meanwhile_leaves_nobody_registered(universe: Universe) -> None:
    opened = contest(universe, members(universe, 4), quota=2)
    rows, late = listed(universe, opened), members(universe, 2)
    asked = {"activity_id": opened["id"], "reason": "weather"}

    at_once(
        partial(universe.events.do, activities.CancelActivity, universe.home.officer, **asked),
        *(partial(cancel, universe, row) for row in rows[:2]),
        *(partial(register, universe, opened, [one]) for one in late),
    )

    assert set(counted(universe, opened)) == {"cancelled"}


def test_nobody_registers_for_a_contest_that_is_being_held(universe: Universe) -> None:
    opened = contest(universe, quota=1)
    people = members(universe, 4)

    answers = at_once(partial(hold, universe, opened), *(partial(register, universe, opened, [one]) for one in people))

    refused = answers[1:].count("registration_closed")
    assert sum(counted(universe, opened).values()) == len(people) - refused
    with pytest.raises(Exception, match="registration_closed"):
        register(universe, opened, people)


class Queue:
    """What a list of people with places and turns is meant to be, in the fewest words."""

    def __init__(self, quota: int | None) -> None:
        self.quota = quota
        self.places: list[int] = []
        self.turns: list[int] = []

    def register(self, who: int) -> None:
        if who not in (*self.places, *self.turns):
            free = self.quota is None or len(self.places) < self.quota
            (self.places if free else self.turns).append(who)

    def cancel(self, who: int) -> None:
        if who in self.turns:
            self.turns.remove(who)
        elif who in self.places:
            self.places.remove(who)
            if self.turns:
                self.places.append(self.turns.pop(0))


#: Somebody of five, or several in a row, who register; or somebody who cancels.
STEPS = st.one_of(
    st.tuples(st.just("register"), st.lists(st.integers(0, 4), min_size=1, max_size=4)),
    st.tuples(st.just("cancel"), st.lists(st.integers(0, 4), min_size=1, max_size=1)),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(quota=st.sampled_from([None, 1, 2, 3]), steps=st.lists(STEPS, max_size=12))
def test_whatever_they_do_the_quota_and_the_order_hold(
    universe: Universe, quota: int | None, steps: list[tuple[str, list[int]]]
) -> None:
    people, expected = members(universe, 5), Queue(quota)
    opened = contest(universe, quota=quota)
    for command, who in steps:
        live = {row["subject_key"]: row for row in listed(universe, opened) if row["state"] != "cancelled"}
        if command == "register":
            register(universe, opened, [people[one] for one in who])
        elif people[who[0]] in live:
            cancel(universe, live[people[who[0]]])
        for one in who:
            getattr(expected, command)(one)

        rows = listed(universe, opened)
        confirmed = {row["subject_key"] for row in rows if row["state"] == "confirmed"}
        waiting = [row["subject_key"] for row in rows if row["state"] == "waitlisted"]
        assert confirmed == {people[one] for one in expected.places}
        assert waiting == [people[one] for one in expected.turns]
        assert quota is None or len(confirmed) <= quota

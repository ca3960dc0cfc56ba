"""The business day, for whoever is signed in."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from chassis import clock
from contracts.roles import Role
from kernel.zone import SHANGHAI
from tests.gateway.harness import World
from tests.gateway.test_errors import assert_problem


@pytest.fixture
def moved(world: World) -> Iterator[World]:
    """A gateway whose clock stands at the end of a February; afterwards it follows machine time again."""
    with world.database.writer.begin() as connection:
        clock.move(connection, date(2024, 2, 29))
    yield world
    with world.database.writer.begin() as connection:
        clock.move(connection, None)


def test_a_day_that_was_set_is_the_business_day(moved: World) -> None:
    assert moved.get("/v1/clock", moved.token_of(Role.WORKER)).json == {"today": "2024-02-29", "moved": True}


def test_an_unmoved_clock_follows_machine_time(world: World) -> None:
    before = datetime.now(SHANGHAI).date()
    told = world.get("/v1/clock", world.token_of(Role.WORKER)).json
    after = datetime.now(SHANGHAI).date()

    assert told["moved"] is False
    assert before.isoformat() <= told["today"] <= after.isoformat()


def test_whoever_is_not_signed_in_is_not_told(world: World) -> None:
    assert_problem(world.get("/v1/clock"), 401, "not_authenticated")

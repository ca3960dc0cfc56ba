"""The whole plan of a round: first what others build on, then everything else mixed, last what ends it."""

import random

from tests.support.plans import contests, health_checks, members, party, posts, relief, studies, unions
from tests.support.plans.steps import Course


def plan(seed: int) -> list[Course]:
    """The courses of a seed, the same at each call."""
    chance = random.Random(seed)
    mixed = [
        *studies.courses(chance),
        *contests.courses(chance),
        *party.courses(),
        *posts.courses(),
        *relief.courses(),
        *health_checks.courses(),
    ]
    chance.shuffle(mixed)
    beginning = [*unions.courses(), relief.beginning(), health_checks.beginning(), *members.courses()]
    return [*beginning, *mixed, *relief.ending()]

"""All facts of the year, the same for the same seed: what the loader tells the platform and the tests count."""

import random
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter

from demo.year import contests, health_checks, names, party, posts, relief
from demo.year.activities import PlannedActivity, Studies
from demo.year.enterprises import Founder, PlannedEnterprise
from demo.year.health_checks import PlannedSlot
from demo.year.identifiers import YEARS, Identifiers
from demo.year.memberships import places, refused
from demo.year.party import PlannedRecommendation
from demo.year.people import Person, Registry
from demo.year.posts import PlannedPost
from demo.year.programmes import PlannedProgramme
from demo.year.roster import Roster
from demo.year.scale import FULL, SMALL, Scale
from demo.year.unions import PlannedUnion, Tree

#: The year that is loaded unless another is asked for.
SEED = 2023


@dataclass(frozen=True, slots=True)
class Year:
    """What happens; unions, enterprises and people stand at the place of their number."""

    #: Tells the keys of this year's commands from those of another.
    key: str
    place: str
    scale: Scale
    enterprises: tuple[PlannedEnterprise, ...] = field(repr=False)
    unions: tuple[PlannedUnion, ...] = field(repr=False)
    people: tuple[Person, ...] = field(repr=False)
    #: Who applied and were not taken; no figure counts them.
    refused: tuple[Person, ...] = field(repr=False)
    posts: tuple[PlannedPost, ...] = field(repr=False)
    activities: tuple[PlannedActivity, ...] = field(repr=False)
    programmes: tuple[PlannedProgramme, ...] = field(repr=False)
    slots: tuple[PlannedSlot, ...] = field(repr=False)
    recommendations: tuple[PlannedRecommendation, ...] = field(repr=False)

    @property
    def suffix(self) -> str:
        """What names that only one year may use end with; nothing for the full year of the usual seed."""
        return "" if self.key == _key(SEED, FULL) else f".{self.key.replace(' ', '-')}"

    @property
    def federation(self) -> PlannedUnion:
        """The root of the tree."""
        return self.unions[0]


@cache
def year(seed: int = SEED, scale: Scale = FULL) -> Year:
    """Generate a year. Years whose seeds differ modulo fifty, and a full and a small one, share nobody and nothing."""
    number = (2 * seed + (scale is SMALL)) % YEARS
    chance = random.Random(_key(seed, scale))
    identifiers, place = Identifiers(number, chance), names.place(number)
    founder = Founder(place, chance, identifiers)
    tree = Tree(place, chance, founder)
    tree.grow(scale)
    enterprises, unions = tuple(founder.made), tuple(tree.unions)
    memberships = places(scale, chance, unions, enterprises)
    registry = Registry(number, chance, unions, enterprises)
    people = registry.people(memberships, identifiers)
    roster = Roster(chance, people, unions)
    activities = (*Studies(place, chance, roster).all(), *contests.Contests(scale, chance, roster).all())
    return Year(
        key=_key(seed, scale),
        place=place,
        scale=scale,
        enterprises=enterprises,
        unions=unions,
        people=people,
        refused=registry.people(refused(memberships), identifiers, first=len(people)),
        posts=tuple(posts.posts(unions, people)),
        activities=tuple(sorted(activities, key=attrgetter("held_on"))),
        programmes=(*relief.relief(scale, roster), *health_checks.programmes(scale)),
        slots=tuple(health_checks.slots(scale, chance, roster)),
        recommendations=tuple(party.recommendations(chance, roster)),
    )


def _key(seed: int, scale: Scale) -> str:
    return f"{seed} {scale.name}"

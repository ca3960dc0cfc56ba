"""Who joins which union on which day, and whose membership is retained: the frame that people are put into."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from demo.year.days import AUTUMN, BEGINNING, FIRST_JOINS, LATER_JOINS, WORKDAYS
from demo.year.enterprises import PlannedEnterprise
from demo.year.scale import Scale
from demo.year.shares import divide
from demo.year.unions import PlannedUnion

#: Members of the federation itself: its own staff.
FEDERATION_STAFF = 9
#: The first of each union hold its posts: they join first and stay.
POST_HOLDERS = 4
#: Members that each union of firms has at least, old and new.
_LEAST_OLD, _LEAST_NEW = 6, POST_HOLDERS
#: Days on which old unions take in more people, and how many of a hundred of their members come so late.
GROWTH_DAYS, _LATE = (AUTUMN, WORKDAYS[4], WORKDAYS[9], WORKDAYS[15]), 6
#: Who apply on paper and are accepted, all on these days.
APPLICANTS, APPLIED_ON, ACCEPTED_ON = 6, WORKDAYS[7], WORKDAYS[8]
#: Who apply on the same day and are refused.
REFUSED = 2
#: Whose memberships are retained in the course of the year, one by one, and when; the others were before.
RETAINED_LATER, RETAINED_ON = 8, WORKDAYS[9]


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's membership: union and firm by their numbers."""

    union: int
    enterprise: int | None
    joined_on: date
    #: Whether the register holds it from the first day on, and not for a post.
    is_old: bool = False
    applies: bool = False
    retained_on: date | None = None
    out_of_province: bool = False


def places(
    scale: Scale, chance: random.Random, unions: Sequence[PlannedUnion], firms: Sequence[PlannedEnterprise]
) -> list[Place]:
    """All memberships, by union; exactly as many of each sort as the scale says."""
    found = list(_joined(scale, chance, unions, firms))
    _retain(scale, chance, found)
    _let_apply(found)
    _send_from_elsewhere(scale, chance, found)
    return found


def refused(found: Sequence[Place]) -> list[Place]:
    """Applications of people like those who are accepted, to the same unions."""
    accepted = [place for place in found if place.applies]
    return accepted[:REFUSED]


def _joined(
    scale: Scale, chance: random.Random, unions: Sequence[PlannedUnion], firms: Sequence[PlannedEnterprise]
) -> Iterator[Place]:
    for _ in range(FEDERATION_STAFF):
        yield Place(0, None, unions[0].founded_on + timedelta(days=30))
    old = [union for union in unions if union.enterprises and not _is_counted_apart(union)]
    everybody = scale.members + scale.retained - FEDERATION_STAFF
    for union, size in _sizes(old, firms, everybody - scale.first_union_joins - scale.new_union_joins, _LEAST_OLD):
        yield from _of_old_union(chance, union, firms, size)
    (first,) = (union for union in unions if union.founded_on == BEGINNING)
    for number in range(scale.first_union_joins):
        day = FIRST_JOINS if number < scale.first_union_by_meeting else LATER_JOINS
        yield Place(first.number, chance.choice(first.enterprises), day)
    new = [union for union in unions if _is_counted_apart(union) and union is not first]
    for union, size in _sizes(new, firms, scale.new_union_joins, _LEAST_NEW):
        assert union.approved_on is not None
        for _ in range(size):
            yield Place(union.number, chance.choice(union.enterprises), union.approved_on)


def _is_counted_apart(union: PlannedUnion) -> bool:
    """Whether a figure says how many joined it; nobody joins a union that is not approved."""
    return union.founded_on >= BEGINNING and union.party_cobuilt and union.approved_on is not None


def _sizes(
    unions: Sequence[PlannedUnion], firms: Sequence[PlannedEnterprise], total: int, least: int
) -> Iterator[tuple[PlannedUnion, int]]:
    wanted = [union for union in unions if union.approved_on]
    weights = [sum(firms[number].weight for number in union.enterprises) for union in wanted]
    return zip(wanted, divide(total, weights, least), strict=True)


def _of_old_union(
    chance: random.Random, union: PlannedUnion, firms: Sequence[PlannedEnterprise], size: int
) -> Iterator[Place]:
    assert union.approved_on is not None
    weights = [firms[number].weight for number in union.enterprises]
    first_day, days = union.approved_on, max(1, (BEGINNING - union.approved_on).days)
    for number in range(size):
        (firm,) = chance.choices(union.enterprises, weights)
        if number < POST_HOLDERS or not union.is_old:
            yield Place(union.number, firm, first_day)
        elif chance.randrange(100) < _LATE:
            yield Place(union.number, firm, chance.choice(GROWTH_DAYS))
        else:
            yield Place(union.number, firm, first_day + timedelta(days=chance.randrange(days)), is_old=True)


def _retain(scale: Scale, chance: random.Random, found: list[Place]) -> None:
    """Of those that the register holds from the first day on, some are retained and some will be."""
    chosen = chance.sample([number for number, place in enumerate(found) if place.is_old], scale.retained)
    for number in chosen[:RETAINED_LATER]:
        found[number] = replace(found[number], retained_on=RETAINED_ON)
    for number in chosen[RETAINED_LATER:]:
        since = found[number].joined_on
        day = since + timedelta(days=chance.randint(0, (BEGINNING - since).days))
        found[number] = replace(found[number], retained_on=day)


def _let_apply(found: list[Place]) -> None:
    """Some of those who would join in autumn apply later, on paper."""
    late = [number for number, place in enumerate(found) if place.joined_on == AUTUMN]
    for number in late[:APPLICANTS]:
        found[number] = replace(found[number], joined_on=ACCEPTED_ON, applies=True)


def _send_from_elsewhere(scale: Scale, chance: random.Random, found: list[Place]) -> None:
    """Of those who count, exactly so many are from other provinces; retained members are all from this one."""
    counted = [number for number, place in enumerate(found) if place.retained_on is None]
    for number in chance.sample(counted, scale.out_of_province):
        found[number] = replace(found[number], out_of_province=True)

"""Answers whether a union lies below another, from this database's own copy of the tree."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, Uuid, bindparam, exists, literal, or_, select
from sqlalchemy.orm import Session

from chassis.tables import generation, union_tree
from contracts.membership.organisation import ACTING

#: No union tree is deeper; the limit ends a search in a tree that a fault made circular.
DEEPEST = 20
#: Seconds for which a yes is kept, and how many of them at most.
KEPT_FOR, MOST_KEPT = 1.0, 10_000

Bind = Connection | Session


@dataclass(frozen=True, slots=True)
class Standing:
    """A union as the tree knows it, and whether it is one of some roots or lies below one."""

    state: str
    region_code: str
    reached: bool


class UnionTree:
    """Answers from a query for the columns `union_id`, `superior_id`, `state` and `region_code` of each union."""

    def __init__(self, unions: Select[Any], unknown: str = "not_found") -> None:
        """`unknown` is the code to refuse with when a union is not in the tree."""
        self.unknown = unknown
        self._unions = unions
        self._standing = self._standing_query()

    def standing(self, bind: Bind, union_id: UUID, roots: Collection[UUID]) -> Standing | None:
        """Where a union stands, or None if it is not known here."""
        found = bind.execute(self._standing, {"union_id": union_id, "roots": list(roots)}).first()
        return None if found is None else Standing(*found)

    def reaches(self, bind: Bind, union_id: UUID, roots: Collection[UUID]) -> bool:
        """Whether a union is known here and is one of some roots or lies below one."""
        found = self.standing(bind, union_id, roots)
        return found is not None and found.reached

    def below(self, roots: Collection[UUID]) -> Select[Any]:
        """A query for the ids of the roots and of every union below them."""
        rows = self._unions.subquery("unions").c
        start = select(rows.union_id.label("union_id"), literal(0).label("depth")).where(rows.union_id.in_(list(roots)))
        # without a name of its own, so that one statement may ask below several
        found = start.cte(recursive=True)
        deeper = select(rows.union_id, found.c.depth + 1).where(rows.superior_id == found.c.union_id)
        found = found.union_all(deeper.where(found.c.depth < DEEPEST))
        return select(found.c.union_id)

    def above(self, union_id: UUID) -> Select[Any]:
        """A query for the ids of a union and of every union above it."""
        rows = self._unions.subquery("unions").c
        start = select(rows.union_id, rows.superior_id, literal(0).label("depth")).where(rows.union_id == union_id)
        found = start.cte("above", recursive=True)
        higher = select(rows.union_id, rows.superior_id, found.c.depth + 1).where(rows.union_id == found.c.superior_id)
        found = found.union_all(higher.where(found.c.depth < DEEPEST))
        return select(found.c.union_id)

    def _standing_query(self) -> Select[Any]:
        rows, higher_rows = self._unions.subquery("unions").c, self._unions.subquery("higher").c
        union_id = bindparam("union_id", type_=Uuid)
        roots = bindparam("roots", expanding=True, type_=Uuid)
        start = select(rows.superior_id.label("above"), literal(1).label("depth")).where(rows.union_id == union_id)
        chain = start.cte("chain", recursive=True)
        higher = select(higher_rows.superior_id, chain.c.depth + 1).where(higher_rows.union_id == chain.c.above)
        chain = chain.union_all(higher.where(chain.c.depth < DEEPEST))
        one = self._unions.subquery("one").c
        reached = or_(one.union_id.in_(roots), exists(select(chain.c.above).where(chain.c.above.in_(roots))))
        return select(one.state, one.region_code, reached).where(one.union_id == union_id)


class RememberingTree(UnionTree):
    """Keeps each yes for a moment: a copy that events bring up to date may be behind by as much anyhow.

    A no, an unknown union and one that may not act yet are looked up each time, so that good news counts at once.
    """

    def __init__(self, unions: Select[Any], unknown: str) -> None:
        super().__init__(unions, unknown)
        self._kept: dict[tuple[UUID, frozenset[UUID]], tuple[float, Standing]] = {}

    def standing(self, bind: Bind, union_id: UUID, roots: Collection[UUID]) -> Standing | None:
        """As `UnionTree.standing`."""
        asked, now = (union_id, frozenset(roots)), time.monotonic()
        until, kept = self._kept.get(asked, (0.0, None))
        if now < until:
            return kept
        found = super().standing(bind, union_id, roots)
        if found is not None and found.reached and found.state in ACTING:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[asked] = (now + KEPT_FOR, found)
        return found


def projected() -> UnionTree:
    """The tree as the chassis' projection of membership's events keeps it."""
    current = select(generation.c.number).where(generation.c.state == "current").scalar_subquery()
    table = union_tree.c
    columns = (table.union_id, table.superior_id, table.state, table.region_code)
    return RememberingTree(select(*columns).where(table.generation == current), unknown="not_yet_known")

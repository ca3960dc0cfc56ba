"""Looks up what rows of a file name: unions, enterprises, and the people whom the register knows already."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, String, and_, any_, bindparam, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from chassis.tree import Bind, UnionTree
from contracts.membership.applications import ApplicationState
from contracts.membership.register import BELONGING, OVER
from services.membership.applications.models import MembershipApplication as Application
from services.membership.enterprises.models import Enterprise
from services.membership.imports.rules import Standing, Union
from services.membership.organisation.models import UnionOrganization
from services.membership.register.models import Membership, Person

#: Memberships that people had before.
_before = aliased(Membership)
_APPLIES = exists().where(Application.person_id == Person.id, Application.state == ApplicationState.SUBMITTED)
_LEFT_ON = (
    select(func.max(_before.effective_on))
    .where(_before.person_id == Person.id, _before.state.in_(OVER))
    .scalar_subquery()
)
#: An array, for a list of so many values would make the statement anew each time.
_NAMED = Person.document_index == any_(bindparam("indexes", type_=ARRAY(LargeBinary)))
_STANDINGS = (
    select(
        *(Person.document_index, Person.key_id),
        *(Membership.union_id, Membership.state, Membership.effective_on, _APPLIES, _LEFT_ON),
    )
    .outerjoin(Membership, and_(Membership.person_id == Person.id, Membership.state.in_(BELONGING)))
    .where(_NAMED)
)
#: Always in the same order, so that two imports of the same people cannot wait for each other in a circle.
_LOCK = select(Person.id).where(_NAMED).order_by(Person.document_index).with_for_update(key_share=True)


def unions(bind: Bind, tree: UnionTree, root: UUID) -> Mapping[str, Sequence[Union]]:
    """A union and those below it, by id and by name; of some names there are several.

    An id names the union that has it, even where another is called so.
    """
    columns = (UnionOrganization.id, UnionOrganization.name, UnionOrganization.state, UnionOrganization.region_code)
    by_name: defaultdict[str, list[Union]] = defaultdict(list)
    by_id: dict[str, Sequence[Union]] = {}
    for row in bind.execute(select(*columns).where(UnionOrganization.id.in_(tree.below([root])))):
        union = Union(*row)
        by_name[union.name].append(union)
        by_id[str(union.id)] = (union,)
    return {**by_name, **by_id}


def enterprises(bind: Bind, named: Collection[str]) -> Mapping[str, Sequence[UUID]]:
    """The enterprises that are meant so: by id, by unified social credit code, or by one of their two names.

    An id or code means the enterprise that has it, even where another is called so.
    """
    by_name: defaultdict[str, list[UUID]] = defaultdict(list)
    by_code: dict[str, Sequence[UUID]] = {}
    codes = (cast(Enterprise.id, String).label("written_id"), Enterprise.uscc)
    names = (Enterprise.name, Enterprise.short_name)
    meant = or_(*(way.in_(named) for way in codes + names))
    for row in bind.execute(select(Enterprise.id, *codes, *names).where(meant)):
        by_code |= dict.fromkeys((row.written_id, row.uscc), (row.id,))
        for name in {row.name, row.short_name}:
            by_name[name].append(row.id)
    return {**by_name, **by_code}


def standings(bind: Bind, indexes: Collection[bytes], *, lock: bool = False) -> Mapping[bytes, Standing]:
    """What the register has of the people with these document indexes; of those whom it does not know, nothing.

    With `lock`, nobody else imports them or brings in an application of theirs until the unit of work ends.
    """
    named = {"indexes": list(indexes)}
    if lock:
        # by a statement of its own: one that waits for a person sees of other tables what was there when it began
        bind.execute(_LOCK, named)
    rows: Sequence[Any] = bind.execute(_STANDINGS, named).all()
    return {bytes(row[0]): Standing(*row[1:]) for row in rows}

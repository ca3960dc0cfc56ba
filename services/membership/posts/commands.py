"""Starting and ending posts, one after the other in each union."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from chassis.commands import handles
from chassis.states import step
from chassis.work import Work
from contracts.declare import by_name
from contracts.membership import posts as contract
from kernel.states import NEW, Transition
from services.membership.organisation.tree import lock
from services.membership.posts.models import ONCE_EACH, ONE_CHAIR, OfficePost
from services.membership.posts.rules import POST, Facts, Held
from services.membership.register.lookup import Known, keep_active, known

_CONFLICTS = {str(index.name): "post_taken" for index in (ONE_CHAIR, ONCE_EACH)}
_EVENTS = by_name(contract.OfficePostStarted, contract.OfficePostEnded)
_post = OfficePost.__table__.c
#: Posts that last into the time of one that starts; what was recorded by mistake was never held.
_LASTING = select(_post.subject_key, _post.body, _post.post).where(
    _post.union_id == bindparam("union_id"),
    or_(_post.ended_on.is_(None), _post.ended_on > bindparam("started_on")),
    _post.ended_reason.is_distinct_from(contract.EndReason.RECORDED_BY_MISTAKE),
)


@handles(contract.StartPost, conflicts=_CONFLICTS)
def start_post(work: Work, request: Mapping[str, Any]) -> OfficePost:
    """Record that a member holds a post of the union that the request names."""
    assert work.standing is not None
    # what nobody may hold together could else be given at once by two resolutions that do not see each other
    lock(work.session, request["union_id"])
    # and whose membership is retained at this moment would keep a post that begins unseen
    keep_active(work.session, request["subject_key"])
    holder = known(work.session, request["subject_key"])
    facts = Facts(
        work.today,
        request["started_on"],
        wanted=Held(request["subject_key"], request["body"], request["post"]),
        union_state=work.standing.state,
        is_known=holder is not None,
        is_member=_belongs(work, holder, request["union_id"]),
        others=_lasting(work.session, request),
    )
    taken = step(POST, NEW, "start", facts)
    post = OfficePost(region_code=work.standing.region_code, **request)
    work.session.add(post)
    return _tell(work, post, taken)


@handles(contract.EndPost, on=OfficePost)
def end_post(work: Work, post: OfficePost, request: Mapping[str, Any]) -> OfficePost:
    """Record that a post is held no longer."""
    return _end(work, post, request["ended_on"], request["reason"])


def end_all(
    work: Work, subject_key: str, since: date, reason: contract.EndReason, *, unless_above: UUID | None = None
) -> None:
    """End what a person holds on a day, or on its first day if that is later; but not in or above one union."""
    held = select(OfficePost).where(_post.subject_key == subject_key, _post.state == contract.PostState.HELD)
    if unless_above is not None:
        held = held.where(_post.union_id.not_in(work.tree.above(unless_above)))
    _end_each(work, held, since, reason)


def end_in_union(work: Work, union_id: UUID, on: date, reason: contract.EndReason) -> None:
    """End what anybody holds in a union, on a day or on its first day if that is later."""
    held = select(OfficePost).where(_post.union_id == union_id, _post.state == contract.PostState.HELD)
    _end_each(work, held, on, reason)


def _end_each(work: Work, held: Select[OfficePost], since: date, reason: contract.EndReason) -> None:
    for post in work.session.scalars(held.order_by(_post.id).with_for_update()):
        _end(work, post, max(since, post.started_on), reason)


def _belongs(work: Work, holder: Known | None, union_id: UUID) -> bool:
    """Whether the person is an active member of the union or of one below it."""
    if holder is None or holder.union_id is None or not holder.is_active_in(holder.union_id):
        return False
    return work.tree.reaches(work.session, holder.union_id, [union_id])


def _lasting(session: Session, request: Mapping[str, Any]) -> Sequence[Held]:
    asked = {name: request[name] for name in ("union_id", "started_on")}
    return [Held(*row) for row in session.execute(_LASTING, asked)]


def _end(work: Work, post: OfficePost, ended_on: date, reason: str) -> OfficePost:
    taken = step(POST, post.state, "end", Facts(work.today, post.started_on, ended_on=ended_on))
    post.ended_on, post.ended_reason = ended_on, reason
    return _tell(work, post, taken)


def _tell(work: Work, post: OfficePost, taken: Transition[Facts]) -> OfficePost:
    """Move the post and publish what the step says."""
    post.state = taken.target
    for name in taken.events:
        work.publish(_EVENTS[name], post)
    return post

"""Which posts a union has, and who may hold them; nothing here reads or writes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from contracts.membership.organisation import ACTING
from contracts.membership.posts import Body, Post, PostState
from kernel.law import Refusal
from kernel.states import NEW, Machine, Transition

#: The posts of each body. Money and daily work are the committee's, and so are its officers.
POSTS: Mapping[str, tuple[Post, ...]] = {
    Body.COMMITTEE: (Post.CHAIR, Post.VICE_CHAIR, Post.MEMBER, Post.OFFICER, Post.FINANCE),
    Body.STANDING: (Post.CHAIR, Post.VICE_CHAIR, Post.MEMBER),
    Body.AUDIT: (Post.CHAIR, Post.VICE_CHAIR, Post.MEMBER),
    Body.WOMEN: (Post.CHAIR, Post.VICE_CHAIR, Post.MEMBER),
    Body.MEDIATION: (Post.CHAIR, Post.VICE_CHAIR, Post.MEMBER),
    Body.SUPERVISION: (Post.CHAIR, Post.VICE_CHAIR, Post.MEMBER),
}
#: Posts of the committee whose work is audited (工会基层组织选举工作条例; R-ELE-14). A vice-chair may be one whom the
#: money does not concern: which of them it does is not recorded.
_AUDITED = (Post.CHAIR, Post.FINANCE)


@dataclass(frozen=True, slots=True)
class Held:
    """A post of the union that somebody holds at the same time."""

    subject_key: str
    body: str
    post: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards decide on. Days are local to Asia/Shanghai."""

    today: date
    started_on: date
    #: The post that is to start; None once it is held.
    wanted: Held | None = None
    union_state: str | None = None
    #: Whether the register knows the person, and as an active member of the union or of one below it.
    is_known: bool = False
    is_member: bool = False
    #: Posts of the union that last into the time of this one.
    others: Sequence[Held] = ()
    ended_on: date | None = None


def may_start(facts: Facts) -> Refusal | None:
    """In an approved union, by an active member, in a body that has the post and where it is free."""
    if facts.union_state not in ACTING:
        return Refusal("union_not_approved", "union_id")
    if facts.started_on > facts.today:
        return Refusal("date_in_future", "started_on", params={"today": facts.today.isoformat()})
    if not facts.is_known:
        return Refusal("unknown_subject", "subject_key")
    if not facts.is_member:
        return Refusal("not_a_member_there", "subject_key")
    assert facts.wanted is not None
    return _fits(facts.wanted, facts.others)


def may_end(facts: Facts) -> Refusal | None:
    """On a day that has come, not before the post started."""
    assert facts.ended_on is not None
    if facts.ended_on > facts.today:
        return Refusal("date_in_future", "ended_on", params={"today": facts.today.isoformat()})
    return Refusal("ends_before_start", "ended_on") if facts.ended_on < facts.started_on else None


def _fits(wanted: Held, others: Sequence[Held]) -> Refusal | None:
    if wanted.post not in POSTS[wanted.body]:
        return Refusal("no_such_post_in_body", "post", params={"choices": ", ".join(POSTS[wanted.body])})
    if any(_is_the_same(wanted, other) for other in others):
        return Refusal("post_taken", "post")
    own = [other for other in others if other.subject_key == wanted.subject_key]
    return Refusal("finance_and_audit", "post") if any(_audits_itself({wanted, other}) for other in own) else None


def _is_the_same(wanted: Held, other: Held) -> bool:
    """A body has one chair; of the other posts several, but nobody holds one twice."""
    alike = (wanted.body, wanted.post) == (other.body, other.post)
    return alike and (wanted.post == Post.CHAIR or wanted.subject_key == other.subject_key)


def _audits_itself(posts: Collection[Held]) -> bool:
    """Whoever chairs a union or keeps its money is not among those who audit it (R-ELE-14)."""
    audits = any(held.body == Body.AUDIT for held in posts)
    return audits and any(held.body == Body.COMMITTEE and held.post in _AUDITED for held in posts)


#: The life of a post.
POST = Machine(
    "office_post",
    NEW,
    (
        Transition(NEW, "start", PostState.HELD, may_start, "office_post_started"),
        Transition(PostState.HELD, "end", PostState.ENDED, may_end, "office_post_ended"),
    ),
)

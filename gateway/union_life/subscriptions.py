"""What the gateway does on events about posts and members: it keeps who holds them, and takes back what has ended."""

from collections.abc import Sequence

from sqlalchemy import select

from chassis.newest import keep_newest
from chassis.subscribers import projects, reacts
from chassis.work import Work
from contracts.envelope import Envelope
from contracts.gateway.accounts import GrantState
from contracts.membership.posts import OfficePostEnded, OfficePostStarted
from contracts.membership.register import MemberDeceased, MemberExpelled, MemberLeft, MemberTransferred
from gateway.accounts.models import Account, AccountLink
from gateway.union_life.models import HeldPost
from gateway.union_life.rules import ROLES

#: What the table keeps of an event's data, under the same names.
_TOLD = ("subject_key", "union_id", "body", "post", "state", "started_on")


@projects(OfficePostStarted, OfficePostEnded)
def keep_posts(work: Work, events: Sequence[Envelope]) -> None:
    """Keep the newest state of each post; an older event that comes later changes nothing."""
    keep_newest(work, HeldPost.__table__, "post_id", _TOLD, events)


@reacts(OfficePostEnded)
def take_back_role(work: Work, event: Envelope) -> None:
    """Have the access tokens of the post's holder refused; the next ones lack its role."""
    if (event.data["body"], event.data["post"]) in ROLES:
        _refuse_tokens(work, event.data["subject_key"])


@reacts(MemberTransferred, MemberLeft, MemberExpelled, MemberDeceased)
def take_back_membership(work: Work, event: Envelope) -> None:
    """The same for whoever is a member no longer, or of another union."""
    _refuse_tokens(work, event.data["subject_key"])


def _refuse_tokens(work: Work, subject_key: str) -> None:
    linked = select(AccountLink.account_id).where(
        AccountLink.subject_key == subject_key, AccountLink.state == GrantState.ACTIVE.value
    )
    account_id = work.session.scalar(linked)
    if account_id is not None:
        work.session.get_one(Account, account_id, with_for_update=True).begin_epoch()

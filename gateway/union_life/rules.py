"""Which role a post in a union gives, and which memberships give one; nothing here reads or writes."""

from collections.abc import Mapping

from contracts.membership.posts import Body, Post
from contracts.membership.register import BELONGING
from contracts.roles import Role

#: The role of each post that gives one, by body. None is an administrator's or of the zone: those are granted by hand.
ROLES: Mapping[tuple[str, str], Role] = {
    (Body.COMMITTEE, Post.CHAIR): Role.CHAIR,
    (Body.COMMITTEE, Post.VICE_CHAIR): Role.CHAIR,
    (Body.COMMITTEE, Post.OFFICER): Role.OFFICER,
    (Body.COMMITTEE, Post.FINANCE): Role.FINANCE,
    **{(Body.AUDIT, post): Role.AUDIT for post in Post},
    (Body.WOMEN, Post.CHAIR): Role.WOMEN,
}
#: Roles of basic unions alone. A chair's or officer's in a federation would be one in every union below it: what its
#: people may do there (`zone_leader`, `zone_officer`) is granted by hand. Its money and its audit are its own.
OF_BASIC_UNIONS = frozenset({Role.CHAIR, Role.OFFICER})
#: States of a membership in which a person is called a member; a retained one neither pays nor votes (R-MEM-11, 12).
MEMBER_STATES = frozenset(state.value for state in BELONGING)


def role_of(body: str, post: str, *, in_federation: bool) -> Role | None:
    """The role that a post gives, or None; also for what a newer membership service may name."""
    role = ROLES.get((body, post))
    return None if in_federation and role in OF_BASIC_UNIONS else role

"""What a user name, a password and a grant must be; nothing here reads or writes."""

import unicodedata
from dataclasses import dataclass
from uuid import UUID

from contracts.gateway.accounts import UNBOUND, GrantState
from contracts.roles import Role
from kernel.law import Refusal
from kernel.states import NEW, Machine, Transition

#: Characters of a password at least (GB/T 22239-2019 asks for complexity; length does more against guessing).
SHORTEST_PASSWORD = 8
#: Security administrators at least: one proposes, another approves.
FEWEST_ADMINISTRATORS = 2
#: Grants of an account that are proposed or active: an access token names all and must fit the header that carries it.
#: Whoever needs a role in more places is granted it once, at a union above them.
MOST_GRANTS = 200


def folded(username: str) -> str:
    """A user name without the differences that people don't see: case and width."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", username).casefold())


def password_problem(username: str, password: str) -> str | None:
    """The code of what is wrong with a new password, or None."""
    if len(password) < SHORTEST_PASSWORD:
        return "password_too_short"
    return "password_has_username" if folded(username) in folded(password) else None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards of a grant decide on."""

    actor: UUID
    role: str = ""
    union_id: UUID | None = None
    proposed_by: UUID | None = None


def may_be_proposed(facts: Facts) -> Refusal | None:
    """A role of the platform has no union, every other has one."""
    unbound = Role(facts.role) in UNBOUND
    if unbound and facts.union_id is not None:
        return Refusal("role_has_no_union", "union_id")
    return Refusal("role_needs_union", "union_id") if not unbound and facts.union_id is None else None


def by_another(facts: Facts) -> Refusal | None:
    """Whoever proposed a grant does not approve it."""
    return Refusal("maker_is_checker") if facts.actor == facts.proposed_by else None


#: The life of a grant. The proposer may refuse it too, and so withdraw it.
GRANT = Machine(
    "grant",
    NEW,
    (
        Transition(NEW, "propose", GrantState.PROPOSED, may_be_proposed),
        Transition(GrantState.PROPOSED, "approve", GrantState.ACTIVE, by_another),
        Transition(GrantState.PROPOSED, "refuse", GrantState.REFUSED),
        Transition(GrantState.ACTIVE, "end", GrantState.ENDED),
    ),
)

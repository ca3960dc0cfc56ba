"""What a user name, a password, a grant and a link must be; nothing here reads or writes."""

import re
import unicodedata
from dataclasses import dataclass
from uuid import UUID

from contracts.gateway.accounts import LONGEST_USERNAME, SHORTEST_USERNAME, UNBOUND, GrantState
from contracts.roles import Role
from contracts.schema import Fault
from gateway.accounts.common_passwords import is_common
from kernel.law import Refusal
from kernel.states import NEW, Machine, Transition

#: Characters of a password at least. GB/T 22239-2019, 8.1.4.1 a, asks for complexity: length, and refusing what
#: guessers try first, do more against guessing than kinds of characters, which people meet with `Password1!`.
SHORTEST_PASSWORD = 8
#: All that a folded user name may hold: letters of other scripts look like these, and marks like nothing at all.
_USERNAME = re.compile(r"[a-z0-9._@\-\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]+")
#: Roles that no account has together where one of them reaches the other: who keeps money does not audit it (R-ELE-14).
#: A chair may not audit either, but the role is also that of vice-chairs, who may if the money does not concern them;
#: which of them it does is not recorded. Membership refuses the two posts to whoever chairs.
NEVER_TOGETHER = frozenset({Role.FINANCE, Role.AUDIT})
#: Security administrators at least: one proposes, another approves.
FEWEST_ADMINISTRATORS = 2
#: Grants of an account that are proposed or active: an access token names all and must fit the header that carries it.
#: Whoever needs a role in more places is granted it once, at a union above them.
MOST_GRANTS = 200


def folded(username: str) -> str:
    """A user name without the differences that do not matter: case and width."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", username).casefold())


def username_problem(username: str) -> Fault | None:
    """The code of what is wrong with a new user name, as it is when folded, or None."""
    if not SHORTEST_USERNAME <= len(username) <= LONGEST_USERNAME:
        return Fault("text_length", least=SHORTEST_USERNAME, most=LONGEST_USERNAME)
    return None if _USERNAME.fullmatch(username) else Fault("username_character")


def password_problem(username: str, password: str) -> str | None:
    """The code of what is wrong with a new password, or None."""
    if len(password) < SHORTEST_PASSWORD:
        return "password_too_short"
    plain = folded(password)
    if folded(username) in plain:
        return "password_has_username"
    if _is_simple("".join(plain.split())):
        return "password_too_simple"
    return "password_too_common" if is_common(plain) else None


def _is_simple(characters: str) -> bool:
    """Whether there is nothing but one character, or nothing but digits: birthdays, telephones, and rows of them."""
    return len(set(characters)) < 2 or characters.isdecimal()


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards of a proposal decide on."""

    actor: UUID
    role: str = ""
    union_id: UUID | None = None
    #: The account that the proposal is about.
    account_id: UUID | None = None
    proposed_by: UUID | None = None
    #: Whether the account has a role in effect that leaves no room for this one.
    is_excluded: bool = False


def may_be_proposed(facts: Facts) -> Refusal | None:
    """A role of the platform has no union, every other has one."""
    unbound = Role(facts.role) in UNBOUND
    if unbound and facts.union_id is not None:
        return Refusal("role_has_no_union", "union_id")
    return Refusal("role_needs_union", "union_id") if not unbound and facts.union_id is None else None


def by_another(facts: Facts) -> Refusal | None:
    """Whoever made the proposal does not approve it."""
    return Refusal("maker_is_checker") if facts.actor == facts.proposed_by else None


def by_another_if_not_excluded(facts: Facts) -> Refusal | None:
    """Not by who made the proposal, nor while another role of the account leaves no room for this one (R-ELE-14)."""
    return by_another(facts) or (Refusal("money_and_audit") if facts.is_excluded else None)


def excludes(held: Role, wanted: Role) -> bool:
    """Whether a role leaves no room for another one in the unions that both reach."""
    return {held, wanted} == NEVER_TOGETHER


#: What else happens to a proposal, and to what holds. The proposer may refuse it too, and so withdraw it.
_DECIDED: tuple[Transition[Facts], ...] = (
    Transition(GrantState.PROPOSED, "refuse", GrantState.REFUSED),
    Transition(GrantState.ACTIVE, "end", GrantState.ENDED),
)
#: The life of a grant.
GRANT = Machine(
    "grant",
    NEW,
    (
        Transition(NEW, "propose", GrantState.PROPOSED, may_be_proposed),
        Transition(GrantState.PROPOSED, "approve", GrantState.ACTIVE, by_another_if_not_excluded),
        *_DECIDED,
    ),
)
#: The life of a link of an account to a person: it gives powers, and so it takes two as a grant does.
LINK = Machine(
    "account_link",
    NEW,
    (
        Transition(NEW, "propose", GrantState.PROPOSED),
        Transition(GrantState.PROPOSED, "approve", GrantState.ACTIVE, by_another),
        *_DECIDED,
    ),
)

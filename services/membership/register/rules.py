"""The life of a membership so far, and what retains it; nothing here reads or writes."""

from dataclasses import dataclass
from datetime import date

from contracts.membership.register import MembershipState
from kernel.codes.membership_change import ChangeReason
from kernel.law import Refusal
from kernel.states import NEW, Machine, Transition

#: Reasons for which a membership is retained and not ended (工会会员会籍管理办法 arts 17 to 21; R-MEM-11). Retirement
#: and military service have no code in the list of the real-name register: they are changes of the labour relation.
#: The member's own wish and a crime end a membership.
RETAINING = (
    ChangeReason.LABOUR_RELATION_CHANGED,
    ChangeReason.AWAITING_POST,
    ChangeReason.UNEMPLOYED,
    ChangeReason.EMPLOYER_BANKRUPT,
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards decide on. Days are local to Asia/Shanghai."""

    today: date
    joined_on: date
    #: Since when the new state is to hold.
    effective_on: date
    reason: str | None = None


def may_join(facts: Facts) -> Refusal | None:
    """From a day that has come."""
    if facts.joined_on > facts.today:
        return Refusal("date_in_future", "joined_on", params={"today": facts.today.isoformat()})
    return None


def may_be_retained(facts: Facts) -> Refusal | None:
    """For a reason that retains, from a day between joining and today."""
    if facts.reason not in RETAINING:
        return Refusal("reason_does_not_retain", "reason", params={"choices": ", ".join(RETAINING)})
    if facts.effective_on > facts.today:
        return Refusal("date_in_future", "effective_on", params={"today": facts.today.isoformat()})
    return Refusal("before_joining", "effective_on") if facts.effective_on < facts.joined_on else None


#: The life of a membership so far; transfer, withdrawal and expulsion come with their own commands.
MEMBERSHIP = Machine(
    "membership",
    NEW,
    (
        Transition(NEW, "join", MembershipState.ACTIVE, may_join, "member_joined"),
        Transition(MembershipState.ACTIVE, "retain", MembershipState.RETAINED, may_be_retained, "member_retained"),
    ),
)

"""The life of a membership, what retains it and what ends it; nothing here reads or writes."""

from dataclasses import dataclass
from datetime import date

from contracts.membership.register import BELONGING
from contracts.membership.register import MembershipState as State
from kernel.codes.employment_state import EmploymentState
from kernel.codes.membership_change import ChangeReason
from kernel.law import Refusal
from kernel.states import NEW, Machine, Transition, from_each

#: Who has these employment states has retired, and may not newly join (R-MEM-19).
RETIRED = frozenset({EmploymentState.RETIRED, EmploymentState.RETIRED_CADRE})

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
    #: Since when the new state is to hold.
    effective_on: date
    #: Since when the one before has held; of somebody who joins, since when a former membership is over.
    last_change_on: date | None
    reason: str | None = None
    #: Of the work for which a retained membership is to count again.
    employment_state: str | None = None
    #: Whether the union above has the expulsion in its files already.
    is_filed: bool = False


def may_join(facts: Facts) -> Refusal | None:
    """From a day that has come, and not while another membership lasted (R-MEM-07)."""
    return _in_time(facts, "joined_on")


def may_change(facts: Facts) -> Refusal | None:
    """From a day between the last change and today: what was is not written anew."""
    return _in_time(facts, "effective_on")


def may_be_retained(facts: Facts) -> Refusal | None:
    """For a reason that retains."""
    if facts.reason not in RETAINING:
        return Refusal("reason_does_not_retain", "reason", params={"choices": ", ".join(RETAINING)})
    return may_change(facts)


def may_be_reinstated(facts: Facts) -> Refusal | None:
    """With new work, and not in retirement (R-MEM-11, R-MEM-19)."""
    if facts.employment_state in RETIRED:
        return Refusal("retired_cannot_join", "employment.employment_state", rule_code="R-MEM-19")
    return may_change(facts)


def may_be_filed(facts: Facts) -> Refusal | None:
    """Once, from the day of the expulsion on."""
    if facts.is_filed:
        return Refusal("already_filed", rule_code="R-MEM-15")
    return _in_time(facts, "filed_on")


def _in_time(facts: Facts, field: str) -> Refusal | None:
    if facts.effective_on > facts.today:
        return Refusal("date_in_future", field, params={"today": facts.today.isoformat()})
    if facts.last_change_on is not None and facts.effective_on < facts.last_change_on:
        return Refusal("before_last_change", field, params={"last": facts.last_change_on.isoformat()})
    return None


#: States in which no other union has a say.
_SETTLED = (State.ACTIVE, State.RETAINED)

#: The life of a membership. Of a transfer (`services.membership.transfers`) it takes the steps that the unions decide.
MEMBERSHIP = Machine(
    "membership",
    NEW,
    (
        Transition(NEW, "join", State.ACTIVE, may_join, "member_joined"),
        Transition(State.ACTIVE, "request_transfer", State.TRANSFERRING, may_change, "member_attributes_changed"),
        Transition(State.TRANSFERRING, "move", State.ACTIVE, may_change, "member_transferred"),
        Transition(State.TRANSFERRING, "stay", State.ACTIVE, may_change, "member_attributes_changed"),
        Transition(State.ACTIVE, "retain", State.RETAINED, may_be_retained, "member_retained"),
        Transition(State.RETAINED, "reinstate", State.ACTIVE, may_be_reinstated, "member_reinstated"),
        *from_each(_SETTLED, "withdraw", State.WITHDRAWN, may_change, "member_left"),
        *from_each(_SETTLED, "expel", State.EXPELLED, may_change, "member_expelled"),
        *from_each(BELONGING, "record_death", State.ENDED, may_change, "member_deceased"),
        Transition(State.EXPELLED, "file_expulsion", State.EXPELLED, may_be_filed),
    ),
)


def actions(state: str, *, is_filed: bool) -> tuple[str, ...]:
    """The commands that are possible now; an expulsion is filed once, and a transfer is answered elsewhere."""
    elsewhere = {"move", "stay", *(("file_expulsion",) if is_filed else ())}
    return tuple(command for command in MEMBERSHIP.actions(state) if command not in elsewhere)

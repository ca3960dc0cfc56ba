"""When a membership may move and how long the new union has to answer; nothing here reads or writes."""

from dataclasses import dataclass
from datetime import date

from contracts.membership.organisation import ACTING
from contracts.membership.transfers import TransferBasis
from contracts.membership.transfers import TransferState as State
from kernel.calendar import Calendar
from kernel.law import Law, Refusal
from kernel.states import NEW, Machine, Transition

#: Clock of a request that nobody answers.
UNANSWERED = "transfer_unanswered"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards decide on. Days are local to Asia/Shanghai."""

    today: date
    requested_on: date
    #: Of the union that is asked; only a request looks at it.
    target_state: str | None = None
    #: Whether the member belongs to it already.
    is_there: bool = False
    basis: str = TransferBasis.LABOUR_RELATION
    #: Whether the request names the work that the member has now.
    names_work: bool = True
    decided_on: date | None = None
    #: Whether the deciding account has the role of chair at the union or above it, or nobody holds the post of its
    #: chair; only an answer looks at it.
    is_responsible: bool = False


def may_be_requested(facts: Facts) -> Refusal | None:
    """To another union that may act, with the work that the membership is to follow (R-MEM-07)."""
    if facts.target_state not in ACTING:
        return Refusal("union_not_approved", "to_union_id")
    if facts.is_there:
        return Refusal("already_there", "to_union_id")
    if facts.basis == TransferBasis.LABOUR_RELATION and not facts.names_work:
        return Refusal("employment_missing", "employment", rule_code="R-MEM-07")
    return None


def may_be_answered(facts: Facts) -> Refusal | None:
    """By a chair, or a zone officer where none is, from the day of the request to today (R-MEM-08)."""
    if not facts.is_responsible:
        return Refusal("union_has_a_chair", rule_code="R-MEM-08")
    assert facts.decided_on is not None
    if facts.decided_on > facts.today:
        return Refusal("date_in_future", "decided_on", params={"today": facts.today.isoformat()})
    return Refusal("decided_before_requested", "decided_on") if facts.decided_on < facts.requested_on else None


#: The way of a transfer; the membership tells of it.
TRANSFER = Machine(
    "transfer",
    NEW,
    (
        Transition(NEW, "request_transfer", State.REQUESTED, may_be_requested, clock=UNANSWERED),
        Transition(State.REQUESTED, "accept", State.ACCEPTED, may_be_answered),
        Transition(State.REQUESTED, "decline", State.DECLINED, may_be_answered),
        Transition(State.REQUESTED, "cancel", State.CANCELLED),
        Transition(State.REQUESTED, "lapse", State.LAPSED),
    ),
)


def actions(state: str) -> tuple[str, ...]:
    """The commands that are possible now; that a request lapses is nobody's command."""
    return tuple(command for command in TRANSFER.actions(state) if command != "lapse")


def answer_due(region_code: str, told_on: date) -> date:
    """The last day on which the new union may answer, which was told of the request on a day."""
    rule = Law.load().rule("R-MEM-08.answer", jurisdiction=region_code, on=told_on)
    return rule.due(told_on, Calendar.load()).on

"""When a union may be founded and approved; nothing here reads or writes."""

from dataclasses import dataclass
from datetime import date

from chassis.tree import DEEPEST
from contracts.membership.organisation import UnionState
from kernel.law import Caution, Law, Overridden, Refusal, decide
from kernel.states import NEW, Machine, Transition


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards decide on. Days are local to Asia/Shanghai."""

    today: date
    region_code: str
    founded_on: date
    approved_on: date | None = None
    #: State of the union above; None where there is none.
    superior_state: str | None = None
    #: Unions above that one.
    superior_depth: int = 0
    #: Whether the approving role is held at the superior or above it.
    decided_above: bool = True


def _in_time(facts: Facts) -> Refusal | None:
    if facts.founded_on > facts.today:
        return Refusal("date_in_future", "founded_on", params={"today": facts.today.isoformat()})
    if facts.approved_on is None:
        return None
    if facts.approved_on > facts.today:
        return Refusal("date_in_future", "approved_on", params={"today": facts.today.isoformat()})
    return Refusal("approved_before_founding", "approved_on") if facts.approved_on < facts.founded_on else None


def _decided_above(facts: Facts) -> Refusal | Caution | Overridden | None:
    """R-ORG-04: a founding is approved by the next higher union, never by the union itself."""
    rule = Law.load().rule("R-ORG-04", jurisdiction=facts.region_code, on=facts.today)
    return decide(rule, facts.decided_above, code="own_approval")


def may_register(facts: Facts) -> Refusal | None:
    """Founded and approved by today, in this order."""
    return _in_time(facts)


def may_be_founded(facts: Facts) -> Refusal | None:
    """Below an approved union, no deeper than trees are read, and not in the future."""
    if facts.superior_state != UnionState.APPROVED:
        return Refusal("union_not_approved", "superior_id")
    if facts.superior_depth >= DEEPEST:
        return Refusal("tree_too_deep", "superior_id", params={"most": str(DEEPEST + 1)})
    return _in_time(facts)


def may_be_approved(facts: Facts) -> Refusal | None:
    """From above (R-ORG-04), not before the founding and not in the future."""
    breach = _decided_above(facts)
    return breach if isinstance(breach, Refusal) else _in_time(facts)


#: The life of a union so far; elections, terms and dissolution come with their own capabilities.
UNION = Machine(
    "union",
    NEW,
    (
        Transition(NEW, "register", UnionState.APPROVED, may_register, ("union_founded", "union_approved")),
        Transition(NEW, "submit_founding", UnionState.AWAITING_APPROVAL, may_be_founded, "union_founded"),
        Transition(UnionState.AWAITING_APPROVAL, "approve", UnionState.APPROVED, may_be_approved, "union_approved"),
    ),
)

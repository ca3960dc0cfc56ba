"""When a union may be founded, approved, changed and dissolved; nothing here reads or writes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from chassis.tree import DEEPEST
from contracts.membership.organisation import ACTING, DissolutionBasis, FoundingMode, OrgKind, UnionState, Workforce
from kernel.law import Caution, Law, Overridden, Refusal, decide
from kernel.states import NEW, Machine, Transition, from_each
from kernel.states.transition import Guard

#: The least and the most enterprises whose workers a union organises.
Room = tuple[int, int]
#: What there is room for; a request names no more than a thousand.
NONE, AT_MOST_ONE, ONE, SEVERAL, ANY = (0, 0), (0, 1), (1, 1), (2, 1000), (0, 1000)

#: How a union of each kind (R-ORG-18) may come to be, and with how many enterprises. 工会法 art 11 (R-ORG-01) knows
#: the committee of one enterprise and the one of two or more together. A union of an industry or an area unites whoever
#: works there, a federation unites unions, and a branch is part of a union that names the enterprise.
ROOM: Mapping[str, Mapping[str, Room]] = {
    OrgKind.FEDERATION: {FoundingMode.REGIONAL: NONE},
    OrgKind.BASIC: {FoundingMode.SINGLE: ONE},
    OrgKind.JOINT: {FoundingMode.JOINT: SEVERAL, FoundingMode.INDUSTRY: ANY, FoundingMode.REGIONAL: ANY},
    OrgKind.INDUSTRY_FEDERATION: {FoundingMode.INDUSTRY: ANY},
    OrgKind.REGIONAL_FEDERATION: {FoundingMode.REGIONAL: ANY},
    OrgKind.WORK_COMMITTEE: {FoundingMode.SINGLE: ONE, FoundingMode.INDUSTRY: ANY, FoundingMode.REGIONAL: ANY},
    OrgKind.OFFICE: {FoundingMode.INDUSTRY: ANY, FoundingMode.REGIONAL: ANY},
    OrgKind.BRANCH: {FoundingMode.SINGLE: AT_MOST_ONE},
    OrgKind.OTHER: dict.fromkeys(FoundingMode, ANY),
}
#: Workers in new forms of employment may found a union of their own without any: a platform is not their employer.
OF_NEW_EMPLOYMENT: Mapping[Room, Room] = {ONE: AT_MOST_ONE}


@dataclass(frozen=True, slots=True)
class Composition:
    """What a union is made of."""

    org_kind: str
    founding_mode: str
    workforce: str
    #: How many enterprises it names, each once.
    enterprises: int


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
    #: What a founding is to make; None after it.
    composition: Composition | None = None
    #: Whether each of its enterprises is registered.
    enterprises_known: bool = True
    #: Whether the deciding role is held at the superior or above it.
    decided_above: bool = True
    #: The day of a plaque, a certificate or an end.
    on: date | None = None
    #: Whether the union has its plaque already.
    has_plaque: bool = False
    #: Whether the new superior is the union itself or below it.
    below_itself: bool = False
    #: Of a certificate as a legal person: whether the code is a union's, and its last day.
    is_union_code: bool = True
    until: date | None = None
    basis: str | None = None
    resolution_ref: str | None = None
    #: Members who count, and unions below that have not ended.
    members: int = 0
    unions: int = 0


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


def _fits_together(facts: Facts) -> Refusal | None:
    """A kind that comes to be in this way (R-ORG-18), of as many registered enterprises as that takes (R-ORG-01)."""
    if facts.composition is None:
        return None
    made = facts.composition
    room = ROOM[made.org_kind].get(made.founding_mode)
    if room is None:
        return Refusal("kind_does_not_fit_mode", "founding_mode")
    if made.workforce == Workforce.NEW_EMPLOYMENT:
        room = OF_NEW_EMPLOYMENT.get(room, room)
    least, most = room
    if not least <= made.enterprises <= most:
        return Refusal("enterprises_do_not_fit", "enterprise_ids")
    return None if facts.enterprises_known else Refusal("unknown_enterprise", "enterprise_ids")


def _fits_below(facts: Facts) -> Refusal | None:
    if facts.superior_state not in ACTING:
        return Refusal("union_not_approved", "superior_id")
    too_deep = facts.superior_depth >= DEEPEST
    return Refusal("tree_too_deep", "superior_id", params={"most": str(DEEPEST + 1)}) if too_deep else None


def may_register(facts: Facts) -> Refusal | None:
    """Founded and approved by today, in this order."""
    return _in_time(facts)


def may_be_founded(facts: Facts) -> Refusal | None:
    """Below an approved union, no deeper than trees are read, not in the future, and of what fits together."""
    return _fits_below(facts) or _in_time(facts) or _fits_together(facts)


def may_be_approved(facts: Facts) -> Refusal | None:
    """From above (R-ORG-04), not before the founding and not in the future."""
    return from_above(facts) or _in_time(facts)


def from_above(facts: Facts) -> Refusal | None:
    """What becomes of a union is decided above it, never by itself (R-ORG-04, R-ORG-05)."""
    breach = _decided_above(facts)
    return breach if isinstance(breach, Refusal) else None


def may_have_plaque(facts: Facts) -> Refusal | None:
    """Once, between the approval and today."""
    if refusal := from_above(facts) or _since_approval(facts, "awarded_on"):
        return refusal
    return Refusal("already_awarded") if facts.has_plaque else None


def may_be_legal_person(facts: Facts) -> Refusal | None:
    """With a code of the unions' own department, 8 (GB 32100-2015; R-ORG-15), that begins by today."""
    if refusal := from_above(facts) or _since_approval(facts, "issued_on"):
        return refusal
    if not facts.is_union_code:
        return Refusal("not_a_union_code", "uscc", rule_code="R-ORG-15")
    assert facts.on is not None
    ends_early = facts.until is not None and facts.until < facts.on
    return Refusal("ends_before_start", "valid_until") if ends_early else None


def may_move(facts: Facts) -> Refusal | None:
    """Below an acting union that is neither the union itself nor below it, no deeper than trees are read."""
    if refusal := from_above(facts):
        return refusal
    return Refusal("below_itself", "superior_id") if facts.below_itself else _fits_below(facts)


def may_be_dissolved(facts: Facts) -> Refusal | None:
    """By resolution, or because the employer ended (R-ORG-05, R-ORG-06); nobody may be left behind."""
    if refusal := from_above(facts) or _since_approval(facts, "dissolved_on"):
        return refusal
    if facts.basis == DissolutionBasis.RESOLUTION and not facts.resolution_ref:
        return _without_resolution(facts)
    if facts.members:
        return Refusal("union_has_members", rule_code="R-ORG-06", params={"members": str(facts.members)})
    return Refusal("union_has_unions", params={"unions": str(facts.unions)}) if facts.unions else None


def _without_resolution(facts: Facts) -> Refusal | None:
    rule = Law.load().rule("R-ORG-05", jurisdiction=facts.region_code, on=facts.today)
    breach = decide(rule, kept=False, code="resolution_missing", field="resolution_ref")
    return breach if isinstance(breach, Refusal) else None


def _since_approval(facts: Facts, field: str) -> Refusal | None:
    assert facts.on is not None
    if facts.on > facts.today:
        return Refusal("date_in_future", field, params={"today": facts.today.isoformat()})
    too_early = facts.approved_on is not None and facts.on < facts.approved_on
    return Refusal("before_approval", field) if too_early else None


def _kept(states: Iterable[str], command: str, guard: Guard[Facts], event: str | None) -> Iterator[Transition[Facts]]:
    """Rows of a command that leaves each of these states as it is."""
    return (Transition(state, command, state, guard, event) for state in states)


#: The life of a union; terms come with elections.
UNION = Machine(
    "union",
    NEW,
    (
        Transition(NEW, "register", UnionState.APPROVED, may_register, ("union_founded", "union_approved")),
        Transition(NEW, "submit_founding", UnionState.AWAITING_APPROVAL, may_be_founded, "union_founded"),
        Transition(UnionState.AWAITING_APPROVAL, "approve", UnionState.APPROVED, may_be_approved, "union_approved"),
        *_kept(ACTING, "award_plaque", may_have_plaque, "union_plaque_awarded"),
        *_kept(ACTING, "record_legal_person", may_be_legal_person, None),
        *_kept(ACTING, "rename", from_above, "union_renamed"),
        *_kept(ACTING, "move", may_move, "union_moved"),
        *_kept(ACTING, "assess_union", from_above, "union_rung_changed"),
        *from_each(ACTING, "dissolve", UnionState.DISSOLVED, may_be_dissolved, "union_dissolved"),
    ),
)

"""Decides on each row of a file by itself: who it is, what changes when, and whether that may be; nothing is read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any
from uuid import UUID

from contracts.membership.organisation import ACTING
from contracts.membership.register import COUNTED, MembershipState
from kernel.codes.employment_state import EmploymentState
from kernel.codes.membership_change import ChangeReason, ChangeType
from kernel.codes.worker_category import WorkerCategory
from kernel.identifiers.documents import DocumentKind
from kernel.privacy_notices import was_in_use
from services.membership.imports.columns import HEADINGS, Fault
from services.membership.register.identity import Identity, NotIdentified, identify
from services.membership.register.rules import RETAINING, RETIRED

#: Changes that an import can make: whoever moves, leaves or is expelled has a decision of the union behind it.
_CHANGES = (ChangeType.JOINED, ChangeType.RETAINED)
_PERSON = ("name", "ethnicity", "education", "political_status", "household_region", "household_type")
_WORK = ("employee_no", "skill_level", "started_on")
#: By whose value it is judged what stands under a heading.
_HANGS_ON = {
    HEADINGS["document_no"]: HEADINGS["document_kind"],
    HEADINGS["birth_date"]: HEADINGS["document_kind"],
    HEADINGS["employment_state"]: HEADINGS["change"],
}


@dataclass(frozen=True, slots=True)
class Union:
    """A union that rows may name."""

    id: UUID
    name: str
    state: str
    region_code: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What all rows of a file are held against."""

    today: date
    consent_version: str
    #: Of rows that name none.
    union: Union
    #: It and those below it, by id and by name.
    unions: Mapping[str, Sequence[Union]]

    @property
    def day(self) -> Mapping[str, str]:
        """What fills the words of `date_in_future`."""
        return {"today": self.today.isoformat()}


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that is right in itself."""

    row: int
    identity: Identity
    #: As `contracts.membership.register.PersonDetails` and `EmploymentDetails`.
    person: Mapping[str, Any]
    employment: Mapping[str, Any]
    #: As the row names it, if it does.
    employer: str | None
    union: Union
    member_no: str | None
    state: MembershipState
    #: Since when; None where the row does not say, and then it is the day of the import.
    since: date | None
    retained_for: ChangeReason | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the register has of a person: a membership or an open application, or neither."""

    #: Of the person's key, which is gone where the person is being erased.
    key_id: UUID
    union_id: UUID | None
    state: str | None
    effective_on: date | None
    applies: bool
    #: Since when the last membership is over, where there was one.
    left_on: date | None = None


class Decision(Enum):
    """What becomes of a row that is right."""

    NEW = "new"
    UNCHANGED = "unchanged"


def check(number: int, values: Mapping[str, Any], terms: Terms) -> Entry | list[Fault]:
    """The row, each of whose cells can be read, as an entry; or all that is wrong with it.

    Codes may be their plain texts.
    """
    faults = list(_faults(number, values, terms))
    identity = _identity(number, values, terms, faults)
    union = _union(number, values["union"], terms, faults)
    if identity is None or union is None or faults:
        return faults
    change = values["change"] or ChangeType.JOINED
    retained = change == ChangeType.RETAINED
    return Entry(
        row=number,
        identity=identity,
        person={**{name: values[name] for name in _PERSON}, "is_rural_migrant": values["is_rural_migrant"]},
        employment=_employment(values),
        employer=values["employer"],
        union=union,
        member_no=values["member_no"],
        state=MembershipState.RETAINED if retained else MembershipState.ACTIVE,
        since=values["since"],
        retained_for=ChangeReason.read(values["reason"]) if retained else None,
    )


def check_beside(number: int, values: Mapping[str, Any], terms: Terms, unreadable: Sequence[Fault]) -> list[Fault]:
    """What else is wrong with a row some of whose cells cannot be read, as far as it does not hang on those."""
    untold = {fault.field for fault in unreadable}
    # the number must stand; what is then said of it is left out with all else that is said of what cannot be read
    found = check(number, {**values, "document_no": values["document_no"] or ""}, terms)
    faults = [] if isinstance(found, Entry) else found
    return [each for each in faults if not untold & {each.field, _HANGS_ON.get(each.field)}]


def decide(entry: Entry, known: Standing | None) -> Decision | Fault:
    """Hold a row against the register: a person belongs to one union (R-MEM-07), and what is so already stays."""
    if known is None:
        return Decision.NEW
    if known.union_id is None:
        return _decide_of_nobodys(entry, known)
    if known.union_id != entry.union.id:
        return Fault(entry.row, HEADINGS["document_no"], "already_a_member")
    if (known.state in COUNTED) != (entry.state in COUNTED):
        return Fault(entry.row, HEADINGS["change"], "already_a_member")
    if entry.since not in (None, known.effective_on):
        return Fault(entry.row, HEADINGS["since"], "already_a_member")
    return Decision.UNCHANGED


def _decide_of_nobodys(entry: Entry, known: Standing) -> Decision | Fault:
    """Of somebody whom the register knows, and who is no member."""
    if known.applies:
        return Fault(entry.row, HEADINGS["document_no"], "application_pending")
    if known.left_on is not None and entry.since is not None and entry.since < known.left_on:
        return Fault(entry.row, HEADINGS["since"], "before_last_change", {"last": known.left_on.isoformat()})
    return Decision.NEW


def _faults(number: int, values: Mapping[str, Any], terms: Terms) -> Iterator[Fault]:
    change = values["change"] or ChangeType.JOINED
    if change not in _CHANGES:
        yield Fault(number, HEADINGS["change"], "unknown_code", {"choices": ", ".join(each.zh for each in _CHANGES)})
    if change == ChangeType.RETAINED:
        yield from _retaining(number, values["reason"])
    elif values["employment_state"] in RETIRED:
        yield Fault(number, HEADINGS["employment_state"], "retired_cannot_join")
    for name in ("since", "started_on"):
        if values[name] is not None and values[name] > terms.today:
            yield Fault(number, HEADINGS[name], "date_in_future", terms.day)
    since = _since(values, terms)
    if since <= terms.today and not was_in_use(terms.consent_version, since, terms.today):
        yield Fault(number, HEADINGS["since"], "consent_missing")


def _since(values: Mapping[str, Any], terms: Terms) -> date:
    since: date | None = values["since"]
    return since or terms.today


def _retaining(number: int, reason: str | None) -> Iterator[Fault]:
    """R-MEM-11: a membership is retained for a reason, and not for each."""
    if reason is None:
        yield Fault(number, HEADINGS["reason"], "required")
    elif reason not in RETAINING:
        choices = {"choices": ", ".join(each.zh for each in RETAINING)}
        yield Fault(number, HEADINGS["reason"], "reason_does_not_retain", choices)


def _identity(number: int, values: Mapping[str, Any], terms: Terms, faults: list[Fault]) -> Identity | None:
    """Who it is on the day of the change; None where that cannot be right."""
    told = {**values, "document_kind": values["document_kind"] or DocumentKind.RESIDENT_ID}
    try:
        return identify(told, min(_since(values, terms), terms.today))
    except NotIdentified as error:
        faults += [Fault(number, HEADINGS[at["field"]], at["code"], at.get("params", {})) for at in error.faults]
        return None


def _union(number: int, named: str | None, terms: Terms, faults: list[Fault]) -> Union | None:
    found = terms.unions.get(named, ()) if named else (terms.union,)
    if len(found) != 1:
        faults.append(Fault(number, HEADINGS["union"], "ambiguous_name" if found else "unknown_union"))
        return None
    [union] = found
    if union.state not in ACTING:
        faults.append(Fault(number, HEADINGS["union"], "union_not_approved"))
    return union


def _employment(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: values[name] for name in _WORK},
        "worker_category": values["worker_category"] or WorkerCategory.EMPLOYED_STAFF,
        "is_industrial_worker": bool(values["is_industrial_worker"]),
        "employment_state": values["employment_state"] or EmploymentState.ON_POST,
    }

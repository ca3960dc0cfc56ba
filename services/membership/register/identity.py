"""Reads who somebody is from what a form or a file says, and names each field that cannot be right."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from kernel.codes.sex import Sex
from kernel.identifiers import documents, mobile, resident_id
from kernel.identifiers.documents import DocumentKind
from kernel.identifiers.errors import InvalidIdentifier
from kernel.identifiers.resident_id import Holder, full_years

T = TypeVar("T")

#: Ages at which somebody can join (劳动法 art 15; beyond them, the number is a slip of the pen).
AGES = Holder.MEMBER.value
_AGE_LIMITS = {"least": str(AGES[0]), "most": str(AGES[-1])}


class NotIdentified(Exception):
    """What is said of the person cannot be right; `faults` are rows of a refusal's `errors`: never a value."""

    def __init__(self, faults: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(", ".join(f"{fault['field']}: {fault['code']}" for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Document:
    """What a document says of its holder; its repr shows nothing of it."""

    kind: DocumentKind
    #: In the one spelling that is stored.
    number: str = field(repr=False)
    birth_date: date = field(repr=False)
    sex: Sex


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is; its repr shows nothing of it."""

    document: Document
    #: Eleven digits.
    mobile: str | None = field(repr=False)


def identify(person: Mapping[str, Any], on: date) -> Identity:
    """Read the fields of `contracts.membership.register.PersonDetails` of somebody who asks to join on a day.

    A region that the table does not know is no fault: codes change every year. Raises NotIdentified with all faults.
    """
    faults: list[Mapping[str, Any]] = []
    document = _gather(faults, lambda: _document(person, on))
    number = _gather(faults, lambda: _mobile(person["mobile"]))
    if document is None or faults:
        raise NotIdentified(faults)
    return Identity(document, number)


def _gather(faults: list[Mapping[str, Any]], read: Callable[[], T]) -> T | None:
    try:
        return read()
    except NotIdentified as error:
        faults.extend(error.faults)
        return None


def _document(person: Mapping[str, Any], on: date) -> Document:
    kind = DocumentKind.read(person["document_kind"])
    stated = Sex.read(person["sex"] or Sex.UNSTATED)
    try:
        if kind is DocumentKind.RESIDENT_ID:
            return _resident_id(person, stated, on)
        number = documents.parse(kind, person["document_no"])
    except InvalidIdentifier as error:
        raise _fault("document_no", error.code) from None
    return Document(kind, number, _birth_date(person["birth_date"], on), stated)


def _resident_id(person: Mapping[str, Any], stated: Sex, on: date) -> Document:
    found = resident_id.validate(person["document_no"], Holder.MEMBER, on, stated)
    if person["birth_date"] not in (None, found.birth_date):
        raise _fault("birth_date", "birth_date_differs")
    return Document(DocumentKind.RESIDENT_ID, found.number, found.birth_date, found.sex)


def _birth_date(stated: date | None, on: date) -> date:
    if stated is None:
        raise _fault("birth_date", "required")
    if full_years(stated, on) not in AGES:
        raise _fault("birth_date", "member_age", params=_AGE_LIMITS)
    return stated


def _mobile(number: str | None) -> str | None:
    try:
        return None if number is None else mobile.parse(number)
    except InvalidIdentifier as error:
        raise _fault("mobile", error.code) from None


def _fault(name: str, code: str, **details: Any) -> NotIdentified:
    return NotIdentified([{"field": name, "code": code, **details}])

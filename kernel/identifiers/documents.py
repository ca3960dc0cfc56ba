"""Not every worker holds a resident ID: other documents are accepted by kind, checked as far as they allow."""

import re

from kernel.codes.code_list import CodeList
from kernel.identifiers import resident_id
from kernel.identifiers.errors import InvalidIdentifier
from kernel.identifiers.text import half_width


class DocumentKind(CodeList):
    """The documents by which a member may be known (the project's own codes)."""

    RESIDENT_ID = "resident_id", "居民身份证", "resident ID card", "身份证"
    PASSPORT = "passport", "护照", "passport"
    HK_MACAU_TRAVEL_PERMIT = (
        *(
            "hk_macau_travel_permit",
            "港澳居民来往内地通行证",
            "mainland travel permit for Hong Kong and Macau residents",
        ),
        *("港澳通行证", "回乡证"),
    )
    TAIWAN_TRAVEL_PERMIT = (
        *("taiwan_travel_permit", "台湾居民来往大陆通行证", "mainland travel permit for Taiwan residents"),
        *("台湾通行证", "台胞证"),
    )
    FOREIGN_PERMANENT_RESIDENCE = (
        *("foreign_permanent_residence", "外国人永久居留身份证", "foreigner's permanent residence card"),
        *("外国人永久居留证",),
    )
    MILITARY_ID = "military_id", "军官证", "military ID"


#: Outer form only, from memory (certainty MH): these documents publish no check character that all issues share.
_FORMS = {
    DocumentKind.PASSPORT: re.compile(r"[0-9A-Z]{5,9}"),
    DocumentKind.HK_MACAU_TRAVEL_PERMIT: re.compile(r"[HM][0-9]{8}([0-9]{2})?"),
    DocumentKind.TAIWAN_TRAVEL_PERMIT: re.compile(r"[0-9]{8}([0-9]{2})?"),
    DocumentKind.FOREIGN_PERMANENT_RESIDENCE: re.compile(r"[A-Z]{3}[0-9]{12}|9[0-9]{16}[0-9X]"),
    DocumentKind.MILITARY_ID: re.compile(r"[0-9A-Z\u4e00-\u9fff]{6,20}"),
}


def normalise(text: str) -> str:
    """Give the one spelling that is stored and indexed, for any kind; the result need not be a valid number."""
    return half_width(text).upper().replace(" ", "")


def parse(kind: DocumentKind, text: str) -> str:
    """Read a document's number, normalised.

    Of a resident ID only what stands in the number itself is checked; `resident_id.validate` also looks at its holder.
    Raises `InvalidIdentifier` with code document_form, or with those of `resident_id.parse`.
    """
    if kind is DocumentKind.RESIDENT_ID:
        return resident_id.parse(text).number
    number = normalise(text)
    if _FORMS[kind].fullmatch(number) is None or (kind is DocumentKind.MILITARY_ID and _is_resident_id(number)):
        raise InvalidIdentifier("document_form")
    return number


def _is_resident_id(number: str) -> bool:
    """Whether it is one; under another kind its holder would be somebody else, whom no register finds twice."""
    try:
        resident_id.parse(number)
    except InvalidIdentifier:
        return False
    return True

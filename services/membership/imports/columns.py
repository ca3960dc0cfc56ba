"""The columns of a file of members, as the real-name register heads them, and how each cell is read."""

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from marshmallow import ValidationError, fields

from chassis.errors import Refused
from chassis.sheets import DAMAGED
from contracts.fields import YEARS, Name
from contracts.membership.applications import SubmitApplication
from contracts.membership.register import EmploymentDetails, PersonDetails
from contracts.schema import Fault as FieldFault
from kernel import regions
from kernel.codes.code_list import CodeList, UnknownCode
from kernel.codes.education import Education
from kernel.codes.employment_state import EmploymentState
from kernel.codes.ethnicity import Ethnicity
from kernel.codes.household_type import HouseholdType
from kernel.codes.membership_change import ChangeReason, ChangeType
from kernel.codes.political_status import PoliticalStatus
from kernel.codes.sex import Sex
from kernel.codes.skill_level import SkillLevel
from kernel.codes.worker_category import WorkerCategory
from kernel.identifiers.documents import DocumentKind
from kernel.identifiers.text import half_width

#: What people write as a date: 2024-03-08, 2024/3/8, 2024.3.8, 2024年3月8日 or 20240308.
_DATE = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日?|(\d{2})(\d{2}))", re.ASCII)
_YES_NO = {"是": True, "否": False}
_PERSON, _EMPLOYMENT, _APPLICATION = (each().fields for each in (PersonDetails, EmploymentDetails, SubmitApplication))
#: Regions of today by name.
_REGIONS = {region.name: region.code for region in regions.regions().values() if region.valid_to is None}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one row; it never holds the value."""

    row: int
    #: Heading of the column.
    field: str
    code: str
    #: What fills the words of the code.
    params: Mapping[str, str] = dataclasses.field(default_factory=dict)


class Unreadable(Exception):
    """A cell that does not mean what its column asks for; `code` and `params` say why, and nothing shows the cell."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, the name of its value, and who reads its cells."""

    heading: str
    name: str
    read: Callable[[str], Any]
    #: Whether the column must be there, and be filled in each row.
    required: bool = False


def _checked(checking: fields.Field[Any]) -> Callable[[str], Any]:
    """A cell is right if the API takes it in this field."""
    return partial(_deserialized, checking)


def _deserialized(checking: fields.Field[Any], text: str) -> Any:
    try:
        return checking.deserialize(text)
    except ValidationError as error:
        [message, *_] = error.messages
        raise Unreadable(message, **message.params if isinstance(message, FieldFault) else {}) from None


def _one_of(codes: type[CodeList]) -> Callable[[str], CodeList]:
    return partial(_coded, codes)


def _coded(codes: type[CodeList], text: str) -> CodeList:
    try:
        return codes.read(text)
    except UnknownCode as error:
        raise Unreadable(error.code, choices=", ".join(code.zh for code in codes)) from None


def _date(text: str) -> date:
    written = _DATE.fullmatch(half_width(text))
    if written is None:
        raise Unreadable("not_a_date")
    year, month, day = (int(part) for part in written.groups() if part and part.isdigit())
    try:
        found = date(year, month, day)
    except ValueError:
        raise Unreadable("not_a_date") from None
    if found.year not in YEARS:
        raise Unreadable("date_range")
    return found


def _yes_or_no(text: str) -> bool:
    if (answer := _YES_NO.get(half_width(text))) is None:
        raise Unreadable("not_a_boolean")
    return answer


def _region(text: str) -> str:
    """A code of six digits, or the name of a region that the table knows."""
    return str(_deserialized(_PERSON["household_region"], _REGIONS.get(text) or half_width(text)))


_COLUMNS = (
    Column("姓名", "name", _checked(_PERSON["name"]), required=True),
    Column("性别", "sex", _one_of(Sex)),
    Column("出生日期", "birth_date", _date),
    Column("民族", "ethnicity", _one_of(Ethnicity)),
    Column("就业状况", "employment_state", _one_of(EmploymentState)),
    Column("有效证件类别", "document_kind", _one_of(DocumentKind)),
    Column("证件号码", "document_no", _checked(_PERSON["document_no"]), required=True),
    Column("学历", "education", _one_of(Education)),
    Column("技能等级", "skill_level", _one_of(SkillLevel)),
    Column("移动电话", "mobile", _checked(_PERSON["mobile"]), required=True),
    Column("户籍类型", "household_type", _one_of(HouseholdType)),
    Column("户籍所在地", "household_region", _region),
    Column("会籍变化类型", "change", _one_of(ChangeType)),
    Column("会籍变化日期", "since", _date),
    Column("会籍变化原因", "reason", _one_of(ChangeReason)),
    Column("政治面貌", "political_status", _one_of(PoliticalStatus)),
    Column("工作单位", "employer", _checked(Name())),
    Column("是否农民工", "is_rural_migrant", _yes_or_no),
    Column("所属工会", "union", _checked(Name())),
    Column("会员编号", "member_no", _checked(_APPLICATION["member_no"])),
    Column("工号", "employee_no", _checked(_EMPLOYMENT["employee_no"])),
    Column("职工类别", "worker_category", _one_of(WorkerCategory)),
    Column("是否产业工人", "is_industrial_worker", _yes_or_no),
    Column("入职日期", "started_on", _date),
)
#: What files of the register hold beside these, and nobody needs here (个人信息保护法 art 6): it is not looked at.
_PASSED_OVER = frozenset({"序号", "籍贯", "是否导入成功", "错误原因"})
_BY_HEADING = {column.heading: column for column in _COLUMNS}
#: The heading under which each value stands.
HEADINGS: Mapping[str, str] = {column.name: column.heading for column in _COLUMNS}


#: What people write in headings, and in no name or number of a person.
_OF_HEADINGS = re.compile(
    r"姓名|名称|证件|身份证|号码|编号|日期|时间|年月|电话|手机|邮箱|类别|类型|状态|状况|性质|单位|部门|工会|备注|地址"
    r"|\b(?:name|id|document|number|date|birth|phone|mobile|e-?mail|type|status|state|union|employer|remarks)\b",
    re.IGNORECASE,
)
#: Characters of the longest heading that is told.
_LONGEST_HEADING = 30


class Layout:
    """Which column stands where in one file."""

    def __init__(self, headings: Sequence[str]) -> None:
        """Raises Refused `unknown_column` with the column's place, `given_twice` or `missing_column`.

        A heading itself is told only where it can be nothing else: in a file without headings it would be the first
        person's data.
        """
        self._places: dict[int, Column] = {}
        for place, heading in enumerate(map(_plain, headings)):
            column = _BY_HEADING.get(heading)
            if column is None and heading and heading not in _PASSED_OVER:
                raise _unknown(place, headings[place])
            if column in self._places.values():
                raise Refused("given_twice", field=heading)
            if column is not None:
                self._places[place] = column
        self._check_complete(self._places.values())

    def read(self, number: int, cells: Sequence[str]) -> tuple[dict[str, Any], list[Fault]]:
        """The values of a row by name, None where nothing stands or what stands is wrong; and what is wrong."""
        values: dict[str, Any] = dict.fromkeys(HEADINGS)
        faults = []
        for place, column in self._places.items():
            text = cells[place] if place < len(cells) else ""
            try:
                values[column.name] = _value(column, text)
            except Unreadable as error:
                faults.append(Fault(number, column.heading, error.code, error.params))
        return values, faults

    @staticmethod
    def _check_complete(columns: Iterable[Column]) -> None:
        there = set(columns)
        for column in _COLUMNS:
            if column.required and column not in there:
                known = ", ".join(each.heading for each in _COLUMNS if each.required)
                raise Refused("missing_column", field=column.heading, params={"column": column.heading, "known": known})


def _value(column: Column, text: str) -> Any:
    if not text:
        if column.required:
            raise Unreadable("required")
        return None
    if DAMAGED in text:
        raise Unreadable("damaged_cell")
    return column.read(text)


def _plain(heading: str) -> str:
    """Without the star of a required column, and however it is spaced."""
    return "".join(half_width(heading).split()).strip("*")


def _unknown(place: int, heading: str) -> Refused:
    column = letters = _letters(place)
    if len(heading) <= _LONGEST_HEADING and heading.isprintable() and not re.search(r"[\d:：]", heading):
        column += f" “{heading}”" if _OF_HEADINGS.search(heading) else ""
    params = {"column": column, "known": ", ".join(each.heading for each in _COLUMNS)}
    return Refused("unknown_column", field=letters, params=params)


def _letters(place: int) -> str:
    """The name of a column by its place, as spreadsheets have it: A, B, … Z, AA."""
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters

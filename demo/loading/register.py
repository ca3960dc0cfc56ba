"""Writes the file of members that a clerk imports: a row for each, under the headings of the real-name register."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from contracts.files import CSV
from demo.year.generator import Year
from demo.year.people import Person
from kernel.codes.employment_state import EmploymentState
from kernel.codes.membership_change import ChangeReason, ChangeType

#: Media type of the file.
MEDIA_TYPE = CSV


@dataclass(frozen=True, slots=True)
class _Row:
    """A person on the day of the import, and the names of union and enterprise."""

    person: Person
    is_retained: bool
    union: str
    enterprise: str


#: Headings, and what stands below each.
COLUMNS: Mapping[str, Callable[[_Row], str]] = {
    "姓名": lambda row: row.person.name,
    "性别": lambda row: row.person.sex.aliases[0],
    "民族": lambda row: row.person.ethnicity.zh,
    "就业状况": lambda row: (EmploymentState.UNEMPLOYED if row.is_retained else EmploymentState.ON_POST).zh,
    "证件号码": lambda row: row.person.resident_id,
    "学历": lambda row: row.person.education.zh,
    "技能等级": lambda row: row.person.job.skill_level.zh if row.person.job.skill_level else "",
    "移动电话": lambda row: row.person.mobile,
    "户籍类型": lambda row: row.person.household_type.zh,
    "户籍所在地": lambda row: row.person.household_region,
    "会籍变化类型": lambda row: (ChangeType.RETAINED if row.is_retained else ChangeType.JOINED).zh,
    "会籍变化日期": lambda row: _since(row).isoformat(),
    "会籍变化原因": lambda row: ChangeReason.UNEMPLOYED.zh if row.is_retained else "",
    "政治面貌": lambda row: row.person.political_status.zh,
    "是否农民工": lambda row: "是" if row.person.is_rural_migrant else "否",
    "是否产业工人": lambda row: "是" if row.person.job.is_industrial_worker else "否",
    "职工类别": lambda row: row.person.job.category.zh,
    "所属工会": lambda row: row.union,
    "工作单位": lambda row: row.enterprise,
    "会员编号": lambda row: row.person.member_no,
    "入职日期": lambda row: row.person.employed_since.isoformat(),
}


def write(year: Year, people: Iterable[Person], day: date) -> bytes:
    """The file of the people who join by a day; the same bytes each time."""
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow(COLUMNS)
    for person in people:
        row = _row(year, person, day)
        table.writerow(cell(row) for cell in COLUMNS.values())
    return file.getvalue().encode()


def _is_retained(person: Person, day: date) -> bool:
    """Whether the membership is retained by a day."""
    since = person.membership.retained_on
    return since is not None and since <= day


def _row(year: Year, person: Person, day: date) -> _Row:
    place = person.membership
    enterprise = "" if place.enterprise is None else year.enterprises[place.enterprise].name
    return _Row(person, _is_retained(person, day), year.unions[place.union].name, enterprise)


def _since(row: _Row) -> date:
    retained_on = row.person.membership.retained_on
    return retained_on if row.is_retained and retained_on else row.person.membership.joined_on

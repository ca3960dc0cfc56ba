"""Code lists are spelled on the wire and in import files, so their values may never change, and every name is read."""

import orjson
import pytest

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

#: Every list with its codes, in order.
CODES: dict[type[CodeList], str] = {
    Sex: "0 1 2 9",
    WorkerCategory: "10 11 12 13 14 19 90",
    Ethnicity: " ".join(f"{number:02}" for number in (*range(1, 57), 97, 98)),
    Education: "10 20 30 40 60 70 80 90",
    PoliticalStatus: "01 02 03 04 05 06 07 08 09 10 11 12 13",
    HouseholdType: (
        "none non_agricultural_family agricultural_family non_agricultural_collective agricultural_collective "
        "self_supplied_grain temporary sponsored other"
    ),
    EmploymentState: "1 2 3 4 5 6 7 8 9",
    SkillLevel: "1 2 3 4 5 6 7 8",
    ChangeType: "1 2 3 4 5 6",
    ChangeReason: "1 2 3 4 5 6",
    DocumentKind: (
        "resident_id passport hk_macau_travel_permit taiwan_travel_permit foreign_permanent_residence military_id"
    ),
}
every_list = pytest.mark.parametrize("codes", CODES)


@every_list
def test_a_list_has_exactly_the_codes_of_its_standard(codes: type[CodeList]) -> None:
    assert [member.value for member in codes] == CODES[codes].split()


@every_list
def test_every_code_and_every_name_is_read_as_its_own_member(codes: type[CodeList]) -> None:
    for member in codes:
        for text in (member.value, member.zh, *member.aliases):
            assert codes.read(text) is member, text


@every_list
def test_no_two_codes_share_a_name(codes: type[CodeList]) -> None:
    for language in ("zh", "en"):
        assert len({getattr(member, language) for member in codes}) == len(codes)


@pytest.mark.parametrize(
    ("codes", "text", "member"),
    [
        (Ethnicity, "01", Ethnicity.HAN),
        (Ethnicity, "1", Ethnicity.HAN),
        (Ethnicity, "汉", Ethnicity.HAN),
        (Ethnicity, " 汉族　", Ethnicity.HAN),
        (Ethnicity, "22", Ethnicity.SHE),
        (Ethnicity, "畲族", Ethnicity.SHE),
        (Ethnicity, "56", Ethnicity.JINO),
        (Ethnicity, "基诺族", Ethnicity.JINO),
        (Sex, "女", Sex.FEMALE),
        (Sex, "0", Sex.UNKNOWN),
        (Education, "大专", Education.JUNIOR_COLLEGE),
        (Education, "本科", Education.BACHELOR),
        (SkillLevel, "三级/高级工", SkillLevel.SENIOR),
        (PoliticalStatus, "群众", PoliticalStatus.MASSES),
        (PoliticalStatus, "中共党员", PoliticalStatus.CPC_MEMBER),
        (PoliticalStatus, "3", PoliticalStatus.LEAGUE_MEMBER),
        (EmploymentState, "内退", EmploymentState.RETIRED_INTERNALLY),
        (ChangeType, "除名", ChangeType.EXPELLED),
        (ChangeReason, "劳动（工作）关系发生变化", ChangeReason.LABOUR_RELATION_CHANGED),
        (WorkerCategory, "外卖骑手", WorkerCategory.FOOD_DELIVERY_RIDER),
        (DocumentKind, "身份证", DocumentKind.RESIDENT_ID),
    ],
)
def test_a_cell_is_read_as_people_write_it(codes: type[CodeList], text: str, member: CodeList) -> None:
    assert codes.read(text) is member


@every_list
@pytest.mark.parametrize("text", ["", " ", "00", "57", "99", "001", "汉汉族", "MALE", "无此名称"])
def test_anything_else_is_refused_and_not_shown(codes: type[CodeList], text: str) -> None:
    with pytest.raises(UnknownCode) as raised:
        codes.read(text)
    assert raised.value.code == "unknown_code"
    assert not text.strip() or text not in str(raised.value)


def test_a_member_is_its_code_wherever_it_is_written() -> None:
    assert f"{Ethnicity.HAN}" == Ethnicity("01") == "01"
    assert orjson.dumps({"ethnicity": Ethnicity.HAN}) == b'{"ethnicity":"01"}'

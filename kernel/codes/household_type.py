"""The type of a household registration, because the register of members asks for it."""

from kernel.codes.code_list import CodeList


class HouseholdType(CodeList):
    """The values of GA/T 2000.27 as a real register has them (certainty V2); its numbers are not known to us."""

    NONE = "none", "未落常住户口", "none"
    NON_AGRICULTURAL_FAMILY = (
        *("non_agricultural_family", "非农业家庭户口", "non-agricultural family"),
        *("非农业家庭户", "非农业户口"),
    )
    AGRICULTURAL_FAMILY = "agricultural_family", "农业家庭户口", "agricultural family", "农业家庭户", "农业户口"
    NON_AGRICULTURAL_COLLECTIVE = (
        *("non_agricultural_collective", "非农业集体户口", "non-agricultural collective"),
        *("非农业集体户",),
    )
    AGRICULTURAL_COLLECTIVE = "agricultural_collective", "农业集体户口", "agricultural collective", "农业集体户"
    SELF_SUPPLIED_GRAIN = "self_supplied_grain", "自理口粮户口", "self-supplied grain", "自理口粮户"
    TEMPORARY = "temporary", "暂住户口", "temporary"
    SPONSORED = "sponsored", "寄住户口", "sponsored"
    OTHER = "other", "其他户口", "other", "其他"

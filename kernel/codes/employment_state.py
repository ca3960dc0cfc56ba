"""Where a member stands in working life, because dues, votes and statistics depend on it."""

from kernel.codes.code_list import CodeList


class EmploymentState(CodeList):
    """The list of the real-name register of members (certainty V2)."""

    ON_POST = "1", "在岗", "on post"
    LAID_OFF = "2", "下岗", "laid off", "待岗"
    UNEMPLOYED = "3", "失业", "unemployed"
    RETIRED = "4", "退休", "retired"
    RETIRED_CADRE = "5", "离休", "retired with cadre status"
    RESIGNED_EARLY = "6", "退职", "left work before the right to a pension"
    RETIRED_INTERNALLY = "7", "内退", "retired internally"
    SICK_LEAVE = "8", "病休", "on sick leave"
    OTHER = "9", "其他", "other"

"""How skilled somebody is by certificate, because other services may hear a code and never what somebody typed."""

from kernel.codes.code_list import CodeList


class SkillLevel(CodeList):
    """The eight levels of 2022 (R-SKL-02); those that the register of members knows too have its codes (R-SKL-03).

    The certainty of both is V2. The other three have no code there: 6, 7 and 8 are this product's own.
    """

    SENIOR_TECHNICIAN = "1", "高级技师", "senior technician", "一级", "一级/高级技师"
    TECHNICIAN = "2", "技师", "technician", "二级", "二级/技师"
    SENIOR = "3", "高级工", "senior worker", "三级", "三级/高级工"
    INTERMEDIATE = "4", "中级工", "intermediate worker", "四级", "四级/中级工"
    JUNIOR = "5", "初级工", "junior worker", "五级", "五级/初级工"
    APPRENTICE = "6", "学徒工", "apprentice"
    SPECIAL_GRADE_TECHNICIAN = "7", "特级技师", "special-grade technician"
    CHIEF_TECHNICIAN = "8", "首席技师", "chief technician"

"""Education as the national standard codes it, by its main levels, because the register of members asks for it."""

from kernel.codes.code_list import CodeList


class Education(CodeList):
    """GB/T 4658-2006, its main levels only, from memory (certainty MH)."""

    GRADUATE = "10", "研究生教育", "graduate", "研究生", "博士研究生", "硕士研究生", "博士", "硕士"
    BACHELOR = "20", "大学本科教育", "bachelor", "大学本科", "本科"
    JUNIOR_COLLEGE = "30", "大学专科教育", "junior college", "大学专科", "专科", "大专"
    SECONDARY_VOCATIONAL = "40", "中等职业教育", "secondary vocational", "中等专科", "中专", "中职", "职高", "技校"
    SENIOR_SECONDARY = "60", "普通高级中学教育", "senior secondary", "普通高中", "高中"
    JUNIOR_SECONDARY = "70", "初级中学教育", "junior secondary", "初级中学", "初中"
    PRIMARY = "80", "小学教育", "primary", "小学"
    OTHER = "90", "其他", "other"

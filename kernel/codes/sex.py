"""Sex as the national standard codes it, because resident ID numbers and member records are compared by it."""

from kernel.codes.code_list import CodeList


class Sex(CodeList):
    """GB/T 2261.1-2003."""

    UNKNOWN = "0", "未知的性别", "unknown", "未知"
    MALE = "1", "男性", "male", "男"
    FEMALE = "2", "女性", "female", "女"
    UNSTATED = "9", "未说明的性别", "unstated", "未说明"

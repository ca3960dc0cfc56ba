"""Sex as the national standard codes it, because resident ID numbers and member records are compared by it."""

from enum import StrEnum


class Sex(StrEnum):
    """GB/T 2261.1-2003."""

    UNKNOWN = "0"
    MALE = "1"
    FEMALE = "2"
    UNSTATED = "9"

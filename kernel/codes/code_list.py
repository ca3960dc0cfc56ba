"""A code means the same to every service, and people write its name: import files hold 汉族, never 01."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Self

from kernel.errors import KernelError
from kernel.identifiers.text import half_width


class UnknownCode(KernelError):
    """The text is neither a code of the list nor a name of one."""

    code = "unknown_code"


class CodeList(StrEnum):
    """Base of a list: `MEMBER = code, Chinese name, English name, other ways to write it in Chinese`."""

    zh: str
    en: str
    aliases: tuple[str, ...]

    def __new__(cls, code: str, zh: str, en: str, *aliases: str) -> Self:
        """The code is the member's value; the names stand beside it."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.zh, member.en, member.aliases = zh, en, aliases
        return member

    @classmethod
    def read(cls, text: str) -> Self:
        """The member that a cell means: its code, also without the leading zeros that spreadsheets drop, or its name.

        Raises `UnknownCode`, which does not show the text.
        """
        spellings = _spellings(cls)
        member = spellings.get(text) or spellings.get(half_width(text))
        if not isinstance(member, cls):
            raise UnknownCode
        return member


@cache
def _spellings(codes: type[CodeList]) -> Mapping[str, CodeList]:
    return {
        text: member
        for member in codes
        for text in (member.value, member.lstrip("0") or member.value, member.zh, *member.aliases)
    }

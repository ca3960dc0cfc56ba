"""A unified social credit code (GB 32100-2015) names an employer or union; both of its check characters must agree."""

from dataclasses import dataclass

from kernel import regions
from kernel.identifiers.errors import InvalidIdentifier
from kernel.identifiers.text import half_width

#: Warnings, never refusals: neither list is closed.
DEPARTMENT_UNKNOWN = "uscc_department_unknown"
REGION_UNKNOWN = "uscc_region_unknown"

#: The department that registers unions.
UNION_DEPARTMENT = "8"

#: Registering departments: 1 to 9, A military, N agriculture, Y others (certainty V2; A: MH).
_DEPARTMENTS = frozenset("123456789ANY")

#: GB 32100: the value of a character is its place; I, O, S, V and Z are not used.
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))

#: GB 11714: weights of the organisation code's eight characters, and the check character of each remainder.
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_CHECK_CHARACTERS = "0X987654321"


@dataclass(frozen=True, slots=True)
class Uscc:
    """A code whose two check characters are right."""

    code: str

    @property
    def department(self) -> str:
        """The registering department's character."""
        return self.code[0]

    @property
    def region_code(self) -> str:
        """The six-digit code of the registering region."""
        return self.code[2:8]

    @property
    def organisation_code(self) -> str:
        """The nine-character organisation code (GB 11714)."""
        return self.code[8:17]

    @property
    def is_union(self) -> bool:
        """Whether a trade-union federation registered it."""
        return self.department == UNION_DEPARTMENT

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a clerk should look at, although the code is accepted."""
        found = () if self.department in _DEPARTMENTS else (DEPARTMENT_UNKNOWN,)
        return found if regions.is_known(self.region_code) else (*found, REGION_UNKNOWN)


def normalise(text: str) -> str:
    """Give the one spelling that is stored; the result need not be a valid code."""
    return half_width(text).upper()


def check_character(first_17: str) -> str:
    """Give the last character of the code that begins with these 17."""
    total = sum(_ALPHABET.index(character) * weight for character, weight in zip(first_17, _WEIGHTS, strict=True))
    return _ALPHABET[-total % 31]


def organisation_check_character(first_8: str) -> str:
    """Give the ninth character of the organisation code that begins with these eight; letters count from A = 10."""
    total = sum(int(character, 36) * weight for character, weight in zip(first_8, _ORGANISATION_WEIGHTS, strict=True))
    return _ORGANISATION_CHECK_CHARACTERS[total % 11]


def parse(text: str) -> Uscc:
    """Read a code.

    Raises `InvalidIdentifier` with code uscc_length, uscc_characters, uscc_check_character or
    uscc_organisation_check_character.
    """
    code = normalise(text)
    if len(code) != 18:
        raise InvalidIdentifier("uscc_length")
    if not set(code) <= set(_ALPHABET):
        raise InvalidIdentifier("uscc_characters")
    if check_character(code[:17]) != code[17]:
        raise InvalidIdentifier("uscc_check_character")
    if organisation_check_character(code[8:16]) != code[16]:
        raise InvalidIdentifier("uscc_organisation_check_character")
    return Uscc(code)

"""A unified social credit code is accepted only if both of its check characters are right."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import uscc as oracle

from kernel.identifiers.errors import InvalidIdentifier
from kernel.identifiers.uscc import (
    DEPARTMENT_UNKNOWN,
    REGION_UNKNOWN,
    check_character,
    organisation_check_character,
    parse,
)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

first_16_characters = st.tuples(
    st.sampled_from("123456789ANY"),
    st.sampled_from("1239"),
    st.integers(110000, 659999).map(str),
    st.text(ALPHABET, min_size=8, max_size=8),
).map("".join)


def complete(first_16: str) -> str:
    first_17 = first_16 + organisation_check_character(first_16[8:])
    return first_17 + check_character(first_17)


@pytest.mark.parametrize(
    ("code", "is_union"),
    [
        ("81330110MC00000128", True),
        ("89330110MC0000020A", True),
        ("91330110MA0000015C", False),
        ("91110000600037341L", False),
    ],
)
def test_a_valid_code_tells_whether_it_is_a_unions(code: str, is_union: bool) -> None:
    assert parse(code).code == code
    assert parse(code).is_union is is_union


def test_a_code_tells_its_parts() -> None:
    uscc = parse("91330110MA0000015C")
    assert (uscc.department, uscc.region_code, uscc.organisation_code) == ("9", "330110", "MA0000015")


@pytest.mark.parametrize("typed", [" 91330110ma0000015c ", "９１３３０１１０ＭＡ０００００１５Ｃ"])
def test_every_usual_spelling_is_one_code(typed: str) -> None:
    assert parse(typed).code == "91330110MA0000015C"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", "uscc_length"),
        ("91330110MA0000015", "uscc_length"),
        ("91330110MA0000015D", "uscc_check_character"),
        ("91330110MA0000016" + check_character("91330110MA0000016"), "uscc_organisation_check_character"),
        *[(f"9133011{letter}MA0000015C", "uscc_characters") for letter in "IOSVZ"],
        ("91330110MA-000015C", "uscc_characters"),
    ],
)
def test_an_invalid_code_is_refused_by_the_first_rule_it_breaks(code: str, reason: str) -> None:
    with pytest.raises(InvalidIdentifier) as refused:
        parse(code)
    assert refused.value.code == reason


def test_unknown_departments_and_regions_warn_and_are_never_refused() -> None:
    assert parse("91330110MA0000015C").warnings == ()
    assert parse(complete("N1330199MA000001")).warnings == (REGION_UNKNOWN,)
    assert parse(complete("B1330110MA000001")).warnings == (DEPARTMENT_UNKNOWN,)
    assert parse(complete("B1330199MA000001")).warnings == (DEPARTMENT_UNKNOWN, REGION_UNKNOWN)


@given(first_16_characters)
def test_a_generated_code_is_accepted_and_its_last_character_agrees_with_the_oracle(first_16: str) -> None:
    code = complete(first_16)
    assert parse(code).code == code
    assert code[17] == oracle.calc_check_digit(code[:17])


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8))
def test_an_organisation_code_adds_up_to_a_multiple_of_eleven(first_8: str) -> None:
    check = organisation_check_character(first_8)
    total = sum(int(character, 36) * weight for character, weight in zip(first_8, ORGANISATION_WEIGHTS, strict=True))
    assert (total + "0123456789X".index(check)) % 11 == 0


@given(first_16_characters, st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_any_single_changed_character_is_refused(first_16: str, place: int, character: str) -> None:
    code = complete(first_16)
    assume(character != code[place])
    with pytest.raises(InvalidIdentifier) as refused:
        parse(code[:place] + character + code[place + 1 :])
    assert refused.value.code in {"uscc_check_character", "uscc_characters"}

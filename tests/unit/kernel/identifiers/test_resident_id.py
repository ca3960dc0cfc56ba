"""A resident ID number is accepted on its own proof, refused by the first rule it breaks, and never echoed."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.cn import ric

from kernel.codes.sex import Sex
from kernel.identifiers.errors import InvalidIdentifier
from kernel.identifiers.resident_id import REGION_UNKNOWN, Holder, check_character, normalise, parse, validate

REPORT_DATE = date(2023, 9, 30)

first_17_digits = st.builds(
    lambda region, birth, sequence: f"{region:06}{birth:%Y%m%d}{sequence:03}",
    st.integers(110000, 659999),
    st.dates(date(1904, 1, 1), date(2007, 9, 30)),
    st.integers(1, 999),
)


@pytest.mark.parametrize(
    ("number", "birth", "sex", "region"),
    [
        ("330110200203070019", date(2002, 3, 7), Sex.MALE, "330110"),
        ("330110198512310020", date(1985, 12, 31), Sex.FEMALE, "330110"),
        ("51082419880229003X", date(1988, 2, 29), Sex.MALE, "510824"),
        ("810000199003070058", date(1990, 3, 7), Sex.MALE, "810000"),
        ("830000199211170014", date(1992, 11, 17), Sex.MALE, "830000"),
    ],
)
def test_a_valid_number_of_a_member_tells_birth_sex_and_region(number: str, birth: date, sex: Sex, region: str) -> None:
    resident_id = validate(number, Holder.MEMBER, REPORT_DATE, sex)
    assert (resident_id.birth_date, resident_id.sex, resident_id.region_code) == (birth, sex, region)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "resident_id_length"),
        ("33011020020307001", "resident_id_length"),
        ("3301102002030700199", "resident_id_length"),
        ("33011020020307001A", "resident_id_characters"),
        ("3301X0200203070019", "resident_id_characters"),
        ("33011020020307001９９", "resident_id_length"),
        ("٣30110200203070019", "resident_id_characters"),
        ("330110020307001", "resident_id_fifteen_digits"),
        ("330110200203070018", "resident_id_check_digit"),
        ("330110199002300011", "resident_id_birth_date"),
        ("330110209903070010", "resident_id_birth_in_future"),
        ("330113202203070017", "resident_id_age"),
    ],
)
def test_an_invalid_number_is_refused_by_the_first_rule_it_breaks(number: str, code: str) -> None:
    with pytest.raises(InvalidIdentifier) as refused:
        validate(number, Holder.MEMBER, REPORT_DATE)
    assert refused.value.code == code


def test_a_child_is_accepted_in_childcare_and_an_adult_is_not() -> None:
    assert validate("330113202203070017", Holder.CHILD, REPORT_DATE).region_code == "330113"
    with pytest.raises(InvalidIdentifier) as refused:
        validate("330110200203070019", Holder.CHILD, REPORT_DATE)
    assert refused.value.code == "resident_id_age"


@pytest.mark.parametrize(
    ("holder", "birthday_of", "accepted_from"),
    [(Holder.MEMBER, 16, date(2018, 3, 7)), (Holder.CHILD, 0, date(2002, 3, 7))],
)
def test_an_age_is_reached_on_the_birthday_and_not_the_day_before(
    holder: Holder, birthday_of: int, accepted_from: date
) -> None:
    number = "330110200203070019"
    assert validate(number, holder, accepted_from).age(accepted_from) == birthday_of
    with pytest.raises(InvalidIdentifier):
        validate(number, holder, accepted_from - timedelta(days=1))


@pytest.mark.parametrize(
    ("holder", "last_accepted"), [(Holder.MEMBER, date(2123, 3, 6)), (Holder.CHILD, date(2016, 3, 6))]
)
def test_an_age_ends_the_day_before_the_next_birthday(holder: Holder, last_accepted: date) -> None:
    number = "330110200203070019"
    assert validate(number, holder, last_accepted)
    with pytest.raises(InvalidIdentifier) as refused:
        validate(number, holder, last_accepted + timedelta(days=1))
    assert refused.value.code == "resident_id_age"


def test_who_was_born_on_29_february_grows_older_on_1_march_of_a_common_year() -> None:
    resident_id = parse("51082419880229003X")
    assert [resident_id.age(on) for on in (date(2023, 2, 28), date(2023, 3, 1), date(2024, 2, 29))] == [34, 35, 36]


@pytest.mark.parametrize("stated", [Sex.FEMALE, Sex.MALE])
def test_a_stated_sex_must_agree_with_the_number(stated: Sex) -> None:
    opposite = {Sex.FEMALE: "330110200203070019", Sex.MALE: "330110198512310020"}[stated]
    with pytest.raises(InvalidIdentifier) as refused:
        validate(opposite, Holder.MEMBER, REPORT_DATE, stated)
    assert refused.value.code == "resident_id_sex"


@pytest.mark.parametrize("stated", [Sex.UNKNOWN, Sex.UNSTATED, None])
def test_a_sex_that_nobody_stated_is_not_compared(stated: Sex | None) -> None:
    assert validate("330110198512310020", Holder.MEMBER, REPORT_DATE, stated).sex is Sex.FEMALE


def test_an_unknown_region_warns_and_is_never_refused() -> None:
    first_17 = "33019919900307001"
    unknown = validate(first_17 + check_character(first_17), Holder.MEMBER, REPORT_DATE)
    assert unknown.warnings == (REGION_UNKNOWN,)
    assert parse("330113202203070017").warnings == ()


@pytest.mark.parametrize(
    "typed",
    [" 51082419880229003x ", "51082419880229003x", "５１０８２４１９８８０２２９００３ｘ", "　51082419880229003Ｘ"],
)
def test_every_usual_spelling_is_one_number(typed: str) -> None:
    assert normalise(typed) == "51082419880229003X"
    assert parse(typed).number == "51082419880229003X"


def test_neither_an_error_nor_a_repr_shows_the_number() -> None:
    with pytest.raises(InvalidIdentifier) as refused:
        parse("330110199002300011")
    shown = f"{refused.value!r} {refused.value.__cause__!r} {parse('51082419880229003X')!r}"
    assert "3301" not in shown
    assert "1988" not in shown


@given(first_17_digits)
def test_a_generated_number_of_a_working_person_is_accepted(first_17: str) -> None:
    number = first_17 + ric.calc_check_digit(first_17 + "0")
    assert validate(number, Holder.MEMBER, REPORT_DATE).number == number


@given(first_17_digits, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_any_single_changed_digit_is_refused(first_17: str, place: int, digit: str) -> None:
    number = first_17 + check_character(first_17)
    assume(digit != number[place])
    with pytest.raises(InvalidIdentifier) as refused:
        parse(number[:place] + digit + number[place + 1 :])
    assert refused.value.code in {"resident_id_check_digit", "resident_id_characters"}

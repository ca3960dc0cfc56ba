"""The numbers of the demo are valid in form, each is given once, and none can be anybody's."""

import random
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from demo.year.days import REPORT_DATE
from demo.year.generator import year
from demo.year.identifiers import REGION, Identifiers
from demo.year.scale import SMALL
from demo.year.shares import divide
from kernel import regions
from kernel.codes.sex import Sex
from kernel.identifiers import mobile, resident_id, uscc
from kernel.identifiers.resident_id import Holder

births = st.dates(date(1960, 1, 1), date(2005, 12, 31))
sexes = st.sampled_from((Sex.MALE, Sex.FEMALE))


@given(st.integers(0, 99), births, sexes)
def test_a_resident_id_is_valid_and_of_no_region_that_was_assigned(number: int, born: date, sex: Sex) -> None:
    made = Identifiers(number, random.Random(number)).resident_id("340199", born, sex)
    read = resident_id.validate(made, Holder.MEMBER, REPORT_DATE, sex)
    assert read.birth_date == born
    assert made[4:6] == "99"
    assert not regions.is_known(read.region_code)


@given(births, sexes)
def test_more_people_than_a_day_has_numbers_for_are_born_on_the_next_days(born: date, sex: Sex) -> None:
    identifiers = Identifiers(1, random.Random(1))
    made = [identifiers.resident_id("340199", born, sex) for _ in range(12)]
    assert len(set(made)) == len(made)
    assert all(resident_id.parse(number).sex is sex for number in made)


@given(st.integers(0, 99))
def test_the_numbers_of_firms_and_telephones_are_valid_and_nobodys(number: int) -> None:
    identifiers = Identifiers(number, random.Random(number))
    codes = [uscc.parse(identifiers.uscc()) for _ in range(20)]
    assert {code.region_code for code in codes} == {REGION}
    assert len({code.code for code in codes}) == len(codes)
    mobiles = [mobile.parse(identifiers.mobile()) for _ in range(20)]
    assert {text[:3] for text in mobiles} == {"154"}
    assert len(set(mobiles)) == len(mobiles)


def test_numbers_of_people_agree_with_their_sex_and_age_and_are_given_once() -> None:
    people = year().people
    for person in people:
        read = resident_id.validate(person.resident_id, Holder.MEMBER, person.membership.joined_on, person.sex)
        assert person.resident_id[4:6] == person.household_region[4:6] == "99"
        assert read.age(REPORT_DATE) < 70
    for numbers in ([p.resident_id for p in people], [p.member_no for p in people], [p.mobile for p in people]):
        assert len(set(numbers)) == len(people)


def test_names_begin_with_a_place_and_are_given_once() -> None:
    made = year(scale=SMALL)
    names = [union.name for union in made.unions] + [firm.name for firm in made.enterprises]
    assert len(set(names)) == len(names)
    assert all(name.startswith(made.place) for name in names)


@given(st.integers(0, 5_000), st.lists(st.floats(0.01, 100), min_size=1, max_size=40), st.integers(0, 3))
def test_shares_add_up_to_the_total(total: int, weights: list[float], least: int) -> None:
    shares = divide(total + least * len(weights), weights, least)
    assert sum(shares) == total + least * len(weights)
    assert min(shares) >= least

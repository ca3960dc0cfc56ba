"""The load of the fault tests is the same each time, waits for nothing that never comes, and makes nobody twice."""

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from kernel.codes.sex import Sex
from kernel.identifiers import mobile, resident_id, uscc
from tests.fault.stand import SEED
from tests.support.plans import numbers
from tests.support.plans.steps import Fields, Pick, filled
from tests.support.plans.unions import ROOT
from tests.support.plans.year import plan

#: Numbers of people and enterprises: those of many hours.
NUMBERS = st.integers(0, 999_999)


def test_a_plan_is_the_same_at_each_call() -> None:
    def find(name: str) -> Fields:
        return defaultdict(lambda: name)

    def told(seed: int) -> list[object]:
        return [(step.name, filled(step.fields, 7, find)) for course in plan(seed) for step in course.steps]

    assert told(SEED) == told(SEED)
    assert told(SEED) != told(SEED + 1)


def test_steps_name_only_what_the_plan_has_before_them() -> None:
    known = {ROOT}

    def find(name: str) -> Fields:
        assert name in known
        return defaultdict(str)

    for course in plan(SEED):
        for step in course.steps:
            filled([step.fields, step.having if isinstance(step, Pick) else {}], 0, find)
            assert {*step.after} <= known
            assert step.name not in known
            known |= {step.name} - {""}


@given(NUMBERS, NUMBERS)
def test_everybody_has_a_valid_number_of_their_own(one: int, other: int) -> None:
    for make in (numbers.resident_id, numbers.mobile, numbers.uscc):
        assert (make(one) == make(other)) == (one == other)
    assert resident_id.parse(numbers.resident_id(one)).sex is (Sex.MALE if one % 2 else Sex.FEMALE)
    assert mobile.parse(numbers.mobile(one))
    assert uscc.parse(numbers.uscc(one))

"""The shipped law decides by place and day, and every rule of the founding and membership tables is there."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendar import Calendar, Due
from kernel.law import NATION, Certainty, Law, NoRuleInForce, Rule, UnknownRule, Value, jurisdictions

LAW = Law.load()
CALENDAR = Calendar.load()

ZONE = "330110"
SHAOXING = "330602"
BEIJING = "110101"
IN_2023 = date(2023, 3, 1)


@pytest.mark.parametrize(
    ("code", "place", "on", "value", "unit", "citation"),
    [
        ("R-CON-01", ZONE, IN_2023, 10, "working_days", "杭州市企业工资集体协商条例 art 24"),
        ("R-CON-01", SHAOXING, IN_2023, 10, "working_days", "浙江省集体合同条例 art 7"),
        ("R-CON-01", BEIJING, IN_2023, 20, "calendar_days", "工资集体协商试行办法 art 17"),
        ("R-CON-01", ZONE, date(2014, 4, 30), 10, "working_days", "浙江省集体合同条例 art 7"),
        ("R-CON-01", ZONE, date(2010, 12, 31), 20, "calendar_days", "工资集体协商试行办法 art 17"),
        ("R-CON-13", ZONE, IN_2023, 60, "calendar_days", "杭州市企业工资集体协商条例 art 29"),
        ("R-CON-17", ZONE, IN_2023, 10, "calendar_days", "杭州市企业工资集体协商条例 art 40"),
        ("R-CON-17", SHAOXING, IN_2023, 10, "calendar_days", "浙江省集体合同条例 art 34"),
        ("R-CON-17", BEIJING, IN_2023, 7, "calendar_days", "工资集体协商试行办法 art 21"),
        ("R-CON-18", ZONE, IN_2023, 15, "calendar_days", "杭州市企业工资集体协商条例 art 40"),
        ("R-CON-18", BEIJING, IN_2023, 15, "calendar_days", "工资集体协商试行办法 art 22"),
        ("R-CON-20", ZONE, IN_2023, 5, "working_days", "杭州市企业工资集体协商条例 art 41"),
        ("R-CON-20", BEIJING, IN_2023, 5, "calendar_days", "工资集体协商试行办法 art 23"),
        ("R-CON-21", ZONE, IN_2023, True, "fulfilled", "杭州市企业工资集体协商条例 art 41"),
        ("R-CON-21", SHAOXING, IN_2023, True, "fulfilled", "浙江省集体合同条例 art 35"),
        ("R-ORG-01", ZONE, IN_2023, 25, "members", "工会法 art 11"),
        ("R-ORG-03", ZONE, IN_2023, 10, "women_members", "工会基层组织选举工作条例 art 35"),
        ("R-ORG-07", ZONE, IN_2023, 200, "employees", "工会法 art 14"),
        ("R-ORG-08", ZONE, IN_2023, (3, 5), "years", "工会法 art 16"),
        ("R-ORG-09", ZONE, IN_2023, Fraction(1, 3), "of_members", "工会法 art 17"),
        ("R-ORG-12", ZONE, IN_2023, Fraction(1, 2), "of_all_entitled", "工会法 art 18"),
        ("R-ORG-14", ZONE, IN_2023, 3, "working_days_a_month", "工会法 art 41"),
        ("R-ORG-15.uscc", ZONE, IN_2023, ("81",), "first_two_characters", "GB 32100-2015 art 4"),
        ("R-ELE-01", ZONE, IN_2023, 100, "members", "中国工会章程 art 26"),
        ("R-ELE-06", ZONE, IN_2023, Fraction(2, 3), "of_entitled", "工会基层组织选举工作条例"),
        ("R-ELE-07", ZONE, IN_2023, Fraction(1, 20), "of_seats", "工会基层组织选举工作条例"),
        ("R-ELE-07.standing", ZONE, IN_2023, Fraction(1, 10), "of_seats", "工会基层组织选举工作条例"),
        ("R-ELE-10", ZONE, IN_2023, Fraction(1, 2), "of_entitled", "工会基层组织选举工作条例"),
        ("R-ELE-12", ZONE, IN_2023, ("direct", "by_committee"), "method", "中国工会章程 art 27"),
        ("R-ELE-16", ZONE, IN_2023, 6, "months", "工会基层组织选举工作条例"),
    ],
)
def test_the_most_specific_rule_in_force_decides(
    code: str, place: str, on: date, value: Value, unit: str, citation: str
) -> None:
    rule = LAW.rule(code, jurisdiction=place, on=on)
    assert (rule.value, rule.unit, rule.citation) == (value, unit, citation)


@pytest.mark.parametrize(
    ("code", "start", "due"),
    [
        ("R-CON-01", date(2023, 3, 6), date(2023, 3, 20)),
        ("R-CON-01", date(2023, 1, 13), date(2023, 2, 1)),
        ("R-CON-13", date(2023, 3, 6), date(2023, 5, 5)),
        ("R-CON-17", date(2023, 4, 19), date(2023, 5, 4)),
        ("R-CON-18", date(2023, 5, 8), date(2023, 5, 23)),
        ("R-CON-20", date(2023, 5, 23), date(2023, 5, 30)),
        ("R-CON-21.deadline", date(2023, 5, 23), date(2023, 5, 30)),
        ("R-ELE-13.answer", date(2022, 6, 18), date(2022, 7, 3)),
        ("R-ELE-16.vacancy", date(2022, 8, 31), date(2023, 2, 28)),
        ("R-ELE-18.period", date(2022, 6, 18), date(2023, 6, 18)),
    ],
)
def test_a_case_in_hangzhou_runs_by_its_own_clocks(code: str, start: date, due: date) -> None:
    rule = LAW.rule(code, jurisdiction=ZONE, on=start)
    assert rule.due(start, CALENDAR) == Due(due, provisional=False)


@pytest.mark.parametrize(
    ("code", "offered", "holds"),
    [
        ("R-ORG-01", 24, False),
        ("R-ORG-01", 25, True),
        ("R-ORG-08", 3, True),
        ("R-ORG-08", 4, False),
        ("R-ORG-08.federation", 3, False),
        ("R-ORG-09", Fraction(33, 100), False),
        ("R-ORG-09", Fraction(1, 3), True),
        ("R-ORG-12", Fraction(50, 100), False),
        ("R-ORG-12", Fraction(51, 100), True),
        ("R-ORG-14", 3, True),
        ("R-ORG-14", 4, False),
        ("R-ORG-04", True, True),
        ("R-ORG-04", False, False),
        ("R-MEM-01", "labour_relation", True),
        ("R-MEM-01", "shareholding", False),
        ("R-ORG-15.uscc", "91", False),
    ],
)
def test_a_figure_or_choice_is_held_against_the_rule(code: str, offered: Value | str, holds: bool) -> None:
    assert LAW.rule(code, jurisdiction=ZONE, on=IN_2023).holds(offered) is holds


@pytest.mark.parametrize(
    ("code", "members", "least", "most"),
    [
        ("R-ELE-02", 100, 30, 40),
        ("R-ELE-02", 200, 30, 40),
        ("R-ELE-02", 201, 40, 60),
        ("R-ELE-02", 1_000, 40, 60),
        ("R-ELE-02", 1_001, 60, 90),
        ("R-ELE-02", 5_000, 60, 90),
        ("R-ELE-02", 5_001, 90, 130),
        ("R-ELE-02", 10_000, 90, 130),
        ("R-ELE-02", 10_001, 130, 180),
        ("R-ELE-02", 50_000, 130, 180),
        ("R-ELE-02", 50_001, 180, 240),
        ("R-ELE-02", 1_000_000, 180, 240),
        ("R-ELE-03", 1, 3, 5),
        ("R-ELE-03", 24, 3, 5),
        ("R-ELE-03", 25, 3, 7),
        ("R-ELE-03", 200, 3, 7),
        ("R-ELE-03", 201, 7, 15),
        ("R-ELE-03", 1_000, 7, 15),
        ("R-ELE-03", 1_001, 15, 21),
        ("R-ELE-03", 5_000, 15, 21),
        ("R-ELE-03", 5_001, 21, 29),
        ("R-ELE-03", 10_000, 21, 29),
        ("R-ELE-03", 10_001, 29, 37),
        ("R-ELE-03", 50_000, 29, 37),
        ("R-ELE-03", 50_001, 37, 45),
        ("R-ELE-14.seats", 1, 3, 11),
        ("R-ELE-14.seats", 1_000_000, 3, 11),
    ],
)
def test_a_table_gives_the_band_of_a_size_from_its_first_to_its_last_member(
    code: str, members: int, least: int, most: int
) -> None:
    band = LAW.rule(code, jurisdiction=ZONE, on=IN_2023).band(members)
    assert band is not None
    assert (band.least, band.most) == (least, most)


@pytest.mark.parametrize(("code", "members"), [("R-ELE-02", 99), ("R-ELE-03", 0)])
def test_a_table_has_nothing_for_what_is_smaller_than_its_first_band(code: str, members: int) -> None:
    assert LAW.rule(code, jurisdiction=ZONE, on=IN_2023).band(members) is None


@pytest.mark.parametrize(
    ("meeting", "latest"),
    [
        (date(2022, 6, 18), date(2022, 6, 13)),
        (date(2022, 6, 20), date(2022, 6, 13)),
        (date(2023, 10, 9), date(2023, 9, 26)),
    ],
)
def test_a_lead_time_is_counted_in_working_days_back_from_the_event(meeting: date, latest: date) -> None:
    assert LAW.rule("R-ELE-05", jurisdiction=ZONE, on=meeting).latest(meeting, CALENDAR).on == latest


@pytest.mark.parametrize(
    ("code", "offered"), [("R-CON-01", 5), ("R-ORG-01", True), ("R-ORG-01", "25"), ("R-ELE-03", 9), ("R-ELE-05", 5)]
)
def test_a_question_that_makes_no_sense_for_the_rule_is_an_error(code: str, offered: Value | str) -> None:
    with pytest.raises(TypeError):
        LAW.rule(code, jurisdiction=ZONE, on=IN_2023).holds(offered)


def test_only_a_deadline_has_a_due_date() -> None:
    with pytest.raises(TypeError, match="R-ORG-01 is no deadline"):
        LAW.rule("R-ORG-01", jurisdiction=ZONE, on=IN_2023).due(IN_2023, CALENDAR)


def test_only_a_lead_time_has_a_latest_day_and_only_a_table_has_bands() -> None:
    rule = LAW.rule("R-ORG-01", jurisdiction=ZONE, on=IN_2023)
    with pytest.raises(TypeError, match="no lead time but a threshold"):
        rule.latest(IN_2023, CALENDAR)
    with pytest.raises(TypeError, match="no table of bands but a threshold"):
        rule.band(25)


def test_only_figures_are_given_as_a_number_and_only_lists_as_choices() -> None:
    quorum, term, seats = (
        LAW.rule(code, jurisdiction=ZONE, on=IN_2023) for code in ("R-ELE-06", "R-ORG-08", "R-ELE-03")
    )
    assert (quorum.number, term.choices) == (Fraction(2, 3), (3, 5))
    for rule in (term, seats, LAW.rule("R-ORG-04", jurisdiction=ZONE, on=IN_2023)):
        with pytest.raises(TypeError, match="is no number"):
            _ = rule.number
    for rule in (quorum, seats):
        with pytest.raises(TypeError, match="lists no choices"):
            _ = rule.choices


def test_a_rule_of_another_place_or_day_is_not_applied() -> None:
    with pytest.raises(NoRuleInForce):
        LAW.rule("R-CON-13", jurisdiction=BEIJING, on=IN_2023)
    with pytest.raises(NoRuleInForce):
        LAW.rule("R-ELE-02", jurisdiction=ZONE, on=date(2019, 1, 14))
    with pytest.raises(NoRuleInForce):
        LAW.rule("R-ORG-17", jurisdiction=ZONE, on=date(2022, 2, 28))
    assert LAW.rule("R-ORG-17", jurisdiction=ZONE, on=date(2022, 3, 1)).article == "44"


def test_a_misspelt_code_is_not_taken_for_a_gap_in_the_law() -> None:
    with pytest.raises(UnknownRule):
        LAW.rule("R-CON-1", jurisdiction=ZONE, on=IN_2023)


@pytest.mark.parametrize(
    "code",
    [
        *(f"R-ORG-{n:02}" for n in range(1, 19)),
        *(f"R-MEM-{n:02}" for n in (1, 2, 3, 11)),
        *(f"R-ELE-{n:02}" for n in range(1, 19)),
    ],
)
def test_each_rule_on_founding_joining_and_electing_is_in_force_in_the_zone(code: str) -> None:
    assert LAW.rule(code, jurisdiction=ZONE, on=IN_2023).code == code


@pytest.mark.parametrize(
    ("code", "certainty"),
    [
        ("R-ORG-01", Certainty.V),
        ("R-ORG-03", Certainty.MH),
        ("R-ORG-03.together", Certainty.V),
        ("R-ORG-15.uscc", Certainty.MH),
        ("R-ORG-18", Certainty.V2),
        ("R-MEM-02", Certainty.V),
        ("R-MEM-03", Certainty.MH),
        ("R-CON-21.deadline", Certainty.D),
        ("R-MEM-11", Certainty.V),
        ("R-ELE-01", Certainty.V),
        ("R-ELE-08", Certainty.V),
        ("R-ELE-10", Certainty.MH),
        ("R-ELE-11.near", Certainty.D),
        ("R-ELE-13", Certainty.V),
        ("R-ELE-13.answer", Certainty.MH),
        ("R-ELE-15.head", Certainty.MH),
    ],
)
def test_a_rule_keeps_the_certainty_of_its_source(code: str, certainty: Certainty) -> None:
    assert LAW.rule(code, jurisdiction=ZONE, on=IN_2023).certainty is certainty


@pytest.mark.parametrize(
    ("region", "levels"),
    [
        ("330110", ("330110", "3301", "33", NATION)),
        ("330100", ("3301", "33", NATION)),
        ("330000", ("33", NATION)),
        ("3301", ("3301", "33", NATION)),
        (NATION, (NATION,)),
    ],
)
def test_a_region_lies_in_its_city_province_and_nation(region: str, levels: tuple[str, ...]) -> None:
    assert jurisdictions(region) == levels


@pytest.mark.parametrize("region", ["", "3", "33011", "Hangzhou", "３３"])
def test_what_is_no_region_code_is_refused(region: str) -> None:
    with pytest.raises(ValueError, match="no jurisdiction"):
        jurisdictions(region)


@given(
    st.sampled_from(LAW.rules),
    st.sampled_from([ZONE, SHAOXING, BEIJING, "330100", NATION]),
    st.dates(date(2000, 1, 1), date(2030, 1, 1)),
)
def test_whatever_is_asked_the_answer_reaches_the_place_holds_that_day_and_respects_the_floor(
    asked: Rule, place: str, on: date
) -> None:
    reaching = [r for r in LAW.rules if r.concept == asked.concept and r.jurisdiction in jurisdictions(place)]
    in_force = [r for r in reaching if r.in_force(on)]
    try:
        rule = LAW.rule(asked.code, jurisdiction=place, on=on)
    except NoRuleInForce:
        assert in_force == []
    else:
        assert rule in in_force
        assert not any(rule.is_looser_than(floor) for floor in in_force if floor.floor)

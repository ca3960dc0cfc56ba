"""Between rules that disagree there is always an order, and a rule file that leaves none is refused."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.law import InstrumentError, Law, NoRuleInForce, Rule, read

ON = date(2023, 3, 1)


def instrument(name: str, jurisdiction: str, *, rule: dict[str, Any] | None = None, **head: Any) -> tuple[Rule, ...]:
    row = {
        "code": f"X-{name}",
        "concept": "reply.deadline",
        "kind": "deadline",
        "value": 20,
        "unit": "calendar_days",
        "article": "1",
        "certainty": "V",
        "summary": "A reply is due.",
    } | (rule or {})
    start = {"title": name, "source": "test", "jurisdiction": jurisdiction, "effective_from": date(2000, 1, 1)}
    return read(name, start | head | {"rule": [row]})


def value(rules: tuple[Rule, ...], jurisdiction: str = "330110", on: date = ON) -> Any:
    return Law(rules).rule(rules[0].code, jurisdiction=jurisdiction, on=on).value


def test_codes_of_several_instruments_ask_the_same_concept() -> None:
    law = Law(instrument("nation", "CN") + instrument("city", "3301", rule={"value": 10}))
    asked = {law.rule(code, jurisdiction="330110", on=ON).code for code in ("X-nation", "X-city")}
    assert asked == {"X-city"}


def test_a_county_goes_before_its_city_and_the_city_before_the_province() -> None:
    rules = instrument("province", "33", rule={"value": 15}) + instrument("city", "3301", rule={"value": 12})
    assert value(rules) == 12
    assert value(rules + instrument("county", "330110", rule={"value": 11})) == 11
    assert value(rules, "330200") == 15


def test_a_local_rule_looser_than_a_national_floor_gives_way_to_it() -> None:
    floor = instrument("floor", "CN", rule={"floor": True})
    assert value(floor + instrument("city", "3301", rule={"value": 25})) == 20
    assert value(floor + instrument("city", "3301", rule={"value": 20})) == 20
    assert value(floor + instrument("city", "3301", rule={"value": 15})) == 15


def test_a_province_that_keeps_the_floor_decides_where_the_city_breaks_it() -> None:
    local = instrument("city", "3301", rule={"value": 25}) + instrument("province", "33", rule={"value": 18})
    assert value(instrument("floor", "CN", rule={"floor": True}) + local) == 18


def test_a_national_rule_that_is_no_floor_may_be_loosened_locally() -> None:
    assert value(instrument("nation", "CN") + instrument("city", "3301", rule={"value": 25})) == 25


@pytest.mark.parametrize(
    ("kind", "unit", "floor", "looser", "stricter"),
    [
        ("minimum", "members", 3, 2, 4),
        ("more_than", "of_all_entitled", "1/2", "1/3", "2/3"),
        ("maximum", "seats", 9, 10, 8),
        ("threshold", "members", 25, 30, 20),
        ("deadline", "working_days", 5, 6, 4),
        ("lead_time", "working_days", 5, 4, 6),
        ("one_of", "years", [3, 5], [3, 4, 5], [5]),
    ],
)
def test_what_is_looser_depends_on_the_kind_of_rule(
    kind: str, unit: str, floor: Any, looser: Any, stricter: Any
) -> None:
    def read_one(name: str, jurisdiction: str, wanted: Any, **more: Any) -> Rule:
        return instrument(name, jurisdiction, rule={"kind": kind, "unit": unit, "value": wanted} | more)[0]

    national = read_one("floor", "CN", floor, floor=True)
    assert read_one("city", "3301", looser).is_looser_than(national)
    assert not read_one("city", "3301", stricter).is_looser_than(national)
    assert not national.is_looser_than(national)


def test_a_special_instrument_goes_before_a_general_one_and_a_later_before_an_earlier() -> None:
    old = instrument("old", "CN", rule={"value": 30})
    new = instrument("new", "CN", effective_from=date(2010, 1, 1))
    special = instrument("special", "CN", rule={"value": 7}, special=True)
    assert value(old + new) == 20
    assert value(old + new, on=date(2009, 12, 31)) == 30
    assert value(old + new + special) == 7


def test_an_instrument_holds_from_its_first_day_to_the_day_before_its_end() -> None:
    rules = instrument("old", "CN", effective_to=date(2023, 3, 1))
    assert value(rules, on=date(2023, 2, 28)) == 20
    for outside in (date(1999, 12, 31), date(2023, 3, 1)):
        with pytest.raises(NoRuleInForce):
            value(rules, on=outside)


def test_a_single_rule_may_hold_for_a_shorter_time_than_its_instrument() -> None:
    rules = instrument("law", "CN", rule={"effective_from": date(2022, 1, 1)})
    with pytest.raises(NoRuleInForce):
        value(rules, on=date(2021, 12, 31))


@given(st.permutations(["CN", "33", "3301", "330110"]), st.sampled_from(["330110", "330200", "110000"]))
def test_the_order_of_the_files_decides_nothing(order: list[str], place: str) -> None:
    values = {"CN": 20, "33": 15, "3301": 12, "330110": 11}
    rules = sum((instrument(f"of-{level}", level, rule={"value": values[level]}) for level in order), start=())
    assert value(rules, place) == {"330110": 11, "330200": 15, "110000": 20}[place]


@pytest.mark.parametrize(
    ("rules", "complaint"),
    [
        (instrument("one", "CN") + instrument("other", "CN"), "nothing decides"),
        (
            instrument("floor", "CN", rule={"floor": True}) + instrument("city", "3301", rule={"unit": "working_days"}),
            "cannot be compared",
        ),
        (instrument("one", "CN") + instrument("two", "33", rule={"code": "X-one", "concept": "other"}), "two concepts"),
    ],
)
def test_rules_between_which_nothing_decides_are_refused(rules: tuple[Rule, ...], complaint: str) -> None:
    with pytest.raises(InstrumentError, match=complaint):
        Law(rules)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"value": 0.5}, "no number"),
        ({"value": True}, "no number"),
        ({"kind": "one_of", "value": []}, "no value of a one_of"),
        ({"kind": "requirement", "value": 3}, "no value of a requirement"),
        ({"kind": "wish"}, "wish"),
        ({"unit": "fortnights"}, "fortnights"),
        ({"certainty": "sure"}, "sure"),
        ({"kind": "lead_time"}, "'calendar_days' are not counted backwards"),
        ({"kind": "bands"}, "no value of a bands"),
        ({"kind": "bands", "value": []}, "no value of a bands"),
        ({"kind": "bands", "value": [{"begins": 1, "least": 3}]}, "most"),
        ({"kind": "bands", "value": [{"begins": 1, "least": 5, "most": 3}]}, "no room"),
        ({"kind": "bands", "value": [{"begins": n, "least": 3, "most": 5} for n in (25, 25)]}, "do not rise"),
        ({"surprise": 1}, "unknown fields"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InstrumentError, match=complaint):
        instrument("law", "CN", rule=change)


@pytest.mark.parametrize(
    ("jurisdiction", "rule", "complaint"),
    [
        ("3301", {"floor": True}, "only the nation"),
        (
            "CN",
            {"floor": True, "kind": "bands", "value": [{"begins": 1, "least": 3, "most": 5}]},
            "none by a table",
        ),
        ("330100", {}, "as 3301"),
        ("Hangzhou", {}, "no jurisdiction"),
    ],
)
def test_a_rule_file_names_its_jurisdiction_in_one_way(jurisdiction: str, rule: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InstrumentError, match=complaint):
        instrument("law", jurisdiction, rule=rule)


def test_a_rule_file_without_a_source_is_refused() -> None:
    with pytest.raises(InstrumentError, match="lacks"):
        read("law", {"title": "law", "jurisdiction": "CN", "effective_from": date(2000, 1, 1), "rule": []})

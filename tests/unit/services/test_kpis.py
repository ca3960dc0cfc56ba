"""What a KPI says of itself and of its figure."""

from datetime import date

import pytest

from contracts import registry
from contracts.reporting.figures import KpiView
from contracts.sentences import figure
from services.reporting.figures.kpis import KPIS, Kpi, Period

every_kpi = pytest.mark.parametrize("kpi", KPIS.values(), ids=lambda kpi: kpi.code)
AS_OF = date(2023, 9, 30)


@every_kpi
def test_a_kpi_explains_itself_in_both_languages(kpi: Kpi) -> None:
    view = KpiView().dump(kpi.view())

    assert set(view) == set(KpiView().fields)
    assert all(view[name]["zh"] and view[name]["en"] for name in ("title", "definition"))


@every_kpi
def test_the_events_that_a_kpi_is_counted_from_are_published_and_consumed(kpi: Kpi) -> None:
    consumed = {event.type for event in registry.subscriptions()["reporting"]}

    assert set(kpi.view()["sources"]) <= set(registry.events()) & consumed
    assert kpi.view()["sources"]


def test_a_year_to_date_runs_from_new_year_to_the_date_of_the_report() -> None:
    assert KPIS["K01"].period(AS_OF) == Period(date(2023, 1, 1), AS_OF)
    assert KPIS["K01"].period(date(2024, 1, 1)) == Period(date(2024, 1, 1), date(2024, 1, 1))


def test_a_figure_is_printed_with_its_unit_and_its_date() -> None:
    sentence = KPIS["K01"].sentence(20, AS_OF)

    assert sentence["text"]["zh"] == "截至2023年9月30日，本年度共完成学习活动20场。"
    assert sentence["text"]["en"] == "Study activities completed this year up to 30 September 2023: 20 activities."
    assert sentence["not_printed_because"] is None


def test_a_figure_of_nothing_is_not_printed_and_says_why() -> None:
    sentence = KPIS["K01"].sentence(0, AS_OF)

    assert sentence["text"] is None
    assert sentence["not_printed_because"].keys() == {"zh", "en"}


@pytest.mark.parametrize(("n", "english", "chinese"), [(1, "1 activity", "1场"), (2, "2 activities", "2场")])
def test_one_is_not_many(n: int, english: str, chinese: str) -> None:
    assert figure("activities", n) == {"zh": chinese, "en": english}

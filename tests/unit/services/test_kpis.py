"""What a KPI says of itself, and how a figure is printed: never with a word that is not true of it."""

from contextlib import suppress
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import registry, sentences
from contracts.reporting.figures import KpiView
from contracts.sentences import Amount, told
from kernel.money import to_yuan
from kernel.wording import UntrueWording, Word, read, say
from services.reporting.figures.definitions import KPIS
from services.reporting.figures.evidence import Asked, Count
from services.reporting.figures.kpis import Kpi
from services.reporting.figures.printing import Figure, sentence
from services.reporting.figures.scope import Period

every_kpi = pytest.mark.parametrize("kpi", KPIS.values(), ids=lambda kpi: kpi.code)
AS_OF = date(2023, 9, 30)


def figure(code: str, numerator: int, denominator: int | None = None) -> Figure:
    return Figure(Asked(KPIS[code], UUID(int=1), AS_OF), Count(numerator, denominator, "5e" * 32))


def printed(code: str, *counted: int) -> tuple[str | None, str | None]:
    """What a KPI's own sentence says in Chinese, and its value."""
    found = figure(code, *counted)
    text = found.own_sentence()["text"]
    return text and text["zh"], found.value


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


@every_kpi
def test_a_kpi_has_a_sentence_that_tells_it_and_nothing_else(kpi: Kpi) -> None:
    template = sentences.of_kpi(kpi.code, kpi.version)

    assert list(template.figures) == [kpi.code]
    text = sentence(template, [figure(kpi.code, 25, 40 if kpi.is_share else None)])["text"]
    assert all(text.values())


@pytest.mark.parametrize(
    ("code", "as_of", "period"),
    [
        ("K01", AS_OF, Period(date(2023, 1, 1), AS_OF)),
        ("K01", date(2024, 1, 1), Period(date(2024, 1, 1), date(2024, 1, 1))),
        ("K02", AS_OF, Period(date(2023, 1, 1), date(2023, 6, 30))),
        ("K02", date(2023, 6, 30), Period(date(2023, 1, 1), date(2023, 6, 30))),
        ("K02", date(2023, 2, 3), Period(date(2023, 1, 1), date(2023, 2, 3))),
        ("K31", AS_OF, Period(None, AS_OF)),
        ("K41", AS_OF, Period(None, AS_OF)),
    ],
)
def test_a_kpi_looks_at_the_days_of_its_period(code: str, as_of: date, period: Period) -> None:
    assert KPIS[code].period(as_of) == period


@pytest.mark.parametrize(
    ("code", "counted", "text", "value"),
    [
        ("K01", (20,), "学习活动20场", "20"),
        ("K02", (37,), "37名", "37"),
        # rounding up would print 94.88
        ("K03", (37, 39), "94.87%", "94.87"),
        ("K10", (236,), "200余人", "236"),
        ("K31", (16_342,), "1.6万多名", "16342"),
        # 610 retained members counted by mistake would print the same words of another number
        ("K31", (16_952,), "1.6万多名", "16952"),
        ("K32", (9_968, 16_342), "60%以上", "61.00"),
        ("K32", (9_968, 16_952), "50%以上", "58.80"),
        ("K35", (544,), "544人次", "544"),
        ("K36", (63,), "60余人", "63"),
        ("K36", (60,), "外卖员60人", "60"),
        ("K41", (214,), "200余名", "214"),
        ("K42", (15,), "15家", "15"),
        ("K44", (846,), "800余名", "846"),
        ("K45", (412,), "400余人", "412"),
        ("K46", (8_280_000,), "价值8.2万多元", "82800"),
        ("K46", (5_749_999,), "价值5.7万多元", "57499.99"),
        ("K46", (8_050_000,), "价值8万多元", "80500"),
        ("K46", (6_500_000,), "价值6.5万元", "65000"),
        ("K46", (8_000_000,), "价值8万元", "80000"),
        ("K46", (123_456_789,), "价值123.4万多元", "1234567.89"),
        ("K46", (40_000,), "价值400元", "400"),
    ],
)
def test_a_figure_is_told_in_the_words_that_are_true_of_it(
    code: str, counted: tuple[int, ...], text: str, value: str
) -> None:
    said, exact = printed(code, *counted)

    assert text in (said or "")
    assert exact == value


@given(st.integers(1, 10**13), st.sampled_from(["bare", "余", "万元"]))
def test_whatever_amount_is_printed_is_exact_or_carries_a_word_that_is_true_of_it(fen: int, rule: str) -> None:
    yuan = Fraction(fen, 100)

    said = told(Amount("yuan", to_yuan(fen), figure("K46", fen).value or ""), rule)

    for phrase in (said["zh"].removesuffix("元"), said["en"].removesuffix(" yuan")):
        bounds = read(phrase)
        assert yuan in bounds
        written = phrase.replace(",", "").replace("万", "e4").replace("亿", "e8")
        with suppress(ValueError):
            assert Fraction(written) == yuan


def test_an_amount_is_exact_in_english() -> None:
    assert "82,800 yuan" in figure("K46", 8_280_000).own_sentence()["text"]["en"]


@pytest.mark.parametrize(
    ("word", "base", "value"), [(Word.YU, 60, 60), (Word.YISHANG, 60, figure("K32", 9_968, 16_952).exact)]
)
def test_the_word_that_a_figure_was_not_told_in_would_have_been_refused(word: Word, base: int, value: Any) -> None:
    with pytest.raises(UntrueWording):
        say(word, base, value, "zh")


@pytest.mark.parametrize(("signed", "text"), [(85, "达100%"), (84, "98.82%")])
def test_all_of_them_are_said_to_be_all_only_if_they_are(signed: int, text: str) -> None:
    found = figure("K03", signed, 85)
    assert found.exact is not None

    assert told(Amount("percent", found.exact, found.value or ""), "达")["zh"] == text


@pytest.mark.parametrize(
    ("code", "counted", "reason"),
    [
        ("K01", (0,), "nothing_counted"),
        ("K03", (37, 0), "no_denominator"),
        ("K03", (0, 0), "no_denominator"),
        ("K36", (4,), "too_few_persons"),
        ("K32", (4, 16_342), "too_few_persons"),
    ],
)
def test_a_figure_that_may_not_be_told_says_why(code: str, counted: tuple[int, ...], reason: str) -> None:
    found = figure(code, *counted)

    assert found.own_sentence() == {"text": None, "not_printed_because": sentences.words("not_printed", reason)}
    assert found.is_withheld == (reason == "too_few_persons")


def test_as_few_unions_as_there_are_may_be_told() -> None:
    assert figure("K43", 2).not_printed_because is None
    assert figure("K36", 5).not_printed_because is None


def test_a_share_of_nothing_has_no_value() -> None:
    assert figure("K03", 37, 0).value is None


@pytest.mark.parametrize(
    ("unit", "n", "english", "chinese"),
    [
        ("activities", 1, "1 activity", "1场"),
        ("activities", 2, "2 activities", "2场"),
        ("attendances", 1544, "1,544 attendances", "1544人次"),
    ],
)
def test_one_is_not_many(unit: str, n: int, english: str, chinese: str) -> None:
    assert told(Amount(unit, n, str(n)), "bare") == {"zh": chinese, "en": english}


def test_a_date_is_printed_as_people_write_it() -> None:
    text = figure("K01", 20).own_sentence()["text"]

    assert text["zh"] == "截至2023年9月30日，本年度共完成学习活动20场。"
    assert text["en"] == "Study activities completed this year up to 30 September 2023: 20 activities."


def test_every_sentence_of_every_chapter_exists_and_tells_kpis_that_exist() -> None:
    for chapter in sentences.chapters():
        for code in chapter.sentences:
            template = sentences.of_kpi(code, KPIS[code].version) if code in KPIS else sentences.of_report(code)
            found = [figure(each, 25, 40 if KPIS[each].is_share else None) for each in template.figures]
            assert all((sentence(template, found)["text"] or {}).values()), code


def test_the_chapters_tell_every_kpi_once() -> None:
    told_ones = [
        each
        for chapter in sentences.chapters()
        for code in chapter.sentences
        for each in ([code] if code in KPIS else sentences.of_report(code).figures)
    ]

    assert sorted(told_ones) == sorted(KPIS)

"""An approximation word is printed only where it is true, and a printed figure says exactly which values it covers."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kernel.rounding import exact_percent
from kernel.wording import (
    Bounds,
    Language,
    NotAFigure,
    UnsayableBase,
    UntrueWording,
    Word,
    bounds,
    choose_base,
    permits,
    read,
    say,
)

COUNT_WORDS = [Word.YU, Word.DUO, Word.CHAO]

LANGUAGES: list[Language] = ["zh", "en"]


@pytest.mark.parametrize(
    ("phrase", "least", "greatest"),
    [
        ("60余", 61, 69),
        ("50余", 51, 59),
        ("10余", 11, 19),
        ("200余", 201, 299),
        ("400余", 401, 499),
        ("500余", 501, 599),
        ("600多", 601, 699),
        ("800余", 801, 899),
        ("1000余", 1001, 1999),
        ("超4000", 4001, 4999),
        ("8万余", 80_001, 89_999),
        ("1.6万多", 16_001, 16_999),
        ("more than 200", 201, 299),
        ("more than 1,000", 1001, 1999),
        ("over 4,000", 4001, 4999),
        ("more than 16,000", 16_001, 16_999),
        ("more than 80,000", 80_001, 89_999),
        ("3亿多", 300_000_001, 399_999_999),
        ("37", 37, 37),
        ("544", 544, 544),
        ("8万", 80_000, 80_000),
        ("5.7万", 56_500, 57_499),
    ],
)
def test_a_printed_count_covers_just_these_whole_numbers(phrase: str, least: int, greatest: int) -> None:
    covered = read(phrase)
    assert least in covered
    assert greatest in covered
    assert least - 1 not in covered
    assert greatest + 1 not in covered


@pytest.mark.parametrize(
    ("phrase", "low", "high", "includes_low", "includes_high"),
    [
        ("60余", "60", "70", False, False),
        ("60%以上", "60", "70", True, False),
        ("at least 60 %", "60", "70", True, False),
        ("近20%", "19", "20", True, False),
        ("nearly 20 %", "19", "20", True, False),
        ("nearly 20%", "19", "20", True, False),
        ("达100%", "100", "100", True, True),
        ("reaching 100 %", "100", "100", True, True),
        ("94.87%", "94.865", "94.875", True, False),
        ("15.7%", "15.65", "15.75", True, False),
        ("20%", "19.5", "20.5", True, False),
        ("5.7万", "56500", "57500", True, False),
        ("1.60万多", "16000", "17000", False, False),
    ],
)
def test_a_printed_figure_states_its_ends_and_whether_they_belong(
    phrase: str, low: str, high: str, includes_low: bool, includes_high: bool
) -> None:
    assert read(phrase) == Bounds(Fraction(low), Fraction(high), includes_low, includes_high)


@pytest.mark.parametrize(
    ("word", "value", "digits", "zh", "en"),
    [
        (Word.YU, 53, 1, "50余", "more than 50"),
        (Word.YU, 1_072, 1, "1000余", "more than 1,000"),
        (Word.YU, 236, 1, "200余", "more than 200"),
        (Word.YU, 13, 1, "10余", "more than 10"),
        (Word.YU, 420, 1, "400余", "more than 400"),
        (Word.YU, 846, 1, "800余", "more than 800"),
        (Word.YU, 82_400, 1, "8万余", "more than 80,000"),
        (Word.DUO, 640, 1, "600多", "more than 600"),
        (Word.DUO, 16_342, 2, "1.6万多", "more than 16,000"),
        (Word.DUO, 16_342, 1, "1万多", "more than 10,000"),
        (Word.DUO, 16_952, 2, "1.6万多", "more than 16,000"),
        (Word.CHAO, 4_126, 1, "超4000", "over 4,000"),
        (Word.YU, 210, 2, "200余", "more than 200"),
        (Word.YU, Decimal("80000.01"), 1, "8万余", "more than 80,000"),
        (Word.YISHANG, exact_percent(9_968, 16_342), 1, "60%以上", "at least 60 %"),
        (Word.YISHANG, 60, 1, "60%以上", "at least 60 %"),
        (Word.JIN, exact_percent(92 - 74, 92), 1, "近20%", "nearly 20 %"),
        (Word.DA, exact_percent(85, 85), 1, "达100%", "reaching 100 %"),
    ],
)
def test_a_figure_finds_its_base_and_is_said_in_both_languages(
    word: Word, value: int | Decimal | Fraction, digits: int, zh: str, en: str
) -> None:
    base = choose_base(word, value, digits)
    assert base is not None
    assert say(word, base, value, "zh") == zh
    assert say(word, base, value, "en") == en


@pytest.mark.parametrize(
    ("word", "base", "value"),
    [
        (Word.YU, 60, 60),
        (Word.YU, 60, 70),
        (Word.YU, 200, 318),
        (Word.DUO, 16_000, 17_000),
        (Word.CHAO, 4_000, 4_000),
        (Word.DA, 100, exact_percent(84, 85)),
        (Word.DA, 100, exact_percent(99_999_999, 100_000_000)),
        (Word.YISHANG, 60, exact_percent(9_968, 16_952)),
        (Word.YISHANG, 60, 70),
        (Word.JIN, 20, 20),
        (Word.JIN, 20, Fraction(1899, 100)),
    ],
)
def test_an_untrue_word_is_refused(word: Word, base: int, value: int | Fraction) -> None:
    assert not permits(word, base, value)
    for language in LANGUAGES:
        with pytest.raises(UntrueWording):
            say(word, base, value, language)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        (Word.YU, 60),
        (Word.YU, 1_000),
        (Word.YU, 7),
        (Word.CHAO, 0),
        (Word.DUO, -12),
        (Word.YISHANG, Decimal("9.9")),
        (Word.JIN, 20),
        (Word.JIN, Decimal("18.99")),
        (Word.DA, Decimal("99.99")),
    ],
)
def test_a_figure_that_the_word_never_fits_has_no_base(word: Word, value: int | Decimal) -> None:
    assert choose_base(word, value, digits=2) is None


@pytest.mark.parametrize("phrase", ["0余", "65%以上", "达94%", "0%以上", "近19.5%", "1.23456万余"])
def test_a_word_with_a_base_that_it_cannot_take_is_refused(phrase: str) -> None:
    with pytest.raises(UnsayableBase):
        read(phrase)


@pytest.mark.parametrize(
    "phrase",
    ["", "余", "60%余", "超60%", "近20", "60以上", "达100", "约60", "60余人", "超60余", "-5", "1,00", "8万%", "1.2.3"],
)
def test_what_is_no_figure_with_one_fitting_word_is_refused(phrase: str) -> None:
    with pytest.raises(NotAFigure):
        read(phrase)


@given(st.sampled_from(COUNT_WORDS), st.integers(1, 10**10), st.integers(1, 4), st.sampled_from(LANGUAGES))
def test_a_count_lies_within_what_its_own_phrase_covers(
    word: Word, value: int, digits: int, language: Language
) -> None:
    base = choose_base(word, value, digits)
    assume(base is not None)
    assert base is not None
    covered = read(say(word, base, value, language))
    assert value in covered
    assert covered == bounds(word, base)
    assert base not in covered


@given(st.integers(1, 10**10))
def test_only_a_round_number_or_a_single_digit_has_no_base_with_one_leading_digit(value: int) -> None:
    is_round = set(str(value)[1:]) <= {"0"}
    assert (choose_base(Word.YU, value) is None) is is_round


@given(
    st.sampled_from([Word.YISHANG, Word.JIN, Word.DA]),
    st.integers(0, 1_000).flatmap(lambda part: st.tuples(st.just(part), st.integers(max(part, 1), 1_000))),
    st.sampled_from(LANGUAGES),
)
def test_a_share_lies_within_what_its_own_phrase_covers(word: Word, share: tuple[int, int], language: Language) -> None:
    value = exact_percent(*share)
    base = choose_base(word, value)
    assume(base is not None)
    assert base is not None
    assert value in read(say(word, base, value, language))


@given(st.sampled_from(COUNT_WORDS), st.integers(1, 99), st.integers(1, 7), st.integers(-20, 120))
def test_saying_is_refused_exactly_where_reading_excludes_the_value(
    word: Word, lead: int, zeros: int, tenths: int
) -> None:
    base = lead * 10**zeros
    value = base + tenths * 10 ** (zeros - 1)
    phrase = say(word, base, base + 1, "zh")
    assert permits(word, base, value) is (value in read(phrase))

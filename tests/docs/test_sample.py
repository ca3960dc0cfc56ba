"""What the README shows of the demo is so: sentences are worded from their figures, and accounts have their roles."""

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from contracts import sentences
from contracts.roles import Role
from contracts.sentences import Amount
from demo.accounts import ADMINISTRATORS, STAFF, SYSTEM_ADMIN
from demo.year.days import REPORT_DATE
from services.reporting.figures.definitions import KPIS
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")
SAMPLE = README.partition("```text\n")[2].partition("```")[0]
#: A figure of the report: its code, its value with the word of its unit and, of a share, what it is a share of.
FIGURE = re.compile(r"^    (K\d+) = (([\d.,]+) .+?)(?: \((\d+) of (\d+)\))?, proof [0-9a-f]{16}…$", re.MULTILINE)
#: A sentence in either language.
SENTENCE = re.compile(r"^  (\S.*)$", re.MULTILINE)


def amounts() -> Iterator[tuple[str, Amount]]:
    """Every figure of the sample by its code."""
    for code, _, shown, part, whole in FIGURE.findall(SAMPLE):
        value = shown.replace(",", "")
        yield code, Amount(KPIS[code].unit, Fraction(100 * int(part), int(whole)) if whole else int(value), value)


def worded(on: date) -> Iterator[str]:
    """What a report says in both languages of the figures that the sample has."""
    shown = dict(amounts())
    for code in (code for chapter in sentences.chapters() for code in chapter.sentences):
        template = sentences.of_kpi(code, 1) if code.startswith("K") else sentences.of_report(code)
        if template.figures.keys() <= shown.keys():
            yield from template.filled(shown, on).values()


def test_every_sentence_of_the_sample_is_what_a_report_says_of_its_figures() -> None:
    assert len(dict(amounts())) > 5
    assert SENTENCE.findall(SAMPLE) == list(worded(REPORT_DATE))


def test_every_figure_of_the_sample_has_the_word_of_its_unit() -> None:
    told = {code: sentences.told(amount, sentences.BARE)["en"] for code, amount in amounts()}
    assert {code: shown for code, shown, *_ in FIGURE.findall(SAMPLE)} == told


def test_every_chapter_of_the_sample_has_its_title() -> None:
    titles = re.findall(r"^(\S+) · (.+)$", SAMPLE, re.MULTILINE)
    assert titles
    assert set(titles) <= {(chapter.title["zh"], chapter.title["en"]) for chapter in sentences.chapters()}


def test_the_accounts_of_the_demo_stand_in_the_readme_with_their_roles() -> None:
    rows = re.findall(r"^\| (`[a-z`., ]+`) \| `([a-z_]+)` \|", README, re.MULTILINE)
    told = {name: Role(role) for names, role in rows for name in re.findall(r"`([a-z.]+)`", names)}
    assert told == {
        **dict.fromkeys(ADMINISTRATORS, Role.SECURITY_ADMIN),
        SYSTEM_ADMIN: Role.SYSTEM_ADMIN,
        **STAFF,
        "union.finance": Role.FINANCE,
        "union.audit": Role.AUDIT,
    }
    assert f"sign in     {', '.join(sorted(told))}\n" in SAMPLE

"""Prints a report for people: as Markdown, and as a page whose figures lead to their proofs."""

import html as escaping
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from string import Template
from typing import Any

from contracts.catalogue import Language
from contracts.reporting.reports import STYLE
from contracts.sentences import BARE, Amount, Words, day, fill, told, words
from kernel.zone import SHANGHAI

Json = Mapping[str, Any]

_PAGE = Template(
    '<!doctype html>\n<html lang="$language">\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width">\n<title>$title</title>\n<style>$style</style>\n'
    "<main>\n<h1>$title</h1>\n<p>$about</p>\n$sections</main>\n<footer><p>$computed</p></footer>\n</html>\n"
)
_SECTION = Template("<section>\n<h2>$title</h2>\n$body</section>\n")
_SENTENCE = Template('<p>$text</p>\n<ul class="proof">\n$figures</ul>\n')
_FIGURE = Template('<li><a href="$explain">$code</a> $title: $value <code>$proof</code></li>\n')
_LEFT_OUT = Template('<li><a href="$explain">$code</a> $title: $reason</li>\n')

#: What Markdown would take for more than a character; with what makes links of addresses where none is marked: the
#: colon of a scheme, the @ of mail, and a dot beside a letter, which no decimal number has.
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|&~$@]|:(?=//)|(?<=[^\W\d_])\.(?=\w)|(?<=\w)\.(?=[^\W\d_]))")
#: What begins a list, or underlines the line above.
_BEGINNING = re.compile(r"^(\d{0,9})([-+=.)])")
#: Digits of a proof that stand in print; the list has them all.
_PROOF_DIGITS = 16


def markdown(report: Json, language: Language) -> str:
    """The report as Markdown (CommonMark)."""
    lines = [f"# {_plain(report['title'])}", _plain(_about(report)[language])]
    for chapter in report["chapters"]:
        lines += [f"## {_plain(chapter['title'][language])}", *_paragraphs(chapter, language)]
    left_out = [f"{_item(figure, language)}: {_plain(reason[language])}" for figure, reason in _left_out(report)]
    if left_out:
        lines += [f"## {_plain(words('report', 'left_out')[language])}", "\n".join(left_out)]
    lines.append(f"*{_plain(_computed(report)[language])}*")
    return "\n\n".join(lines) + "\n"


def html(report: Json, language: Language) -> str:
    """The report as one page of HTML without scripts, its style sheet inside."""
    sections = [
        _SECTION.substitute(title=_safe(chapter["title"][language]), body=body)
        for chapter in report["chapters"]
        if (body := "".join(_sentences(chapter, language)))
    ]
    left_out = "".join(
        _LEFT_OUT.substitute(_named(figure, language), reason=_safe(reason[language]))
        for figure, reason in _left_out(report)
    )
    if left_out:
        title = words("report", "left_out")[language]
        sections.append(_SECTION.substitute(title=_safe(title), body=f"<ul>\n{left_out}</ul>\n"))
    return _PAGE.substitute(
        language=language,
        title=_safe(report["title"]),
        style=STYLE,
        about=_safe(_about(report)[language]),
        sections="".join(sections),
        computed=_safe(_computed(report)[language]),
    )


def _paragraphs(chapter: Json, language: Language) -> Iterator[str]:
    for sentence in _printed(chapter):
        yield _plain(sentence["text"][language])
        yield "\n".join(
            f"{_item(figure, language)}: {_value(figure, language)} `{_proof(figure)}`"
            for figure in sentence["figures"]
        )


def _item(figure: Json, language: Language) -> str:
    return f"- [{figure['code']}]({figure['explain']}) {_plain(figure['title'][language])}"


def _sentences(chapter: Json, language: Language) -> Iterator[str]:
    for sentence in _printed(chapter):
        figures = "".join(
            _FIGURE.substitute(
                _named(figure, language), value=_safe(_value(figure, language)), proof=_safe(_proof(figure))
            )
            for figure in sentence["figures"]
        )
        yield _SENTENCE.substitute(text=_safe(sentence["text"][language]), figures=figures)


def _printed(chapter: Json) -> Iterator[Json]:
    return (sentence for sentence in chapter["sentences"] if sentence["text"] is not None)


def _left_out(report: Json) -> Iterator[tuple[Json, Words]]:
    """Each figure that no sentence tells, and why."""
    for chapter in report["chapters"]:
        for sentence in chapter["sentences"]:
            if sentence["text"] is None:
                yield from ((figure, sentence["not_printed_because"]) for figure in sentence["figures"])


def _about(report: Json) -> Words:
    as_of = report["as_of"]
    assert isinstance(as_of, date)
    return fill(words("report", "about"), {"org": _same(report["org_name"]), "as_of": day(as_of)})


def _computed(report: Json) -> Words:
    moment = report["computed_at"].astimezone(SHANGHAI)
    filled = {"computed_at": _same(f"{moment:%Y-%m-%d %H:%M:%S}"), "generation": _same(str(report["generation"]))}
    return fill(words("report", "computed"), filled)


def _same(text: str) -> Words:
    """A name or number that reads the same in every language."""
    return {"zh": text, "en": text}


def _value(figure: Json, language: Language) -> str:
    """The exact value, and what a share is a share of."""
    exact = told(Amount(figure["unit"], Decimal(figure["value"]), figure["value"]), BARE)[language]
    return exact if figure["denominator"] is None else f"{exact} ({figure['numerator']}/{figure['denominator']})"


def _proof(figure: Json) -> str:
    return str(figure["set_hash"])[:_PROOF_DIGITS]


def _named(figure: Json, language: Language) -> dict[str, str]:
    """What every line about a figure begins with, told or not."""
    texts = {"code": figure["code"], "explain": figure["explain"], "title": figure["title"][language]}
    return {name: _safe(text) for name, text in texts.items()}


def _safe(text: str) -> str:
    return escaping.escape(text)


def _plain(text: str) -> str:
    return _BEGINNING.sub(r"\1\\\2", _MARKS.sub(r"\\\1", text))

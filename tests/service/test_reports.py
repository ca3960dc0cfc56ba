"""Reports: every figure of one moment, told in sentences that are true, and the same ever after."""

import hashlib
import re
from base64 import b64encode
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from functools import partial
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlalchemy import event

from chassis import generations
from chassis.errors import Refused
from contracts.events import activities
from contracts.events.activities import ActivityState as State
from contracts.reporting import figures, reports
from contracts.reporting.reports import ReportView
from contracts.roles import Role
from services.reporting.figures.definitions import KPIS
from tests.service.harness import Universe, an_actor, tomorrow
from tests.service.together import await_waiters

AS_OF = date(2023, 9, 30)
#: Made to be taken for markup in either form.
HOSTILE = "<script>alert('x')</script> & [a](b) *c* `d`"


def written(universe: Universe, **asked: Any) -> dict[str, Any]:
    universe.tell()
    fields = {"org": universe.federation, "as_of": AS_OF, "title": "Nine months"} | asked
    report: dict[str, Any] = universe.reporting.do(reports.CreateReport, universe.analyst, **fields)
    return report


def read(universe: Universe, report: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = universe.reporting.do(reports.GetReport, universe.analyst, report_id=report["id"])
    return found


def sentences(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["code"]: each for chapter in report["chapters"] for each in chapter["sentences"]}


def told(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["code"]: each for sentence in sentences(report).values() for each in sentence["figures"]}


def contest(universe: Universe, tier: str, people: list[str]) -> None:
    """A closed contest; people may come twice."""
    held = universe.activity(State.HELD)
    lines = [{"subject_key": person, "worker_category": "10"} for person in people]
    universe.record(held, lines)
    universe.events.do(activities.CloseActivity, universe.home.officer, activity_id=held["id"], evidence_ref="list")


def test_a_report_has_four_chapters_and_tells_every_kpi_once(universe: Universe) -> None:
    universe.activity(State.CLOSED)

    report = written(universe)

    assert len(report["chapters"]) == 4
    assert sorted(told(report)) == sorted(KPIS)
    assert not ReportView().validate(read(universe, report))


def test_a_figure_of_a_report_is_the_figure_with_its_proof(universe: Universe) -> None:
    for _ in range(3):
        universe.activity(State.CLOSED)

    reported = told(written(universe))["K01"]

    asked = {"code": "K01", "org": universe.federation, "as_of": AS_OF}
    figure = universe.reporting.do(figures.GetFigure, universe.analyst, **asked)
    same = ("code", "version", "unit", "period_from", "period_to", "numerator", "denominator", "value", "set_hash")
    assert {name: reported[name] for name in same} == {name: figure[name] for name in same}
    assert reported["explain"] == f"/v1/kpis/K01/explain?org={universe.federation}&as_of=2023-09-30"


def test_a_report_reads_the_same_whatever_is_learned_later(universe: Universe) -> None:
    activity = universe.activity(State.CLOSED)
    report = written(universe)

    asked = {"activity_id": activity["id"], "reason_code": "recorded_twice"}
    universe.events.do(activities.VoidActivity, universe.zone_officer, **asked)
    universe.tell()

    assert read(universe, report) == report
    assert told(report)["K01"]["numerator"] == 1
    assert told(written(universe))["K01"]["numerator"] == 0


def test_a_sentence_that_cannot_be_told_whole_gives_way_to_those_of_its_figures(universe: Universe) -> None:
    found = sentences(written(universe))

    # the federation and its unions were founded with nobody of the Party and have no members yet
    assert {"K02", "K03", "K08", "K09", "K10", "K42", "K43", "K44"} <= set(found)
    assert not {"party", "contests", "new_unions"} & set(found)
    assert found["K03"]["text"] is None
    assert "total" in found["K03"]["not_printed_because"]["en"]


def test_figures_of_a_report_are_read_by_one_statement(universe: Universe) -> None:
    universe.tell()
    made: list[str] = []

    def notice(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "fact_" in statement:
            made.append(statement)

    event.listen(universe.reporting.database.writer, "before_cursor_execute", notice)
    try:
        written(universe)
    finally:
        event.remove(universe.reporting.database.writer, "before_cursor_execute", notice)

    assert len(made) == 1


def test_a_report_is_dated_today_unless_it_says_otherwise_and_never_later(universe: Universe) -> None:
    universe.tell()
    asked = {"org": universe.federation, "title": "Today"}
    universe.reporting.set_business_day(date(2023, 2, 28))
    try:
        report = universe.reporting.do(reports.CreateReport, universe.analyst, **asked)
    finally:
        universe.reporting.set_business_day(None)
    assert report["as_of"] == "2023-02-28"

    with pytest.raises(Refused) as refused:
        written(universe, as_of=tomorrow())
    assert (refused.value.code, refused.value.field) == ("date_in_future", "as_of")


@pytest.mark.parametrize("absorbed", [True, False])
def test_a_report_that_is_asked_for_while_a_rebuild_switches_is_of_the_new_facts(
    universe: Universe, absorbed: bool
) -> None:
    universe.tell()
    reporting = universe.reporting
    rebuilt = generations.open_next(reporting.database, "building")
    if absorbed:
        told = [event for owner in (universe.membership, universe.events) for event in owner.everything()]
        reporting.absorber.history(rebuilt, told)
    asked = partial(reporting.do, reports.CreateReport, universe.analyst, org=universe.federation, title="Rebuilt")

    with ThreadPoolExecutor() as others:
        waiting: list[Future[Any]] = []

        @event.listens_for(reporting.database.writer, "commit", once=True)
        def ask_and_let_it_wait(_connection: Any) -> None:
            waiting.append(others.submit(asked))
            await_waiters(reporting.database)

        generations.switch(reporting.database, rebuilt)
        if absorbed:
            assert waiting[0].result()["generation"] == rebuilt
            return
        with pytest.raises(Refused) as refused:
            waiting[0].result()
    assert (refused.value.code, refused.value.field) == ("not_yet_known", "org")


@pytest.mark.parametrize(
    ("character", "code"),
    [
        ("\u200b", "hidden_character"),
        ("\ufeff", "hidden_character"),
        ("\u202e", "control_character"),
        ("\x1b", "control_character"),
    ],
    ids=ascii,
)
def test_a_title_that_hides_something_is_refused(universe: Universe, character: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        written(universe, title=f"Nine{character}months")

    assert [(row["field"], row["code"]) for row in refused.value.errors] == [("title", code)]


def test_the_same_key_gives_the_same_report(universe: Universe) -> None:
    universe.tell()
    asked = {"org": universe.federation, "as_of": AS_OF, "title": "Nine months", "key": "the year"}

    first, second = (universe.reporting.do(reports.CreateReport, universe.analyst, **asked) for _ in range(2))

    assert first == second


def test_reports_are_listed_newest_first_to_those_above_them(universe: Universe) -> None:
    of_home, of_all = written(universe, org=universe.home.id), written(universe)

    def listed(role: Role, root: str, **asked: Any) -> list[str]:
        page = universe.reporting.do(reports.ListReports, an_actor(role, root), **asked)
        return [each["id"] for each in page["items"]]

    assert listed(Role.ANALYST, universe.federation) == [of_all["id"], of_home["id"]]
    assert listed(Role.ANALYST, universe.federation, org=universe.home.id) == [of_home["id"]]
    assert listed(Role.OFFICER, universe.home.id) == [of_home["id"]]
    assert listed(Role.OFFICER, universe.other.id) == []


def test_the_list_of_reports_pages_without_gap(universe: Universe) -> None:
    ids = [written(universe)["id"] for _ in range(3)][::-1]

    first = universe.reporting.do(reports.ListReports, universe.analyst, limit=2)
    rest = universe.reporting.do(reports.ListReports, universe.analyst, limit=2, cursor=first["next"])

    assert [each["id"] for each in (*first["items"], *rest["items"])] == ids
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("language", "sentence", "left_out"),
    [("zh", "本年度共完成学习活动1场。", "未写入的内容"), ("en", ": 1 activity.", "Left out")],
)
def test_a_report_is_a_page_whose_figures_lead_to_their_proof(
    universe: Universe, language: str, sentence: str, left_out: str
) -> None:
    universe.activity(State.CLOSED)
    report = written(universe, title=HOSTILE)

    page = universe.reporting.do(
        reports.RenderReportAsHtml, universe.analyst, report_id=report["id"], language=language
    )

    seen = Seen()
    seen.feed(page)
    assert not {"script", "img", "link", "iframe"} & set(seen.tags)
    assert HOSTILE in seen.text
    assert sentence in seen.text
    assert left_out in seen.text
    assert seen.links == [figure["explain"] for figure in linked(report)]
    assert all(figure["set_hash"][:16] in seen.text for figure in linked(report) if figure["numerator"])


def test_the_page_may_use_its_own_style_and_no_other(universe: Universe) -> None:
    report = written(universe)

    page = universe.reporting.do(reports.RenderReportAsHtml, universe.analyst, report_id=report["id"])

    [style] = re.findall("<style>(.*?)</style>", page, re.DOTALL)
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    document = reports.RenderReportAsHtml.operation.document
    assert document is not None
    assert f"style-src 'sha256-{digest}';" in document.policy
    assert " style=" not in page


def test_a_report_is_markdown_whose_figures_lead_to_their_proof(universe: Universe) -> None:
    universe.activity(State.CLOSED)
    report = written(universe, title=HOSTILE)

    text = universe.reporting.do(
        reports.RenderReportAsMarkdown, universe.analyst, report_id=report["id"], language="en"
    )

    assert text.startswith("# \\<script\\>alert('x')\\</script\\> \\& \\[a\\](b) \\*c\\* \\`d\\`\n")
    assert re.findall(r"\]\((/v1/kpis/[^)]+)\)", text) == [figure["explain"] for figure in linked(report)]


def linked(report: dict[str, Any]) -> list[dict[str, Any]]:
    """The figures in the order in which a text has them: those that a sentence tells, then those left out."""
    ordered = sorted(sentences(report).values(), key=lambda sentence: sentence["text"] is None)
    return [figure for sentence in ordered for figure in sentence["figures"]]


class Seen(HTMLParser):
    """What a browser makes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data

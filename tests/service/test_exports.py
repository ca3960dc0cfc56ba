"""Exports: the whole list behind a figure in a file, as it stood at one moment."""

import csv
import io
import secrets
from codecs import BOM_UTF8
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import eventlet
import pytest
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from sqlalchemy import event, func, select

from chassis import files, jobs, tree
from chassis.job_runner import JobRunner
from chassis.tables import file
from contracts.events import activities
from contracts.events.activities import ActivityState as State
from contracts.files import CSV_IN_UTF8
from contracts.reporting import exports as contract
from contracts.reporting import figures
from services.reporting.figures import exports
from services.reporting.figures.definitions import KPIS
from tests.service.harness import Service, Universe

#: Wraps the keys of files.
FILE_KEY = secrets.token_bytes(16)
ASKED = {"code": "K01", "as_of": date(2023, 9, 30)}


@pytest.fixture(autouse=True)
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of a few facts has several pages."""
    monkeypatch.setattr(exports, "PAGE", 2)


@pytest.fixture
def at_the_first_page(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[jobs.Running], None]], None]:
    """Has something done once, when the first page of an export is written."""
    report = jobs.Running.report

    def have_done(something: Callable[[jobs.Running], None]) -> None:
        def do_it_once(running: jobs.Running, *progress: Any) -> None:
            monkeypatch.setattr(jobs.Running, "report", report)
            something(running)
            report(running, *progress)

        monkeypatch.setattr(jobs.Running, "report", do_it_once)

    return have_done


def ended(universe: Universe, **other: Any) -> dict[str, Any]:
    """An export of the federation's list after a process has worked on it."""
    universe.tell()
    fields = {"org": universe.federation, **ASKED, **other}
    asked = universe.reporting.do(contract.ExportExplanation, universe.analyst, **fields)
    runner = JobRunner(universe.reporting.database, tree.projected(), FILE_KEY)
    runner.start(eventlet.spawn)
    with eventlet.Timeout(10):
        while (export := found(universe, asked["id"]))["ended_at"] is None:
            eventlet.sleep(0.01)
        runner.stop()
    return export


def found(universe: Universe, export_id: str) -> dict[str, Any]:
    export: dict[str, Any] = universe.reporting.do(contract.GetExport, universe.analyst, export_id=export_id)
    return export


def rows(universe: Universe, export: dict[str, Any]) -> list[dict[str, str]]:
    """The lines of a finished export."""
    handle = universe.reporting.do(contract.FetchExport, universe.analyst, export_id=export["id"])
    pieces = range(handle["chunks"])
    whole = b"".join(files.chunk(universe.reporting.database, FILE_KEY, UUID(handle["id"]), each) for each in pieces)
    assert (handle["media_type"], whole[:3]) == (CSV_IN_UTF8, BOM_UTF8)
    return list(csv.DictReader(io.StringIO(whole.decode("utf-8-sig"))))


def listed(universe: Universe) -> list[dict[str, str]]:
    """The same lines as the explanation of the figure shows them."""
    universe.tell()
    page = universe.reporting.do(figures.ExplainFigure, universe.analyst, org=universe.federation, **ASKED)
    return [{name: "" if value is None else str(value) for name, value in fact.items()} for fact in page["facts"]]


def files_of(service: Service, export: dict[str, Any]) -> int:
    owned = select(func.count()).select_from(file).where(file.c.owner_id == UUID(export["id"]))
    with service.database.reader.connect() as connection:
        return connection.scalar(owned) or 0


def five_activities(universe: Universe) -> None:
    for state in (State.OPEN, State.CLOSED, State.CLOSED, State.VOIDED, State.CLOSED):
        universe.activity(state)


def test_an_export_is_the_list_that_the_explanation_shows_in_its_order(universe: Universe) -> None:
    five_activities(universe)

    export = ended(universe)

    assert (export["state"], export["done"]) == ("done", 5)
    assert rows(universe, export) == listed(universe)


@pytest.mark.parametrize("code", KPIS)
def test_the_list_behind_every_kpi_can_be_exported(universe: Universe, code: str) -> None:
    export = ended(universe, code=code)

    assert export["state"] == "done"
    # the unions of the universe are older than its year: none of its records is in a period
    assert rows(universe, export) == []


def test_the_list_of_an_export_is_made_once_however_many_pages_it_has(universe: Universe) -> None:
    five_activities(universe)
    universe.tell()
    made: list[str] = []

    def notice(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "fact_activity" in statement:
            made.append(statement)

    event.listen(universe.reporting.database.reader, "before_cursor_execute", notice)
    try:
        export = ended(universe)
    finally:
        event.remove(universe.reporting.database.reader, "before_cursor_execute", notice)

    assert (export["done"], len(made)) == (5, 1)


def test_an_export_is_the_list_of_one_moment_whatever_happens_while_it_is_written(
    universe: Universe, at_the_first_page: Callable[..., None]
) -> None:
    five_activities(universe)
    before = listed(universe)

    def go_on(_running: jobs.Running) -> None:
        asked = {"activity_id": before[2]["record_id"], "reason_code": "recorded_twice"}
        universe.events.do(activities.VoidActivity, universe.zone_officer, **asked)
        universe.activity(State.CLOSED)
        universe.tell()

    at_the_first_page(go_on)

    assert rows(universe, ended(universe)) == before
    assert len(listed(universe)) == len(before) + 1


def test_an_export_whose_process_is_stopped_is_begun_again(
    universe: Universe, at_the_first_page: Callable[..., None]
) -> None:
    def stop(_running: jobs.Running) -> None:
        raise jobs.Interrupted

    five_activities(universe)
    at_the_first_page(stop)

    export = ended(universe)

    assert rows(universe, export) == listed(universe)
    assert files_of(universe.reporting, export) == 1


def test_a_cancelled_export_leaves_no_file_and_no_transaction(
    universe: Universe, at_the_first_page: Callable[..., None]
) -> None:
    def cancel(running: jobs.Running) -> None:
        universe.reporting.do(contract.CancelExport, universe.analyst, export_id=running.id)

    five_activities(universe)
    at_the_first_page(cancel)

    export = ended(universe)

    assert (export["state"], export["done"], files_of(universe.reporting, export)) == ("cancelled", 2, 0)
    # the pool gives the connection first that came back last
    with universe.reporting.database.reader.connect() as connection:
        session: Any = connection.connection.dbapi_connection
        assert (session.autocommit, session.get_transaction_status()) == (True, TRANSACTION_STATUS_IDLE)

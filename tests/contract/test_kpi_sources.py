"""Every figure is made of events and fields that exist and that reporting receives."""

import csv
from importlib.resources import files

import pytest

from contracts import registry

ROWS = list(csv.DictReader(files("contracts").joinpath("kpi_sources.csv").read_text("utf-8").splitlines()))
every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['kpi']}-{row['event']}")


@every_row
def test_a_figure_is_made_of_events_and_fields_that_exist(row: dict[str, str]) -> None:
    event_type = registry.events()[row["event"]]

    assert set(row["fields"].split()) <= event_type.schema().fields.keys()


@every_row
def test_reporting_listens_to_every_event_that_a_figure_is_made_of(row: dict[str, str]) -> None:
    assert registry.events()[row["event"]] in registry.subscriptions()["reporting"]


def test_no_source_is_named_twice() -> None:
    assert len({(row["kpi"], row["event"]) for row in ROWS}) == len(ROWS)

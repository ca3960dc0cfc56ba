"""Figures: counted from facts in any order, opened into the list behind them."""

import hashlib
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from chassis import generations
from chassis.errors import Refused
from chassis.paging import encode
from contracts import catalogue
from contracts.events import activities
from contracts.events.activities import ActivityState as State
from contracts.reporting import exports
from contracts.reporting import figures as contract
from contracts.roles import Role
from services.reporting.figures.definitions import KPIS
from tests.service.harness import Universe, an_actor

AS_OF = date(2023, 9, 30)


def figure(universe: Universe, org: str | None = None, **asked: Any) -> dict[str, Any]:
    universe.tell()
    fields = {"code": "K01", "org": org or universe.federation, "as_of": AS_OF} | asked
    return universe.reporting.do(contract.GetFigure, universe.analyst, **fields)


def explanation(universe: Universe, **asked: Any) -> dict[str, Any]:
    universe.tell()
    fields = {"code": "K01", "org": universe.federation, "as_of": AS_OF} | asked
    return universe.reporting.do(contract.ExplainFigure, universe.analyst, **fields)


def reasons(universe: Universe) -> dict[str, str | None]:
    return {fact["record_id"]: fact["reason"] for fact in explanation(universe)["facts"]}


def correct(universe: Universe, activity: dict[str, Any], held_on: str) -> None:
    asked = {"activity_id": activity["id"], "sessions": 2, "reason_code": "wrong_date"}
    universe.events.do(activities.CorrectActivity, universe.zone_officer, held_on=held_on, **asked)


def test_only_a_closed_activity_counts(universe: Universe) -> None:
    for state in State:
        if state is not State.CANCELLED:
            universe.activity(state)

    assert figure(universe)["numerator"] == 1


def test_voiding_takes_an_activity_back(universe: Universe) -> None:
    closed = universe.activity(State.CLOSED)
    before = figure(universe)["numerator"]

    asked = {"activity_id": closed["id"], "reason_code": "recorded_twice"}
    universe.events.do(activities.VoidActivity, universe.zone_officer, **asked)

    assert (before, figure(universe)["numerator"]) == (1, 0)
    assert reasons(universe) == {closed["id"]: "voided"}


@pytest.mark.parametrize(
    ("held_on", "numerator", "reason"),
    [
        ("2023-01-01", 1, None),
        ("2023-09-30", 1, None),
        ("2022-12-31", 0, "outside_period"),
        ("2023-10-01", 0, "outside_period"),
    ],
)
def test_a_corrected_activity_counts_on_its_last_day(
    universe: Universe, held_on: str, numerator: int, reason: str | None
) -> None:
    closed = universe.activity(State.CLOSED)
    correct(universe, closed, "2022-05-05")
    correct(universe, closed, held_on)

    assert figure(universe)["numerator"] == numerator
    assert reasons(universe) == {closed["id"]: reason}


def test_every_activity_of_the_period_is_shown_with_its_reason(universe: Universe) -> None:
    shown = {
        universe.activity(State.OPEN)["id"]: "not_closed",
        universe.activity(State.HELD)["id"]: "not_closed",
        universe.activity(State.CLOSED)["id"]: None,
        universe.activity(State.VOIDED)["id"]: "voided",
    }
    cancelled = universe.activity(State.OPEN)["id"]
    universe.events.do(activities.CancelActivity, universe.home.officer, activity_id=cancelled, reason="other")
    in_another_year = {"starts_at": "2022-05-01T19:00:00+08:00", "ends_at": "2022-05-01T20:00:00+08:00"}
    universe.activity(State.OPEN, **in_another_year)

    assert reasons(universe) == {**shown, cancelled: "cancelled"}


def test_the_day_of_an_open_activity_is_the_day_in_shanghai(universe: Universe) -> None:
    new_year = {"starts_at": "2022-12-31T23:30:00+00:00", "ends_at": "2023-01-01T01:00:00+00:00"}
    opened = universe.activity(State.OPEN, **new_year)

    assert reasons(universe) == {opened["id"]: "not_closed"}


def test_an_organisation_counts_itself_and_all_below(universe: Universe) -> None:
    below = universe.approved_union(universe.home.id)
    universe.tell()
    for union in (universe.home, universe.other, below):
        universe.activity(State.CLOSED, union)

    counts = [figure(universe, org)["numerator"] for org in (universe.federation, universe.home.id, below.id)]
    assert counts == [3, 2, 1]


def test_a_figure_names_its_period_its_sentence_and_its_proof(universe: Universe) -> None:
    closed = universe.activity(State.CLOSED)

    found = figure(universe)

    (told,) = universe.events.events_of(closed["id"], activities.ActivityClosed)
    assert (found["period_from"], found["period_to"]) == ("2023-01-01", "2023-09-30")
    assert (found["unit"], found["denominator"], found["version"]) == ("activities", None, 1)
    assert found["sentence"]["text"]["en"].endswith(": 1 activity.")
    assert found["set_hash"] == hashlib.sha256(told.id.encode()).hexdigest()


def test_a_figure_of_nothing_is_left_out_with_its_reason(universe: Universe) -> None:
    found = figure(universe)

    assert (found["numerator"], found["sentence"]["text"]) == (0, None)
    assert set(found["sentence"]["not_printed_because"]) == {"zh", "en"}
    assert found["set_hash"] == hashlib.sha256(b"").hexdigest()


def test_a_report_is_dated_today_in_business_time_unless_it_says_otherwise(universe: Universe) -> None:
    universe.activity(State.CLOSED)
    universe.tell()
    asked = {"code": "K01", "org": universe.federation}
    universe.reporting.set_business_day(date(2023, 2, 28))
    try:
        found = universe.reporting.do(contract.GetFigure, universe.analyst, **asked)
    finally:
        universe.reporting.set_business_day(None)

    assert (found["period_to"], found["numerator"]) == ("2023-02-28", 0)


def test_the_list_shows_what_counts_first_and_pages_without_gap(universe: Universe) -> None:
    counted = {universe.activity(State.CLOSED)["id"] for _ in range(3)}
    others = {universe.activity(State.OPEN)["id"] for _ in range(2)}

    pages, cursor = [], {}
    while True:
        page = explanation(universe, limit=2, **cursor)
        pages.append(page)
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}

    facts = [fact for page in pages for fact in page["facts"]]
    assert [fact["counted"] for fact in facts] == [True] * 3 + [False] * 2
    assert ({fact["record_id"] for fact in facts[:3]}, {fact["record_id"] for fact in facts[3:]}) == (
        counted,
        others,
    )
    for part in (facts[:3], facts[3:]):
        assert [fact["event_id"] for fact in part] == sorted(fact["event_id"] for fact in part)


def test_whoever_holds_the_whole_list_can_check_the_hash(universe: Universe) -> None:
    for _ in range(3):
        universe.activity(State.CLOSED)
    universe.activity(State.OPEN)

    page = explanation(universe)

    ids = sorted(fact["event_id"] for fact in page["facts"] if fact["counted"])
    assert page["figure"]["set_hash"] == hashlib.sha256("\n".join(ids).encode()).hexdigest()
    assert page["figure"]["numerator"] == len(ids)


def test_a_fact_that_lands_while_a_figure_is_explained_does_not_part_it_from_its_list(universe: Universe) -> None:
    universe.activity(State.CLOSED)
    universe.tell()
    landed: list[dict[str, Any]] = []

    def land(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "fact_activity" in statement and not landed:
            landed.append(universe.activity(State.CLOSED))
            universe.tell()

    event.listen(universe.reporting.database.reader, "after_cursor_execute", land)
    try:
        page = explanation(universe)
    finally:
        event.remove(universe.reporting.database.reader, "after_cursor_execute", land)

    assert landed
    assert page["figure"]["numerator"] == len(page["facts"]) == 1
    assert page["figure"]["set_hash"] == hashlib.sha256(page["facts"][0]["event_id"].encode()).hexdigest()


def test_a_page_beyond_the_end_of_the_list_still_shows_the_figure(universe: Universe) -> None:
    closed = universe.activity(State.CLOSED)
    (fact,) = explanation(universe)["facts"]

    page = explanation(universe, cursor=encode(f"0:{fact['event_id']}"))

    assert (fact["record_id"], page["figure"]["numerator"], page["facts"]) == (closed["id"], 1, [])


@pytest.mark.parametrize("cursor", ["bm90LWEtcGxhY2U", "MTox", "!", "OTk"])
def test_a_cursor_of_another_make_is_refused(universe: Universe, cursor: str) -> None:
    with pytest.raises(Refused) as refused:
        explanation(universe, cursor=cursor)

    assert (refused.value.code, refused.value.errors[0]["field"]) == ("invalid_request", "cursor")


_ASK_FOR_A_FIGURE = pytest.mark.parametrize(
    "request_class", [contract.GetFigure, contract.ExplainFigure, exports.ExportExplanation]
)


@_ASK_FOR_A_FIGURE
@pytest.mark.parametrize("code", ["K00", "k01"])
def test_a_kpi_that_nobody_defined_is_not_found_and_the_words_say_where_they_are(
    universe: Universe, request_class: Any, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        universe.reporting.do(request_class, universe.analyst, code=code, org=universe.federation)

    assert (refused.value.code, refused.value.field) == ("kpi_unknown", "code")
    entry = catalogue.entry("kpi_unknown")
    assert entry.status == 404
    assert all(contract.ListKpis.operation.route.path in words for words in (entry.zh, entry.en))


@_ASK_FOR_A_FIGURE
def test_nothing_is_told_of_a_day_to_come(universe: Universe, request_class: Any) -> None:
    asked = {"code": "K01", "org": universe.federation}
    universe.reporting.set_business_day(AS_OF)
    try:
        universe.reporting.do(request_class, universe.analyst, **asked, as_of=AS_OF)
        with pytest.raises(Refused) as refused:
            universe.reporting.do(request_class, universe.analyst, **asked, as_of=AS_OF + timedelta(days=1))
    finally:
        universe.reporting.set_business_day(None)

    assert (refused.value.code, refused.value.field) == ("date_in_future", "as_of")
    assert refused.value.params == {"today": "2023-09-30"}


def test_another_unions_figures_are_out_of_reach(universe: Universe) -> None:
    analyst = an_actor(Role.ANALYST, universe.other.id)

    with pytest.raises(Refused) as refused:
        universe.reporting.do(contract.GetFigure, analyst, code="K01", org=universe.home.id)

    assert refused.value.code == "outside_scope"


def test_attendances_are_kept_as_facts_of_their_own(universe: Universe) -> None:
    held = universe.activity(State.HELD)
    universe.attend(held, 3)
    universe.events.do(activities.CloseActivity, universe.home.officer, activity_id=held["id"], evidence_ref="list-1")

    universe.tell()

    with universe.reporting.database.reader.connect() as connection:
        kept = connection.exec_driver_sql(
            "SELECT count(*), count(DISTINCT subject_key), min(on_date), max(on_date) FROM fact_attendance"
            " WHERE activity_id = %s",
            (held["id"],),
        ).one()
    assert tuple(kept) == (3, 3, date(2023, 3, 1), date(2023, 3, 1))


def test_the_kpis_are_listed_with_their_definitions(universe: Universe) -> None:
    kpis = universe.reporting.do(contract.ListKpis, universe.analyst)["items"]

    assert [kpi["code"] for kpi in kpis] == sorted(KPIS)
    assert (kpis[0]["code"], kpis[0]["version"], kpis[0]["period_kind"]) == ("K01", 1, "year_to_date")


def test_a_rebuilt_generation_holds_the_same_figure(universe: Universe) -> None:
    universe.activity(State.CLOSED)
    universe.activity(State.VOIDED)
    before = explanation(universe)

    database = universe.reporting.database
    number = generations.open_next(database, "building")
    pages = [universe.events.everything()[::-1], universe.membership.everything()[::-1]]
    for page in pages:
        universe.reporting.absorber.history(number, page)
    generations.switch(database, number)

    assert explanation(universe) == before

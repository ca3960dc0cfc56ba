"""From an HTTP call to a printed sentence: what is done to activities changes the figure, and its list tells why."""

from collections.abc import Callable
from datetime import date

import pytest

from contracts.events.activities import ActivityKind, ActivityState
from demo.accounts import usernames
from demo.loading.loader import load, steps
from demo.year.activities import PlannedActivity
from demo.year.days import REPORT_DATE
from demo.year.scale import STUDY_ACTIVITIES
from tests.conftest import Running
from tests.integration.harness import Town, changed, contents, eventually, settle
from unionctl.accounts import passwords

Study = Callable[..., str]

#: Tables that signing in fills.
SIGNED_IN = {"gateway.signed_in_session", "gateway.refresh_token"}


def test_the_demo_prints_how_many_study_activities_it_closed(running: Running, town: Town) -> None:
    sentences = town.figure()["sentence"]["text"]
    assert town.figure()["numerator"] == STUDY_ACTIVITIES
    assert f"学习活动{STUDY_ACTIVITIES}场" in sentences["zh"]
    assert f": {STUDY_ACTIVITIES} activities" in sentences["en"]
    assert all(sentence in running.told for sentence in sentences.values())


def test_the_list_behind_the_figure_names_what_was_counted(town: Town) -> None:
    counted = [fact for fact in town.facts().values() if fact["counted"]]
    assert len(counted) == town.figure()["numerator"]
    assert {(fact["state"], fact["reason"]) for fact in counted} == {("closed", None)}


def test_one_more_closed_activity_makes_the_figure_one_more(town: Town, study: Study) -> None:
    activity = study()
    figure = town.await_figure(STUDY_ACTIVITIES + 1)
    assert f"学习活动{STUDY_ACTIVITIES + 1}场" in figure["sentence"]["text"]["zh"]
    assert town.facts()[activity]["counted"]


def test_an_activity_that_is_held_and_not_closed_is_listed_and_not_counted(town: Town, study: Study) -> None:
    activity = study(close=False)
    eventually(lambda: activity in town.facts(), "Reporting does not hear of the activity.")
    fact = town.facts()[activity]
    assert (fact["counted"], fact["reason"]) == (False, "not_closed")
    assert town.figure()["numerator"] == STUDY_ACTIVITIES


def test_a_voided_activity_takes_figure_and_proof_back_to_what_they_were(town: Town, study: Study) -> None:
    before = town.figure()
    activity = study()
    assert town.await_figure(STUDY_ACTIVITIES + 1)["set_hash"] != before["set_hash"]
    town.checker.post(f"/v1/activities/{activity}/void", {"reason_code": "recorded_twice"}, f"{activity} void")
    assert town.await_figure(STUDY_ACTIVITIES) == before
    assert town.facts()[activity]["reason"] == "voided"


def test_a_corrected_day_moves_an_activity_out_of_the_period_and_back(town: Town, study: Study) -> None:
    activity = study()
    town.await_figure(STUDY_ACTIVITIES + 1)

    correct(town, activity, "2022-12-31")
    town.await_figure(STUDY_ACTIVITIES)
    assert town.facts()[activity]["reason"] == "outside_period"
    assert town.figure(as_of="2022-12-31")["numerator"] == 2

    correct(town, activity, "2023-09-26")
    town.await_figure(STUDY_ACTIVITIES + 1)
    assert town.figure(as_of="2022-12-31")["numerator"] == 1


def correct(town: Town, activity: str, day: str) -> None:
    body = {"held_on": day, "sessions": 1, "reason_code": "wrong_date"}
    town.checker.post(f"/v1/activities/{activity}/correct", body, f"{activity} {day}")


def test_a_union_counts_its_own_and_a_federation_counts_all(town: Town) -> None:
    planned = [study for study in closed_studies(town) if study.held_on.year == REPORT_DATE.year]
    for union in (town.year.unions[number] for number in {study.organiser for study in planned} - {0}):
        own = sum(study.organiser == union.number for study in planned)
        assert town.figure(town.unions[union.name])["numerator"] == own
    assert town.figure()["numerator"] == len(planned)


def closed_studies(town: Town) -> list[PlannedActivity]:
    wanted = (ActivityKind.STUDY, ActivityState.CLOSED)
    return [activity for activity in town.year.activities if (activity.kind, activity.end) == wanted]


@pytest.mark.parametrize("as_of", [date(2022, 12, 31), date(2023, 1, 17), date(2023, 5, 15), REPORT_DATE])
def test_a_figure_counts_up_to_the_date_of_its_report(town: Town, as_of: date) -> None:
    held = [study.held_on for study in closed_studies(town) if study.held_on.year == as_of.year]
    figure = town.figure(as_of=as_of.isoformat())
    assert figure["numerator"] == sum(day <= as_of for day in held)
    assert (figure["period_from"], figure["period_to"]) == (f"{as_of.year}-01-01", as_of.isoformat())


def test_a_figure_of_nothing_says_why_it_has_no_sentence(town: Town) -> None:
    sentence = town.figure(as_of="2021-06-30")["sentence"]
    assert sentence["text"] is None
    assert all(sentence["not_printed_because"].values())


def test_a_second_run_of_the_demo_loads_nothing_twice(town: Town) -> None:
    settle(town.platform)
    before, told = contents(town.books), []
    office = load(town.platform.url, passwords(town.platform, usernames(town.year)), town.year, told.append)
    settle(town.platform)
    assert (office.federation_id, len(told)) == (town.federation, steps(town.year))
    assert changed(before, contents(town.books)) <= SIGNED_IN

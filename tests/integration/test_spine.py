"""From an HTTP call to a printed sentence: what is done to activities changes the figure, and its list tells why."""

from collections.abc import Callable
from datetime import date

import pytest

from demo.accounts import ADMINISTRATORS, STAFF
from demo.loader import load, steps
from demo.plan import REPORT_DATE, STUDY_ACTIVITIES, UNIONS, year
from kernel.zone import SHANGHAI
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
    assert town.figure(as_of="2022-12-31")["numerator"] == 1

    correct(town, activity, "2023-09-26")
    town.await_figure(STUDY_ACTIVITIES + 1)
    assert town.figure(as_of="2022-12-31")["numerator"] == 0


def correct(town: Town, activity: str, day: str) -> None:
    body = {"held_on": day, "sessions": 1, "reason_code": "wrong_date"}
    town.checker.post(f"/v1/activities/{activity}/correct", body, f"{activity} {day}")


def test_a_union_counts_its_own_and_a_federation_counts_all(town: Town) -> None:
    planned = year().activities
    for index, (name, *_) in enumerate(UNIONS):
        own = sum(activity.organiser == index for activity in planned)
        assert town.figure(town.unions[name])["numerator"] == own
    assert town.figure()["numerator"] == len(planned)


@pytest.mark.parametrize("as_of", [date(2022, 12, 31), date(2023, 1, 9), date(2023, 5, 15), REPORT_DATE])
def test_a_figure_counts_up_to_the_date_of_its_report(town: Town, as_of: date) -> None:
    held = [activity.starts_at.astimezone(SHANGHAI).date() for activity in year().activities]
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
    names = [*ADMINISTRATORS, *(username for username, *_ in STAFF)]
    loaded = load(town.platform.url, passwords(town.platform, names), year(), told.append)
    settle(town.platform)
    assert (loaded.federation_id, len(told)) == (town.federation, steps(year()))
    assert changed(before, contents(town.books)) <= SIGNED_IN

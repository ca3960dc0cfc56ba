"""The generated year comes to exactly the counts of the acceptance data, in full and in small, from any seed."""

import hashlib
import os
import subprocess
import sys
from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.events.activities import ActivityKind, ActivityState
from contracts.membership.organisation import FoundingMode, OrgKind, Workforce
from contracts.welfare.programmes import BenefitForm, ProgrammeKind
from demo.year.days import FIRST_JOINS, REPORT_DATE, STOPS
from demo.year.generator import SEED, Year, year
from demo.year.memberships import APPLIED_ON
from demo.year.people import HOME
from demo.year.scale import FULL, SMALL, Scale
from kernel.codes.worker_category import WorkerCategory

RIDING = {WorkerCategory.COURIER, WorkerCategory.FOOD_DELIVERY_RIDER}
IN_2023 = range(date(2023, 1, 1).toordinal(), REPORT_DATE.toordinal() + 1)


@pytest.fixture(params=[FULL, SMALL], ids=lambda scale: scale.name)
def made(request: pytest.FixtureRequest) -> Year:
    return year(scale=request.param)


def in_year(day: date | None) -> bool:
    return day is not None and day.toordinal() in IN_2023


def test_the_full_year_has_the_members_of_the_acceptance_data() -> None:
    people = [person.membership for person in year().people]
    counted = [place for place in people if place.retained_on is None]
    assert (len(counted), len(people) - len(counted)) == (16_342, 610)
    assert sum(place.out_of_province for place in counted) == 9_968


def test_retained_members_are_of_the_province_and_the_flag_follows_the_household(made: Year) -> None:
    for person in made.people:
        assert (person.household_region[:2] != HOME) == person.membership.out_of_province
        assert person.membership.retained_on is None or not person.membership.out_of_province


def test_the_first_union_of_new_employment_is_of_june_2022_and_grows_as_told(made: Year) -> None:
    (first,) = (u for u in made.unions if u.workforce is Workforce.NEW_EMPLOYMENT and u.founded_on.year == 2022)
    joined = [person.membership for person in made.people if person.membership.union == first.number]
    assert (first.founded_on.year, first.founded_on.month) == (2022, 6)
    assert sum(place.joined_on <= FIRST_JOINS for place in joined) == made.scale.first_union_by_meeting
    assert len(joined) == made.scale.first_union_joins
    assert (FULL.first_union_joins, FULL.first_union_by_meeting) == (214, 205)


def test_fifteen_unions_of_the_year_are_cobuilt_two_of_them_of_new_employment(made: Year) -> None:
    new = [u for u in made.unions if in_year(u.founded_on) and u.party_cobuilt and u.approved_on is not None]
    joint = [u for u in new if u.org_kind is OrgKind.JOINT and u.workforce is Workforce.NEW_EMPLOYMENT]
    joined = sum(person.membership.union in {u.number for u in new} for person in made.people)
    assert (len(new), len(joint), joined) == (15, 2, made.scale.new_union_joins)
    assert FULL.new_union_joins == 846


def test_two_unions_of_the_year_must_not_count(made: Year) -> None:
    others = [u for u in made.unions if in_year(u.founded_on) and not (u.party_cobuilt and u.approved_on)]
    assert sorted((u.party_cobuilt, u.approved_on is None) for u in others) == [(False, False), (True, True)]


def test_there_are_unions_of_all_kinds_and_modes() -> None:
    unions = year().unions
    assert {u.org_kind for u in unions} == set(OrgKind) - {OrgKind.OTHER}
    assert {u.founding_mode for u in unions} == set(FoundingMode)
    assert len({firm for u in unions for firm in u.enterprises}) == len(year().enterprises)
    assert 230 <= len(year().enterprises) <= 250


def test_contests_have_their_tiers_people_and_attendances(made: Year) -> None:
    contests = [a for a in made.activities if a.kind is ActivityKind.COMPETITION]
    counted = [a for a in contests if a.end is ActivityState.CLOSED and in_year(a.held_on)]
    attendances = [line for a in counted for line in a.attendances]
    assert Counter(a.tier for a in counted) == {"elite": 1, "mass": 6}
    assert len({person for person, _ in attendances}) == made.scale.contest_people
    assert len(attendances) == made.scale.contest_attendances
    assert (FULL.contest_people, FULL.contest_attendances) == (236, 318)
    assert {a.end for a in contests if a not in counted} == {ActivityState.CANCELLED, ActivityState.CLOSED}


def test_who_comes_to_a_contest_has_a_place_and_comes_to_a_session_once(made: Year) -> None:
    for contest in (a for a in made.activities if a.kind is ActivityKind.COMPETITION):
        assert contest.quota is not None
        assert {person for person, _ in contest.attendances} <= set(contest.registered[: contest.quota])
        assert len(set(contest.registered)) == len(contest.registered)
        assert len(set(contest.attendances)) == len(contest.attendances)
        assert {session for _, session in contest.attendances} <= set(range(1, contest.sessions + 1))


def test_twenty_study_activities_count_and_three_do_not(made: Year) -> None:
    studies = [a for a in made.activities if a.kind is ActivityKind.STUDY]
    assert sum(a.end is ActivityState.CLOSED and in_year(a.held_on) for a in studies) == 20
    others = [a for a in studies if not (a.end is ActivityState.CLOSED and in_year(a.held_on))]
    assert {a.end for a in others} == {ActivityState.CLOSED, ActivityState.HELD, ActivityState.VOIDED}


def test_thirty_seven_industrial_workers_are_recommended_in_the_half_year(made: Year) -> None:
    half_year = {r.person for r in made.recommendations if r.recommended_on and r.recommended_on <= date(2023, 6, 30)}
    industrial = [number for number in half_year if made.people[number].job.is_industrial_worker]
    assert (len(industrial), len(half_year), len(made.recommendations)) == (37, 39, 41)


def test_health_checks_count_attendances_and_riders_once_each(made: Year) -> None:
    attended = [person for slot in made.slots if in_year(slot.held_on) for person in slot.attended]
    riders = [number for number in attended if made.people[number].job.category in RIDING]
    assert (len(attended), len(riders), len(set(riders))) == (
        made.scale.health_checks,
        made.scale.rider_checks,
        made.scale.riders,
    )
    assert (FULL.health_checks, FULL.rider_checks, FULL.riders) == (544, 71, 63)
    assert all(len(set(slot.booked)) == len(slot.booked) for slot in made.slots)


def test_relief_in_goods_comes_to_its_people_and_value_and_money_is_for_others(made: Year) -> None:
    received = {form: relieved(made, form) for form in (BenefitForm.GOODS, BenefitForm.MONEY)}
    assert len(received[BenefitForm.GOODS]) == made.scale.relief_people
    assert len(received[BenefitForm.MONEY]) == made.scale.money_people
    assert not set(received[BenefitForm.GOODS]) & set(received[BenefitForm.MONEY])
    assert sum(received[BenefitForm.GOODS].values()) == 20_000 * made.scale.relief_people
    assert (FULL.relief_people, FULL.money_people) == (412, 30)


def relieved(made: Year, form: BenefitForm) -> dict[int, int]:
    """Who got winter relief in this form, and what it was worth in fen; what was reversed is left out."""
    batches = [
        batch
        for programme in made.programmes
        if (programme.kind, programme.form) == (ProgrammeKind.WINTER_RELIEF, form)
        for batch in programme.batches
    ]
    return {person: batch.amount_fen for batch in batches for person in batch.received if person not in batch.reversed}


def test_everything_falls_on_a_stop_of_the_clock(made: Year) -> None:
    days = {a.held_on for a in made.activities} | {a.published_on for a in made.activities}
    days |= {slot.held_on for slot in made.slots} | {post.recorded_on for post in made.posts}
    days |= {r.nominated_on for r in made.recommendations}
    days |= {u.founded_on for u in made.unions if not u.is_old}
    days |= {person.membership.joined_on for person in made.people if person.membership.joined_on > STOPS[0]}
    assert days <= set(STOPS)
    assert list(STOPS) == sorted(set(STOPS))


def test_nobody_takes_part_before_joining_or_after_being_retained(made: Year) -> None:
    for activity in made.activities:
        for number in {*activity.registered, *(person for person, _ in activity.attendances)}:
            place = made.people[number].membership
            assert place.retained_on is None
            assert place.joined_on <= activity.published_on


@pytest.mark.parametrize(("seed", "scale"), [(SEED, FULL), *((seed, SMALL) for seed in range(1, 8))])
def test_everybody_is_employed_when_the_register_hears_of_them(seed: int, scale: Scale) -> None:
    made = year(seed, scale)
    for person in (*made.people, *made.refused):
        heard_on = APPLIED_ON if person.membership.applies else person.membership.joined_on
        assert person.employed_since <= heard_on


def test_who_is_refused_is_no_member() -> None:
    made = year()
    assert len(made.refused) == 2
    assert not {person.resident_id for person in made.refused} & {person.resident_id for person in made.people}
    assert not {person.number for person in made.refused} & {person.number for person in made.people}


def test_posts_are_held_by_members_of_the_union_and_nobody_both_pays_and_audits(made: Year) -> None:
    assert all(made.people[post.person].membership.union == post.union for post in made.posts)
    assert len({post.person for post in made.posts}) == len(made.posts)
    assert all(made.people[post.person].membership.joined_on <= post.recorded_on for post in made.posts)


@pytest.mark.parametrize("scale", [FULL, SMALL], ids=lambda scale: scale.name)
def test_the_same_seed_gives_the_same_bytes_in_another_process(scale: object) -> None:
    program = (
        "import hashlib, pickle; from demo.year.generator import year; from demo.year.scale import FULL, SMALL;"
        f"print(hashlib.sha256(pickle.dumps(year(7, {scale.name.upper()}))).hexdigest())"  # type: ignore[attr-defined]
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for hash_seed in ("1", "2")
    }
    assert len(digests) == 1
    assert len(digests.pop().strip()) == hashlib.sha256().digest_size * 2


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_any_seed_gives_the_counts_of_its_scale(seed: int) -> None:
    made = year.__wrapped__(seed, SMALL)
    counted = [person.membership for person in made.people if person.membership.retained_on is None]
    assert len(counted) == SMALL.members
    assert sum(place.out_of_province for place in counted) == SMALL.out_of_province
    assert len(made.people) - len(counted) == SMALL.retained
    assert len(relieved(made, BenefitForm.GOODS)) == SMALL.relief_people


def test_another_seed_gives_another_federation() -> None:
    first, second = year(1, SMALL), year(2, SMALL)
    assert first.federation.name != second.federation.name
    assert not {p.resident_id for p in first.people} & {p.resident_id for p in second.people}
    assert not {e.uscc for e in first.enterprises} & {e.uscc for e in second.enterprises}
    assert not {u.name for u in first.unions} & {u.name for u in second.unions}

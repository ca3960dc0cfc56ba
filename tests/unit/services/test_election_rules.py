"""Elections by the law: who plans and meets for how many seats, what the superior says, and how long a term lasts."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chassis.errors import Refused
from contracts.membership.elections import MeetingKind, Method
from contracts.membership.posts import Body, Post
from kernel.law import Caution, Finding, Overridden, Override, Refusal
from kernel.states import NEW
from services.membership.elections.facts import Candidate, Office
from services.membership.elections.terms import answer_due, may_extend, term_end, training_due, vacancy_due
from tests.support.elections import (
    AUDIT,
    CHAIR,
    COMMITTEE,
    HELD_ON,
    OVERRIDE,
    WOMEN,
    ZONE,
    Breach,
    breaches,
    facts,
    meeting,
    members,
    people,
    taken,
)


@pytest.mark.parametrize(
    ("changes", "breach"),
    [
        ({"term_years": 4}, ("term_not_allowed", "R-ORG-08", "term_years")),
        ({"method": Method.BY_COMMITTEE}, ("committee_does_not_elect", "R-ELE-12", "method")),
        ({"office": AUDIT, "method": Method.BY_COMMITTEE}, ("committee_does_not_elect", "R-ELE-12", "method")),
        ({"office": replace(CHAIR, seats=2)}, ("one_chair", None, "seats")),
    ],
)
def test_an_election_is_planned_for_a_lawful_term_and_by_a_method_that_the_post_allows(
    changes: dict[str, Any], breach: tuple[str, str | None, str]
) -> None:
    assert breaches(NEW, "plan", facts(**changes)) == [breach]
    assert breaches("refused", "plan_again", facts(**changes)) == [breach]


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize(
    "office", [CHAIR, Office(Body.COMMITTEE, Post.VICE_CHAIR, 2), Office(Body.STANDING, Post.MEMBER, 5)]
)
def test_the_meeting_or_the_committee_elects_chairs_and_the_standing_committee(office: Office, method: str) -> None:
    assert taken(NEW, "plan", facts(office=office, method=method, term_years=3)).target == "planned"


def test_the_founding_meeting_may_open_with_its_three_bodies() -> None:
    for office in (COMMITTEE, AUDIT, WOMEN):
        given = facts(office=office)
        assert taken("planned", "publish_candidates", given).target == "published"
        opened = taken("published", "open_meeting", given)
        assert (opened.target, opened.notes) == ("voting", ())


@pytest.mark.parametrize(
    ("number", "kind", "expected"),
    [
        (99, MeetingKind.MEMBERS, []),
        (100, MeetingKind.MEMBERS, []),
        (101, MeetingKind.MEMBERS, []),
        (100, MeetingKind.REPRESENTATIVES, [("members_must_meet", "R-ELE-01", "kind")]),
        (101, MeetingKind.REPRESENTATIVES, []),
    ],
)
def test_representatives_meet_only_for_more_than_a_hundred(
    number: int, kind: MeetingKind, expected: list[tuple[str, str, str]]
) -> None:
    entitled = 35 if kind is MeetingKind.REPRESENTATIVES else number
    given = facts(union=members(number), office=replace(COMMITTEE, seats=5), meeting=meeting(entitled, kind=kind))
    assert breaches("published", "open_meeting", given) == expected


@pytest.mark.parametrize(
    ("number", "least", "most"),
    [
        (101, 30, 40),
        (200, 30, 40),
        (201, 40, 60),
        (1_000, 40, 60),
        (1_001, 60, 90),
        (5_000, 60, 90),
        (5_001, 90, 130),
        (10_000, 90, 130),
        (10_001, 130, 180),
        (50_000, 130, 180),
        (50_001, 180, 240),
    ],
)
def test_representatives_are_as_many_as_the_members_allow(number: int, least: int, most: int) -> None:
    def open_with(entitled: int) -> list[Breach]:
        meet = meeting(entitled, kind=MeetingKind.REPRESENTATIVES)
        return breaches("published", "open_meeting", facts(union=members(number), office=WOMEN, meeting=meet))

    breach = ("representatives_out_of_band", "R-ELE-02", "entitled")
    assert [open_with(entitled) for entitled in (least - 1, least, most, most + 1)] == [[breach], [], [], [breach]]


@pytest.mark.parametrize(
    ("body", "number", "least", "most", "rule_code"),
    [
        (Body.COMMITTEE, 1, 3, 5, "R-ELE-03"),
        (Body.COMMITTEE, 24, 3, 5, "R-ELE-03"),
        (Body.COMMITTEE, 25, 3, 7, "R-ELE-03"),
        (Body.COMMITTEE, 200, 3, 7, "R-ELE-03"),
        (Body.COMMITTEE, 201, 7, 15, "R-ELE-03"),
        (Body.COMMITTEE, 1_000, 7, 15, "R-ELE-03"),
        (Body.COMMITTEE, 1_001, 15, 21, "R-ELE-03"),
        (Body.COMMITTEE, 5_000, 15, 21, "R-ELE-03"),
        (Body.COMMITTEE, 5_001, 21, 29, "R-ELE-03"),
        (Body.COMMITTEE, 10_000, 21, 29, "R-ELE-03"),
        (Body.COMMITTEE, 10_001, 29, 37, "R-ELE-03"),
        (Body.COMMITTEE, 50_000, 29, 37, "R-ELE-03"),
        (Body.COMMITTEE, 50_001, 37, 45, "R-ELE-03"),
        (Body.AUDIT, 30, 3, 11, "R-ELE-14.seats"),
        (Body.AUDIT, 60_000, 3, 11, "R-ELE-14.seats"),
    ],
)
def test_a_body_has_as_many_seats_as_the_members_allow(
    body: Body, number: int, least: int, most: int, rule_code: str
) -> None:
    def open_for(seats: int) -> list[Breach]:
        office = Office(body, Post.MEMBER, seats)
        given = facts(union=members(number), office=office, meeting=meeting(number))
        return breaches("published", "open_meeting", given)

    breach = ("seats_out_of_band", rule_code, "seats")
    assert [open_for(seats) for seats in (least - 1, least, most, most + 1)] == [[breach], [], [], [breach]]


@pytest.mark.parametrize("office", [CHAIR, WOMEN, Office(Body.STANDING, Post.MEMBER, 40)])
def test_where_the_law_names_no_number_of_seats_any_will_do(office: Office) -> None:
    assert breaches("published", "open_meeting", facts(office=office)) == []


@pytest.mark.parametrize(
    ("changes", "breach"),
    [
        ({"meeting": meeting(206)}, ("more_entitled_than_members", None, "entitled")),
        ({"meeting": meeting(205, 206)}, ("more_present_than_entitled", None, "present")),
        ({"meeting": meeting(205, 136)}, ("no_quorum", "R-ELE-06", "present")),
        ({"meeting": replace(meeting(205), is_secret=False)}, ("ballot_not_secret", "R-ELE-08", "is_secret")),
        ({"meeting": meeting(205, kind=MeetingKind.COMMITTEE)}, ("meeting_does_not_elect", "R-ELE-12", "kind")),
        ({"meeting": meeting(205, kind=MeetingKind.CONGRESS)}, ("meeting_does_not_elect", "R-ELE-12", "kind")),
        (
            {"office": CHAIR, "method": Method.BY_COMMITTEE, "meeting": meeting(9)},
            ("meeting_does_not_elect", "R-ELE-12", "kind"),
        ),
        ({"published_on": date(2022, 6, 14)}, ("published_too_late", "R-ELE-05", "held_on")),
        ({"today": date(2022, 6, 17)}, ("date_in_future", None, "held_on")),
    ],
)
def test_a_meeting_that_may_not_elect_does_not_open(changes: dict[str, Any], breach: tuple[str, str, str]) -> None:
    assert breaches("published", "open_meeting", facts(**changes)) == [breach]


@pytest.mark.parametrize(("entitled", "least"), [(1, 1), (2, 2), (3, 2), (60, 40), (61, 41), (62, 42), (63, 42)])
def test_a_quorum_is_two_thirds_of_those_entitled(entitled: int, least: int) -> None:
    def again(present: int) -> list[Breach]:
        return breaches("void", "vote_again", facts(meeting=meeting(entitled, present)))

    assert again(least) == []
    assert again(least - 1) == [("no_quorum", "R-ELE-06", "present")]


def test_a_refusal_names_the_figure_that_would_have_done() -> None:
    with pytest.raises(Refused) as refused:
        taken("published", "open_meeting", facts(meeting=meeting(61, 40, MeetingKind.REPRESENTATIVES)))
    assert (refused.value.code, refused.value.params) == ("representatives_out_of_band", {"least": "40", "most": "60"})
    with pytest.raises(Refused) as refused:
        taken("published", "open_meeting", facts(published_on=date(2022, 6, 15)))
    assert refused.value.params == {"latest": "2022-06-13"}


def test_the_superior_approves_and_the_term_runs_from_the_vote() -> None:
    assert taken("declared", "submit", facts()).clocks == ("election_answer",)
    approved = taken("awaiting_approval", "approve", facts(on=date(2022, 6, 20), today=date(2022, 6, 20)))
    assert (approved.target, approved.events, approved.clocks) == (
        "approved",
        ("union_election_approved",),
        ("term_end",),
    )
    assert term_end(HELD_ON, 5) == date(2027, 6, 18)
    assert term_end(date(2024, 2, 29), 3) == date(2027, 2, 28)


def test_a_vote_against_the_procedure_is_refused_by_the_superior_and_repeated() -> None:
    assert breaches("awaiting_approval", "approve", facts(procedure_kept=False)) == [
        ("against_procedure", "R-ELE-13.procedure", "procedure_kept")
    ]
    assert taken("awaiting_approval", "refuse", facts(procedure_kept=False)).target == "refused"
    assert taken("refused", "plan_again", facts()).target == "planned"


@pytest.mark.parametrize("command", ["approve", "refuse"])
@pytest.mark.parametrize(
    ("changes", "breach"),
    [
        ({"decided_above": False}, ("own_election", "R-ELE-13", None)),
        ({"submitted_on": date(2022, 6, 19)}, ("answered_before_submission", None, "answered_on")),
        ({"on": date(2022, 6, 19)}, ("date_in_future", None, "answered_on")),
    ],
)
def test_nobody_but_the_superior_answers_and_not_before_it_was_asked(
    command: str, changes: dict[str, Any], breach: Breach
) -> None:
    assert breaches("awaiting_approval", command, facts(**changes)) == [breach]


def test_a_committee_without_the_woman_it_must_have_is_not_approved() -> None:
    given = facts(union=members(205, 9), elected=people(9))
    assert breaches("awaiting_approval", "approve", given) == [("no_woman_elected", "R-ORG-02", None)]
    with_her = replace(given, elected=[*people(8), Candidate("f" * 64, is_woman=True)])
    assert breaches("awaiting_approval", "approve", with_her) == []


@pytest.mark.parametrize(
    ("answered_on", "told"), [(date(2022, 7, 3), []), (date(2022, 7, 4), [("answered_late", "R-ELE-13.answer")])]
)
def test_a_late_answer_is_told_and_holds(answered_on: date, told: list[tuple[str, str]]) -> None:
    for command in ("approve", "refuse"):
        done = taken("awaiting_approval", command, facts(on=answered_on, today=answered_on))
        assert [(note.code, note.rule_code) for note in done.notes] == told
        assert all(isinstance(note, Caution) and note.params == {"due": "2022-07-03"} for note in done.notes)


def extension(extended_to: date, **overrides: Override) -> list[tuple[type[Finding], str, str | None]]:
    named = {code.replace("_", "-"): override for code, override in overrides.items()}
    found = may_extend(ZONE, HELD_ON, date(2022, 8, 31), extended_to, named)
    return [(type(one), one.code, one.rule_code) for one in found if one is not None]


def test_a_term_is_extended_by_half_a_year_at_most() -> None:
    assert extension(date(2023, 2, 28)) == []
    assert extension(date(2023, 3, 1)) == [(Refusal, "extended_too_long", "R-ELE-16")]
    assert extension(date(2023, 3, 1), R_ELE_16=OVERRIDE) == [(Overridden, "extended_too_long", "R-ELE-16")]
    assert extension(date(2022, 8, 31)) == [(Refusal, "extension_not_longer", None)]


def test_the_superior_the_successor_and_the_trainee_have_their_time() -> None:
    assert answer_due(ZONE, HELD_ON).on == date(2022, 7, 3)
    assert vacancy_due(ZONE, HELD_ON).on == date(2022, 12, 18)
    assert training_due(ZONE, HELD_ON).on == date(2023, 6, 18)

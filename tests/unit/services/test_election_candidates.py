"""Who may stand for which post, and how many must."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.membership.elections import EmployerTie
from contracts.membership.posts import Body, Post
from services.membership.elections.facts import Candidate, Office, UnionFigures
from tests.support.elections import AUDIT, CHAIR, COMMITTEE, WOMEN, ZONE, Breach, breaches, facts, people


def stands(person: Candidate, office: Office = COMMITTEE, **changes: Any) -> list[Breach]:
    others = people(10 + office.seats)
    return breaches("planned", "publish_candidates", facts(office=office, candidates=[*others, person], **changes))


@pytest.mark.parametrize(
    ("traits", "office", "code", "rule_code"),
    [
        ({"is_member": False}, COMMITTEE, "not_a_member_there", "R-MEM-16"),
        ({"is_retained": True}, COMMITTEE, "retained_cannot_stand", "R-MEM-11"),
        ({"employer_tie": EmployerTie.RELATIVE_OF_MAIN_HEAD}, COMMITTEE, "tied_to_employer", "R-ORG-10"),
        ({"employer_tie": EmployerTie.RELATIVE_OF_MAIN_HEAD}, CHAIR, "tied_to_employer", "R-ORG-10"),
        ({"employer_tie": EmployerTie.RELATIVE_OF_MAIN_HEAD}, AUDIT, "tied_to_employer", "R-ELE-04"),
        ({"employer_tie": EmployerTie.MAIN_HEAD}, COMMITTEE, "tied_to_employer", "R-ELE-04"),
        ({"employer_tie": EmployerTie.LEGAL_REPRESENTATIVE}, COMMITTEE, "tied_to_employer", "R-ELE-04"),
        ({"employer_tie": EmployerTie.PARTNER}, WOMEN, "tied_to_employer", "R-ELE-04"),
        ({"employer_tie": EmployerTie.RELATIVE_OF_PARTNER}, COMMITTEE, "tied_to_employer", "R-ELE-04"),
        (
            {"employer_tie": EmployerTie.RELATIVE_OF_LEGAL_REPRESENTATIVE},
            COMMITTEE,
            "tied_to_employer",
            "R-ELE-04",
        ),
        ({"skipped_training": True}, CHAIR, "training_skipped", "R-ELE-18"),
        ({"is_audited": True}, AUDIT, "finance_and_audit", "R-ELE-14"),
        ({"is_woman": False}, Office(Body.WOMEN, Post.CHAIR, 1), "head_not_a_woman", "R-ELE-15.head"),
    ],
)
def test_who_may_not_stand_is_refused_at_their_place_on_the_list(
    traits: dict[str, Any], office: Office, code: str, rule_code: str
) -> None:
    others = people(10, is_woman=True)
    candidates = [*others, Candidate("f" * 64, **traits)]
    given = facts(office=office, candidates=candidates)
    assert breaches("planned", "publish_candidates", given) == [(code, rule_code, "candidates.10.subject_key")]


@pytest.mark.parametrize(
    ("traits", "office"),
    [
        ({"skipped_training": True}, COMMITTEE),
        ({"is_audited": True}, COMMITTEE),
        ({"is_audited": True}, CHAIR),
        ({"is_woman": False}, WOMEN),
    ],
)
def test_what_bars_from_one_post_bars_from_no_other(traits: dict[str, Any], office: Office) -> None:
    assert stands(Candidate("f" * 64, **traits), office) == []


def test_nobody_stands_twice_and_one_who_does_is_counted_once() -> None:
    twice = [*people(9), people(1)[0]]
    assert breaches("planned", "publish_candidates", facts(candidates=twice)) == [
        ("candidate_twice", None, "candidates.0.subject_key"),
        ("candidate_twice", None, "candidates.9.subject_key"),
        ("too_few_candidates", "R-ELE-07", "candidates"),
    ]


@pytest.mark.parametrize(
    ("office", "least", "rule_code"),
    [
        (Office(Body.COMMITTEE, Post.MEMBER, 9), 10, "R-ELE-07"),
        (Office(Body.COMMITTEE, Post.MEMBER, 20), 21, "R-ELE-07"),
        (Office(Body.COMMITTEE, Post.MEMBER, 21), 23, "R-ELE-07"),
        (Office(Body.COMMITTEE, Post.MEMBER, 45), 48, "R-ELE-07"),
        (Office(Body.STANDING, Post.MEMBER, 10), 11, "R-ELE-07.standing"),
        (Office(Body.STANDING, Post.MEMBER, 11), 13, "R-ELE-07.standing"),
        (CHAIR, 1, "R-ELE-07.equal"),
        (Office(Body.COMMITTEE, Post.VICE_CHAIR, 3), 3, "R-ELE-07.equal"),
        (AUDIT, 3, "R-ELE-07.equal"),
        (WOMEN, 5, "R-ELE-07.equal"),
    ],
)
def test_as_many_stand_as_the_share_asks_for_rounded_up(office: Office, least: int, rule_code: str) -> None:
    def publish(number: int) -> list[Breach]:
        return breaches("planned", "publish_candidates", facts(office=office, candidates=people(number)))

    assert publish(least) == []
    assert publish(least - 1) == [("too_few_candidates", rule_code, "candidates")]


@pytest.mark.parametrize(
    ("women", "bodies", "women_stand", "expected"),
    [
        (0, (), 0, []),
        (1, (), 0, [("no_woman_stands", "R-ORG-02", "candidates")]),
        (9, (), 0, [("no_woman_stands", "R-ORG-02", "candidates")]),
        (9, (), 1, []),
        (9, (Body.WOMEN,), 0, []),
        (10, (), 0, [("women_committee_missing", "R-ORG-03", None)]),
        (10, (Body.WOMEN,), 0, []),
    ],
)
def test_women_get_their_committee_or_a_seat(
    women: int, bodies: tuple[str, ...], women_stand: int, expected: list[tuple[str, str, str | None]]
) -> None:
    stand = [replace(one, is_woman=place < women_stand) for place, one in enumerate(people(10))]
    union = UnionFigures(ZONE, 205, women, bodies=bodies)
    assert breaches("planned", "publish_candidates", facts(union=union, candidates=stand)) == expected
    chair = facts(union=union, office=CHAIR, candidates=people(1))
    assert breaches("planned", "publish_candidates", chair) == []


def test_who_keeps_accounts_elects_an_audit_committee_with_the_committee() -> None:
    union = UnionFigures(ZONE, 205, 0, keeps_accounts=True)
    assert breaches("planned", "publish_candidates", facts(union=union)) == [
        ("audit_committee_missing", "R-ELE-14.together", None)
    ]
    assert breaches("planned", "publish_candidates", facts(union=union, office=AUDIT)) == []

"""Which posts there are, who may hold them, and when they start and end."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Refused
from chassis.states import step
from contracts.membership.posts import Body, Post
from kernel.states import NEW
from services.membership.posts.rules import POST, POSTS, Facts, Held

TODAY = date(2023, 9, 30)
BEFORE, AFTER = date(2023, 9, 29), date(2023, 10, 1)
SHE, HE = "a" * 64, "b" * 64

held = st.builds(
    Held,
    st.sampled_from((SHE, HE)),
    *[st.sampled_from(kind) for kind in (Body, Post)],  # type: ignore[arg-type]
)


def facts(**changes: Any) -> Facts:
    usual = {
        "today": TODAY,
        "started_on": TODAY,
        "wanted": Held(SHE, Body.COMMITTEE, Post.MEMBER),
        "union_state": "approved",
        "is_known": True,
        "is_member": True,
    }
    return Facts(**(usual | changes))


def refusal(command: str, state: str, given_facts: Facts) -> tuple[str, str | None]:
    with pytest.raises(Refused) as refused:
        step(POST, state, command, given_facts)
    return refused.value.code, refused.value.field


def may_start(wanted: Held, *others: Held) -> bool:
    try:
        step(POST, NEW, "start", facts(wanted=wanted, others=others))
    except Refused:
        return False
    return True


def test_every_body_has_a_chair_and_members_and_only_the_committee_keeps_the_money() -> None:
    assert set(POSTS) == set(Body)
    assert all({Post.CHAIR, Post.MEMBER} <= set(posts) for posts in POSTS.values())
    assert [body for body, posts in POSTS.items() if Post.FINANCE in posts or Post.OFFICER in posts] == [Body.COMMITTEE]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"union_state": "awaiting_approval"}, "union_not_approved", "union_id"),
        ({"started_on": AFTER}, "date_in_future", "started_on"),
        ({"is_known": False, "is_member": False}, "unknown_subject", "subject_key"),
        ({"is_member": False}, "not_a_member_there", "subject_key"),
        ({"wanted": Held(SHE, Body.AUDIT, Post.FINANCE)}, "no_such_post_in_body", "post"),
        ({"wanted": Held(SHE, Body.WOMEN, Post.OFFICER)}, "no_such_post_in_body", "post"),
    ],
)
def test_a_post_that_cannot_start_is_refused_at_its_field(changes: dict[str, Any], code: str, field: str) -> None:
    assert refusal("start", NEW, facts(**changes)) == (code, field)


def test_whoever_names_a_post_that_a_body_has_not_is_told_those_that_it_has() -> None:
    with pytest.raises(Refused) as refused:
        step(POST, NEW, "start", facts(wanted=Held(SHE, Body.MEDIATION, Post.FINANCE)))

    assert refused.value.params == {"choices": "chair, vice_chair, member"}


@pytest.mark.parametrize(
    ("wanted", "other", "free"),
    [
        (Held(SHE, "committee", "chair"), Held(HE, "committee", "chair"), False),
        (Held(SHE, "committee", "chair"), Held(HE, "audit", "chair"), True),
        (Held(SHE, "committee", "vice_chair"), Held(HE, "committee", "vice_chair"), True),
        (Held(SHE, "committee", "vice_chair"), Held(SHE, "committee", "vice_chair"), False),
        (Held(SHE, "committee", "vice_chair"), Held(SHE, "committee", "member"), True),
        (Held(SHE, "committee", "finance"), Held(SHE, "audit", "member"), False),
        (Held(SHE, "audit", "chair"), Held(SHE, "committee", "finance"), False),
        (Held(SHE, "audit", "member"), Held(SHE, "committee", "chair"), False),
        (Held(SHE, "committee", "chair"), Held(SHE, "audit", "vice_chair"), False),
        (Held(SHE, "audit", "member"), Held(SHE, "committee", "vice_chair"), True),
        (Held(SHE, "audit", "member"), Held(SHE, "women", "chair"), True),
        (Held(SHE, "audit", "member"), Held(SHE, "audit", "chair"), True),
        (Held(SHE, "audit", "member"), Held(HE, "committee", "finance"), True),
        (Held(SHE, "audit", "member"), Held(SHE, "committee", "member"), True),
    ],
)
def test_a_post_is_free_or_not_beside_another(wanted: Held, other: Held, free: bool) -> None:
    assert may_start(wanted, other) == free


@given(held, st.lists(held))
def test_no_order_of_starts_ends_with_two_chairs_or_with_money_and_audit_in_one_hand(
    first: Held, rest: list[Held]
) -> None:
    posts: list[Held] = []
    for wanted in (first, *rest):
        if may_start(wanted, *posts):
            posts.append(wanted)

    chairs = [one.body for one in posts if one.post == Post.CHAIR]
    assert len(chairs) == len(set(chairs))
    audited = {(Body.COMMITTEE, post) for post in (Post.CHAIR, Post.FINANCE)}
    keepers = {one.subject_key for one in posts if (one.body, one.post) in audited}
    assert keepers.isdisjoint(one.subject_key for one in posts if one.body == Body.AUDIT)


@pytest.mark.parametrize(
    ("ended_on", "code"), [(AFTER, "date_in_future"), (date(2023, 9, 1), "ends_before_start")], ids=str
)
def test_a_post_ends_between_its_start_and_today(ended_on: date, code: str) -> None:
    assert refusal("end", "held", facts(started_on=BEFORE, ended_on=ended_on)) == (code, "ended_on")


@pytest.mark.parametrize("ended_on", [BEFORE, TODAY], ids=str)
def test_a_post_may_end_on_its_first_day_and_today(ended_on: date) -> None:
    assert step(POST, "held", "end", facts(started_on=BEFORE, ended_on=ended_on)).target == "ended"


def test_what_has_ended_does_not_end_again() -> None:
    assert refusal("end", "ended", facts(ended_on=TODAY))[0] == "illegal_transition"

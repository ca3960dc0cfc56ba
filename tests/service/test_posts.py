"""Starting, ending and reading posts in unions."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from chassis.actor import Actor
from chassis.errors import Refused
from contracts.membership import posts as contract
from contracts.membership import register
from contracts.roles import Role
from tests.service.harness import Service, Union, Universe, an_actor
from tests.service.members import member
from tests.service.offices import STARTED, post_fields, started
from tests.service.together import at_once, await_waiters

ENDED = date(2023, 9, 1)


def refusal(service: Service, *asked: Any, **fields: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        service.do(*asked, **fields)
    return caught.value


def ended(universe: Universe, post: dict[str, Any], **changes: Any) -> dict[str, Any]:
    asked = {"post_id": post["id"], "ended_on": ENDED, "reason": "term_over", **changes}
    return universe.membership.do(contract.EndPost, universe.zone_officer, **asked)


def refused_start(universe: Universe, holder: dict[str, Any], union: str | None = None, **changes: Any) -> str:
    fields = post_fields(union or universe.home.id, holder, **changes)
    return refusal(universe.membership, contract.StartPost, universe.zone_officer, **fields).code


def listed(universe: Universe, actor: Actor, **asked: Any) -> list[str]:
    return [post["id"] for post in universe.membership.do(contract.ListPosts, actor, **asked)["items"]]


def test_a_post_that_starts_is_told_with_its_whole_state(universe: Universe) -> None:
    post = started(universe, member(universe), post="chair", kind="secondment", host="Quay federation", full_time=True)

    (event,) = universe.membership.events_of(post["id"])
    shown = {name: value for name, value in post.items() if name in event.data}
    assert event.type == "cn.unionhall.membership.office_post_started.v1"
    assert dict(event.data) == {**shown, "post_id": post["id"]}
    assert (event.data["state"], event.data["host"], event.data["ended_on"]) == ("held", "Quay federation", None)
    assert (event.org_id, post["version"], post["_actions"]) == (universe.home.id, 1, ["end"])


def test_a_post_that_ends_is_told_with_the_day_and_the_reason(universe: Universe) -> None:
    post = ended(universe, started(universe, member(universe)))

    told = universe.membership.events_of(post["id"], contract.OfficePostEnded)
    assert [(event.sequence, event.data["ended_on"], event.data["ended_reason"]) for event in told] == [
        (2, ENDED.isoformat(), "term_over")
    ]
    assert (post["state"], post["_actions"]) == ("ended", [])


def test_nobody_says_of_a_post_that_it_ended_with_a_membership(universe: Universe) -> None:
    post = started(universe, member(universe))
    asked = {"post_id": post["id"], "ended_on": ENDED, "reason": "membership_retained"}

    refused = refusal(universe.membership, contract.EndPost, universe.zone_officer, **asked)

    assert [(fault["field"], fault["code"]) for fault in refused.errors] == [("reason", "unknown_code")]


def test_a_member_of_a_union_below_may_hold_a_post_above(universe: Universe) -> None:
    assert started(universe, member(universe), universe.federation)["union_id"] == universe.federation


def test_a_member_of_a_union_beside_may_not(universe: Universe) -> None:
    assert refused_start(universe, member(universe, universe.other)) == "not_a_member_there"


def test_a_member_of_the_union_above_may_not(universe: Universe) -> None:
    below = universe.approved_union(universe.home.id)

    assert refused_start(universe, member(universe), below.id) == "not_a_member_there"


def test_somebody_whom_the_register_does_not_know_holds_no_post(universe: Universe) -> None:
    assert refused_start(universe, {"subject_key": uuid4().hex * 2}) == "unknown_subject"


def test_a_retained_member_holds_no_post(universe: Universe) -> None:
    someone = member(universe)
    retained(universe, someone, STARTED)

    assert refused_start(universe, someone) == "not_a_member_there"


def retained(universe: Universe, someone: dict[str, Any], since: date) -> dict[str, Any]:
    asked = {"membership_id": someone["id"], "reason": "2", "effective_on": since}
    return universe.membership.do(register.RetainMember, universe.home.chair, **asked)


def test_whose_membership_is_retained_holds_no_post_any_longer(universe: Universe) -> None:
    someone, another = member(universe), member(universe)
    over = ended(universe, started(universe, someone, post="chair"), ended_on=date(2023, 4, 1))
    held = [started(universe, someone, post="chair", started_on=date(2023, 4, 1)), started(universe, someone)]
    held.append(started(universe, someone, universe.federation))
    theirs = started(universe, another)

    retained(universe, someone, date(2023, 3, 20))

    days = []
    for post in held:
        *_, told = universe.membership.events_of(post["id"])
        assert told.type == contract.OfficePostEnded.event_type.type
        assert (told.data["state"], told.data["ended_reason"]) == ("ended", "membership_retained")
        days.append(told.data["ended_on"])
    assert days == ["2023-04-01", "2023-03-20", "2023-03-20"]
    assert listed(universe, universe.zone_officer, state="held") == [theirs["id"]]
    assert universe.membership.do(contract.GetPost, universe.zone_officer, post_id=over["id"]) == over


def test_a_post_of_somebody_whose_membership_is_retained_at_this_moment_does_not_start(universe: Universe) -> None:
    someone = member(universe)
    retain = text("UPDATE membership SET state = 'retained' WHERE id = :id")
    answers: list[str] = []
    with universe.membership.database.writer.connect() as chair:
        chair.execute(retain, {"id": UUID(someone["id"])})
        starting = Thread(target=lambda: answers.append(refused_start(universe, someone)))
        starting.start()
        await_waiters(universe.membership.database)
        chair.commit()
        starting.join()

    assert answers == ["not_a_member_there"]


def test_a_union_that_waits_for_its_approval_has_no_posts_yet(universe: Universe) -> None:
    waiting = universe.founded()

    assert refused_start(universe, member(universe), waiting["id"]) == "union_not_approved"


def test_the_next_chair_starts_when_the_last_one_ended(universe: Universe) -> None:
    first, next_one = member(universe), member(universe)
    post = started(universe, first, post="chair")
    assert refused_start(universe, next_one, post="chair", started_on=ENDED) == "post_taken"

    ended(universe, post)

    assert refused_start(universe, next_one, post="chair", started_on=date(2023, 8, 31)) == "post_taken"
    assert started(universe, next_one, post="chair", started_on=ENDED)["state"] == "held"


def test_a_post_recorded_by_mistake_stands_in_nobodys_way(universe: Universe) -> None:
    ended(universe, started(universe, member(universe), post="chair"), reason="recorded_by_mistake")

    assert started(universe, member(universe), post="chair")["state"] == "held"


def test_each_union_and_each_body_has_a_chair_of_its_own(universe: Universe) -> None:
    someone = member(universe)

    chairs = [started(universe, someone, post="chair", body=body) for body in ("committee", "standing", "women")]
    chairs.append(started(universe, someone, universe.federation, post="chair"))

    assert {chair["state"] for chair in chairs} == {"held"}


def test_nobody_keeps_the_money_and_audits_it_in_one_union(universe: Universe) -> None:
    someone = member(universe)
    finance = started(universe, someone, post="finance")
    assert refused_start(universe, someone, body="audit") == "finance_and_audit"

    ended(universe, finance)

    assert refused_start(universe, someone, body="audit") == "finance_and_audit"
    assert started(universe, someone, body="audit", started_on=ENDED)["state"] == "held"


def test_whoever_keeps_the_money_of_one_union_may_audit_another(universe: Universe) -> None:
    someone = member(universe)
    started(universe, someone, post="finance")

    assert started(universe, someone, universe.federation, body="audit")["state"] == "held"


@pytest.mark.parametrize(
    ("one", "another", "code"),
    [
        ({"post": "finance"}, {"body": "audit"}, "finance_and_audit"),
        ({"post": "chair"}, {"post": "chair"}, "post_taken"),
        ({"post": "vice_chair"}, {"post": "vice_chair"}, "post_taken"),
    ],
    ids=("finance and audit", "chair", "the same post"),
)
def test_of_two_resolutions_at_once_that_exclude_each_other_one_is_recorded(
    universe: Universe, one: dict[str, Any], another: dict[str, Any], code: str
) -> None:
    someone = member(universe)

    def start(changes: dict[str, Any]) -> str:
        return started(universe, someone, **changes)["state"]

    with held_back(universe, universe.home, 2) as let_go:
        answers = at_once(lambda: start(one), lambda: start(another), let_go)

    assert sorted(answers[:2]) == sorted(["held", code])


@contextmanager
def held_back(universe: Universe, union: Union, others: int) -> Iterator[Callable[[], None]]:
    """Holds a union's row; gives what lets go of it when so many others wait for it, and then fails or not."""

    def let_go() -> None:
        try:
            await_waiters(universe.membership.database, others)
        finally:
            holder.rollback()

    with universe.membership.database.writer.connect() as holder:
        holder.execute(text("SELECT FROM union_organization WHERE id = :id FOR UPDATE"), {"id": UUID(union.id)})
        yield let_go


def test_a_post_reads_as_it_was_answered(universe: Universe) -> None:
    post = started(universe, member(universe))

    found = universe.membership.do(contract.GetPost, universe.home.chair, post_id=post["id"])

    assert found == post


def test_posts_of_other_unions_are_neither_found_nor_listed(universe: Universe) -> None:
    post = started(universe, member(universe))
    beside = universe.other.officer

    assert refusal(universe.membership, contract.GetPost, beside, post_id=post["id"]).code == "not_found"
    assert listed(universe, beside) == []
    assert listed(universe, beside, union=universe.home.id) == []


def test_posts_are_listed_newest_first_of_the_unions_below_ones_own(universe: Universe) -> None:
    someone = member(universe)
    at_home = [started(universe, someone, post=post)["id"] for post in ("chair", "member")]
    above = started(universe, someone, universe.federation)["id"]

    assert listed(universe, universe.zone_officer) == [above, *reversed(at_home)]
    assert listed(universe, universe.zone_officer, union=universe.home.id) == at_home[::-1]
    assert listed(universe, universe.home.chair, union=universe.federation) == at_home[::-1]


def test_posts_are_listed_by_holder_and_by_state(universe: Universe) -> None:
    one, another = member(universe), member(universe)
    held, over = started(universe, one), ended(universe, started(universe, another))
    reader = an_actor(Role.ZONE_LEADER, universe.federation)

    assert listed(universe, reader, subject_key=one["subject_key"]) == [held["id"]]
    assert listed(universe, reader, state="ended") == [over["id"]]
    assert listed(universe, reader, subject_key=one["subject_key"], state="ended") == []

"""Which unions an actor's roles reach."""

import json
from uuid import uuid4

import pytest

from chassis.actor import SYSTEM, Actor, Grant
from contracts.roles import Role

HERE, THERE = uuid4(), uuid4()
ACTOR = Actor(uuid4(), (Grant(Role.OFFICER, HERE), Grant(Role.CHAIR, THERE), Grant(Role.AUDITOR)))


def test_a_role_is_held_wherever_it_was_granted() -> None:
    assert ACTOR.holds([Role.CHAIR])
    assert ACTOR.holds([Role.MEMBER, Role.AUDITOR])
    assert not ACTOR.holds([Role.MEMBER])
    assert not ACTOR.holds([])


def test_roots_are_those_of_the_roles_asked_for() -> None:
    assert ACTOR.roots([Role.OFFICER]) == {HERE}
    assert ACTOR.roots([Role.OFFICER, Role.CHAIR]) == {HERE, THERE}
    assert ACTOR.roots([Role.AUDITOR]) == frozenset()


def test_the_system_holds_its_own_role_only() -> None:
    assert [role for role in Role if SYSTEM.holds([role])] == [Role.SYSTEM]


@pytest.mark.parametrize("subject_key", [None, "5" * 64])
def test_an_actor_arrives_as_it_was_sent(subject_key: str | None) -> None:
    actor = Actor(uuid4(), ACTOR.grants, subject_key=subject_key)

    assert Actor.from_wire(actor.to_wire()) == actor


def test_an_actor_of_before_there_were_persons_is_linked_to_nobody() -> None:
    sent = json.loads(ACTOR.to_wire())

    assert sorted(sent) == ["grants", "id"]
    assert Actor.from_wire(json.dumps(sent)).subject_key is None

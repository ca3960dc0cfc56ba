"""Which unions an actor's roles reach."""

from uuid import uuid4

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

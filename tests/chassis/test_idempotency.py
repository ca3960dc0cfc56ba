"""Letting go of a key, so that a refused command may keep something."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from chassis import idempotency
from chassis.actor import Actor
from chassis.commands import Call, Runner
from chassis.errors import Refused
from chassis.work import Work
from tests.chassis.books import Books
from tests.chassis.test_runner import NOTE, OFFICER, TREE, handler
from tests.chassis.toy_tables import effect


@pytest.fixture
def runner(books: Books) -> Runner:
    return Runner(books.database, TREE, lambda: None, bytes(16))


@pytest.fixture
def title() -> str:
    return f"note {uuid4()}"


def keys(books: Books, actor_id: UUID) -> int:
    return int(books.scalar("SELECT count(*) FROM idempotency WHERE actor_id = :actor_id", actor_id=actor_id))


def refuse_and_keep(work: Work, request: Any) -> None:
    work.session.execute(insert(effect).values(of=uuid4(), text=request["text"]))
    idempotency.release(work.session, work.actor.id)
    work.session.commit()
    raise Refused("ends_before_start")


def test_a_refused_command_that_lets_go_of_its_key_keeps_what_it_wrote_and_leaves_the_key_free(
    runner: Runner, books: Books, title: str
) -> None:
    call = Call(OFFICER, str(uuid4()))

    for times in (1, 2):
        with pytest.raises(Refused, match="ends_before_start"):
            runner.run(handler(refuse_and_keep), {"text": title}, call)
        assert books.effects_called(title) == times
    assert runner.run(NOTE, {"text": title}, call)["id"]


def test_answers_under_other_keys_stay_even_those_that_say_nothing(runner: Runner, books: Books, title: str) -> None:
    actor = Actor(uuid4(), OFFICER.grants)
    silent = handler(lambda *_: None, reply=None)
    for each in (NOTE, silent):
        runner.run(each, {"text": title}, Call(actor, str(uuid4())))

    with pytest.raises(Refused, match="ends_before_start"):
        runner.run(handler(refuse_and_keep), {"text": title}, Call(actor, str(uuid4())))

    assert keys(books, actor.id) == 2


def test_the_keys_of_other_actors_stay(books: Books) -> None:
    one, other = uuid4(), uuid4()
    with Session(books.database.writer) as session:
        for actor_id in (one, other):
            idempotency.claim(session, actor_id, "key", "toy.note", b"")
        idempotency.release(session, one)
        session.commit()

    assert (keys(books, one), keys(books, other)) == (0, 1)


def test_letting_go_without_a_key_changes_nothing(runner: Runner, books: Books, title: str) -> None:
    with pytest.raises(Refused, match="ends_before_start"):
        runner.run(handler(refuse_and_keep), {"text": title}, Call(OFFICER))

    assert books.effects_called(title) == 1

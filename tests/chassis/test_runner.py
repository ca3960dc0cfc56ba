"""Commands and queries against a real database: one key, one effect, one answer, whatever comes between."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Uuid, insert, literal, null, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from chassis import database, idempotency
from chassis.actor import Actor, Grant
from chassis.commands import Call, Handler, Runner
from chassis.database import Database
from chassis.errors import Refused, ServiceUnavailable
from chassis.tree import UnionTree
from chassis.work import Work
from contracts import fields
from contracts.declare import Kind, Operation, Request, Scope
from contracts.events.activities import ActivityPublished
from contracts.generate.json_schemas import data_schema
from contracts.generate.samples import sample
from contracts.roles import Role
from contracts.schema import Schema
from kernel.crypto.errors import WrongKeyLength
from tests.chassis.books import Books
from tests.chassis.toy_tables import effect

UNION = uuid4()
TREE = UnionTree(
    select(
        literal(UNION, Uuid).label("union_id"),
        null().cast(Uuid).label("superior_id"),
        literal("approved").label("state"),
        literal("330110").label("region_code"),
    )
)
OFFICER = Actor(uuid4(), (Grant(Role.OFFICER, UNION),))
DIGEST_KEY = bytes(16)


class Note(Request):
    """Write a note."""

    text = fields.Text(required=True)


class Noted(Schema):
    """A note."""

    id = fields.Id(required=True)


def handler(function: Callable[..., Any], *, reply: type[Schema] | None = Noted, kind: Kind = Kind.COMMAND) -> Handler:
    """A handler that no service serves."""
    operation = Operation(
        service="toy",
        capability="notes",
        name="note",
        kind=kind,
        summary="",
        description="",
        request=Note,
        reply=reply,
        route=None,
        roles=frozenset([Role.OFFICER]),
        public=False,
        scope=Scope.NONE,
        scope_field=None,
        errors=(),
        deadline=10.0,
        body_limit=1000,
        versioned=False,
        keyed=kind is Kind.COMMAND,
        download=None,
        document=None,
        upload=(),
        before_factor=False,
    )
    return Handler(operation, function, None, {}, Note(), reply() if reply else None)


def note(work: Work, request: Any) -> dict[str, Any]:
    """Write the text down and tell of it."""
    subject = uuid4()
    work.session.execute(insert(effect).values(of=subject, text=request["text"]))
    activity = SimpleNamespace(id=subject, event_sequence=0, region_code="330110", org_id=UNION)
    kind = ActivityPublished.event_type
    work.publish_data(ActivityPublished, activity, sample(*data_schema(kind)) | {kind.subject: str(subject)})
    return {"id": subject}


NOTE = handler(note)


@pytest.fixture
def commits() -> list[None]:
    """One entry for each commit that recorded events."""
    return []


@pytest.fixture
def runner(books: Books, commits: list[None]) -> Runner:
    return Runner(books.database, TREE, lambda: commits.append(None), DIGEST_KEY)


@pytest.fixture
def title() -> str:
    return f"note {uuid4()}"


def asking(key: str | None = None, actor: Actor = OFFICER) -> Call:
    return Call(actor, key or str(uuid4()))


def recorded(books: Books, title: str) -> int:
    """Events in the outbox of the notes with this text."""
    query = "SELECT count(*) FROM outbox JOIN toy_effect ON aggregate_id = of WHERE text = :title"
    count: int = books.scalar(query, title=title)
    return count


def test_a_command_leaves_its_effect_its_event_and_its_answer_together(
    runner: Runner, books: Books, commits: list[None], title: str
) -> None:
    answer = runner.run(NOTE, {"text": title}, asking())

    assert UUID(answer["id"])
    assert (books.effects_called(title), recorded(books, title), len(commits)) == (1, 1, 1)


def test_the_same_key_gives_the_same_answer_and_does_nothing_more(
    runner: Runner, books: Books, commits: list[None], title: str
) -> None:
    call = asking()

    answers = [runner.run(NOTE, {"text": title}, call) for _ in range(3)]

    assert answers == [answers[0]] * 3
    assert (books.effects_called(title), recorded(books, title), len(commits)) == (1, 1, 1)


def test_a_command_that_answers_nothing_is_not_done_again_either(runner: Runner, books: Books, title: str) -> None:
    def forget(work: Work, request: Any) -> None:
        note(work, request)

    call = asking()
    silent = handler(forget, reply=None)

    assert [runner.run(silent, {"text": title}, call) for _ in range(2)] == [None, None]
    assert books.effects_called(title) == 1


def test_a_key_that_comes_with_another_request_is_refused(runner: Runner, books: Books, title: str) -> None:
    call = asking()
    runner.run(NOTE, {"text": title}, call)

    with pytest.raises(Refused, match="idempotency_key_reused"):
        runner.run(NOTE, {"text": title + " changed"}, call)
    with pytest.raises(Refused, match="idempotency_key_reused"):
        runner.run(NOTE, {"text": title}, Call(OFFICER, call.key, expected_version=2))
    assert books.effects_called(title + " changed") == 0


def test_two_actors_may_use_the_same_key(runner: Runner, books: Books, title: str) -> None:
    other = Actor(uuid4(), OFFICER.grants)

    answers = [runner.run(NOTE, {"text": title}, asking("key", actor)) for actor in (OFFICER, other)]

    assert answers[0] != answers[1]
    assert books.effects_called(title) == 2


def test_concurrent_twins_wait_for_one_another_and_agree(runner: Runner, books: Books, title: str) -> None:
    call = asking()

    def slow(work: Work, request: Any) -> dict[str, Any]:
        work.session.execute(text("SELECT pg_sleep(0.05)"))
        return note(work, request)

    with ThreadPoolExecutor(5) as threads:
        answers = list(threads.map(lambda _: runner.run(handler(slow), {"text": title}, call), range(5)))

    assert answers == [answers[0]] * 5
    assert books.effects_called(title) == 1


def test_a_refused_command_leaves_nothing_behind_not_even_its_key(runner: Runner, books: Books, title: str) -> None:
    def refuse(work: Work, request: Any) -> None:
        note(work, request)
        raise Refused("ends_before_start")

    call = asking()

    with pytest.raises(Refused, match="ends_before_start"):
        runner.run(handler(refuse), {"text": title}, call)
    assert (books.effects_called(title), recorded(books, title)) == (0, 0)
    assert runner.run(NOTE, {"text": title}, call)["id"]
    assert books.effects_called(title) == 1


def test_a_command_that_fails_leaves_nothing_behind(runner: Runner, books: Books, title: str) -> None:
    def fail(work: Work, request: Any) -> None:
        note(work, request)
        raise LookupError

    with pytest.raises(LookupError):
        runner.run(handler(fail), {"text": title}, asking())
    assert (books.effects_called(title), recorded(books, title)) == (0, 0)


def ends_its_connection_once(function: Callable[..., Any]) -> Callable[..., Any]:
    """A handler whose connection PostgreSQL ends the first time, when it has done everything."""
    lost: list[None] = []

    def run(work: Any, request: Any) -> Any:
        answer = function(work, request)
        if not lost:
            lost.append(None)
            execute = work.session.execute if isinstance(work, Work) else work.connection.execute
            execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return answer

    return run


def test_a_command_whose_connection_is_lost_is_done_once(runner: Runner, books: Books, title: str) -> None:
    answer = runner.run(handler(ends_its_connection_once(note)), {"text": title}, asking())

    assert answer["id"]
    assert (books.effects_called(title), recorded(books, title)) == (1, 1)


def test_a_query_whose_connection_is_lost_is_asked_again(runner: Runner) -> None:
    query = handler(ends_its_connection_once(lambda reading, request: {"id": UNION}), kind=Kind.QUERY)

    assert runner.run(query, {"text": "any"}, Call(OFFICER)) == {"id": str(UNION)}


def test_a_command_without_a_key_is_not_tried_again(runner: Runner, books: Books, title: str) -> None:
    """Nobody could tell whether the lost connection had taken the effect with it."""
    with pytest.raises(ServiceUnavailable):
        runner.run(handler(ends_its_connection_once(note)), {"text": title}, Call(OFFICER))
    assert books.effects_called(title) == 0


def test_a_database_that_stays_away_is_unavailable(title: str) -> None:
    away = Database("postgresql+psycopg2://nobody:x@127.0.0.1:1/nowhere")

    with pytest.raises(ServiceUnavailable):
        Runner(away, TREE, lambda: None, DIGEST_KEY).run(NOTE, {"text": title}, asking())


def test_a_database_without_a_free_connection_is_unavailable(
    toy_url: str, title: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pool's own error is no database error; unless it is heeded, an event would climb the ladder for it."""
    monkeypatch.setattr(database, "POOL_SIZE", 1)
    monkeypatch.setattr(database, "POOL_TIMEOUT", 0.01)
    crowded = Database(toy_url)
    try:
        with crowded.writer.connect(), pytest.raises(ServiceUnavailable):
            Runner(crowded, TREE, lambda: None, DIGEST_KEY).run(NOTE, {"text": title}, asking())
    finally:
        crowded.dispose()


def test_what_the_database_refuses_is_no_outage(books: Books) -> None:
    lock = text("SELECT 1 FROM feed FOR UPDATE NOWAIT")
    with books.database.writer.connect() as first, books.database.writer.connect() as second:
        first.execute(lock)
        with pytest.raises(OperationalError) as refused:
            second.execute(lock)

    assert not database.is_outage(refused.value)
    assert not database.is_outage(LookupError())
    assert database.is_outage(PoolTimeout())


def test_a_role_that_may_not_is_refused_before_the_request_is_read(runner: Runner) -> None:
    member = Actor(uuid4(), (Grant(Role.MEMBER, UNION),))

    with pytest.raises(Refused, match="role_not_allowed"):
        runner.run(NOTE, {"no such field": 1}, asking(actor=member))


def test_bad_fields_are_named(runner: Runner) -> None:
    with pytest.raises(Refused, match="invalid_request") as refused:
        runner.run(NOTE, {"colour": 1}, asking())
    assert [(row["field"], row["code"]) for row in refused.value.errors] == [
        ("colour", "unknown_field"),
        ("text", "required"),
    ]


def test_a_digest_tells_requests_apart_and_does_not_mind_the_order_of_fields() -> None:
    digest = partial(idempotency.digest, DIGEST_KEY)

    assert digest("a", {"x": 1, "y": 2}, None) == digest("a", {"y": 2, "x": 1}, None)
    assert len({digest("a", {"x": 1}, None), digest("b", {"x": 1}, None), digest("a", {"x": 1}, 1)}) == 3


def test_nobody_without_the_key_can_tell_by_a_digest_what_was_asked() -> None:
    asked = {"document_no": "330110199001011234"}
    digests = {idempotency.digest(key, "a", asked, None) for key in (DIGEST_KEY, b"k" * 16)}

    assert len(digests) == 2
    with pytest.raises(WrongKeyLength):
        idempotency.digest(b"", "a", asked, None)


def test_requests_are_compared_under_the_key_of_their_runner(books: Books, title: str) -> None:
    call = asking()
    Runner(books.database, TREE, lambda: None, DIGEST_KEY).run(NOTE, {"text": title}, call)

    with pytest.raises(Refused, match="idempotency_key_reused"):
        Runner(books.database, TREE, lambda: None, b"k" * 16).run(NOTE, {"text": title}, call)

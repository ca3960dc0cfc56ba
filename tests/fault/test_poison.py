"""A message that cannot be handled ends where an operator sees it, and holds up nobody."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import amqp
import orjson
import pytest

from chassis.topology_names import RETRY_STEPS, event_queue, retry_exchange
from contracts.events import activities
from contracts.roles import Role
from kernel.ids import new_id
from tests.fault.asking import a_draft
from tests.fault.profile import PROFILE
from tests.fault.stand import Stand
from tests.support.broker import put
from unionctl.processes import wait_until
from unionctl.topology import PRIORITY

pytestmark = [pytest.mark.fault, pytest.mark.timeout(PROFILE.patience)]

#: Milliseconds that the test waits on each step of the ladder; the real ones add up to more than an hour.
_STEP = 50
_BUG = """
    CREATE FUNCTION fail_on_one() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'a bug'; END $$;
    CREATE TRIGGER bug BEFORE INSERT ON fact_activity FOR EACH ROW
    WHEN (NEW.activity_id = '{}') EXECUTE FUNCTION fail_on_one()
"""
_UNKNOWN = "cn.unionhall.events.activity_forgotten.v1"
_EVENT = "SELECT event_id::text FROM outbox WHERE aggregate_id = :activity_id"
_DECISION = "SELECT state, decision_reason FROM dead_letter WHERE id = :letter_id"
_FIX = "DROP FUNCTION fail_on_one() CASCADE"


def test_an_event_that_a_bug_refuses_comes_home_with_its_id_after_the_fix(stand: Stand) -> None:
    activity_id = _approved_activity(stand)
    with stand.recorded("poisonous event"):
        with _short_ladder(stand), _bug(stand, activity_id):
            stand.client.do(activities.PublishActivity, Role.OFFICER, "poison.publish", activity_id=activity_id)
            with stand.load.running():
                _await_dead_letters(stand, 1)
            event_id = stand.books.one("events", _EVENT, activity_id=activity_id)
            wait_until(lambda: stand.verifier.unhandled("reporting") == {event_id}, 60, "The poison holds up others.")
        [letter] = stand.verifier.dead_letters("reporting")
        assert (letter.event_id, letter.reason, letter.attempts) == (event_id, "exhausted", len(RETRY_STEPS) + 1)
        stand.unionctl("dead", "replay", "reporting", letter.id, "--reason", "mended")
    assert stand.books.rows("reporting", _DECISION, letter_id=letter.id) == [("replayed", "mended")]


def test_what_no_second_try_can_help_is_dead_at_once_with_its_reason(stand: Stand) -> None:
    whole = orjson.loads(stand.books.one("events", "SELECT body::text FROM outbox ORDER BY position LIMIT 1"))
    bodies = {
        "not JSON": b"{",
        "data": orjson.dumps({**whole, "id": new_id(), "data": {}}),
        _UNKNOWN: orjson.dumps({**whole, "id": new_id(), "type": _UNKNOWN}),
    }
    messages = [amqp.Message(body, message_id=new_id(), delivery_mode=2) for body in bodies.values()]
    put(stand.platform.broker, messages, key=event_queue("reporting"))
    _await_dead_letters(stand, len(bodies))
    letters = stand.verifier.dead_letters("reporting")
    assert {letter.reason for letter in letters} == {"invalid"}
    for told in bodies:
        assert any(told in letter.error for letter in letters)
    stand.unionctl("dead", "discard", "reporting", *(letter.id for letter in letters), "--reason", "made by a test")
    stand.verify(())


def _approved_activity(stand: Stand) -> str:
    drafted: str = stand.client.do(activities.DraftActivity, Role.OFFICER, "poison.draft", **a_draft(stand))["id"]
    stand.client.do(activities.SubmitActivity, Role.OFFICER, "poison.submit", activity_id=drafted)
    stand.client.do(activities.ApproveActivity, Role.CHAIR, "poison.approve", activity_id=drafted)
    return drafted


def _await_dead_letters(stand: Stand, number: int) -> None:
    wait_until(lambda: len(stand.verifier.dead_letters("reporting")) == number, 60, "The dead letters do not come.")


@contextmanager
def _bug(stand: Stand, activity_id: str) -> Iterator[None]:
    """A reporting database that refuses every fact of one activity."""
    stand.books.run("reporting", _BUG.format(activity_id))
    try:
        yield
    finally:
        stand.books.run("reporting", _FIX)


@contextmanager
def _short_ladder(stand: Stand) -> Iterator[None]:
    """A retry ladder that is climbed in a moment."""
    broker = stand.platform.broker
    steps = [retry_exchange(step) for step in RETRY_STEPS]
    policies: dict[str, Any] = {policy["name"]: policy for policy in broker.api.get("policies", broker.vhost)}
    for step in steps:
        definition = {**policies[step]["definition"], "message-ttl": _STEP}
        body = {**policies[step], "definition": definition, "priority": PRIORITY + 1}
        broker.api.put("policies", broker.vhost, f"short.{step}", body=body)
    try:
        yield
    finally:
        for step in steps:
            broker.api.delete("policies", broker.vhost, f"short.{step}")

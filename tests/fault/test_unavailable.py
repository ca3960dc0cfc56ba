"""What is away says so at once, and a command that takes too long keeps its promise to the key."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from contracts.events.activities import DraftActivity, SubmitActivity
from contracts.membership.organisation import GetUnion
from contracts.roles import Role
from tests.fault import faults
from tests.fault.asking import a_draft, ask_once, assert_unavailable
from tests.fault.profile import PROFILE
from tests.fault.stand import Stand
from tests.support.ledger import Entry

pytestmark = [pytest.mark.fault, pytest.mark.timeout(PROFILE.patience)]

#: Seconds that a slow command takes: longer than its deadline, shorter than the database's patience.
_SLOW = 12


def test_a_stopped_service_is_unavailable_at_once_and_the_others_go_on(stand: Stand) -> None:
    with faults.stopped(stand.platform, "events"):
        assert_unavailable(stand)
        assert ask_once(stand, GetUnion, union_id=stand.federation).ok
    stand.verify(())


def test_a_slow_command_has_an_open_outcome_until_its_key_is_repeated(stand: Stand) -> None:
    draft = a_draft(stand)
    twins = [Entry(DraftActivity.operation, "slow", draft)] * 2
    with faults.armed(stand.platform, "events", f"command.after_insert:sleep:1:{_SLOW}"), ThreadPoolExecutor() as pool:
        stand.platform.wait_ready()
        answers = list(pool.map(lambda twin: stand.new_client().ask(twin, Role.OFFICER), twins))
        told = {answer.status_code: answer.json()["code"] for answer in answers}
        assert told == {requests.codes.gateway_timeout: "outcome_unknown", requests.codes.conflict: "in_progress"}
        stand.client.do(DraftActivity, Role.OFFICER, "slow", **draft)
    stand.verify(())


def test_a_command_on_a_record_that_stays_locked_is_told_to_come_again(stand: Stand) -> None:
    activity_id = stand.client.do(DraftActivity, Role.OFFICER, "locked.draft", **a_draft(stand))["id"]
    submission = Entry(SubmitActivity.operation, "locked.submit", {"activity_id": activity_id})
    with stand.books.locked("events", "SELECT 1 FROM activity WHERE id = :id FOR UPDATE", id=activity_id):
        answer = stand.client.ask(submission, Role.OFFICER)
    assert (answer.status_code, answer.json()["code"]) == (503, "service_unavailable")
    stand.client.do(SubmitActivity, Role.OFFICER, submission.key, **submission.payload)
    stand.verify(())

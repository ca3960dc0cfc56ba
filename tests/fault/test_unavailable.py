"""What is away says so at once, and a command that takes too long keeps its promise to the key."""

import pytest
import requests

from contracts.events.activities import DraftActivity
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
        assert ask_once(stand, GetUnion, union_id=stand.load.rounds[0].union_id).ok
    stand.verify(())


def test_a_slow_command_has_an_open_outcome_until_its_key_is_repeated(stand: Stand) -> None:
    draft = a_draft(stand)
    with faults.armed(stand.platform, "events", f"command.after_insert:sleep:1:{_SLOW}"):
        stand.platform.wait_ready()
        answer = stand.client.ask(Entry(DraftActivity.operation, "slow", draft), Role.OFFICER)
        assert answer.status_code == requests.codes.gateway_timeout
        assert answer.json()["code"] == "outcome_unknown"
        stand.client.do(DraftActivity, Role.OFFICER, "slow", **draft)
    stand.verify(())

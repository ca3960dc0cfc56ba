"""Asks the gateway once, where a test wants the first answer and not the true one."""

from typing import Any

import requests

from contracts.declare import Request
from contracts.events.activities import DraftActivity, GetActivity
from contracts.roles import Role
from tests.fault.stand import Stand
from tests.support.ledger import Entry
from tests.support.plans.steps import LAST_DAY
from tests.support.plans.studies import draft, title

#: Seconds within which the gateway says that something is away.
SOON = 2.0


def a_draft(stand: Stand) -> dict[str, Any]:
    """What a client sends to draft one more activity."""
    return {**draft("One more", LAST_DAY), "organizer_union_id": stand.federation}


def ask_once(stand: Stand, request: type[Request], key: str = "", **payload: Any) -> requests.Response:
    """The first answer to a command or query of an officer; an error if there is none soon."""
    return stand.new_client().ask(Entry(request.operation, key, payload), Role.OFFICER, SOON)


def assert_unavailable(stand: Stand) -> None:
    """Commands and queries on activities are answered 503 soon, with the time to come again."""
    activity_id = stand.load.rounds[0].id_of(title(1))
    for answer in (
        ask_once(stand, DraftActivity, "unavailable", **a_draft(stand)),
        ask_once(stand, GetActivity, activity_id=activity_id),
    ):
        assert answer.status_code == requests.codes.service_unavailable
        assert answer.json()["code"] == "service_unavailable"
        assert int(answer.headers["Retry-After"]) > 0

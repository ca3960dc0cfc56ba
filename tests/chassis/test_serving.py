"""Requests and answers over a real broker: who is told what when a service is there, away, frozen or asked wrongly."""

import signal
from uuid import uuid4

from contracts.events.activities import DraftActivity, GetActivity
from tests.chassis.harness import Asker, Books, Hub, Toys, draft_of, eventually

READ = GetActivity.operation
DRAFT = DraftActivity.operation


def anything() -> dict[str, str]:
    return {"activity_id": str(uuid4())}


def test_a_query_is_answered(toys: Toys, asker: Asker) -> None:
    toy = toys.start()

    assert asker(READ, anything())["title"] == str(toy.process.pid)

"""Posts for tests."""

from datetime import date
from typing import Any

from contracts.membership import posts as contract
from tests.service.harness import Universe

#: The first day of a post.
STARTED = date(2023, 3, 1)


def post_fields(union: str, holder: dict[str, Any], **changes: Any) -> dict[str, Any]:
    fixed = {"body": "committee", "post": "member", "started_on": STARTED, "resolution_ref": "minutes 4"}
    return {"union_id": union, "subject_key": holder["subject_key"], **fixed, **changes}


def started(universe: Universe, holder: dict[str, Any], union: str | None = None, **changes: Any) -> dict[str, Any]:
    fields = post_fields(union or universe.home.id, holder, **changes)
    return universe.membership.do(contract.StartPost, universe.zone_officer, **fields)

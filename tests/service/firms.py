"""Enterprises for tests: each with a code of its own that is nobody's."""

from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from contracts.membership import enterprises
from kernel.identifiers import uscc
from tests.service.harness import Universe

#: A head-count.
HEADCOUNT = {"counted_on": date(2023, 6, 30), "staff": 490, "women": 190}
_numbers = count()


def a_code() -> str:
    """A code whose check characters are right, of a region that was never assigned."""
    organisation = f"MA{next(_numbers):06d}"
    first_17 = f"91330199{organisation}{uscc.organisation_check_character(organisation)}"
    return first_17 + uscc.check_character(first_17)


def enterprise_fields(federation: str | UUID, **changes: Any) -> dict[str, Any]:
    names = {"name": "Quarry Lathes Limited", "short_name": "Quarry Lathes"}
    return {"federation_id": federation, "uscc": a_code(), "region_code": "330199", **names, **changes}


def registered(universe: Universe, **changes: Any) -> dict[str, Any]:
    """An enterprise in the area of the universe's federation."""
    fields = enterprise_fields(universe.federation, **changes)
    view: dict[str, Any] = universe.membership.do(enterprises.RegisterEnterprise, universe.zone_officer, **fields)
    return view

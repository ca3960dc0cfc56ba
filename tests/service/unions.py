"""What tests of unions share: what the organisation above decides about them."""

import random
from typing import Any

from kernel.identifiers import uscc
from tests.service.harness import LONG_AGO, Universe

#: An end that the members' meeting resolved.
DISSOLVED = {"basis": "resolution", "dissolved_on": LONG_AGO, "resolution_ref": "minutes of 30 May"}


def fresh(universe: Universe) -> str:
    """The id of a union in which nobody is."""
    return universe.approved_union().id


def union_code() -> str:
    """A code of the unions' department, in a region that was never assigned."""
    organisation = f"MC{random.randrange(10**6):06}"
    first_17 = f"81330199{organisation}{uscc.organisation_check_character(organisation)}"
    return first_17 + uscc.check_character(first_17)


def certificate(**changes: Any) -> dict[str, Any]:
    """The certificate of a union as a legal person."""
    return {"uscc": union_code(), "certificate_no": "330199-7", "issued_on": LONG_AGO, **changes}

"""What tests of consents share: what members agree to."""

from typing import Any

from contracts.membership import consents as contract
from tests.service.harness import LONG_AGO, Universe
from tests.service.members import NOTICE

#: A notice that is in use today.
TODAYS = "members-2023-09"


def consent_fields(view: dict[str, Any], **changes: Any) -> dict[str, Any]:
    fixed = {"purpose": "publication", "text_version": NOTICE, "granted_on": LONG_AGO, "form_ref": "form 12"}
    return {"subject_key": view["subject_key"], **fixed, **changes}


def consented(universe: Universe, view: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A consent that the home union's officer recorded."""
    asked = consent_fields(view, **changes)
    answer: dict[str, Any] = universe.membership.do(contract.RecordConsent, universe.home.officer, **asked)
    return answer

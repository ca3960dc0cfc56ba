"""The ground of a round: a federation of its own, in it an enterprise, and a union of those who work there."""

from collections.abc import Iterator

from contracts.events.contest_tiers import AddContestTier
from contracts.membership.enterprises import RegisterEnterprise, ReportHeadcount
from contracts.membership.organisation import ApproveUnion, FoundUnion
from contracts.roles import Role
from tests.support.plans import numbers
from tests.support.plans.steps import YEAR, Course, Of, Own, Step, day

#: Names of the steps that tell of a round's own federation, enterprise and union, and of what is above them.
ROOT, FEDERATION, ENTERPRISE, UNION = "root", "federation", "enterprise", "union"
#: Codes of the tiers of contests that reports tell apart.
TIERS = ("elite", "mass")


def enterprise_name(number: int) -> str:
    """What the enterprise of a round is called."""
    return f"Riverside Mill {number}"


def tier_step(code: str) -> str:
    """Name of the step that brings a tier into use."""
    return f"tier {code}"


def courses() -> Iterator[Course]:
    """Founded in the year, with the Party, for workers of platforms: so that each figure on new unions counts it."""
    yield Course("ground", list(_ground()))
    yield Course("tiers", list(_tiers()))


def _ground() -> Iterator[Step]:
    federation = {
        "name": Own(lambda number: f"Mill federation {number}"),
        "superior_id": Of(ROOT),
        "org_kind": "federation",
        "founding_mode": "regional",
    }
    yield _found(federation, FEDERATION)
    yield _approve(FEDERATION)
    yield Step(RegisterEnterprise, Role.IMPORTER, _ENTERPRISE, ENTERPRISE)
    counted = {"enterprise_id": Of(ENTERPRISE), "counted_on": day(6, 30), "staff": 64, "women": 30}
    yield Step(ReportHeadcount, Role.ZONE_OFFICER, counted, expects={"staff": 64})
    union = {
        "name": Own(lambda number: f"Mill union {number}"),
        "superior_id": Of(FEDERATION),
        "org_kind": "joint",
        "founding_mode": "regional",
        "workforce": "new_employment",
        "party_cobuilt": True,
        "enterprise_ids": [Of(ENTERPRISE)],
    }
    yield _found(union, UNION)
    yield _approve(UNION)


_ENTERPRISE = {
    "federation_id": Of(FEDERATION),
    "uscc": Own(numbers.uscc),
    "name": Own(enterprise_name),
    "short_name": Own(lambda number: f"Mill {number}"),
    "region_code": numbers.COUNTY,
    "staff": 60,
    "women": 28,
    "counted_on": day(1, 31),
}


def _found(fields: dict[str, object], name: str) -> Step:
    same = {"short_name": "Mill", "region_code": numbers.COUNTY, "founded_on": day(1, 9)}
    return Step(FoundUnion, Role.ZONE_OFFICER, {**same, **fields}, name)


def _approve(name: str) -> Step:
    return Step(ApproveUnion, Role.ZONE_OFFICER, {"union_id": Of(name), "approved_on": day(1, 16)})


def _tiers() -> Iterator[Step]:
    for code in TIERS:
        fields = {
            "union_id": Of(FEDERATION),
            "code": code,
            "name": {"zh": code, "en": code},
            "valid_from": f"{YEAR}-01-01",
        }
        yield Step(AddContestTier, Role.ZONE_OFFICER, fields, tier_step(code))

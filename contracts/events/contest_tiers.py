"""Tiers of contests: a federation's own words for its kinds of contest, as long as they are in use."""

from contracts import fields
from contracts.declare import Request, Scope, command, get, post, query
from contracts.paging import PageRequest, page_of
from contracts.roles import EVERYBODY, Role
from contracts.schema import Schema


class ContestTierView(Schema):
    """A tier of contests that the unions of a federation use."""

    id = fields.Id(required=True)
    union_id = fields.Id(
        required=True, metadata={"description": "The federation; the unions below it use the tier, too"}
    )
    code = fields.Text(longest=20, required=True)
    name = fields.Words(required=True)
    valid_from = fields.LocalDate(required=True)
    valid_to = fields.LocalDate(required=True, allow_none=True)
    version = fields.Count(required=True)


class TierName(Schema):
    """What people call a tier, in both languages."""

    zh = fields.Text(longest=40, required=True)
    en = fields.Text(longest=40, required=True)


@command(
    post("/v1/contest-tiers", 201),
    reply=ContestTierView,
    roles=(Role.ZONE_OFFICER,),
    scope=Scope.FIELD,
    scope_field="union_id",
    errors=("not_yet_known", "tier_taken", "ends_before_start"),
)
class AddContestTier(Request):
    """Bring a tier into use; one code means one thing at a time."""

    union_id = fields.Id(required=True)
    code = fields.Text(longest=20, required=True)
    name = fields.Part(TierName, required=True)
    valid_from = fields.LocalDate(required=True)
    valid_to = fields.LocalDate(load_default=None, allow_none=True)


@command(
    post("/v1/contest-tiers/{tier_id}/end"),
    reply=ContestTierView,
    roles=(Role.ZONE_OFFICER,),
    scope=Scope.RECORD,
    errors=("ends_before_start", "tier_taken"),
    versioned=True,
)
class EndContestTier(Request):
    """Say on which day a tier was or will be in use for the last time; contests keep it."""

    tier_id = fields.Id(required=True)
    valid_to = fields.LocalDate(required=True)


@query(get("/v1/contest-tiers"), reply=page_of(ContestTierView), roles=EVERYBODY)
class ListContestTiers(PageRequest):
    """List the tiers of contests."""

    union = fields.Id(metadata={"description": "Those that this union may use"})
    valid_on = fields.LocalDate()

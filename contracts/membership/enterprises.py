"""Enterprises: whom members work for, how many work there, and where."""

from enum import StrEnum

from contracts import fields
from contracts.declare import Classification, Event, Request, Scope, command, event, get, post, query
from contracts.paging import PageRequest, page_of
from contracts.roles import EVERYBODY, Role
from contracts.schema import Schema


class EnterpriseSize(StrEnum):
    """Sizes of the statistical classification of 2017."""

    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"
    MICRO = "micro"


class _Enterprise(Schema):
    federation_id = fields.Id(required=True, metadata={"description": "The federation in whose area it lies"})
    uscc = fields.Uscc(required=True)
    name = fields.Text(required=True)
    short_name = fields.Text(longest=60, required=True)
    region_code = fields.RegionCode(required=True)
    park = fields.Text(required=True, allow_none=True)
    above_scale = fields.Flag(required=True)
    staff = fields.Count(required=True, allow_none=True)
    women = fields.Count(required=True, allow_none=True)
    counted_on = fields.LocalDate(
        required=True, allow_none=True, metadata={"description": "Day of the head-count; null before the first one"}
    )


class EnterpriseView(_Enterprise):
    """An enterprise in the area of a federation."""

    id = fields.Id(required=True)
    industry_code = fields.IndustryCode(required=True, allow_none=True)
    size = fields.Code(EnterpriseSize, required=True, allow_none=True)
    version = fields.Count(required=True)
    _actions = fields.Actions()


class _OnEnterprise(Request):
    enterprise_id = fields.Id(required=True)


@command(
    post("/v1/enterprises", 201),
    reply=EnterpriseView,
    roles=(Role.ZONE_OFFICER, Role.IMPORTER),
    scope=Scope.FIELD,
    scope_field="federation_id",
    errors=("not_found", "uscc_taken", "more_women_than_staff", "date_in_future"),
)
class RegisterEnterprise(Request):
    """Register an enterprise in the area of a federation, with its first head-count if there is one."""

    federation_id = fields.Id(required=True)
    uscc = fields.Uscc(required=True)
    name = fields.Name(required=True)
    short_name = fields.Name(longest=60, required=True)
    region_code = fields.RegionCode(required=True)
    park = fields.Text(load_default=None, allow_none=True)
    industry_code = fields.IndustryCode(load_default=None, allow_none=True)
    size = fields.Code(EnterpriseSize, load_default=None, allow_none=True)
    above_scale = fields.Flag(load_default=False)
    staff = fields.Count(load_default=None, allow_none=True)
    women = fields.Count(load_default=None, allow_none=True)
    counted_on = fields.LocalDate(load_default=None, allow_none=True)


@command(
    post("/v1/enterprises/{enterprise_id}/rename"),
    reply=EnterpriseView,
    roles=(Role.ZONE_OFFICER,),
    scope=Scope.RECORD,
    versioned=True,
)
class RenameEnterprise(_OnEnterprise):
    """Give an enterprise the name that it has in the public register now."""

    name = fields.Name(required=True)
    short_name = fields.Name(longest=60, required=True)


@command(
    post("/v1/enterprises/{enterprise_id}/headcount"),
    reply=EnterpriseView,
    roles=(Role.ZONE_OFFICER, Role.IMPORTER),
    scope=Scope.RECORD,
    errors=("more_women_than_staff", "date_in_future"),
    versioned=True,
)
class ReportHeadcount(_OnEnterprise):
    """Record how many worked there on a day; a second count of the same day replaces the first."""

    counted_on = fields.LocalDate(required=True)
    staff = fields.Count(required=True)
    women = fields.Count(required=True)


@query(get("/v1/enterprises/{enterprise_id}"), reply=EnterpriseView, roles=EVERYBODY, errors=("not_found",))
class GetEnterprise(_OnEnterprise):
    """Read one enterprise; what is shown stands in public registers."""


@query(get("/v1/enterprises"), reply=page_of(EnterpriseView), roles=EVERYBODY)
class ListEnterprises(PageRequest):
    """List enterprises, newest first."""

    under = fields.Id(metadata={"description": "In the area of this federation or one below it"})
    name = fields.Text(metadata={"description": "Part of the name or short name"})
    uscc = fields.Uscc()


class _EnterpriseEvent(_Enterprise, Event):
    enterprise_id = fields.Id(required=True)


@event(Classification.PUBLIC, subject="enterprise_id")
class EnterpriseRegistered(_EnterpriseEvent):
    """An enterprise was registered."""


@event(Classification.PUBLIC, subject="enterprise_id")
class EnterpriseRenamed(_EnterpriseEvent):
    """An enterprise has another name."""


@event(Classification.PUBLIC, subject="enterprise_id")
class EnterpriseHeadcountChanged(_EnterpriseEvent):
    """An enterprise's latest head-count is another one."""

"""Figures of the year: a KPI's value, the sentence that it makes true, and every fact behind it."""

from enum import StrEnum

from contracts import fields
from contracts.declare import Request, Scope, get, query
from contracts.paging import DEFAULT_LIMIT, LARGEST_LIMIT
from contracts.roles import Role
from contracts.schema import Schema

#: Roles that read the figures of their unions.
READERS = (
    Role.OFFICER,
    Role.CHAIR,
    Role.ZONE_OFFICER,
    Role.ZONE_LEADER,
    Role.HIGHER_UNION,
    Role.ANALYST,
    Role.PUBLISHER,
)


#: Largest number that every reader of JSON keeps exactly; sums in fen outgrow 32 bits.
LARGEST_SUM = 2**53 - 1
#: What the numbers of a figure are in.
ABOUT_VALUE = "In `unit`, as it is printed exactly: `20`, `94.87`, money in yuan; null for a share of nothing"
ABOUT_NUMERATOR = "A count; of money the sum in fen, while `value` is in `unit`"
ABOUT_DENOMINATOR = "Of a share, the count that it is a share of"


class Unit(StrEnum):
    """What a figure counts; the unit belongs to the KPI, not to its sentence."""

    ACTIVITIES = "activities"
    WORKERS = "workers"
    PERSONS = "persons"
    MEMBERS = "members"
    ATTENDANCES = "attendances"
    UNIONS = "unions"
    YUAN = "yuan"
    PERCENT = "percent"


class PeriodKind(StrEnum):
    """Which days a KPI looks at, seen from the date of the report."""

    YEAR_TO_DATE = "year_to_date"
    #: 1 January to 30 June, as far as it has come.
    FIRST_HALF = "first_half"
    #: What is so on that date, since whenever.
    AS_OF = "as_of"
    #: From the founding of the union that it is about.
    SINCE_FOUNDING = "since_founding"


class KpiView(Schema):
    """The definition of a KPI in one version."""

    code = fields.Text(required=True)
    version = fields.Count(1, required=True)
    title = fields.Words(required=True)
    unit = fields.Code(Unit, required=True)
    period_kind = fields.Code(PeriodKind, required=True)
    definition = fields.Words(required=True)
    sources = fields.Many(fields.Text(), required=True)


class KpiList(Schema):
    """All KPIs."""

    items = fields.Many(fields.Part(KpiView), required=True)


class Sentence(Schema):
    """A sentence, or why it is not printed."""

    text = fields.Words(required=True, allow_none=True)
    not_printed_because = fields.Words(required=True, allow_none=True)


class FigureView(Schema):
    """The value of a KPI for an organisation and all below it, at a date."""

    code = fields.Text(required=True)
    version = fields.Count(1, required=True)
    org = fields.Id(required=True)
    period_from = fields.LocalDate(
        required=True, allow_none=True, metadata={"description": "Null where all days up to `period_to` are looked at"}
    )
    period_to = fields.LocalDate(required=True)
    numerator = fields.Count(0, LARGEST_SUM, required=True, metadata={"description": ABOUT_NUMERATOR})
    denominator = fields.Count(
        0, LARGEST_SUM, required=True, allow_none=True, metadata={"description": ABOUT_DENOMINATOR}
    )
    value = fields.Text(
        required=True,
        allow_none=True,
        metadata={"description": ABOUT_VALUE},
    )
    unit = fields.Code(Unit, required=True)
    sentence = fields.Part(Sentence, required=True)
    set_hash = fields.Digest(
        required=True,
        metadata={
            "description": "SHA-256 over the sorted ids, one a line, of the events that count or are in the denominator"
        },
    )


class CountedFact(Schema):
    """One record that a KPI looked at, with the event that speaks of it."""

    event_id = fields.Id(required=True)
    event_type = fields.Text(required=True)
    record_type = fields.Text(required=True, metadata={"description": "`activity`, `membership`, `grant`, …"})
    record_id = fields.Id(required=True, metadata={"description": "Of an attendance, the id of its activity"})
    union_id = fields.Id(required=True)
    state = fields.Text(required=True, allow_none=True)
    on = fields.LocalDate(
        required=True, allow_none=True, metadata={"description": "The day that places it in a period"}
    )
    subject_key = fields.SubjectKey(required=True, allow_none=True)
    amount_fen = fields.Count(0, LARGEST_SUM, required=True, allow_none=True)
    total = fields.Count(required=True, allow_none=True, metadata={"description": "Of a fact that is itself a count"})
    counted = fields.Flag(required=True, metadata={"description": "Whether it is part of the numerator"})
    in_denominator = fields.Flag(required=True)
    reason = fields.Text(
        required=True, allow_none=True, metadata={"description": "Why it is not counted: `not_closed`, `voided`, …"}
    )


class Explanation(Schema):
    """A figure and a page of the facts behind it: first those that count, then those that do not, by event id."""

    figure = fields.Part(FigureView, required=True)
    facts = fields.Many(fields.Part(CountedFact), longest=LARGEST_LIMIT, required=True)
    next = fields.Text(required=True, allow_none=True)


class _OfFigure(Request):
    code = fields.Text(longest=10, required=True)
    org = fields.Id(required=True)
    as_of = fields.LocalDate(metadata={"description": "Date of the report; today in business time unless given"})


@query(get("/v1/kpis"), reply=KpiList, roles=READERS)
class ListKpis(Request):
    """List the KPIs and their definitions."""


@query(
    get("/v1/kpis/{code}/value"),
    reply=FigureView,
    roles=READERS,
    scope=Scope.FIELD,
    scope_field="org",
    errors=("kpi_unknown", "not_yet_known", "date_in_future"),
)
class GetFigure(_OfFigure):
    """Compute a figure from the facts known now."""


@query(
    get("/v1/kpis/{code}/explain"),
    reply=Explanation,
    roles=READERS,
    scope=Scope.FIELD,
    scope_field="org",
    errors=("kpi_unknown", "not_yet_known", "date_in_future"),
)
class ExplainFigure(_OfFigure):
    """Open the list behind a figure: each fact that counts, and each that does not with its reason."""

    cursor = fields.Text(longest=200)
    limit = fields.Count(1, LARGEST_LIMIT, load_default=DEFAULT_LIMIT)

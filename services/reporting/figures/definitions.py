"""The KPIs as data; a changed definition is a new version beside the old one, so that a past report keeps its own."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, func, not_, or_, select

from contracts.events.activities import ActivityKind, ActivityState
from contracts.membership.organisation import OrgKind, Workforce
from contracts.membership.register import COUNTED, OVER
from contracts.reporting.figures import PeriodKind, Unit
from contracts.welfare.grants import GrantState
from contracts.welfare.health_checks import BookingState
from contracts.welfare.programmes import BenefitForm, ProgrammeKind
from kernel.codes.worker_category import WorkerCategory
from services.reporting.figures import sources
from services.reporting.figures.kpis import Kpi, Measure
from services.reporting.figures.parts import OUTSIDE_PERIOD, THE_WHOLE, Condition, Part, unless, unless_true, when
from services.reporting.figures.scope import Columns, Scope

_YEAR, _HALF, _AS_OF = PeriodKind.YEAR_TO_DATE, PeriodKind.FIRST_HALF, PeriodKind.AS_OF
#: Persons singled out by a trait are told only if there are as many.
_FEWEST = 5
#: Codes of the tiers whose contests are figures of their own.
_ELITE, _MASS = "elite", "mass"
#: Those who deliver parcels and meals.
_RIDERS = (WorkerCategory.COURIER, WorkerCategory.FOOD_DELIVERY_RIDER)

_CLOSED = (
    when("voided", "state", ActivityState.VOIDED),
    when("cancelled", "state", ActivityState.CANCELLED),
    unless("not_closed", "state", ActivityState.CLOSED),
    OUTSIDE_PERIOD,
)
_STUDY = Part(sources.activities(ActivityKind.STUDY), _CLOSED)


def _contests(source: sources.Source, *tiers: str) -> Part:
    return Part(source, (unless("other_tier", "tier", *tiers), *_CLOSED))


_ELITE_CONTESTS = _contests(sources.activities(ActivityKind.COMPETITION), _ELITE)
_MASS_CONTESTS = _contests(sources.activities(ActivityKind.COMPETITION), _MASS)
_CONTESTANTS = _contests(sources.CONTEST_ATTENDANCES, _ELITE, _MASS)

_RECOMMENDED = Part(
    sources.RECOMMENDATIONS, (unless_true("not_industrial_worker", "is_industrial_worker"), OUTSIDE_PERIOD)
)


def _is_of_other_days(facts: Columns, scope: Scope) -> ColumnElement[bool]:
    return or_(facts.period_from != scope.period.first, facts.period_to != scope.period.last)


_TARGETS = Part(
    sources.TARGET_TOTALS,
    (Condition("other_period", _is_of_other_days), THE_WHOLE),
    denominator_only=frozenset({THE_WHOLE.reason}),
)

_COUNTED = (when("left", "state", *OVER), unless("retained", "state", *COUNTED))
_MEMBERS = Part(sources.MEMBERSHIPS, _COUNTED)
_OUT_OF_PROVINCE = Part(
    sources.MEMBERSHIPS,
    (*_COUNTED, unless_true("in_province", "out_of_province")),
    denominator_only=frozenset({"in_province"}),
)

_NOT_APPROVED = Condition(
    "not_approved", lambda facts, scope: not_(func.coalesce(facts.approved_on <= scope.period.last, False))
)
_OF_PLATFORM_WORKERS = (
    unless("other_kind", "org_kind", OrgKind.JOINT),
    unless("other_workforce", "workforce", Workforce.NEW_EMPLOYMENT),
)
_NEW_UNIONS = Part(sources.UNIONS, (_NOT_APPROVED, unless_true("not_cobuilt", "party_cobuilt"), OUTSIDE_PERIOD))
_NEW_PLATFORM_UNIONS = replace(_NEW_UNIONS, conditions=(*_NEW_UNIONS.conditions, *_OF_PLATFORM_WORKERS))
_INTO_NEW_UNIONS = Part(
    sources.JOINS,
    (
        Condition("other_union", lambda facts, scope: facts.union_id.not_in(_NEW_UNIONS.counted(scope))),
        OUTSIDE_PERIOD,
    ),
)


def _first_platform_union(column: str, scope: Scope) -> ColumnElement[Any]:
    """A column of the union of platform workers that was founded first."""
    found = Part(sources.UNIONS, (_NOT_APPROVED, *_OF_PLATFORM_WORKERS)).looked_at(scope).subquery().c
    first = select(found[column]).where(found.reason.is_(None)).order_by(found.founded_on, found.record_id).limit(1)
    return first.scalar_subquery()


_INTO_FIRST_PLATFORM_UNION = Part(
    sources.JOINS,
    (
        Condition(
            "other_union",
            lambda facts, scope: facts.union_id.is_distinct_from(_first_platform_union("record_id", scope)),
        ),
        Condition("outside_period", lambda facts, scope: facts.on < _first_platform_union("founded_on", scope)),
    ),
)

_CAME = (
    when("voided", "state", BookingState.VOIDED),
    unless("not_attended", "state", BookingState.ATTENDED),
    OUTSIDE_PERIOD,
)
_CHECKS = Part(sources.HEALTH_CHECKS, _CAME)
_CHECKS_OF_RIDERS = Part(sources.HEALTH_CHECKS, (unless("other_category", "worker_category", *_RIDERS), *_CAME))

_WINTER_GOODS = Part(
    sources.grants(ProgrammeKind.WINTER_RELIEF),
    (
        unless("other_form", "form", BenefitForm.GOODS),
        when("reversed", "state", GrantState.REVERSED),
        when("returned", "state", GrantState.RETURNED),
        unless("not_receipted", "state", GrantState.RECEIPTED),
        OUTSIDE_PERIOD,
    ),
)

_CURRENT = (
    Kpi("K01", 1, Unit.ACTIVITIES, _YEAR, (_STUDY,)),
    Kpi("K02", 1, Unit.WORKERS, _HALF, (_RECOMMENDED,), Measure.PERSONS, suppress_below=_FEWEST),
    Kpi("K03", 1, Unit.PERCENT, _HALF, (_RECOMMENDED, _TARGETS), Measure.PERSONS, suppress_below=_FEWEST),
    Kpi("K08", 1, Unit.ACTIVITIES, _YEAR, (_ELITE_CONTESTS,)),
    Kpi("K09", 1, Unit.ACTIVITIES, _YEAR, (_MASS_CONTESTS,)),
    Kpi("K10", 1, Unit.PERSONS, _YEAR, (_CONTESTANTS,), Measure.PERSONS),
    Kpi("K31", 1, Unit.MEMBERS, _AS_OF, (_MEMBERS,)),
    Kpi("K32", 1, Unit.PERCENT, _AS_OF, (_OUT_OF_PROVINCE,), suppress_below=_FEWEST),
    Kpi("K35", 1, Unit.ATTENDANCES, _YEAR, (_CHECKS,)),
    Kpi("K36", 1, Unit.PERSONS, _YEAR, (_CHECKS_OF_RIDERS,), Measure.PERSONS, suppress_below=_FEWEST),
    Kpi("K41", 1, Unit.MEMBERS, PeriodKind.SINCE_FOUNDING, (_INTO_FIRST_PLATFORM_UNION,)),
    Kpi("K42", 1, Unit.UNIONS, _YEAR, (_NEW_UNIONS,)),
    Kpi("K43", 1, Unit.UNIONS, _YEAR, (_NEW_PLATFORM_UNIONS,)),
    Kpi("K44", 1, Unit.MEMBERS, _YEAR, (_INTO_NEW_UNIONS,)),
    Kpi("K45", 1, Unit.PERSONS, _YEAR, (_WINTER_GOODS,), Measure.PERSONS),
    Kpi("K46", 1, Unit.YUAN, _YEAR, (_WINTER_GOODS,), Measure.FEN),
)

#: The current version of each KPI by code.
KPIS: Mapping[str, Kpi] = MappingProxyType({kpi.code: kpi for kpi in _CURRENT})

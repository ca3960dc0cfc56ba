"""Every record that a figure looks at and does not count is listed with the reason."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from contracts.declare import Event
from contracts.events import activities
from contracts.membership import organisation, party, register
from contracts.reporting import figures as contract
from contracts.roles import Role
from contracts.welfare import grants, health_checks
from kernel.ids import new_id
from tests.service.harness import Service, an_actor
from tests.service.histories import Told

AS_OF = date(2023, 9, 30)
PERSON = "5e" * 32
#: Tells something of the union with the id that it is given.
Tell = Callable[[Told, str], None]


def tells(event: type[Event], sequence: int = 1, **data: Any) -> Tell:
    """Tells one event of a new record, or of the record that `data` names."""

    def tell(told: Told, union_id: str) -> None:
        told.tell(event, sequence, {event.event_type.subject: new_id(), "union_id": union_id, **data})

    return tell


def contest(event: type[Event], state: str, tier: str = "elite") -> Tell:
    days = {"starts_at": "2023-03-01T11:00:00+00:00", "held_on": "2023-03-01"}
    counts = {"sessions": 1, "attendances": 1, "distinct_subjects": 1}
    return tells(event, kind="competition", tier=tier, state=state, **days, **counts)


def attended_and_voided(told: Told, union_id: str) -> None:
    contest(activities.ActivityVoided, "voided")(told, union_id)
    of = {name: told.events[-1].data[name] for name in ("activity_id", "kind")}
    line = {"session_no": 1, "subject_key": PERSON, "worker_category": "10", "on": "2023-03-01"}
    tells(activities.ActivityAttended, 2, **of, **line)(told, union_id)


def member(event: type[Event] = register.MemberJoined, *, out_of_province: bool = False) -> Tell:
    state = "active" if event is register.MemberJoined else "retained"
    person = {"subject_key": PERSON, "worker_category": "10", "is_industrial_worker": True}
    return tells(event, **person, out_of_province=out_of_province, state=state, effective_on="2023-03-01")


def benefit(event: type[Event], state: str, form: str = "goods", on: str = "2023-01-12") -> Tell:
    what = {"programme_id": new_id(), "kind": "winter_relief", "form": form, "amount_fen": 20_000}
    return tells(event, 2, subject_key=PERSON, worker_category="10", state=state, on=on, **what)


def received_too_late(told: Told, union_id: str) -> None:
    benefit(grants.BenefitIssued, "issued")(told, union_id)
    later = {**told.events[-1].data, "state": "receipted", "on": "2023-10-01"}
    told.tell(grants.BenefitReceipted, 3, later)


def health_check(event: type[Event], state: str, category: str = "10") -> Tell:
    who = {"programme_id": new_id(), "subject_key": PERSON, "worker_category": category}
    return tells(event, state=state, on="2023-06-01", **who)


def union(**changes: Any) -> Tell:
    """A new union below the one that is asked about."""

    def tell(told: Told, union_id: str) -> None:
        told.tell(organisation.UnionApproved, 1, new_union(superior_id=union_id) | changes)

    return tell


def new_union(**changes: Any) -> Mapping[str, Any]:
    kind = {"org_kind": "joint", "workforce": "new_employment", "party_cobuilt": True, "state": "approved"}
    days = {"founded_on": "2023-03-01", "approved_on": "2023-03-02"}
    return {
        "union_id": new_id(),
        "superior_id": None,
        "name": "Mill",
        "region_code": "330110",
        **kind,
        **days,
    } | changes


CASES: list[tuple[str, Tell, str | None]] = [
    ("K08", contest(activities.ActivityClosed, "closed"), None),
    ("K08", contest(activities.ActivityClosed, "closed", tier="mass"), "other_tier"),
    ("K08", contest(activities.ActivityVoided, "voided"), "voided"),
    ("K08", contest(activities.ActivityCancelled, "cancelled"), "cancelled"),
    ("K08", contest(activities.ActivityHeld, "held"), "not_closed"),
    ("K10", attended_and_voided, "voided"),
    ("K31", member(), None),
    ("K31", member(register.MemberRetained), "retained"),
    ("K32", member(out_of_province=True), None),
    ("K32", member(), "in_province"),
    ("K32", member(register.MemberRetained, out_of_province=True), "retained"),
    ("K35", health_check(health_checks.HealthCheckAttended, "attended"), None),
    ("K35", health_check(health_checks.HealthCheckVoided, "voided"), "voided"),
    ("K36", health_check(health_checks.HealthCheckAttended, "attended", "14"), None),
    ("K36", health_check(health_checks.HealthCheckAttended, "attended", "12"), "other_category"),
    ("K41", member(), "other_union"),
    ("K42", union(), None),
    ("K42", union(party_cobuilt=False), "not_cobuilt"),
    ("K42", union(approved_on="2023-10-01"), "not_approved"),
    ("K42", union(approved_on=None, state="awaiting_approval"), "not_approved"),
    ("K43", union(org_kind="basic"), "other_kind"),
    ("K43", union(workforce="general"), "other_workforce"),
    ("K44", member(), "other_union"),
    ("K45", benefit(grants.BenefitReceipted, "receipted"), None),
    ("K45", benefit(grants.BenefitReceipted, "receipted", "money"), "other_form"),
    ("K45", benefit(grants.BenefitIssued, "issued"), "not_receipted"),
    ("K45", benefit(grants.BenefitReturned, "returned"), "returned"),
    ("K46", benefit(grants.BenefitReversed, "reversed"), "reversed"),
    ("K46", received_too_late, "outside_period"),
]
for _worker, _reason in ((True, None), (False, "not_industrial_worker")):
    _details = {"subject_key": PERSON, "state": "recommended", "recommended_on": "2023-05-01"}
    CASES.append(("K02", tells(party.PartyRecommendationMade, is_industrial_worker=_worker, **_details), _reason))
for _to, _reason in (("2023-06-30", "denominator"), ("2023-03-31", "other_period")):
    _days = {"period_from": "2023-01-01", "period_to": _to}
    CASES.append(("K03", tells(party.DevelopmentTargetTotalReported, total=39, **_days), _reason))


@pytest.mark.parametrize(("code", "tell", "reason"), CASES, ids=[f"{code}-{reason}" for code, _, reason in CASES])
def test_a_record_is_listed_with_the_reason_why_it_is_not_counted(
    reporting: Service, code: str, tell: Tell, reason: str | None
) -> None:
    told = Told()
    old = new_union(party_cobuilt=False, workforce="general", founded_on="2020-01-01", approved_on="2020-01-01")
    told.tell(organisation.UnionApproved, 1, old)
    tell(told, old["union_id"])
    reporting.absorber.live(told.events)

    asked = {"code": code, "org": old["union_id"], "as_of": AS_OF}
    page = reporting.do(contract.ExplainFigure, an_actor(Role.ANALYST, old["union_id"]), **asked)

    [fact] = page["facts"]
    assert (fact["event_id"], fact["reason"], fact["counted"]) == (told.events[-1].id, reason, reason is None)
    assert fact["in_denominator"] == (page["figure"]["denominator"] not in {None, 0})

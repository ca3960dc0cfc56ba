"""Nominates, reviews and recommends members to the Party, whose clerk tells the outcomes and the totals."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial

from demo.client import Client
from demo.loading.desk import Desk, Task
from demo.year.party import PARTY_ORGANISATION, PERIOD, TOTALS, PlannedRecommendation


def tasks(desk: Desk, day: date) -> Iterator[Task]:
    """The steps of each recommendation on a day, one after the other, and the totals that are told."""
    for planned in desk.year.recommendations:
        if day in (planned.nominated_on, planned.reviewed_on, planned.recommended_on, planned.outcome_on):
            yield partial(_advance, desk, planned, day)
    for told_on, total in TOTALS:
        if told_on == day:
            yield partial(_tell_total, desk, total)


def _advance(desk: Desk, planned: PlannedRecommendation, day: date) -> None:
    key, today = desk.key("recommendation", planned.person), day.isoformat()
    if day == planned.nominated_on:
        _nominate(desk, planned, key)
    if day == planned.reviewed_on:
        _step(desk.staff.chair, desk, planned, "review", {}, key)
    if day == planned.recommended_on:
        _step(desk.staff.officer, desk, planned, "recommend", {"recommended_on": today}, key)
    if day == planned.outcome_on:
        decided = {"outcome": planned.outcome, "outcome_on": today}
        _step(desk.staff.party_clerk, desk, planned, "conclude", decided, key)


def _nominate(desk: Desk, planned: PlannedRecommendation, key: str) -> None:
    person = desk.year.people[planned.person]
    details = {
        "subject_key": desk.members[planned.person].subject_key,
        "union_id": desk.unions[person.membership.union],
        "party_org_ref": PARTY_ORGANISATION,
        "nominated_on": planned.nominated_on.isoformat(),
    }
    made = desk.staff.union_officer.post("/v1/party-recommendations", details, key)
    desk.ids[planned] = made["id"]


def _step(
    client: Client, desk: Desk, planned: PlannedRecommendation, step: str, body: Mapping[str, object], key: str
) -> None:
    client.post(f"/v1/party-recommendations/{desk.ids[planned]}/{step}", body, f"{key} {step}")


def _tell_total(desk: Desk, total: int) -> None:
    begins, ends = PERIOD
    details = {
        "federation_id": desk.unions[0],
        "party_org_ref": PARTY_ORGANISATION,
        "period_from": begins.isoformat(),
        "period_to": ends.isoformat(),
        "total": total,
        "source_ref": f"发展对象备案表（{total}名）",
    }
    desk.staff.party_clerk.post("/v1/development-targets", details, desk.key("development targets", total))

"""Tells what happened to benefits, one event for each, whether one changed or a whole list."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from chassis.work import OneOfMany, Work
from contracts.declare import by_name
from contracts.welfare import grants as contract
from kernel.states import Transition
from services.welfare.batches.models import Batch
from services.welfare.grants.rules import Facts
from services.welfare.programmes.models import Programme

_EVENTS = by_name(contract.BenefitIssued, contract.BenefitReceipted, contract.BenefitReturned, contract.BenefitReversed)


def tell_each(
    work: Work, batch: Batch, programme: Programme, benefits: Sequence[Any], taken: Transition[Facts], on: date
) -> None:
    """Publish the event of a step that benefits of one list took on a day.

    `benefits` are rows of `lines.move_and_tell`, or a `Benefit` whose number was raised for the event.
    """
    (name,) = taken.events
    same = {
        "batch_id": str(batch.id),
        "programme_id": str(programme.id),
        "kind": programme.kind,
        "form": programme.form,
        "state": taken.target,
        "on": on.isoformat(),
    }
    for benefit in benefits:
        source = OneOfMany(benefit.id, benefit.event_sequence - 1, benefit.region_code, batch.union_id)
        own = {
            "grant_id": str(benefit.id),
            "qty": benefit.qty,
            "amount_fen": benefit.amount_fen,
            "subject_key": benefit.subject_key,
            "worker_category": benefit.worker_category,
            "union_id": str(benefit.union_id),
        }
        work.publish_data(_EVENTS[name], source, same | own)

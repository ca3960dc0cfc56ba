"""A programme's account is the sum of its benefits and never more than the budget, whatever is done in any order."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from chassis.errors import Refused
from contracts.welfare import batches
from contracts.welfare import grants as contract
from contracts.welfare.grants import GrantState as State
from services.welfare.grants.models import Benefit
from services.welfare.programmes.models import Programme
from tests.service.benefits import TODAY, Office, a_member, members
from tests.service.harness import Universe

#: Enough for three people, of whom there are four.
BUDGET = 35_000
#: A command, which of two lists it is about, and which of four people.
COMMANDS = (
    "freeze", "approve", "issue", "cancel", "receipts", "receipt", "return", "reverse",
)  # fmt: skip


def sums(universe: Universe, programme: dict[str, Any]) -> tuple[int, int]:
    """What is bound and what is spent, added up from the benefits."""
    bound = func.sum(Benefit.amount_fen).filter(Benefit.state.in_((State.APPROVED, State.ISSUED)))
    spent = func.sum(Benefit.amount_fen).filter(Benefit.state == State.RECEIPTED)
    query = select(func.coalesce(bound, 0), func.coalesce(spent, 0))
    with universe.welfare.database.reader.connect() as connection:
        row = connection.execute(query.where(Benefit.programme_id == UUID(programme["id"]))).one()
    return int(row[0]), int(row[1])


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(COMMANDS), st.integers(0, 1), st.integers(0, 3)), max_size=24))
def test_bound_and_spent_are_always_the_sums_of_the_benefits(
    universe: Universe, office: Office, commands: list[tuple[str, int, int]]
) -> None:
    programme, people = office.programme(budget_fen=BUDGET), members(universe, 4)
    # the lists share two people: each of them may get the programme from one list only
    lists = [office.list_of(programme, people[:3]), office.list_of(programme, people[1:])]
    for command, which, who in [*[("freeze", 0, 0), ("approve", 0, 0), ("issue", 0, 0)], *commands]:
        batch = universe.welfare.do(batches.GetBatch, office.maker, batch_id=lists[which]["id"])
        with suppress(Refused):
            obey(universe, office, command, batch, people[who])
        bound, spent = office.account(programme)
        assert (bound, spent) == sums(universe, programme)
        assert bound + spent <= BUDGET


def obey(universe: Universe, office: Office, command: str, batch: dict[str, Any], person: str) -> None:
    of_lists: dict[str, Callable[[dict[str, Any]], Any]] = {
        "freeze": office.freeze,
        "issue": office.issue,
        "cancel": office.cancel,
    }
    if command in of_lists:
        of_lists[command](batch)
    elif command == "approve":
        office.approve({**batch, "list_hash": batch["list_hash"] or "0" * 64})
    elif command == "receipts":
        office.receipts(batch, [person])
    elif benefit := office.benefits(batch).get(person):
        of_one(universe, office, command, benefit, person)


def of_one(universe: Universe, office: Office, command: str, benefit: dict[str, Any], person: str) -> None:
    if command == "reverse":
        office.reverse(benefit)
        return
    request, actor, fields = {
        "receipt": (
            contract.ReceiptBenefit,
            a_member(universe, person),
            {"received_on": TODAY, "receipt_kind": "qr"},
        ),
        "return": (contract.ReturnBenefit, office.maker, {"reason": "declined"}),
    }[command]
    office.on_benefit(request, actor, benefit, **fields)


@pytest.mark.parametrize("values", [{"committed_fen": BUDGET + 1}, {"spent_fen": -1}])
def test_the_database_itself_keeps_no_account_beyond_its_budget(
    universe: Universe, office: Office, values: dict[str, int]
) -> None:
    programme = office.programme(budget_fen=BUDGET)
    table = Programme.__table__

    with pytest.raises(IntegrityError), universe.welfare.database.writer.begin() as connection:
        connection.execute(table.update().where(table.c.id == UUID(programme["id"])).values(values))

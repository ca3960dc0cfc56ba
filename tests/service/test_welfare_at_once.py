"""The last place, the last fen and one receipt, asked for by many at the same moment on the real database."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest

from contracts.welfare import batches, grants, health_checks
from tests.service.benefits import TODAY, Office, a_member, members
from tests.service.harness import Universe
from tests.service.together import at_once

#: How many ask at once; the writer's pool gives as many connections.
MANY = 8


def outcomes(answers: Sequence[Any]) -> Counter[str]:
    return Counter(answer if isinstance(answer, str) else "done" for answer in answers)


def test_the_last_places_go_to_as_many_as_there_are(universe: Universe, office: Office) -> None:
    slot, people = office.slot(quota=3), members(universe, MANY)
    book = health_checks.BookMyself

    answers = at_once(
        *(lambda one=one: universe.welfare.do(book, a_member(universe, one), slot_id=slot["id"]) for one in people)
    )

    assert outcomes(answers) == {"done": 3, "slot_full": MANY - 3}
    assert office.seen(slot)["booked"] == len(office.bookings(slot)) == 3


def test_one_person_asking_many_times_at_once_has_one_place(universe: Universe, office: Office) -> None:
    slot, (one,) = office.slot(quota=MANY), members(universe)
    mine = a_member(universe, one)

    answers = at_once(
        *[lambda: universe.welfare.do(health_checks.BookMyself, mine, slot_id=slot["id"])] * (MANY - 1),
        lambda: office.book(slot, [one]),
    )

    assert outcomes(answers)["done"] + outcomes(answers)["already_booked"] == MANY
    assert office.seen(slot)["booked"] == len(office.bookings(slot)) == 1


def test_the_last_fen_is_bound_once(universe: Universe, office: Office) -> None:
    programme = office.programme(budget_fen=35_000)
    lists = [office.list_of(programme, members(universe), "frozen") for _ in range(MANY)]

    answers = at_once(*(lambda one=one: office.approve(one) for one in lists))

    assert outcomes(answers) == {"done": 3, "budget_exceeded": MANY - 3}
    assert office.account(programme) == (30_000, 0)


def test_of_many_lists_frozen_at_once_one_has_the_person_whom_all_name(universe: Universe, office: Office) -> None:
    programme, (shared,) = office.programme(), members(universe)
    lists = [office.list_of(programme, [shared, *members(universe)]) for _ in range(MANY)]

    frozen = at_once(*(lambda one=one: office.freeze(one) for one in lists))

    found = [office.benefits(one)[shared]["ineligible_because"] for one in lists]
    assert outcomes(frozen) == {"done": MANY}
    assert Counter(found) == {None: 1, "already_granted": MANY - 1}


def test_one_list_approved_by_many_at_once_is_bound_once(universe: Universe, office: Office) -> None:
    programme = office.programme()
    batch = office.list_of(programme, members(universe), "frozen")

    answers = at_once(*[lambda: office.approve(batch)] * MANY)

    assert outcomes(answers) == {"done": 1, "illegal_transition": MANY - 1}
    assert office.account(programme) == (10_000, 0)


def test_one_list_issued_by_many_at_once_is_told_once(universe: Universe, office: Office) -> None:
    people = members(universe, 3)
    batch = office.list_of(office.programme(), people, "approved")

    answers = at_once(*[lambda: office.issue(batch)] * MANY)

    assert outcomes(answers) == {"done": 1, "illegal_transition": MANY - 1}
    assert [len(universe.welfare.events_of(one["id"])) for one in office.benefits(batch).values()] == [1, 1, 1]


def test_the_same_receipt_by_code_and_on_paper_at_once_counts_once(universe: Universe, office: Office) -> None:
    programme, people = office.programme(), members(universe, MANY)
    batch = office.list_of(programme, people, "issuing")
    benefits = office.benefits(batch)
    by_code = {"received_on": TODAY, "receipt_kind": "qr"}
    scan = [
        lambda one=one: office.on_benefit(grants.ReceiptBenefit, a_member(universe, one), benefits[one], **by_code)
        for one in people[: MANY - 2]
    ]

    answers = at_once(*scan, *[lambda: office.receipts(batch, people)] * 2)

    scanned = outcomes(answers[:-2])
    assert scanned["done"] + scanned["illegal_transition"] == MANY - 2
    assert sum(answer["recorded"] for answer in answers[-2:]) + scanned["done"] == MANY
    assert office.account(programme) == (0, 10_000 * MANY)
    assert {len(universe.welfare.events_of(one["id"])) for one in benefits.values()} == {2}
    assert universe.welfare.do(batches.GetBatch, office.maker, batch_id=batch["id"])["state"] == "complete"


def test_receipts_of_many_lists_at_once_are_all_in_the_one_account(universe: Universe, office: Office) -> None:
    programme, people = office.programme(), members(universe, MANY)
    lists = [office.list_of(programme, [one], "issuing") for one in people]

    answers = at_once(
        *(lambda batch=batch, one=one: office.receipts(batch, [one]) for batch, one in zip(lists, people, strict=True))
    )

    assert outcomes(answers) == {"done": MANY}
    assert office.account(programme) == (0, 10_000 * MANY)


@pytest.mark.parametrize("others", ["return", "reverse"])
def test_what_is_taken_back_by_many_at_once_leaves_the_account_once(
    universe: Universe, office: Office, others: str
) -> None:
    programme, (one, other) = office.programme(), members(universe, 2)
    batch = office.list_of(programme, [one, other], "issuing")
    office.receipts(batch, [other] if others == "return" else [one, other])
    benefit = office.benefits(batch)[one]
    request, actor, fields = {
        "return": (grants.ReturnBenefit, office.maker, {"reason": "declined"}),
        "reverse": (grants.ReverseBenefit, office.leader, {}),
    }[others]
    if others == "reverse":
        office.on_benefit(grants.AskReversal, office.finance, benefit, reason="wrong_amount")

    answers = at_once(*[lambda: office.on_benefit(request, actor, benefit, **fields)] * MANY)

    assert outcomes(answers) == {"done": 1, "illegal_transition": MANY - 1}
    assert office.account(programme) == (0, 10_000)


def test_attendances_marked_and_places_given_back_at_once_leave_each_booking_in_one_state(
    universe: Universe, office: Office
) -> None:
    people = members(universe, MANY - 1)
    slot = office.slot(quota=MANY)
    office.book(slot, people)
    bookings = office.bookings(slot)
    cancel = [
        lambda one=one: universe.welfare.do(
            health_checks.CancelBooking, a_member(universe, one), booking_id=bookings[one]["id"]
        )
        for one in people
    ]

    answers = at_once(*cancel, lambda: office.attend(slot, people))

    gone, seen = outcomes(answers[:-1])["done"], office.seen(slot)
    came = 0 if isinstance(answers[-1], str) else len(people)
    assert not (gone and came)
    assert (seen["booked"], seen["attended"]) == (len(people) - gone, came)

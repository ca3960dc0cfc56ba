"""What the role tests ask of welfare: each record stands where nothing but the role can refuse the next step."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from chassis.clock import business_moment
from contracts.welfare import grants, programmes
from tests.service.benefits import Office, line, members, programme_fields, slot_fields
from tests.service.harness import Universe
from tests.service.tidings import told

Prepare = Callable[[Universe], dict[str, Any]]

#: No list of these tests comes near it.
AMPLE = {"budget_fen": programmes.MOST_FEN}
#: The last day that a programme of these tests has.
LAST_DAY = "2100-12-31"


def today() -> str:
    return business_moment(None).date().isoformat()


@cache
def relief(universe: Universe) -> tuple[Office, dict[str, Any]]:
    """An open programme of the union `home`, one for all tests, and who runs it."""
    office = Office.of(universe)
    return office, office.programme(union_id=universe.home.id, **AMPLE)


@cache
def checks(universe: Universe) -> tuple[Office, dict[str, Any]]:
    """As `relief`, of health checks."""
    office = Office.of(universe)
    kind = {"kind": "health_check", "form": "service", "ends_on": LAST_DAY}
    return office, office.programme(union_id=universe.home.id, **kind)


def on_programme(state: str, **fields: Any) -> Prepare:
    def prepare(universe: Universe) -> dict[str, Any]:
        programme = Office.of(universe).programme(state, union_id=universe.home.id)
        return {"programme_id": programme["id"], **fields}

    return prepare


def a_list(universe: Universe, state: str) -> tuple[dict[str, Any], str]:
    """A list of one person that has come as far as a state, and that person."""
    office, programme = relief(universe)
    (one,) = members(universe)
    return office.list_of(programme, [one], state, union_id=universe.home.id), one


def on_list(state: str, *copied: str) -> Prepare:
    def prepare(universe: Universe) -> dict[str, Any]:
        batch, _ = a_list(universe, state)
        return {"batch_id": batch["id"], **{name: batch[name] for name in copied}}

    return prepare


def one_more(universe: Universe) -> dict[str, Any]:
    return {"batch_id": a_list(universe, "building")[0]["id"], "lines": [line(*members(universe))]}


def signed(universe: Universe) -> dict[str, Any]:
    batch, one = a_list(universe, "issuing")
    return {"batch_id": batch["id"], "subject_keys": [one], "received_on": today(), "receipt_ref": "folder 7"}


def on_benefit(*, received: bool = False, to_reverse: bool = False, **fields: Any) -> Prepare:
    """Of somebody else than who asks: no role of a member reaches it."""

    def prepare(universe: Universe) -> dict[str, Any]:
        office, _ = relief(universe)
        batch, one = a_list(universe, "issuing")
        if received:
            office.receipts(batch, [one], received_on=today())
        benefit = office.benefits(batch)[one]
        if to_reverse:
            office.on_benefit(grants.AskReversal, office.finance, benefit, reason="wrong_person")
        return {"grant_id": benefit["id"], **fields}

    return prepare


def receipt(universe: Universe) -> dict[str, Any]:
    return on_benefit(received_on=today(), receipt_kind="photo", receipt_ref="7")(universe)


def a_slot(universe: Universe) -> dict[str, Any]:
    office, programme = checks(universe)
    return office.slot(programme, union_id=universe.home.id, held_on=today())


def on_slot(universe: Universe) -> dict[str, Any]:
    return {"slot_id": a_slot(universe)["id"]}


def on_booking(person: str, *, attended: bool = False) -> Prepare:
    """Of the person who asks: whoever is a member may give their own place back."""

    def prepare(universe: Universe) -> dict[str, Any]:
        office, _ = checks(universe)
        slot = a_slot(universe)
        _known(universe, person)
        office.book(slot, [person])
        if attended:
            office.attend(slot, [person])
        return {"booking_id": office.bookings(slot)[person]["id"]}

    return prepare


def who_came(universe: Universe) -> dict[str, Any]:
    office, _ = checks(universe)
    slot, people = a_slot(universe), members(universe)
    office.book(slot, people)
    return {"slot_id": slot["id"], "subject_keys": people}


def mine(person: str) -> Prepare:
    def prepare(universe: Universe) -> dict[str, Any]:
        _known(universe, person)
        return on_slot(universe)

    return prepare


@cache
def _known(universe: Universe, person: str) -> None:
    universe.welfare.absorber.live([told(universe, person)])


def requests(person: str) -> Mapping[str, Prepare]:
    """What each operation of welfare is asked by accounts that are all linked to one person."""
    return {
        "draft_programme": lambda universe: programme_fields(universe.home.id),
        "submit_programme": on_programme("draft"),
        "record_opinion": on_programme("audit_review", opinion="supported"),
        "approve_programme": on_programme("reviewed", resolution_ref="2023-4"),
        "open_programme": on_programme("approved"),
        "suspend_programme": on_programme("open"),
        "resume_programme": on_programme("suspended"),
        "close_programme": on_programme("open"),
        "settle_programme": on_programme("closed"),
        "audit_programme": on_programme("settled", resolution_ref="2023-9"),
        "get_programme": on_programme("draft"),
        "list_programmes": lambda _: {},
        "start_batch": lambda universe: {
            "programme_id": relief(universe)[1]["id"],
            "union_id": universe.home.id,
            "name": "Winter",
        },
        "add_lines": one_more,
        "freeze_batch": on_list("building"),
        "approve_batch": on_list("frozen", "list_hash"),
        "issue_batch": on_list("approved"),
        "cancel_batch": on_list("approved"),
        "record_receipts": signed,
        "receipt_benefit": receipt,
        "return_benefit": on_benefit(reason="declined"),
        "ask_reversal": on_benefit(received=True, reason="wrong_person"),
        "withdraw_reversal": on_benefit(received=True, to_reverse=True),
        "reverse_benefit": on_benefit(received=True, to_reverse=True),
        "get_batch": on_list("building"),
        "list_batches": lambda _: {},
        "list_benefits": on_list("building"),
        "list_my_benefits": lambda _: {},
        "open_slot": lambda universe: slot_fields(universe.home.id, checks(universe)[1]),
        "book_people": lambda universe: {**on_slot(universe), "subject_keys": members(universe)},
        "book_myself": mine(person),
        "record_attendances": who_came,
        "attend_booking": on_booking(person),
        "cancel_booking": on_booking(person),
        "void_attendance": on_booking(person, attended=True),
        "list_slots": lambda _: {},
        "list_bookings": on_slot,
    }

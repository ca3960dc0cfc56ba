"""Health checks: places, who came, and never more people than places."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from contracts.declare import Request
from contracts.roles import Role
from contracts.welfare import health_checks as contract
from contracts.welfare.programmes import CloseProgramme, SuspendProgramme
from services.welfare.health_checks.models import Booking
from tests.service.benefits import TODAY, Office, a_member, members, refusal, slot_fields
from tests.service.harness import Universe, an_actor
from tests.service.tidings import a_person, told


def names(events: list[Any]) -> list[str]:
    return [event.type.split(".")[3] for event in events]


def counts(office: Office, slot: dict[str, Any]) -> tuple[int, int]:
    seen = office.seen(slot)
    return seen["booked"], seen["attended"]


def test_a_day_lies_under_an_open_health_check_programme(universe: Universe, office: Office) -> None:
    programme = office.programme(kind="health_check", form="service", starts_on="2023-05-01", ends_on="2023-06-30")
    days = {"2023-05-01": None, "2023-06-30": None, "2023-04-30": "held_on", "2023-07-01": "held_on"}

    for day, field in days.items():
        fields = slot_fields(universe.home.id, programme, held_on=day)
        if field is None:
            opened = universe.welfare.do(contract.OpenSlot, office.maker, **fields)
            assert (opened["held_on"], opened["booked"], opened["attended"]) == (day, 0, 0)
            continue
        refused = refusal(universe.welfare, contract.OpenSlot, office.maker, **fields)
        assert (refused.code, refused.field) == ("outside_programme_days", field)


@pytest.mark.parametrize(
    ("changes", "state", "code"),
    [
        ({}, "approved", "programme_not_open"),
        ({}, "suspended", "programme_not_open"),
        ({"kind": "winter_relief", "form": "goods"}, "open", "not_found"),
    ],
)
def test_no_day_is_offered_under_another_programme(
    universe: Universe, office: Office, changes: dict[str, Any], state: str, code: str
) -> None:
    programme = office.programme(state, **{"kind": "health_check", "form": "service", **changes})
    fields = slot_fields(universe.federation, programme)

    assert refusal(universe.welfare, contract.OpenSlot, office.maker, **fields).code == code
    unknown = {**fields, "programme_id": uuid4()}
    assert refusal(universe.welfare, contract.OpenSlot, office.maker, **unknown).code == "not_found"


def test_all_of_a_list_get_a_place_or_nobody(universe: Universe, office: Office) -> None:
    slot = office.slot(quota=2)
    first, *rest = members(universe, 3)
    office.book(slot, [first])

    asked = {"slot_id": slot["id"], "subject_keys": rest}
    refused = refusal(universe.welfare, contract.BookPeople, office.maker, **asked)
    answer = office.book(slot, [first, rest[0], rest[0]])

    assert (refused.code, refused.params) == ("slot_full", {"left": "1"})
    assert (answer["booked"], answer["already_there"]) == (1, 2)
    assert counts(office, slot) == (2, 0)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"state": "retained"}, "not_a_member"),
        ({"effective_on": (TODAY + timedelta(days=1)).isoformat()}, "not_a_member"),
        ({"worker_category": "12"}, "category_not_admitted"),
        ({"union_id": "other"}, "outside_scope"),
        (None, "not_yet_known"),
    ],
)
def test_who_may_not_have_a_place_is_named_and_nobody_gets_one(
    universe: Universe, office: Office, changes: dict[str, Any] | None, code: str
) -> None:
    programme = office.programme(kind="health_check", form="service", categories=["10"])
    slot = office.slot(programme, union_id=universe.home.id, quota=5)
    if changes and "union_id" in changes:
        changes = {"union_id": universe.other.id}
    stranger = a_person() if changes is None else members(universe, **changes)[0]

    asked = {"slot_id": slot["id"], "subject_keys": [*members(universe), stranger]}
    refused = refusal(universe.welfare, contract.BookPeople, office.maker, **asked)
    alone = refusal(universe.welfare, contract.BookMyself, a_member(universe, stranger), slot_id=slot["id"])

    assert (refused.code, refused.field) == (code, "subject_keys.1")
    assert alone.code == code
    assert office.bookings(slot) == {}


@pytest.mark.parametrize(("request_", "by_leader"), [(SuspendProgramme, True), (CloseProgramme, False)])
def test_nobody_books_while_the_programme_is_not_open_but_who_came_is_still_marked(
    universe: Universe, office: Office, request_: type[Request], by_leader: bool
) -> None:
    slot, (booked, late) = office.slot(), members(universe, 2)
    office.book(slot, [booked])
    actor = office.leader if by_leader else office.maker
    universe.welfare.do(request_, actor, programme_id=slot["programme_id"])

    asked = {"slot_id": slot["id"], "subject_keys": [late]}
    assert refusal(universe.welfare, contract.BookPeople, office.maker, **asked).code == "programme_not_open"
    mine = refusal(universe.welfare, contract.BookMyself, a_member(universe, late), slot_id=slot["id"])
    assert mine.code == "programme_not_open"
    assert office.attend(slot, [booked])["attended"] == 1


def test_a_retained_member_has_a_place_where_the_programme_admits_retained_members(
    universe: Universe, office: Office
) -> None:
    programme = office.programme(kind="health_check", form="service", admits_retained=True)

    assert office.book(office.slot(programme), members(universe, state="retained"))["booked"] == 1


def test_a_member_books_once_and_gives_the_place_back(universe: Universe, office: Office) -> None:
    slot, (one,) = office.slot(quota=1), members(universe)
    mine = a_member(universe, one)

    booked = universe.welfare.do(contract.BookMyself, mine, slot_id=slot["id"])
    again = refusal(universe.welfare, contract.BookMyself, mine, slot_id=slot["id"])
    cancelled = universe.welfare.do(contract.CancelBooking, mine, booking_id=booked["id"])
    anew = universe.welfare.do(contract.BookMyself, mine, slot_id=slot["id"])

    assert (booked["state"], booked["subject_key"], booked["union_id"]) == ("booked", one, universe.home.id)
    assert (again.code, cancelled["state"], cancelled["_actions"]) == ("already_booked", "cancelled", [])
    assert anew["id"] != booked["id"]
    assert counts(office, slot) == (1, 0)


def test_an_account_that_is_linked_to_nobody_books_nothing(universe: Universe, office: Office) -> None:
    asked = {"slot_id": office.slot()["id"]}

    assert refusal(universe.welfare, contract.BookMyself, a_member(universe), **asked).code == "not_a_member"


@pytest.mark.parametrize(("days", "code"), [(0, None), (1, "slot_over")])
def test_nothing_is_booked_or_cancelled_once_the_day_is_over(
    universe: Universe, office: Office, days: int, code: str | None
) -> None:
    slot, (one, other) = office.slot(), members(universe, 2)
    office.book(slot, [one])
    universe.welfare.set_business_day(TODAY + timedelta(days=days))
    mine, booking = a_member(universe, one), office.bookings(slot)[one]

    if code is None:
        assert universe.welfare.do(contract.CancelBooking, mine, booking_id=booking["id"])["state"] == "cancelled"
        assert office.book(slot, [other])["booked"] == 1
        return
    assert refusal(universe.welfare, contract.CancelBooking, mine, booking_id=booking["id"]).code == code
    asked = {"slot_id": slot["id"], "subject_keys": [other]}
    assert refusal(universe.welfare, contract.BookPeople, office.maker, **asked).code == code


def test_a_place_is_given_back_by_its_member_or_by_who_arranges_for_the_union(
    universe: Universe, office: Office
) -> None:
    slot, (one, other) = office.slot(union_id=universe.home.id), members(universe, 2)
    office.book(slot, [one, other])
    bookings = office.bookings(slot)
    asked = {"booking_id": bookings[one]["id"]}

    for stranger in (a_member(universe, other), a_member(universe), universe.other.officer):
        for version in (None, 7):
            refused = refusal(universe.welfare, contract.CancelBooking, stranger, expected_version=version, **asked)
            assert refused.code == "outside_scope"
    assert universe.welfare.do(contract.CancelBooking, universe.home.officer, **asked)["state"] == "cancelled"


def test_who_came_is_told_with_union_and_category_as_they_were_on_that_day(universe: Universe, office: Office) -> None:
    slot, (one, other) = office.slot(), members(universe, 2)
    office.book(slot, [one, other])
    since = (TODAY - timedelta(days=1)).isoformat()
    moved = {"effective_on": since, "worker_category": "13", "union_id": universe.other.id}
    universe.welfare.absorber.live([told(universe, one, 2, **moved)])
    universe.welfare.set_business_day(TODAY + timedelta(days=30))
    later = {"effective_on": (TODAY + timedelta(days=1)).isoformat(), "worker_category": "14"}
    universe.welfare.absorber.live([told(universe, other, 2, **later)])

    answer = office.attend(slot, [one, other])

    bookings = office.bookings(slot)
    (event,) = universe.welfare.events_of(bookings[one]["id"])
    assert (answer["attended"], counts(office, slot)) == (2, (2, 2))
    assert (bookings[one]["worker_category"], bookings[one]["union_id"]) == ("13", universe.other.id)
    assert bookings[other]["worker_category"] == "10"
    assert (names([event]), event.data) == (
        ["health_check_attended"],
        {
            "booking_id": bookings[one]["id"],
            "programme_id": slot["programme_id"],
            "slot_id": slot["id"],
            "union_id": universe.other.id,
            "subject_key": one,
            "worker_category": "13",
            "provider_id": slot["provider_id"],
            "state": "attended",
            "on": TODAY.isoformat(),
        },
    )
    assert event.org_id == universe.federation


def test_a_list_of_who_came_sent_again_counts_once(universe: Universe, office: Office) -> None:
    slot, people = office.slot(), members(universe, 2)
    office.book(slot, people)
    office.attend(slot, people[:1])

    again = office.attend(slot, [*people, people[0]])

    assert (again["attended"], again["already_there"], counts(office, slot)) == (1, 2, (2, 2))
    assert [len(universe.welfare.events_of(one["id"])) for one in office.bookings(slot).values()] == [1, 1]


def test_only_who_has_a_place_came_and_a_list_with_another_marks_nobody(universe: Universe, office: Office) -> None:
    slot, (one, gone) = office.slot(), members(universe, 2)
    office.book(slot, [one, gone])
    universe.welfare.do(contract.CancelBooking, office.maker, booking_id=office.bookings(slot)[gone]["id"])

    for stranger in (gone, *members(universe)):
        asked = {"slot_id": slot["id"], "subject_keys": [one, stranger]}
        refused = refusal(universe.welfare, contract.RecordAttendances, office.maker, **asked)
        assert (refused.code, refused.field) == ("not_booked", "subject_keys.1")

    assert counts(office, slot) == (1, 0)


def test_nobody_came_tomorrow(universe: Universe, office: Office) -> None:
    slot, (one,) = office.slot(held_on=TODAY + timedelta(days=1)), members(universe)
    office.book(slot, [one])
    asked = {"slot_id": slot["id"], "subject_keys": [one]}
    alone = {"booking_id": office.bookings(slot)[one]["id"]}

    assert refusal(universe.welfare, contract.RecordAttendances, office.maker, **asked).code == "date_in_future"
    assert refusal(universe.welfare, contract.AttendBooking, office.maker, **alone).code == "date_in_future"


def test_a_provider_marks_who_came_to_the_unions_that_it_serves(universe: Universe, office: Office) -> None:
    slot, (one, other) = office.slot(union_id=universe.home.id), members(universe, 2)
    office.book(slot, [one, other])
    provider, stranger = (an_actor(Role.PROVIDER, union.id) for union in (universe.home, universe.other))
    asked = {"slot_id": slot["id"], "subject_keys": [other]}

    alone = universe.welfare.do(contract.AttendBooking, provider, booking_id=office.bookings(slot)[one]["id"])

    assert (alone["state"], alone["_actions"]) == ("attended", ["void"])
    assert refusal(universe.welfare, contract.RecordAttendances, stranger, **asked).code == "outside_scope"
    assert refusal(universe.welfare, contract.ListBookings, stranger, slot_id=slot["id"]).code == "outside_scope"
    assert office.attend(slot, [other], provider)["attended"] == 1


def test_an_attendance_is_voided_by_another_than_who_marked_it(universe: Universe, office: Office) -> None:
    slot, (one,) = office.slot(), members(universe)
    office.book(slot, [one])
    office.attend(slot, [one])
    asked = {"booking_id": office.bookings(slot)[one]["id"]}

    refused = refusal(universe.welfare, contract.VoidAttendance, office.maker, **asked)
    voided = universe.welfare.do(contract.VoidAttendance, universe.zone_officer, **asked)

    told = universe.welfare.events_of(asked["booking_id"])
    assert (refused.code, voided["state"], counts(office, slot)) == ("maker_is_checker", "voided", (0, 0))
    assert names(told) == ["health_check_attended", "health_check_voided"]
    assert [event.data["state"] for event in told] == ["attended", "voided"]


def test_days_and_bookings_are_found_and_paged(universe: Universe, office: Office) -> None:
    programme = office.programme(kind="health_check", form="service")
    days = [office.slot(programme, held_on=TODAY + timedelta(days=day))["id"] for day in range(3)]
    worker = a_member(universe)

    def seen(**filters: Any) -> dict[str, Any]:
        return universe.welfare.do(contract.ListSlots, worker, programme=programme["id"], **filters)

    first = seen(limit=2)
    rest = seen(limit=2, cursor=first["next"])
    assert [one["id"] for one in (*first["items"], *rest["items"])] == days[::-1]
    assert [one["id"] for one in seen(held_from=TODAY + timedelta(days=2))["items"]] == days[2:]

    slot, people = {"id": days[0]}, members(universe, 2)
    office.book(slot, people)
    asked = {"slot_id": days[0], "state": "booked", "limit": 1}
    one = universe.welfare.do(contract.ListBookings, office.maker, **asked)
    other = universe.welfare.do(contract.ListBookings, office.maker, cursor=one["next"], **asked)
    assert {row["subject_key"] for row in (*one["items"], *other["items"])} == set(people)
    assert refusal(universe.welfare, contract.ListBookings, office.maker, slot_id=uuid4()).code == "not_found"


def test_no_column_view_or_event_has_room_for_a_medical_result() -> None:
    """PIPL art 28: whoever adds a field here has to think of this sentence."""
    told = {"booking_id", "programme_id", "provider_id", "on"}
    shown = {"id", "slot_id", "subject_key", "worker_category", "union_id", "state", "version", "_actions"}
    kept = {*shown, "event_sequence", "region_code", "recorded_at", "attended_by"} - {"_actions"}

    assert set(contract.BookingView._declared_fields) == shown
    assert set(contract.HealthCheckAttended._declared_fields) - shown == told
    assert set(Booking.__table__.c.keys()) == kept

"""Brings members in: by files, a handful by application; learns their keys from the register, and retains some."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial

from contracts.membership.applications import RejectReason
from demo.loading import register
from demo.loading.desk import Desk, Known, Task
from demo.year.days import BEGINNING
from demo.year.memberships import ACCEPTED_ON, APPLIED_ON
from demo.year.people import Person
from kernel.codes.membership_change import ChangeReason

#: Members that one look into the register shows: most of those who are looked for are among the first of a list.
_PAGE = 50
#: The notice that the people agreed to.
CONSENT = "members-2021-11"


def imports(desk: Desk, day: date) -> Iterator[Task]:
    """One file of all who join on a day, or had joined by the first."""
    people = [person for person in _joining(desk, day) if not person.membership.applies]
    if people:
        # lists show the newest first: who is told of later stands first in the year, and so comes last in the file
        yield partial(_import, desk, people[::-1], day)


def lookups(desk: Desk, day: date) -> Iterator[Task]:
    """Learn the keys of people who join on a day and of whom more is told later."""
    wanted = _told_of(desk)
    by_union: defaultdict[int, list[Person]] = defaultdict(list)
    for person in _joining(desk, day):
        if person.number in wanted:
            by_union[person.membership.union].append(person)
    return (partial(_look_up, desk, union, people) for union, people in by_union.items())


def tasks(desk: Desk, day: date) -> Iterator[Task]:
    """Applications that come in or are decided on a day, and members whose membership is retained."""
    for person in desk.year.people:
        if person.membership.applies and day == APPLIED_ON:
            yield partial(_apply, desk, person)
        if person.membership.applies and day == ACCEPTED_ON:
            yield partial(_decide, desk, person, "approve", {"decided_on": ACCEPTED_ON.isoformat()})
        if person.membership.retained_on == day > BEGINNING:
            yield partial(_retain, desk, person, day)
    for person in desk.year.refused:
        if day == APPLIED_ON:
            yield partial(_apply, desk, person)
        if day == ACCEPTED_ON:
            refusal = {"decided_on": ACCEPTED_ON.isoformat(), "reason": RejectReason.NO_LABOUR_RELATION}
            yield partial(_decide, desk, person, "reject", refusal)


def _joining(desk: Desk, day: date) -> Iterator[Person]:
    for person in desk.year.people:
        if max(BEGINNING, person.membership.joined_on) == day:
            yield person


def _told_of(desk: Desk) -> set[int]:
    """Everybody whose key a later command names."""
    year = desk.year
    wanted = {post.person for post in year.posts} | {planned.person for planned in year.recommendations}
    wanted.update(person for slot in year.slots for person in slot.booked)
    wanted.update(person for programme in year.programmes for batch in programme.batches for person in batch.people)
    for activity in year.activities:
        wanted.update(activity.registered, (person for person, _ in activity.attendances))
    wanted.update(person.number for person in year.people if (person.membership.retained_on or BEGINNING) > BEGINNING)
    return wanted


def _import(desk: Desk, people: list[Person], day: date) -> None:
    importer, key = desk.staff.importer, desk.key("members", day)
    content = register.write(desk.year, people, day)
    file = importer.upload("/v1/memberships/import-files", content, register.MEDIA_TYPE, f"{key} file")
    wanted = {"union_id": desk.unions[0], "file_id": file["id"], "consent_version": CONSENT, "most_faulty_percent": 0}
    job = importer.post("/v1/memberships/import", wanted, key)
    importer.await_job(f"/v1/memberships/imports/{job['id']}")


def _look_up(desk: Desk, union: int, people: list[Person]) -> None:
    numbers = {person.member_no: person.number for person in people}
    for member in desk.staff.importer.all("/v1/members", limit=_PAGE, union=desk.unions[union]):
        number = numbers.pop(member["member_no"], None)
        if number is not None:
            desk.members[number] = Known(member["subject_key"], member["id"])
        if not numbers:
            return


def _apply(desk: Desk, person: Person) -> None:
    place, job = person.membership, person.job
    details = {
        "union_id": desk.unions[place.union],
        "applied_on": APPLIED_ON.isoformat(),
        "consent_version": CONSENT,
        "form_ref": f"入会申请书 {person.member_no}",
        "member_no": person.member_no,
        "person": {
            "name": person.name,
            "document_no": person.resident_id,
            "sex": person.sex,
            "mobile": person.mobile,
            "ethnicity": person.ethnicity,
            "education": person.education,
            "political_status": person.political_status,
            "household_region": person.household_region,
            "household_type": person.household_type,
            "is_rural_migrant": person.is_rural_migrant,
        },
        "employment": {
            "employer_id": None if place.enterprise is None else desk.enterprises[place.enterprise],
            "worker_category": job.category,
            "is_industrial_worker": job.is_industrial_worker,
            "job_title": job.title,
            "skill_level": job.skill_level,
            "started_on": person.employed_since.isoformat(),
        },
    }
    key = desk.key("application", person.number)
    desk.ids[person] = desk.staff.officer.post("/v1/memberships/applications", details, key)["id"]


def _decide(desk: Desk, person: Person, step: str, decision: Mapping[str, str]) -> None:
    path = f"/v1/memberships/applications/{desk.ids[person]}/{step}"
    desk.staff.chair.post(path, decision, desk.key(step, "application", person.number))


def _retain(desk: Desk, person: Person, day: date) -> None:
    path = f"/v1/memberships/{desk.members[person.number].membership_id}/retain"
    retained = {"reason": ChangeReason.UNEMPLOYED, "effective_on": day.isoformat()}
    desk.staff.chair.post(path, retained, desk.key("retain", person.number))

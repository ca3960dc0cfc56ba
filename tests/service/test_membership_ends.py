"""Memberships end, begin again and keep their history: nothing that was so is written anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.errors import Refused
from chassis.member_register import members_on
from contracts.membership import applications, posts
from contracts.membership import register as contract
from tests.service.firms import registered
from tests.service.harness import LONG_AGO, Universe, tomorrow
from tests.service.members import EXPELLED, WITHDRAWN, applied, changed, expelled, member, person_fields, retained
from tests.service.offices import started
from tests.service.rosters import a_row, faults, imported, outcome

LATER = LONG_AGO + timedelta(days=30)


@dataclass(frozen=True, slots=True)
class WayOut:
    """How a membership may end."""

    request: Any
    asked: Mapping[str, Any]
    state: str
    event: str
    #: Change type and reason that are told.
    codes: tuple[str | None, str | None]
    #: Why the posts end with it.
    posts_end: str

    def take(self, universe: Universe, view: dict[str, Any], day: date) -> dict[str, Any]:
        """The view of the membership after it ended on a day."""
        return changed(universe, self.request, view, **{**self.asked, "effective_on": day})


WAYS_OUT = [
    WayOut(contract.DeclareWithdrawal, WITHDRAWN, "withdrawn", "member_left", ("6", "5"), "left_union"),
    WayOut(contract.ExpelMember, EXPELLED, "expelled", "member_expelled", ("5", "6"), "expelled"),
    WayOut(contract.RecordDeath, {"document_ref": "certificate 12"}, "ended", "member_deceased", (None, None), "died"),
]
every_way_out = pytest.mark.parametrize("way", WAYS_OUT, ids=lambda way: way.state)


def changes(universe: Universe, view: dict[str, Any]) -> list[dict[str, Any]]:
    answer = universe.membership.do(contract.GetMemberHistory, universe.home.chair, membership_id=view["id"])
    return list(answer["changes"])


def listed(universe: Universe, **asked: Any) -> list[tuple[str, str, str]]:
    page = universe.membership.do(contract.ListMembers, universe.zone_officer, **asked)
    return [(item["id"], item["state"], item["effective_on"]) for item in page["items"]]


@every_way_out
def test_a_membership_ends_is_told_with_its_codes_and_takes_the_posts_with_it(universe: Universe, way: WayOut) -> None:
    view = member(universe)
    post = started(universe, view)
    day = date.fromisoformat(post["started_on"])

    after = way.take(universe, view, day)

    assert (after["state"], after["effective_on"], after["joined_on"]) == (way.state, day.isoformat(), "2022-06-01")
    *_, told = universe.membership.events_of(view["id"])
    assert told.type == f"cn.unionhall.membership.{way.event}.v1"
    assert (told.data["change_type"], told.data["reason"], told.data["state"]) == (*way.codes, way.state)
    *_, post_told = universe.membership.events_of(post["id"])
    assert post_told.type == posts.OfficePostEnded.event_type.type
    assert (post_told.data["ended_on"], post_told.data["ended_reason"]) == (day.isoformat(), way.posts_end)


@every_way_out
def test_whoever_has_left_can_join_anew_and_has_another_membership(universe: Universe, way: WayOut) -> None:
    person = person_fields()
    view = member(universe, person=person)
    way.take(universe, view, LATER)

    anew = member(universe, universe.other, person=person, applied_on=LATER)

    assert anew["id"] != view["id"]
    assert anew["subject_key"] == view["subject_key"]
    assert [way.state, "active"] == [
        universe.membership.do(contract.GetMember, universe.zone_officer, membership_id=each["id"])["state"]
        for each in (view, anew)
    ]


def test_a_retained_member_counts_again_with_the_new_work_and_the_history_says_so(universe: Universe) -> None:
    employer = registered(universe)["id"]
    view = retained(universe, member(universe, employment={"worker_category": "14"}), effective_on=LATER)
    back = LATER + timedelta(days=60)
    work = {"worker_category": "10", "employer_id": employer}

    after = changed(universe, contract.ReinstateMember, view, effective_on=back, employment=work)

    assert (after["state"], after["effective_on"]) == ("active", back.isoformat())
    assert (after["worker_category"], after["employer_id"]) == ("10", employer)
    *_, told = universe.membership.events_of(view["id"])
    assert told.type == "cn.unionhall.membership.member_reinstated.v1"
    assert (told.data["worker_category"], told.data["state"], told.data["reason"]) == ("10", "active", "1")
    assert [(each["change_type"], each["state"], each["effective_on"]) for each in changes(universe, view)] == [
        ("1", "active", LONG_AGO.isoformat()),
        ("3", "retained", LATER.isoformat()),
        (None, "active", back.isoformat()),
    ]


def test_a_reinstatement_with_an_unknown_employer_changes_nothing(universe: Universe) -> None:
    view = retained(universe, member(universe))
    work = {"worker_category": "10", "employer_id": view["id"]}
    with pytest.raises(Refused) as refused:
        changed(universe, contract.ReinstateMember, view, effective_on=LONG_AGO, employment=work)

    assert (refused.value.code, refused.value.field) == ("unknown_enterprise", "employment.employer_id")
    assert len(changes(universe, view)) == 2


@every_way_out
def test_nothing_happens_to_a_membership_that_is_over(universe: Universe, way: WayOut) -> None:
    view = expelled(universe, member(universe))
    with pytest.raises(Refused) as refused:
        way.take(universe, view, LATER)

    assert (refused.value.code, refused.value.params["possible"]) == ("illegal_transition", "file_expulsion")


@every_way_out
@pytest.mark.parametrize(
    ("day", "code"), [(LATER - timedelta(days=1), "before_last_change"), (tomorrow(), "date_in_future")]
)
def test_no_change_is_dated_before_the_last_one_or_after_today(
    universe: Universe, way: WayOut, day: date, code: str
) -> None:
    view = retained(universe, member(universe), effective_on=LATER)
    with pytest.raises(Refused) as refused:
        way.take(universe, view, day)

    assert (refused.value.code, refused.value.field) == (code, "effective_on")


def test_an_expulsion_keeps_its_papers_and_is_filed_once(universe: Universe) -> None:
    view = expelled(universe, member(universe))
    asked = {"membership_id": view["id"], "filed_on": LATER}

    filed = universe.membership.do(contract.FileExpulsion, universe.zone_officer, **asked)
    with pytest.raises(Refused) as again:
        universe.membership.do(contract.FileExpulsion, universe.zone_officer, **asked)

    assert (view["_actions"], filed["_actions"]) == (["file_expulsion"], [])
    assert (filed["state"], filed["expulsion_filed_on"]) == ("expelled", LATER.isoformat())
    assert again.value.code == "already_filed"
    assert changes(universe, view)[-1]["document_refs"] == ["judgment 7 of 2022", "minutes of group 3"]


def test_the_register_of_a_day_has_everybody_as_they_were_then(universe: Universe) -> None:
    one, another = member(universe), member(universe, universe.other, applied_on=LATER)
    retained(universe, one, effective_on=LATER)
    changed(universe, contract.DeclareWithdrawal, one, effective_on=LATER + timedelta(days=9), request_ref="letter")

    def as_of(days: int, **asked: Any) -> list[tuple[str, str, str]]:
        return listed(universe, as_of=LATER + timedelta(days=days), **asked)

    joined, since = LONG_AGO.isoformat(), LATER.isoformat()
    assert as_of(-31) == []
    assert as_of(-1) == [(one["id"], "active", joined)]
    assert as_of(0) == [(another["id"], "active", since), (one["id"], "retained", since)]
    assert as_of(0, state="retained") == as_of(0, union=universe.home.id) == [(one["id"], "retained", since)]
    assert as_of(9, state="active") == [(another["id"], "active", since)]
    assert as_of(9)[1][1] == "withdrawn"


def test_nothing_can_be_done_on_a_day_that_is_over(universe: Universe) -> None:
    member(universe)
    page = universe.membership.do(contract.ListMembers, universe.zone_officer, as_of=LONG_AGO)

    assert [item["_actions"] for item in page["items"]] == [[]]


def test_the_history_of_another_unions_member_is_not_found(universe: Universe) -> None:
    view = member(universe)
    with pytest.raises(Refused) as refused:
        universe.membership.do(contract.GetMemberHistory, universe.other.chair, membership_id=view["id"])

    assert refused.value.code == "not_found"


def test_whoever_has_left_is_no_member_for_the_services_that_listen(universe: Universe) -> None:
    view = member(universe)
    changed(universe, contract.DeclareWithdrawal, view, effective_on=LATER, request_ref="letter")
    universe.welfare.absorber.live(universe.membership.events_of(view["id"]))

    def on(day: date) -> bool:
        with universe.welfare.database.reader.connect() as connection:
            return members_on(connection, [view["subject_key"]], day)[view["subject_key"]] is not None

    assert [on(LATER - timedelta(days=1)), on(LATER)] == [True, False]


def test_an_import_makes_a_new_member_of_whoever_has_left(universe: Universe) -> None:
    person = person_fields()
    view = member(universe, person=person)
    changed(universe, contract.DeclareWithdrawal, view, effective_on=LATER, request_ref="letter")

    too_early, in_time = (
        a_row(证件号码=person["document_no"], 会籍变化日期=day.isoformat()) for day in (LONG_AGO, LATER)
    )
    refused = imported(universe, [too_early], most_faulty_percent=100)
    assert faults(universe, refused) == [(2, "会籍变化日期", "before_last_change")]
    assert outcome(imported(universe, [in_time])) == (1, 0, 0, 0)
    [(anew, *_), *_] = listed(universe, subject_key=view["subject_key"], state="active")
    assert anew != view["id"]


def test_nobody_joins_for_a_time_at_which_they_were_a_member_elsewhere(universe: Universe) -> None:
    person = person_fields()
    view = member(universe, person=person)
    changed(universe, contract.DeclareWithdrawal, view, effective_on=LATER, request_ref="letter")
    waiting = applied(universe, universe.other, person=person)

    asked = {"application_id": waiting["id"], "decided_on": LATER - timedelta(days=1)}
    with pytest.raises(Refused) as refused:
        universe.membership.do(applications.ApproveApplication, universe.other.chair, **asked)

    assert (refused.value.code, refused.value.params) == ("before_last_change", {"last": LATER.isoformat()})

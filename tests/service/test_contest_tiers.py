"""Tiers of contests: what a federation calls them, and when a union may use them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from chassis.errors import Refused
from contracts.events import activities
from contracts.events import contest_tiers as contract
from contracts.events.activities import ActivityState as State
from contracts.roles import Role
from tests.service.contests import TIER, contest, tier
from tests.service.harness import Universe, activity_fields, an_actor


def listed(universe: Universe, **filters: Any) -> list[str]:
    found = universe.events.do(contract.ListContestTiers, universe.analyst, **filters)
    return [one["id"] for one in found["items"]]


def end(universe: Universe, added: dict[str, Any], valid_to: str) -> dict[str, Any]:
    asked = {"tier_id": added["id"], "valid_to": valid_to}
    return universe.events.do(contract.EndContestTier, universe.zone_officer, **asked)


def draft(universe: Universe, **changes: Any) -> dict[str, Any]:
    fields = activity_fields(universe.home.id, **changes)
    return universe.events.do(activities.DraftActivity, universe.home.officer, **fields)


def refusal(*asked: Any, **fields: Any) -> tuple[str, str | None]:
    do, *others = asked
    with pytest.raises(Refused) as caught:
        do(*others, **fields)
    return caught.value.code, caught.value.field


def test_a_tier_reads_as_it_was_added(universe: Universe) -> None:
    added = tier(universe, valid_to="2023-12-31")

    assert {name: added[name] for name in TIER} == TIER
    assert (added["union_id"], added["valid_to"], added["version"]) == (universe.federation, "2023-12-31", 1)
    assert listed(universe, union=universe.federation) == [added["id"]]


@pytest.mark.parametrize(
    ("first", "last", "taken"),
    [
        ("2022-01-01", "2022-12-31", False),
        ("2022-01-01", "2023-01-01", True),
        ("2022-01-01", None, True),
        ("2023-03-01", "2023-03-01", True),
        ("2023-06-30", None, True),
        ("2023-07-01", None, False),
    ],
)
def test_a_code_means_one_thing_at_a_time(universe: Universe, first: str, last: str | None, taken: bool) -> None:
    tier(universe, valid_from="2023-01-01", valid_to="2023-06-30")

    if not taken:
        assert tier(universe, valid_from=first, valid_to=last)["valid_from"] == first
        return
    assert refusal(tier, universe, valid_from=first, valid_to=last) == ("tier_taken", "code")


def test_two_who_bring_in_the_same_code_at_once_do_not_both(universe: Universe) -> None:
    def add(_: int) -> str:
        try:
            return str(tier(universe)["id"])
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(add, range(4)))

    assert sorted(answers)[1:] == ["tier_taken"] * 3
    assert len(listed(universe, union=universe.federation)) == 1


def test_other_codes_and_other_federations_do_not_stand_in_the_way(universe: Universe) -> None:
    tier(universe)

    assert tier(universe, code="mass")["code"] == "mass"
    assert tier(universe, union_id=universe.other.id)["code"] == "elite"


@pytest.mark.parametrize(("last", "code"), [("2022-12-31", "ends_before_start"), ("2023-01-01", None)])
def test_a_tier_is_in_use_for_a_day_at_least(universe: Universe, last: str, code: str | None) -> None:
    if code is None:
        assert tier(universe, valid_to=last)["valid_to"] == last
        return
    assert refusal(tier, universe, valid_to=last) == (code, "valid_to")
    assert refusal(end, universe, tier(universe), last) == (code, "valid_to")


def test_an_ended_tier_leaves_its_code_to_another_and_cannot_take_it_back(universe: Universe) -> None:
    first = tier(universe)
    ended = end(universe, first, "2023-06-30")
    tier(universe, valid_from="2023-07-01")

    assert (ended["valid_to"], ended["version"]) == ("2023-06-30", 2)
    assert refusal(end, universe, first, "2023-07-01") == ("tier_taken", "code")
    assert end(universe, first, "2023-05-31")["valid_to"] == "2023-05-31"


def test_a_union_is_shown_the_tiers_that_it_may_use(universe: Universe) -> None:
    above = tier(universe)
    own, beside = (tier(universe, union_id=union.id) for union in (universe.home, universe.other))
    end(universe, own, "2023-06-30")

    assert listed(universe, union=universe.home.id) == [own["id"], above["id"]]
    assert listed(universe, union=universe.other.id) == [beside["id"], above["id"]]
    assert listed(universe, union=universe.home.id, valid_on="2023-06-30") == [own["id"], above["id"]]
    assert listed(universe, union=universe.home.id, valid_on="2023-07-01") == [above["id"]]
    assert listed(universe, union=universe.home.id, valid_on="2022-12-31") == []
    assert listed(universe, union=str(uuid4())) == []


def test_tiers_are_listed_page_by_page(universe: Universe) -> None:
    added = [tier(universe, code=code)["id"] for code in "abc"]

    first = universe.events.do(contract.ListContestTiers, universe.analyst, union=universe.home.id, limit=2)
    rest = universe.events.do(
        contract.ListContestTiers, universe.analyst, union=universe.home.id, limit=2, cursor=first["next"]
    )

    assert [one["id"] for one in (*first["items"], *rest["items"])] == added[::-1]
    assert rest["next"] is None


def test_a_contest_names_its_tier_and_nothing_else_does(universe: Universe) -> None:
    assert refusal(draft, universe, kind="competition") == ("tier_missing", "tier")
    assert refusal(draft, universe, kind="study", tier="elite") == ("tier_not_apt", "tier")
    assert draft(universe)["tier"] is None


def test_a_tier_is_usable_below_its_federation_on_the_days_of_its_use(universe: Universe) -> None:
    """The planned first day is that of Shanghai: half past eleven at night in UTC is the next one."""
    asked = {"kind": "competition", "tier": "elite"}
    assert refusal(draft, universe, **asked) == ("tier_unknown", "tier")
    tier(universe, valid_from="2023-03-01", valid_to="2023-03-01")
    beside = tier(universe, code="beside", union_id=universe.other.id)["code"]

    assert draft(universe, **asked)["tier"] == "elite"
    assert draft(universe, **asked, starts_at="2023-02-28T23:30:00Z")["tier"] == "elite"
    assert refusal(draft, universe, **asked, starts_at="2023-02-28T15:59:59Z") == ("tier_unknown", "tier")
    late = {"starts_at": "2023-03-01T16:00:00Z", "ends_at": "2023-03-01T17:00:00Z"}
    assert refusal(draft, universe, **asked, **late) == ("tier_unknown", "tier")
    assert refusal(draft, universe, kind="competition", tier=beside) == ("tier_unknown", "tier")


def test_a_contest_keeps_and_tells_a_tier_that_has_ended_since(universe: Universe) -> None:
    opened = contest(universe)
    [added] = listed(universe, union=universe.home.id)
    end(universe, {"id": added}, "2023-01-01")

    told = universe.events.events_of(opened["id"])
    assert universe.view(opened)["tier"] == "elite"
    assert [event.data["tier"] for event in told] == ["elite"]
    assert [event.data["tier"] for event in universe.events.events_of(universe.activity(State.OPEN)["id"])] == [None]


def test_a_federation_that_this_service_has_not_heard_of_has_no_tiers_yet(universe: Universe) -> None:
    stranger = str(uuid4())
    asked = {"union_id": stranger, **TIER}

    stranger_officer = an_actor(Role.ZONE_OFFICER, stranger)
    refused = refusal(universe.events.do, contract.AddContestTier, stranger_officer, **asked)
    assert refused == ("not_yet_known", "union_id")


def test_a_tier_has_a_name_in_both_languages(universe: Universe) -> None:
    with pytest.raises(Refused) as refused:
        tier(universe, name={"zh": "精英级"})

    assert [(row["field"], row["code"]) for row in refused.value.errors] == [("name.en", "required")]

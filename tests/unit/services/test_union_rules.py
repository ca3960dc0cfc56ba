"""When a union may be founded and approved."""

from datetime import date

import pytest

from chassis.errors import Refused
from chassis.states import step
from contracts.membership.organisation import FoundingMode, OrgKind
from kernel.law import Law
from kernel.states import NEW
from services.membership.organisation.rules import ROOM, UNION, Composition, Facts

TODAY = date(2023, 9, 30)
BEFORE, AFTER = date(2023, 9, 29), date(2023, 10, 1)


def facts(**changes: object) -> Facts:
    usual = {"today": TODAY, "region_code": "330110", "founded_on": TODAY, "superior_state": "approved"}
    return Facts(**(usual | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "command", "target", "events"),
    [
        (NEW, "register", "approved", ("union_founded", "union_approved")),
        (NEW, "submit_founding", "awaiting_approval", ("union_founded",)),
        ("awaiting_approval", "approve", "approved", ("union_approved",)),
    ],
)
def test_a_union_comes_into_being_by_registration_or_by_its_superior(
    state: str, command: str, target: str, events: tuple[str, ...]
) -> None:
    taken = step(UNION, state, command, facts(approved_on=TODAY))

    assert (taken.target, taken.events) == (target, events)


@pytest.mark.parametrize(
    ("state", "command", "changes", "code", "field"),
    [
        (NEW, "register", {"founded_on": AFTER}, "date_in_future", "founded_on"),
        (NEW, "register", {"approved_on": AFTER}, "date_in_future", "approved_on"),
        (NEW, "register", {"approved_on": BEFORE}, "approved_before_founding", "approved_on"),
        (NEW, "submit_founding", {"founded_on": AFTER}, "date_in_future", "founded_on"),
        (NEW, "submit_founding", {"superior_state": "awaiting_approval"}, "union_not_approved", "superior_id"),
        (NEW, "submit_founding", {"superior_depth": 20}, "tree_too_deep", "superior_id"),
        (NEW, "submit_founding", {"superior_state": None}, "union_not_approved", "superior_id"),
        ("awaiting_approval", "approve", {"approved_on": AFTER}, "date_in_future", "approved_on"),
        ("awaiting_approval", "approve", {"approved_on": BEFORE}, "approved_before_founding", "approved_on"),
        ("approved", "approve", {"approved_on": TODAY}, "illegal_transition", None),
        (NEW, "approve", {"approved_on": TODAY}, "illegal_transition", None),
        ("approved", "submit_founding", {}, "illegal_transition", None),
    ],
)
def test_what_breaks_a_rule_is_refused_at_its_field(
    state: str, command: str, changes: dict[str, object], code: str, field: str | None
) -> None:
    with pytest.raises(Refused) as refused:
        step(UNION, state, command, facts(**changes))

    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_union_that_approves_itself_is_told_the_article_of_law() -> None:
    with pytest.raises(Refused) as refused:
        step(UNION, "awaiting_approval", "approve", facts(approved_on=TODAY, decided_above=False))

    assert (refused.value.code, refused.value.rule_code) == ("own_approval", "R-ORG-04")
    assert refused.value.article == "工会法 art 12"


def test_a_day_whose_law_is_not_loaded_decides_nothing() -> None:
    new_years_eve = date(2021, 12, 31)

    with pytest.raises(Refused) as refused:
        step(UNION, "awaiting_approval", "approve", facts(today=new_years_eve, approved_on=new_years_eve))

    assert (refused.value.code, refused.value.rule_code) == ("law_not_loaded", "R-ORG-04")
    assert refused.value.params == {"day": "2021-12-31"}


def test_today_is_a_day_that_has_come() -> None:
    assert step(UNION, NEW, "register", facts(founded_on=TODAY, approved_on=TODAY)).target == "approved"


def fits(kind: str, mode: str, workforce: str = "general", enterprises: int = 0) -> str:
    """`fits`, or the code with which a founding of this composition is refused."""
    try:
        step(UNION, NEW, "submit_founding", facts(composition=Composition(kind, mode, workforce, enterprises)))
    except Refused as refused:
        return refused.code
    return "fits"


@pytest.mark.parametrize(
    ("kind", "mode", "workforce", "fitting", "refused"),
    [
        ("basic", "single", "general", (1,), (0, 2)),
        ("basic", "single", "new_employment", (0, 1), (2,)),
        ("joint", "joint", "general", (2, 3, 1000), (0, 1)),
        ("joint", "joint", "new_employment", (2,), (0, 1)),
        ("joint", "industry", "general", (0, 1, 2), ()),
        ("joint", "regional", "new_employment", (0, 1, 2), ()),
        ("industry_federation", "industry", "general", (0, 2), ()),
        ("regional_federation", "regional", "general", (0, 2), ()),
        ("federation", "regional", "general", (0,), (1,)),
        ("work_committee", "single", "general", (1,), (0, 2)),
        ("work_committee", "regional", "general", (0, 1), ()),
        ("office", "regional", "general", (0, 1), ()),
        ("branch", "single", "general", (0, 1), (2,)),
        ("other", "single", "general", (0, 1, 2), ()),
    ],
)
def test_a_union_has_as_many_enterprises_as_its_kind_and_mode_take(
    kind: str, mode: str, workforce: str, fitting: tuple[int, ...], refused: tuple[int, ...]
) -> None:
    found = {number: fits(kind, mode, workforce, number) for number in (*fitting, *refused)}

    assert found == dict.fromkeys(fitting, "fits") | dict.fromkeys(refused, "enterprises_do_not_fit")


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("joint", "single"),
        ("basic", "joint"),
        ("basic", "industry"),
        ("industry_federation", "regional"),
        ("regional_federation", "industry"),
        ("federation", "single"),
        ("office", "single"),
        ("branch", "joint"),
    ],
)
def test_a_kind_that_never_comes_to_be_in_a_mode_is_refused(kind: str, mode: str) -> None:
    assert fits(kind, mode, enterprises=2) == "kind_does_not_fit_mode"


def test_every_kind_that_there_is_comes_to_be_somehow() -> None:
    assert set(ROOM) == set(OrgKind)
    assert all(modes and set(modes) <= set(FoundingMode) for modes in ROOM.values())
    kinds = Law.load().rule("R-ORG-18", jurisdiction="330110", on=TODAY)
    assert all(kinds.holds(kind.value) for kind in OrgKind)


def test_an_enterprise_that_nobody_registered_is_refused() -> None:
    made = Composition("basic", "single", "general", 1)

    with pytest.raises(Refused) as refused:
        step(UNION, NEW, "submit_founding", facts(composition=made, enterprises_known=False))

    assert (refused.value.code, refused.value.field) == ("unknown_enterprise", "enterprise_ids")

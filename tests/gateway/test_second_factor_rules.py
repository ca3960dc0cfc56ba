"""The pure rules of second factors, held to the vectors of RFC 6238."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Refused
from chassis.states import step as take_step
from contracts.roles import Role
from gateway.accounts.rules import Facts
from gateway.second_factor.rules import (
    DRIFT,
    RECOVERY_BYTES,
    REMOVAL,
    STEP,
    in_groups,
    is_shown,
    needs_factor,
    normalised,
    step_of,
    uri,
)
from kernel.states import NEW

SECRET = b"12345678901234567890"
OWNER, PROPOSER, CHECKER = (UUID(int=number) for number in range(1, 4))


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_codes_are_those_of_rfc_6238(at: int, code: str) -> None:
    assert step_of(SECRET, code, at) == at // STEP


@pytest.mark.parametrize("late", [-2 * STEP, -STEP, 0, STEP, 2 * STEP])
def test_a_code_belongs_to_its_own_step_whenever_it_is_typed(late: int) -> None:
    found = step_of(SECRET, "050471", 1111111111 + late)

    assert found == (1111111111 // STEP if abs(late) <= DRIFT * STEP else None)


@given(st.text(max_size=8), st.binary(min_size=20, max_size=20), st.floats(min_value=STEP * DRIFT, max_value=1e11))
def test_whatever_is_typed_belongs_to_a_step_near_now_or_to_none(code: str, secret: bytes, at: float) -> None:
    step = step_of(secret, normalised(code), at)

    assert step is None or abs(step - at // STEP) <= DRIFT


@pytest.mark.parametrize(
    ("typed", "code"),
    [("123 456", "123456"), ("１２３４５６", "123456"), ("ABCD-efgh", "abcdefgh"), (" 12\t34-56 ", "123456"), ("", "")],
)
def test_blanks_hyphens_case_and_width_do_not_matter(typed: str, code: str) -> None:
    assert normalised(typed) == code


@pytest.mark.parametrize("code", ["12345", "1234567", "12345a", "١٢٣٤٥٦", ""])
def test_only_six_digits_are_what_an_app_shows(code: str) -> None:
    assert not is_shown(code)
    assert step_of(SECRET, code, 59) is None


@given(st.binary(min_size=RECOVERY_BYTES, max_size=RECOVERY_BYTES))
def test_a_recovery_code_is_four_groups_and_never_taken_for_one_of_the_app(random: bytes) -> None:
    code = in_groups(random)

    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]
    assert not is_shown(normalised(code))


def test_a_name_in_chinese_is_escaped_for_the_app() -> None:
    assert uri(SECRET, "李小伟").startswith("otpauth://totp/unionhall:%E6%9D%8E%E5%B0%8F%E4%BC%9F?")


@pytest.mark.parametrize("role", Role)
def test_every_role_but_those_of_ones_own_needs_a_second_factor(role: Role) -> None:
    assert needs_factor([Role.WORKER, role]) == (role not in {Role.WORKER, Role.MEMBER})


@pytest.mark.parametrize(
    ("state", "command", "actor", "code"),
    [
        (NEW, "propose", PROPOSER, None),
        (NEW, "propose", OWNER, "own_second_factor"),
        ("proposed", "approve", CHECKER, None),
        ("proposed", "approve", PROPOSER, "maker_is_checker"),
        ("proposed", "approve", OWNER, "own_second_factor"),
        ("proposed", "refuse", OWNER, None),
        ("proposed", "refuse", PROPOSER, None),
        ("done", "approve", CHECKER, "illegal_transition"),
        ("refused", "approve", CHECKER, "illegal_transition"),
    ],
)
def test_a_removal_takes_two_and_neither_is_the_owner(state: str, command: str, actor: UUID, code: str | None) -> None:
    refused = None
    try:
        take_step(REMOVAL, state, command, Facts(actor, account_id=OWNER, proposed_by=PROPOSER))
    except Refused as error:
        refused = error.code

    assert refused == code

"""A data key leaves its wrapping only for its own owner and under the master key that wrapped it."""

import pytest

from kernel.crypto import sm3
from kernel.crypto.errors import BrokenSeal, WrongKeyLength
from kernel.crypto.keys import derive, new_data_key, unwrap, wrap

MASTER_KEY = b"m" * 16


def test_a_wrapped_data_key_comes_back_to_its_owner() -> None:
    data_key = new_data_key()
    wrapped = wrap(MASTER_KEY, data_key, "owner-1")
    assert data_key not in wrapped
    assert unwrap(MASTER_KEY, wrapped, "owner-1") == data_key


def test_every_data_key_is_new() -> None:
    assert len({new_data_key() for _ in range(100)}) == 100


@pytest.mark.parametrize(("master_key", "owner"), [(b"x" * 16, "owner-1"), (MASTER_KEY, "owner-2")])
def test_another_master_key_or_owner_cannot_unwrap(master_key: bytes, owner: str) -> None:
    wrapped = wrap(MASTER_KEY, new_data_key(), "owner-1")
    with pytest.raises(BrokenSeal):
        unwrap(master_key, wrapped, owner)


def test_only_a_data_key_of_the_right_length_is_wrapped() -> None:
    with pytest.raises(WrongKeyLength):
        wrap(MASTER_KEY, b"short", "owner-1")


def test_a_derived_key_stays_the_same_for_what_was_sealed_by_it() -> None:
    assert derive(b"s" * 32, "files") == sm3.hmac(b"s" * 32, b"files")[:16]


def test_two_purposes_of_one_secret_have_two_keys() -> None:
    assert derive(b"s" * 32, "files") != derive(b"s" * 32, "person keys")


def test_a_short_secret_has_no_key() -> None:
    with pytest.raises(WrongKeyLength):
        derive(b"s" * 15, "files")

"""A person's name outside membership is stable, and differs from one receiver to the next."""

import pytest

from kernel.crypto import sm3
from kernel.crypto.errors import WrongKeyLength
from kernel.crypto.pseudonyms import for_receiver, new_seed, subject_key

INTERNAL_KEY = b"i" * 32


def test_a_subject_key_is_the_hmac_sm3_of_the_seed_in_hex() -> None:
    seed = bytes(range(16))
    assert subject_key(INTERNAL_KEY, seed) == sm3.hmac(INTERNAL_KEY, seed).hex()


def test_a_subject_key_depends_on_seed_and_key() -> None:
    seed = new_seed()
    keys = {subject_key(INTERNAL_KEY, seed), subject_key(INTERNAL_KEY, new_seed()), subject_key(b"j" * 32, seed)}
    assert len(keys) == 3
    assert all(len(key) == 64 for key in keys)


@pytest.mark.parametrize("seed", [b"", b"s" * 15, b"s" * 17])
def test_a_seed_of_another_length_is_refused(seed: bytes) -> None:
    with pytest.raises(WrongKeyLength):
        subject_key(INTERNAL_KEY, seed)


def test_one_receiver_always_gets_the_same_name_and_two_receivers_never_share_one() -> None:
    key = subject_key(INTERNAL_KEY, new_seed())
    assert for_receiver(b"a" * 32, key) == for_receiver(b"a" * 32, key)
    assert for_receiver(b"a" * 32, key) != for_receiver(b"b" * 32, key)
    assert for_receiver(b"a" * 32, key) != key

"""What SM4-GCM sealed comes back whole in its own place under its own key, and in no other way."""

import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import ECB
from hypothesis import given
from hypothesis import strategies as st

from kernel.crypto.errors import BrokenSeal, UnknownSeal, WrongKeyLength
from kernel.crypto.sm4 import seal, unseal

KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")
PLACE = b"person.name:1"

#: RFC 8998, appendix A.1: nonce, ciphertext and tag of SM4-GCM under KEY.
RFC_8998_NONCE = bytes.fromhex("00001234567800000000abcd")
RFC_8998_PLAINTEXT = bytes.fromhex("".join(pair * 8 for pair in ("aa", "bb", "cc", "dd", "ee", "ff", "ee", "aa")))
RFC_8998_ASSOCIATED_DATA = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
RFC_8998_CIPHERTEXT = bytes.fromhex(
    "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
    "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
)
RFC_8998_TAG = bytes.fromhex("83de3541e4c2b58177e065a9bf7b62ec")


def test_the_block_cipher_equals_the_vector_of_the_standard() -> None:
    encryptor = Cipher(SM4(KEY), ECB()).encryptor()
    assert (encryptor.update(KEY) + encryptor.finalize()).hex() == "681edf34d206965e86b3e94f536e4246"


def test_a_seal_laid_out_by_hand_from_the_published_gcm_vector_opens() -> None:
    sealed = b"\x01" + RFC_8998_NONCE + RFC_8998_CIPHERTEXT + RFC_8998_TAG
    assert unseal(KEY, sealed, RFC_8998_ASSOCIATED_DATA) == RFC_8998_PLAINTEXT


@given(st.binary(max_size=200), st.binary(max_size=40), st.binary(min_size=16, max_size=16))
def test_what_was_sealed_comes_back(plaintext: bytes, associated_data: bytes, key: bytes) -> None:
    assert unseal(key, seal(key, plaintext, associated_data), associated_data) == plaintext


def test_equal_values_are_sealed_differently() -> None:
    assert seal(KEY, b"same", PLACE) != seal(KEY, b"same", PLACE)


def test_another_key_cannot_open_a_seal() -> None:
    with pytest.raises(BrokenSeal):
        unseal(b"k" * 16, seal(KEY, b"secret", PLACE), PLACE)


def test_a_value_moved_to_another_place_cannot_be_opened_there() -> None:
    with pytest.raises(BrokenSeal):
        unseal(KEY, seal(KEY, b"secret", PLACE), b"person.name:2")


@given(st.integers(1, 1 + 12 + 6 + 16 - 1), st.integers(1, 255))
def test_a_changed_byte_of_nonce_ciphertext_or_tag_breaks_the_seal(place: int, flip: int) -> None:
    sealed = bytearray(seal(KEY, b"secret", PLACE))
    sealed[place] ^= flip
    with pytest.raises(BrokenSeal):
        unseal(KEY, bytes(sealed), PLACE)


@pytest.mark.parametrize(
    "sealed", [b"", b"\x01", b"\x01" + bytes(27), b"\x02" + bytes(60), b"plain text that nobody sealed at all"]
)
def test_what_is_no_seal_of_a_known_version_is_refused(sealed: bytes) -> None:
    with pytest.raises(UnknownSeal):
        unseal(KEY, sealed, PLACE)


@pytest.mark.parametrize("length", [0, 15, 17, 32])
def test_a_key_of_another_length_is_refused_both_ways(length: int) -> None:
    with pytest.raises(WrongKeyLength):
        seal(b"k" * length, b"secret", PLACE)
    with pytest.raises(WrongKeyLength):
        unseal(b"k" * length, seal(KEY, b"secret", PLACE), PLACE)


def test_an_error_does_not_show_what_was_sealed() -> None:
    with pytest.raises(BrokenSeal) as refused:
        unseal(KEY, seal(KEY, b"secret", PLACE), b"")
    assert "secret" not in str(refused.value)
    assert refused.value.code == "broken_seal"


#: A process whose child seals as well; prints all nonces.
FORKING = """
import os
from kernel.crypto.sm4 import seal
def nonce():
    return seal(b"k" * 16, b"", b"")[1:13].hex()
before = [nonce() for _ in range(1000)]
child = os.fork()
after = nonce()
if child:
    os.waitpid(child, 0)
    print(*before, sep="\\n")
print(after)
"""


def test_no_nonce_is_used_twice_by_a_process_or_by_its_child() -> None:
    told = subprocess.run((sys.executable, "-c", FORKING), check=True, capture_output=True, text=True).stdout.split()
    assert len(told) == len(set(told)) == 1002

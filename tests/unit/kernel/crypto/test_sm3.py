"""SM3 and its HMAC equal the published vectors."""

import pytest

from kernel.crypto.errors import WrongKeyLength
from kernel.crypto.sm3 import digest, hmac


def test_the_digest_of_abc_is_the_published_one() -> None:
    assert digest(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_the_hmac_is_the_published_one() -> None:
    mac = hmac(key=bytes(range(0x01, 0x26)), data=b"\xcd" * 50)
    assert mac.hex() == "220bf579ded555393f0159f66c99877822a3ecf610d1552154b41d44b94db3ae"


@pytest.mark.parametrize("key", [b"", b"k" * 15])
def test_a_key_that_could_be_guessed_is_refused(key: bytes) -> None:
    with pytest.raises(WrongKeyLength):
        hmac(key, b"")

"""What the ciphers refuse; none of it says more about the data than that it cannot be read."""

from kernel.errors import KernelError


class WrongKeyLength(KernelError):
    """The key or seed does not have the length that its use asks for."""

    code = "wrong_key_length"


class UnknownSeal(KernelError):
    """The sealed value begins with no version that this program knows, or is too short to be one."""

    code = "unknown_seal"


class BrokenSeal(KernelError):
    """The sealed value was changed, or belongs to another key or another place."""

    code = "broken_seal"

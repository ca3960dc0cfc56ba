"""A refused identifier is told by a code alone: its value is personal, and texts for people stand elsewhere."""

from kernel.errors import KernelError


class InvalidIdentifier(KernelError):
    """An identifier is not valid; `code` says why, and the value stands nowhere in the error."""

    def __init__(self, code: str) -> None:
        ValueError.__init__(self, code)
        self.code = code

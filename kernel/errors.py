"""Every refusal of the kernel has one shape, so that a service can answer with its code without knowing the rule."""


class KernelError(ValueError):
    """A rule of the kernel refused a value."""

    #: The stable name that catalogues and API replies use; texts for people are looked up by it.
    code: str = "kernel_error"

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)

"""What can go wrong between a client and a service, in a form that survives the way over RPC."""

from collections.abc import Mapping, Sequence
from typing import Any


class Refused(Exception):
    """The request breaks a rule; nothing was done. Show the code's text from the catalogue to the client."""

    def __init__(
        self,
        code: str,
        *,
        field: str | None = None,
        rule_code: str | None = None,
        article: str | None = None,
        errors: Sequence[Mapping[str, Any]] = (),
        params: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.rule_code = rule_code
        self.article = article
        self.errors = tuple(errors)
        self.params = dict(params or {})

    def to_wire(self) -> dict[str, Any]:
        """The refusal as JSON; `from_wire` reads it back."""
        return {
            "code": self.code,
            "field": self.field,
            "rule_code": self.rule_code,
            "article": self.article,
            "errors": list(self.errors),
            "params": self.params,
        }

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> "Refused":
        """Rebuild what `to_wire` wrote."""
        details = dict(wire)
        return cls(details.pop("code"), **details)


class ServiceUnavailable(Exception):
    """The service or the broker is away; nothing was done. Try again after a moment."""


class DeadlineExceeded(Exception):
    """No answer came in time. A query did nothing; a command's outcome is unknown until its key is repeated."""


class RemoteFailure(Exception):
    """The service met an error of its own; its log has the details under the trace id."""

"""Tells what goes wrong behind any command in one sentence that names the next step, where a traceback would stand."""

from collections.abc import Mapping, Sequence
from typing import Any

import click
import requests

from chassis.errors import DeadlineExceeded, Refused, RemoteFailure, ServiceUnavailable
from chassis.operator import AccessRefused, AMQPError
from contracts import catalogue
from demo.client import Refusal
from unionctl.errors import PlatformError

_UNREACHABLE = (
    "A server of the platform is not reachable: `unionctl status` shows what runs, `make up` starts the rest."
)
#: The sentence for each error; the first of its kinds counts, and `{}` stands for what the error says.
_SENTENCES: Mapping[type[Exception], str] = {
    ServiceUnavailable: "A service is away ({}): `unionctl status` shows what runs, `make up` starts the rest.",
    DeadlineExceeded: "No answer came in time; what was asked may be done or not. See `unionctl status`, then repeat.",
    RemoteFailure: "The service met an error of its own ({}); `unionctl logs` shows it.",
    Refusal: "The gateway did not do what the demo asked: {}; `unionctl status` shows what runs.",
    AccessRefused: "The broker does not admit unionctl's password or request; `unionctl topology` sets both right.",
    AMQPError: _UNREACHABLE,
    ConnectionError: _UNREACHABLE,
    TimeoutError: _UNREACHABLE,
    requests.ConnectionError: _UNREACHABLE,
    requests.Timeout: _UNREACHABLE,
}


class Telling(click.Group):
    """A group of commands whose known failures end in a sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        """As click does; raises PlatformError for what `chassis.errors`, the broker and HTTP raise."""
        try:
            return super().invoke(ctx)
        except Refused as error:
            told = (f"{field}: {text}" if field else text for field, text in words(error))
            raise PlatformError(" ".join(told)) from error
        except tuple(_SENTENCES) as error:
            sentence = next(sentence for kind, sentence in _SENTENCES.items() if isinstance(error, kind))
            raise PlatformError(sentence.format(error)) from error


def words(refused: Refused) -> list[tuple[str, str]]:
    """Each field that a refusal names, and the catalogue's words for what is wrong; one row without a field if none."""
    whole: Mapping[str, Any] = {"field": "", "code": refused.code, "params": refused.params}
    rows: Sequence[Mapping[str, Any]] = refused.errors or [whole]
    return [(row["field"], catalogue.text(row["code"], "en", **row.get("params", {}))) for row in rows]

"""The base of every request, view and event body, so that all refuse the same things with the same codes."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

import marshmallow

#: Codes that marshmallow's own checks answer with; the texts for people are in the catalogue.
_MESSAGES = {"unknown": "unknown_field", "type": "not_an_object"}
#: Unknown fields of an object that a refusal tells; of one with more, nothing else is looked at.
_MOST_UNKNOWN = 10


class Fault(str):
    """A code with what fills its words; a text, because that is what marshmallow carries to `field_errors`."""

    __slots__ = ("params",)
    params: Mapping[str, str]

    def __new__(cls, code: str, **params: object) -> "Fault":
        """`params` by the names of the placeholders."""
        fault = super().__new__(cls, code)
        fault.params = {name: str(value) for name, value in params.items()}
        return fault


class Schema(marshmallow.Schema):
    """A JSON object. Unknown fields are refused; field errors are codes of the catalogue, never texts."""

    error_messages = _MESSAGES

    class Meta:
        unknown = marshmallow.RAISE

    def load(self, data: Any, **options: Any) -> Any:
        """As in marshmallow, whose frames hold the error that holds them and the whole request: let go of them here.

        Else each refused request would stay in memory until the collector comes.
        """
        self._check_size(data)
        try:
            return super().load(data, **options)
        except marshmallow.ValidationError as error:
            raise error.with_traceback(None) from None

    def _check_size(self, data: Any) -> None:
        """Refuse an object with far more fields than there are, whose check would take time for each of them."""
        if isinstance(data, dict) and len(data) > len(self.load_fields) + _MOST_UNKNOWN:
            unknown = islice((name for name in data if name not in self.load_fields), _MOST_UNKNOWN)
            raise marshmallow.ValidationError({name: [_MESSAGES["unknown"]] for name in unknown})


def field_errors(error: marshmallow.ValidationError) -> list[dict[str, Any]]:
    """Flatten marshmallow's nested messages to `{"field": "a.b.0", "code": "required"}`, sorted by field.

    A row whose code's words have placeholders holds `params`, too: the limits or the choices.
    """
    return sorted(_flatten(error.messages, ()), key=lambda row: (row["field"], row["code"]))


def _flatten(messages: Any, path: tuple[str, ...]) -> list[dict[str, Any]]:
    if isinstance(messages, dict):
        return [row for key, inner in messages.items() for row in _flatten(inner, (*path, str(key)))]
    if isinstance(messages, list):
        return [row for inner in messages for row in _flatten(inner, path)]
    row: dict[str, Any] = {"field": ".".join(part for part in path if part != "_schema"), "code": str(messages)}
    return [{**row, "params": messages.params} if isinstance(messages, Fault) else row]

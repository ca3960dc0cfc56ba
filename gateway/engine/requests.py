"""Joins path and query string, or path and body, to the one object that an operation's request schema describes."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.exceptions import NotFound

from chassis.errors import Refused
from gateway.engine.bodies import read_object
from gateway.engine.environment import Environment
from gateway.engine.routing import Target

#: Parameters that a query string may have.
_MOST_PARAMETERS = 50


def address(environ: Environment) -> str:
    """The path. Raises werkzeug's NotFound for one that names nothing here: its escapes are no UTF-8, or hide a slash.

    An escaped slash is none (RFC 3986, 2.2), and two are not one; a proxy's rules for paths do not take them so either.
    """
    path: str = environ.get("PATH_INFO", "")
    if not path.startswith("/") or path.startswith("//") or "%2f" in environ.get("RAW_PATH_INFO", "").lower():
        raise NotFound
    try:
        return path.encode("latin-1").decode()
    except ValueError as error:
        raise NotFound from error


def payload(environ: Environment, target: Target, path: Mapping[str, str]) -> dict[str, Any]:
    """Everything that the client says: a query in its address, a command in path and body, and no field in both.

    A file that is the body is not looked at.

    Of a name that stands in a JSON object twice, the last counts, as RFC 8259 leaves it.
    """
    fields: dict[str, Any] = dict(path)
    if query := environ.get("QUERY_STRING"):
        parameters = _parameters(query)
        if target.takes_body and parameters:
            # addresses stand in the logs of every proxy, and a command may hold a password
            raise Refused(
                "invalid_request", errors=[{"field": name, "code": "unknown_field"} for name, _ in parameters]
            )
        _add(fields, parameters)
    fields = {name: target.from_text(name, text) for name, text in fields.items()}
    if target.takes_body and not target.operation.upload:
        _add(fields, read_object(environ, target.operation.body_limit).items())
    return fields


def _parameters(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS)
    except ValueError as error:
        raise Refused("malformed_query") from error


def _add(fields: dict[str, Any], more: Iterable[tuple[str, Any]]) -> None:
    for name, value in more:
        if name in fields:
            raise Refused("invalid_request", errors=[{"field": name, "code": "given_twice"}])
        fields[name] = value

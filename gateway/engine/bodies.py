"""Reads a request's body, never more of it than the operation allows, whatever its headers claim."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from chassis.errors import Refused, ServiceUnavailable
from contracts.declare import PUBLIC_LIMIT
from gateway.engine.environment import HANG_UP, Environment

#: Bytes read at a time.
_PIECE = 64 * 1024
#: Digits of a Content-Length that is looked at; a longer one is beyond every limit.
_LONGEST_LENGTH = 15
#: Bytes of all bodies that are on their way at once; and of one that is always taken, for connections bound those.
MOST_UNDER_WAY, SMALL = 64 * 1024 * 1024, PUBLIC_LIMIT
#: Values that a body may have, some of them counted where a text holds the sign; a thousand attendances have less.
MOST_VALUES = 20_000


class Room:
    """Bounds the bytes of all bodies that are on their way at once."""

    def __init__(self, size: int) -> None:
        self._free = size

    def collect(self, pieces: Iterable[bytes]) -> bytearray:
        """The pieces together. Raises ServiceUnavailable for a large body where too much is under way already."""
        body = bytearray()
        try:
            for piece in pieces:
                body += piece
                self._free -= len(piece)
                if self._free < 0 and len(body) > SMALL:
                    raise ServiceUnavailable
        finally:
            self._free += len(body)
        return body


_ROOM = Room(MOST_UNDER_WAY)


def check_framing(environ: Environment) -> None:
    """Refuse a request of which a proxy and this server may disagree where it ends, whether or not it is read."""
    coding: str | None = environ.get("HTTP_TRANSFER_ENCODING")
    length: str = environ.get("CONTENT_LENGTH", "")
    if coding is None and (not length or (length.isascii() and length.isdigit())):
        return
    if coding is None or coding.lower() != "chunked" or length or environ["SERVER_PROTOCOL"] == "HTTP/1.0":
        raise _broken(environ, "body_broken")


def media_type(environ: Environment) -> str:
    """What the body says that it is, without parameters."""
    named: str = environ.get("CONTENT_TYPE", "")
    return named.partition(";")[0].strip().lower()


def read_file(environ: Environment, limit: int, longest: int) -> Iterator[bytes]:
    """The body in pieces of `longest` bytes; only the last may have fewer, and where the rest is missing it is none."""
    announced = _announced(environ)
    if announced is not None and announced > limit:
        raise Refused("body_too_large")
    left = limit + 1 if announced is None else announced
    while left:
        wanted = min(longest, left)
        piece = _ROOM.collect(_pieces(environ, wanted))
        left -= len(piece)
        if announced is None and not left:
            raise Refused("body_too_large")
        if announced is not None and len(piece) < wanted:
            raise Refused("body_broken")
        if piece:
            yield bytes(piece)
        if len(piece) < wanted:
            return


def read_object(environ: Environment, limit: int) -> dict[str, Any]:
    """The JSON object in the body; an empty body is an empty object."""
    body = _read(environ, limit)
    if not body:
        return {}
    if media_type(environ) != "application/json":
        raise Refused("unsupported_media_type")
    if sum(map(body.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise Refused("body_too_large")
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refused("malformed_json") from error
    if not isinstance(parsed, dict):
        raise Refused("invalid_request", errors=[{"field": "", "code": "not_an_object"}])
    return parsed


def _read(environ: Environment, limit: int) -> bytearray:
    announced = _announced(environ)
    if announced is not None and announced > limit:
        raise Refused("body_too_large")
    body = _ROOM.collect(_pieces(environ, limit + 1 if announced is None else announced))
    if len(body) > limit:
        raise Refused("body_too_large")
    if announced is not None and len(body) < announced:
        raise Refused("body_broken")
    return body


def _announced(environ: Environment) -> int | None:
    """Bytes that the headers announce; None where the body comes in chunks."""
    if "HTTP_TRANSFER_ENCODING" in environ:
        return None
    return int((environ.get("CONTENT_LENGTH") or "0")[:_LONGEST_LENGTH])


def _pieces(environ: Environment, wanted: int) -> Iterator[bytes]:
    """Up to `wanted` bytes as they come."""
    stream = environ["wsgi.input"]
    while wanted > 0:
        try:
            piece: bytes = stream.read(min(_PIECE, wanted))
        except TimeoutError as error:
            raise _broken(environ, "request_timeout") from error
        except (OSError, ValueError) as error:  # the client went away, or its chunks are broken
            raise _broken(environ, "body_broken") from error
        if not piece:
            return
        wanted -= len(piece)
        yield piece


def _broken(environ: Environment, code: str) -> Refused:
    """The refusal of a body of which nobody can tell where it ends and the next request begins."""
    environ.get(HANG_UP, _nothing)()
    return Refused(code)


def _nothing() -> None:
    """A server without a connection to end, as in tests."""

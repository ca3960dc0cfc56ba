"""Reads the head of a request strictly: a line that two servers could read in two ways is refused, not skipped."""

import re
from http.client import HTTPMessage
from typing import Protocol

from chassis.errors import Refused
from contracts.catalogue import LANGUAGES
from gateway.engine import errors, metrics
from gateway.engine.tracing import trace

#: Method, address and version, one space between them (RFC 9112, 3).
_REQUEST_LINE = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+ [^\x00-\x20\x7f]+ HTTP/1\.[0-9]\r\n")
#: A name with a colon right behind it, and a value without control characters (RFC 9112, 5); no folded lines.
_HEADER_LINE = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*\r\n")


class Malformed(ValueError):
    """The head is no head of an HTTP/1 request."""


class _Lines(Protocol):
    def readline(self, size: int, /) -> bytes: ...


class HeaderLines:
    """The header lines of a request; Python's own parser drops all that follow one that it cannot read."""

    def __init__(self, source: _Lines) -> None:
        self._source = source

    def readline(self, size: int) -> bytes:
        """The next line, up to the empty one. Raises Malformed."""
        line = self._source.readline(size)
        if line != b"\r\n" and not _HEADER_LINE.fullmatch(line):
            raise Malformed
        return line


def check_request_line(line: bytes) -> None:
    """Raise Malformed unless it is one."""
    if not _REQUEST_LINE.fullmatch(line):
        raise Malformed


def lengths(headers: HTTPMessage) -> str:
    """The body's length as the headers give it; given twice it is no number, and the application refuses it."""
    return ", ".join(headers.get_all("content-length", ()))


def refusal(code: str) -> bytes:
    """The whole answer to a request that never reaches the application."""
    current = trace(None)
    answer = errors.answer(Refused(code), None, LANGUAGES[0], current.id)
    metrics.answered(None, answer.status, 0)
    headers = [*answer.headers, ("Trace-Id", current.id), ("Connection", "close")]
    lines = [f"HTTP/1.1 {answer.status}", *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode() + b"".join(answer.body)

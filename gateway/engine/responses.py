"""Builds answers: the reply of an operation, a problem, or a published document, each with the headers it needs."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from contracts.declare import TextDocument
from gateway.engine.documents import MAX_AGE, Document

#: Headers of everything: no guessing of types.
_COMMON = [("X-Content-Type-Options", "nosniff")]
#: Answers of the API belong to one person at one moment.
_PRIVATE = [*_COMMON, ("Cache-Control", "no-store")]
_JSON = [*_PRIVATE, ("Content-Type", "application/json")]


@dataclass(slots=True)
class Answer:
    """A status line, headers and the body in pieces."""

    status: str
    headers: list[tuple[str, str]]
    body: Iterable[bytes]


def reply(status: str, view: Any) -> Answer:
    """An operation's reply. The `version` of a record is its ETag."""
    body = orjson.dumps(view)
    headers = [*_JSON, ("Content-Length", str(len(body)))]
    if isinstance(view, dict) and isinstance(version := view.get("version"), int):
        headers.append(("ETag", f'"{version}"'))
    return Answer(status, headers, [body])


def file(handle: Mapping[str, Any], pieces: Iterable[bytes]) -> Answer:
    """A file; a piece that cannot be had ends the connection before the promised length, which clients notice."""
    digest = b64encode(bytes.fromhex(handle["sha256"])).decode()
    headers = [
        *_PRIVATE,
        ("Content-Type", handle["media_type"]),
        ("Content-Length", str(handle["size"])),
        ("Content-Disposition", "attachment"),
        ("Repr-Digest", f"sha-256=:{digest}:"),  # RFC 9530
    ]
    return Answer("200 OK", headers, pieces)


def rendered(kind: TextDocument, text: str) -> Answer:
    """A text written for whoever asked; it is as private as what it is made from."""
    body = text.encode()
    headers = [
        *_PRIVATE,
        ("Content-Type", f"{kind.media_type}; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Content-Security-Policy", kind.policy),
        ("Referrer-Policy", "no-referrer"),
    ]
    return Answer("200 OK", headers, [body])


def problem(status: str, details: Any, media_type: str, extra: list[tuple[str, str]]) -> Answer:
    """A refusal or failure, in its own media type."""
    body = orjson.dumps(details)
    described = [("Content-Type", media_type), ("Content-Length", str(len(body)))]
    return Answer(status, [*_PRIVATE, *described, *extra], [body])


def document(published: Document) -> Answer:
    """A document that is the same for everybody."""
    headers = [
        *_COMMON,
        ("Content-Type", published.media_type),
        ("Content-Length", str(len(published.body))),
        ("Cache-Control", f"public, max-age={MAX_AGE}"),
        ("Content-Security-Policy", published.policy),
        ("Referrer-Policy", "no-referrer"),
    ]
    return Answer("200 OK", headers, [published.body])


def options(methods: str) -> Answer:
    """What an address can be asked."""
    return Answer("204 No Content", [*_COMMON, ("Allow", methods)], [])


def probe(well: bool) -> Answer:
    """Whether the gateway can do its work, for whoever shares requests out."""
    body = b'{"ready":true}' if well else b'{"ready":false}'
    return Answer("200 OK" if well else "503 Service Unavailable", [*_JSON, ("Content-Length", str(len(body)))], [body])

"""Reads the request headers that commands depend on: the idempotency key and the version last seen."""

import re
from functools import lru_cache

from werkzeug.datastructures import LanguageAccept, MIMEAccept
from werkzeug.http import parse_accept_header

from chassis.errors import Refused
from contracts.catalogue import LANGUAGES, Language
from contracts.declare import Operation
from gateway.engine.environment import Environment

#: Characters of a key: visible ASCII.
_KEY = re.compile(r"[!-~]{1,128}")
#: The ETag of a version; weak ones never match (RFC 9110, 13.1.1).
_ETAG = re.compile(r'"([0-9]{1,9})"')
#: Bytes that all headers may have together.
LARGEST_HEADERS = 32 * 1024
#: Characters that path and query string may have together.
LONGEST_ADDRESS = 8 * 1024


def check_size(environ: Environment) -> None:
    """Refuse headers or an address that no client of this API needs."""
    if len(environ.get("PATH_INFO", "")) + len(environ.get("QUERY_STRING", "")) > LONGEST_ADDRESS:
        raise Refused("uri_too_long")
    if sum([len(name) + len(value) for name, value in environ.items() if name[:5] == "HTTP_"]) > LARGEST_HEADERS:
        raise Refused("headers_too_large")


def idempotency_key(environ: Environment, operation: Operation) -> str | None:
    """The key that a command demands; None for whatever has none."""
    if not operation.keyed:
        return None
    key: str | None = environ.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        raise Refused("idempotency_key_required")
    if not _KEY.fullmatch(key):
        raise Refused("idempotency_key_invalid")
    return key


def expected_version(environ: Environment, operation: Operation) -> int | None:
    """The version in If-Match; None where any will do."""
    given = environ.get("HTTP_IF_MATCH") if operation.versioned else None
    if given is None or given == "*":
        return None
    etag = _ETAG.fullmatch(given)
    if etag is None:
        raise Refused("if_match_invalid")
    return int(etag[1])


def check_accept(environ: Environment, media_type: str) -> None:
    """Refuse a client that cannot read what it would be given."""
    accepted = environ.get("HTTP_ACCEPT")
    if accepted and accepted not in {"*/*", media_type} and not _accepts(accepted, media_type):
        raise Refused("not_acceptable")


@lru_cache(maxsize=256)
def language(header: str) -> Language:
    """The language for people, by Accept-Language; the first of the product's own where none was asked for."""
    for tag, quality in parse_accept_header(header, LanguageAccept):
        for known in LANGUAGES:
            if quality > 0 and tag.partition("-")[0].lower() == known:
                return known
    return LANGUAGES[0]


@lru_cache(maxsize=256)
def _accepts(header: str, media_type: str) -> bool:
    return parse_accept_header(header, MIMEAccept).quality(media_type) > 0
